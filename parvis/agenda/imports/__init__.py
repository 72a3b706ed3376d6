"""Calendars that others keep, read: iCalendar, OpenAgenda, DATAtourisme, CSV. Nothing here writes anything."""

import codecs
import json
from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from parvis.agenda.imports import calendars, datatourisme, entries, openagenda, tables
from parvis.agenda.imports.entries import MOST_ENTRIES, MOST_TIMES, Found, Remark, Unreadable

__all__ = ["MOST_BYTES", "Found", "Remark", "Unreadable", "read"]

# Of a file; what an address gives is of two MiB at most (`outbound`).
MOST_BYTES = 5_000_000
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def read(content: bytes, now: datetime, *, columns: Mapping[str, str] | None = None) -> Found:
    """The events of a calendar of any format that we know; `columns` are those of a CSV. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("Ce fichier dépasse %(most)s Mo : coupez-le en plusieurs.") % {"most": MOST_BYTES // 10**6})
    words = decoded(content)
    found = _read(words, words.lstrip()[:200], columns, now)
    if len(found.entries) > MOST_ENTRIES:
        raise Unreadable(
            _("Ce calendrier a plus de %(most)s événements à venir : coupez-le en plusieurs.") % {"most": MOST_ENTRIES}
        )
    count = 0
    for entry in found.entries:
        count += entries.counted(entry, now) + 10 * len(entry.changes)
        if count > MOST_TIMES:
            raise Unreadable(_("Ce calendrier compte plus de %(most)s dates à venir.") % {"most": MOST_TIMES})
    return found


def _read(words: str, head: str, columns: Mapping[str, str] | None, now: datetime) -> Found:
    """By the reader of its format."""
    if head.upper().startswith("BEGIN:VCALENDAR"):
        return calendars.read(words, now)
    if head.startswith(("{", "[")):
        return _read_json(words, now)
    if head.startswith("<"):
        raise Unreadable(_("C’est une page web, et non un calendrier : cherchez-y le lien « iCal » ou « .ics »."))
    if head.startswith(("PK\x03", "\x1f")):
        raise Unreadable(_("C’est un fichier compressé : décompressez-le, puis choisissez ce qu’il contient."))
    if not head.strip():
        raise Unreadable(_("Ce fichier est vide."))
    return tables.read(words, columns or tables.guessed(tables.columns_of(words)), now)


def _read_json(words: str, now: datetime) -> Found:
    try:
        document = json.loads(words)
    except ValueError as error:
        raise Unreadable(_("Ce fichier JSON est coupé ou abîmé : téléchargez-le de nouveau.")) from error
    except RecursionError as error:
        raise Unreadable(_("Ce fichier JSON est imbriqué sans fin.")) from error
    if isinstance(document, dict) and isinstance(document.get("events"), list):
        return openagenda.read(document, now)
    return datatourisme.read(document, now)


def decoded(content: bytes) -> str:
    """Text, in UTF-8 or UTF-16 with a mark, else as old spreadsheets write it; one kind of line end."""
    for mark, coding in MARKS:
        if content.startswith(mark):
            words = content[len(mark) :].decode(coding, "replace")
            break
    else:
        try:
            words = content.decode("utf-8")
        except UnicodeDecodeError:
            words = content.decode("cp1252", "replace")
    return words.replace("\r\n", "\n").replace("\r", "\n")
