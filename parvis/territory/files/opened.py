"""Opens a file that anyone may have made: compressed or not, as text, in little memory, and never a bomb."""

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from parvis.territory.geometry import NotAShape
from parvis.territory.geometry.reading import check_reference_system

# Once uncompressed: the cadastre of a large département is 1 GB.
MOST_BYTES = 4_000_000_000
# Files of this kind shrink 5 to 20 times; one that shrinks more is made to fill a disk.
MOST_SHRUNK, SMALL = 100, 10_000_000
CHUNK = 1 << 18
LONGEST_LINE = 100_000
# Characters of one object, and of what comes before the first.
LARGEST_OBJECT, LONGEST_HEAD = 8_000_000, 1_000_000
FIRST = re.compile(r'"features"\s*:\s*\[')
BETWEEN = re.compile(r"[\s,\x1e]*")

Told = Callable[[float], None]


class UnreadableFile(Exception):
    """The file as a whole cannot be used; the message says why, and what to do."""


class _Watched(io.RawIOBase):
    """The bytes of a file once uncompressed; raises UnreadableFile when they are too many. Tells how far it is."""

    def __init__(self, path: Path, told: Told) -> None:
        self.size = max(path.stat().st_size, 1)
        self.file = path.open("rb")
        zipped = self.file.read(2) == b"\x1f\x8b"
        self.file.seek(0)
        self.inner: Any = gzip.GzipFile(fileobj=self.file) if zipped else self.file
        self.told, self.count = told, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data: bytes = self.inner.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFile(_("Le fichier compressé est abîmé : téléchargez-le de nouveau.")) from error
        self.count += len(data)
        position = self.file.tell()
        if self.count > MOST_BYTES or (self.count > SMALL and self.count > MOST_SHRUNK * position):
            raise UnreadableFile(_("Le fichier décompressé est démesuré : ce n’est pas un fichier de ce genre."))
        self.told(min(position / self.size, 1.0))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.file.close()
        super().close()


def opened(path: Path, told: Told) -> io.TextIOWrapper:
    """The text of the file (UTF-8, with or without a mark), uncompressed when need be. Raises UnreadableFile."""
    try:
        raw = _Watched(path, told)
    except OSError as error:
        raise UnreadableFile(_("Le fichier %s ne peut pas être lu : vérifiez son chemin.") % path.name) from error
    return io.TextIOWrapper(io.BufferedReader(raw, CHUNK), encoding="utf-8-sig", newline="")


def lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Line by line, none longer than LONGEST_LINE."""
    try:
        while line := text.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE and not line.endswith("\n"):
                raise UnreadableFile(_("Une ligne du fichier n’en finit pas : ce n’est pas un fichier CSV."))
            yield line
    except UnicodeDecodeError as error:
        raise UnreadableFile(_("Le fichier n’est pas en UTF-8 : enregistrez-le dans cet encodage.")) from error


def objects(text: io.TextIOWrapper) -> Iterator[dict[str, Any]]:
    """The objects of a GeoJSON collection or of a JSON array, one at a time, however long the file is."""
    try:
        yield from _objects(text)
    except UnicodeDecodeError as error:
        raise UnreadableFile(_("Le fichier n’est pas en UTF-8 : enregistrez-le dans cet encodage.")) from error
    except NotAShape as refusal:
        raise UnreadableFile(str(refusal)) from refusal


def _objects(text: io.TextIOWrapper) -> Iterator[dict[str, Any]]:
    buffer, at = _head(text)
    decoder = json.JSONDecoder(parse_constant=_no_number)
    while True:
        at = _after(BETWEEN, buffer, at)
        if at >= len(buffer) and (more := text.read(CHUNK)):
            buffer, at = more, 0
            continue
        if buffer[at : at + 1] in {"]", ""}:
            break
        try:
            found, end = decoder.raw_decode(buffer, at)
        except (ValueError, RecursionError) as error:
            # As much again, so that a large object is not read from its beginning too many times.
            more = text.read(max(CHUNK, len(buffer) - at))
            if not more or len(buffer) - at > LARGEST_OBJECT or isinstance(error, RecursionError):
                raise UnreadableFile(_("Le fichier est coupé, ou n’est pas du GeoJSON.")) from error
            buffer, at = buffer[at:] + more, 0
            continue
        if not isinstance(found, dict):
            raise UnreadableFile(_("Le fichier n’est pas du GeoJSON : il devrait être une liste d’objets."))
        yield found
        at = end
        if at > CHUNK:
            buffer, at = buffer[at:], 0
    if buffer[at : at + 1] != "]":
        raise UnreadableFile(_("Le fichier est coupé : téléchargez-le de nouveau."))


def _head(text: io.TextIOWrapper) -> tuple[str, int]:
    """What was read, and where in it the first object is; the reference system said before it is checked."""
    buffer = ""
    while len(buffer) < LONGEST_HEAD and (more := text.read(CHUNK)):
        buffer += more
        start = buffer.lstrip()
        if start.startswith("["):
            return start, 1
        if found := FIRST.search(buffer):
            try:
                head = json.loads(buffer[: found.end()] + "]}")
            except (ValueError, RecursionError):
                break
            check_reference_system(head)
            return buffer, found.end()
    raise UnreadableFile(_("Le fichier n’est pas du GeoJSON : il devrait contenir une liste « features »."))


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _no_number(_constant: str) -> float:
    """NaN and infinities are let in, so that the line they are on is refused and no other."""
    return float("nan")
