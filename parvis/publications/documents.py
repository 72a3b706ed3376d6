"""Documents that people attach: known by what they hold, not by their name, and rid of who made them (R-SEC-8)."""

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from PIL import Image

from parvis.core import text

MAX_BYTES = 10_000_000
# With one message.
MOST_FILES = 5
# An OpenDocument is an archive: what it may unfold to.
MAX_UNFOLDED, MAX_ENTRIES = 60_000_000, 2_000
ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
# What a document must not carry: code, or other files.
ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia)\b")
MACROS = ("Basic/", "Scripts/")
TOLD = re.compile(rb"(/(?:Author|Creator|Producer|Title|Subject|Keywords|Company)\s*\()((?:[^()\\]|\\.)*)(\))")
TOLD_IN_HEX = re.compile(rb"(/(?:Author|Creator|Producer|Title|Subject|Keywords|Company)\s*<)([0-9A-Fa-f\s]+)(>)")
XMP = re.compile(rb"(<x:xmpmeta[^>]*>)(.*?)(</x:xmpmeta>)", re.DOTALL)
EMPTY_META = b'<?xml version="1.0" encoding="UTF-8"?><office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"><office:meta/></office:document-meta>'  # noqa: E501


class FileRefused(ValidationError):
    """A file that cannot be taken; the message, in French, says why."""


@dataclass(frozen=True)
class Kept:
    """A file as we keep it."""

    content: ContentFile[bytes]
    name: str
    media_type: str
    size: int
    alt: str = ""
    width: int | None = None
    height: int | None = None


class Stored(Protocol):
    """A row that holds a file, as it is kept."""

    file: Any
    name: str
    media_type: str

    @property
    def is_picture(self) -> bool: ...


def download(one: Stored) -> HttpResponseBase:
    """The file, for a view that asked for its row through a gate. Raises Http404 when it is no longer stored."""
    try:
        content = one.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=not one.is_picture, filename=one.name, content_type=one.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # Kept by nobody, so that who may no longer read it has nothing left of it behind an address (R-SEC-23).
    patch_cache_control(response, private=True, no_store=True)
    return response


def receive(upload: UploadedFile[bytes]) -> Kept:
    """The document as we keep it. Raises FileRefused."""
    if not upload.size or upload.size > MAX_BYTES:
        raise FileRefused(_("Ce fichier dépasse 10 Mo, ou il est vide."))
    upload.seek(0)
    data = upload.read()
    if data.startswith(b"%PDF-"):
        return _kept(upload, "pdf", "application/pdf", _pdf(data))
    if data.startswith(b"PK\x03\x04"):
        return _odf(upload, data)
    return _kept(upload, "txt", "text/plain; charset=utf-8", _plain(data))


def picture(content: ContentFile[bytes], alt: str) -> Kept:
    """A picture already written anew (`publications.images.reencode`), with what one sees on it."""
    data = content.read()
    content.seek(0)
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
    return Kept(content, "image.webp", "image/webp", len(data), text.clean(alt).strip()[:200], width, height)


def _kept(upload: UploadedFile[bytes], ending: str, media_type: str, data: bytes) -> Kept:
    return Kept(ContentFile(data, name=f"document.{ending}"), _name(upload, ending), media_type, len(data))


def _name(upload: UploadedFile[bytes], ending: str) -> str:
    """What it is called when it is downloaded: letters of its name, and the ending of what it is."""
    stem = re.sub(r"[^\w ().,'’-]+", "-", text.clean(PurePath(upload.name or "").stem)).strip(" .-")
    return f"{stem[:100] or _('document')}.{ending}"


def _pdf(data: bytes) -> bytes:
    """A whole PDF without code, its author's name and the like overwritten: every byte stays where it was."""
    if b"%%EOF" not in data[-2048:]:
        raise FileRefused(_("Ce PDF est abîmé : enregistrez-le de nouveau puis choisissez-le."))
    if ACTIVE.search(data):
        raise FileRefused(_("Ce PDF contient du code ou d’autres fichiers : imprimez-le en PDF puis choisissez-le."))
    data = TOLD.sub(lambda found: found[1] + b" " * len(found[2]) + found[3], data)
    data = TOLD_IN_HEX.sub(
        lambda found: found[1] + b"20" * (len(found[2]) // 2) + b" " * (len(found[2]) % 2) + found[3], data
    )
    return XMP.sub(lambda found: found[1] + b" " * len(found[2]) + found[3], data)


def _odf(upload: UploadedFile[bytes], data: bytes) -> Kept:
    """An OpenDocument without macros, written anew without its metadata and its thumbnail."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNFOLDED:
                raise FileRefused(_("Ce document est trop gros une fois ouvert : réduisez ses images."))
            if not entries or entries[0].filename != "mimetype" or entries[0].file_size > 100:
                raise FileRefused(_("Choisissez un PDF, un document OpenDocument ou un texte."))
            kind = archive.read(entries[0])
            if kind not in ODF:
                raise FileRefused(_("Choisissez un PDF, un document OpenDocument ou un texte."))
            if any(entry.filename.startswith(MACROS) for entry in entries):
                raise FileRefused(_("Ce document contient des macros : enregistrez-le sans elles."))
            written = _rewritten(archive, entries)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileRefused(_("Ce document est abîmé : enregistrez-le de nouveau puis choisissez-le.")) from error
    return _kept(upload, ODF[kind], kind.decode("ascii"), written)


def _rewritten(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        for entry in entries:
            if entry.filename.startswith("Thumbnails/"):
                continue
            held = EMPTY_META if entry.filename == "meta.xml" else archive.read(entry)
            # The type comes first and is not compressed: programs look for it there.
            how = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
            made.writestr(zipfile.ZipInfo(entry.filename), held, how)
    return kept.getvalue()


def _plain(data: bytes) -> bytes:
    """A text, in UTF-8 whatever it came in."""
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = data.decode("cp1252", "replace") if b"\0" not in data else "\0"
    controls = sum(character < " " and character not in "\t\n\r\f" for character in words)
    if controls:
        raise FileRefused(_("Choisissez un PDF, un document OpenDocument ou un texte."))
    return words.encode("utf-8")
