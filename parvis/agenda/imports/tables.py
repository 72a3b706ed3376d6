"""CSV: whatever its columns are called, which is guessed and may then be said."""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.agenda.actions.events import Details
from parvis.agenda.actions.times import Span
from parvis.agenda.imports import entries
from parvis.agenda.imports.calendars import midnight
from parvis.agenda.imports.entries import MOST_ENTRIES, Entry, Found, Over, Unfit, Unreadable, Where
from parvis.agenda.imports.openagenda import free, moment, usual
from parvis.agenda.models import Event
from parvis.core.text import fold

MOST_COLUMNS, MOST_LINES = 120, 10_000
# What a column may be, as the form says it, and the names under which it is recognised, folded.
FIELDS = {
    "title": gettext_lazy("Titre"),
    "start": gettext_lazy("Début (date, ou date et heure)"),
    "start_hour": gettext_lazy("Heure de début"),
    "end": gettext_lazy("Fin (date, ou date et heure)"),
    "end_hour": gettext_lazy("Heure de fin"),
    "body": gettext_lazy("Texte"),
    "venue": gettext_lazy("Lieu"),
    "address": gettext_lazy("Adresse"),
    "city": gettext_lazy("Commune"),
    "postal": gettext_lazy("Code postal"),
    "code": gettext_lazy("Code INSEE"),
    "category": gettext_lazy("Catégorie"),
    "keywords": gettext_lazy("Mots-clés"),
    "price": gettext_lazy("Tarif"),
    "free": gettext_lazy("Gratuit (oui ou non)"),
    "link": gettext_lazy("Lien"),
    "status": gettext_lazy("État"),
    "key": gettext_lazy("Identifiant"),
}
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("titre", "title", "title fr", "nom", "evenement", "intitule", "libelle", "nom de l evenement", "summary"),
    "start": (
        "debut",
        "date",
        "date debut",
        "date de debut",
        "start",
        "firstdate begin",
        "date heure",
        "dtstart",
        "jour",
    ),
    "start_hour": ("heure", "heure debut", "heure de debut", "horaire", "start time"),
    "end": ("fin", "date fin", "date de fin", "end", "firstdate end", "dtend"),
    "end_hour": ("heure fin", "heure de fin", "end time"),
    "body": ("texte", "description", "description fr", "longdescription fr", "presentation", "resume", "detail"),
    "venue": ("lieu", "salle", "location name", "venue", "endroit", "nom du lieu", "location"),
    "address": ("adresse", "address", "location address", "rue"),
    "city": ("commune", "ville", "city", "location city", "localite"),
    "postal": ("code postal", "cp", "postalcode", "location postalcode"),
    "code": ("code insee", "insee", "location insee", "code commune"),
    "category": ("categorie", "category", "theme", "type"),
    "keywords": ("mots cles", "keywords", "keywords fr", "tags"),
    "price": ("tarif", "prix", "price", "conditions", "conditions fr"),
    "free": ("gratuit", "free"),
    "link": ("lien", "url", "site", "site web", "link", "billetterie"),
    "status": ("etat", "statut", "status"),
    "key": ("identifiant", "id", "uid", "reference", "ref"),
}
DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[ T]+(?:à )?(.*))?", re.ASCII)
HOUR = re.compile(r"(\d{1,2})\s*(?:[h:H]\s*(\d{2})?)(?::\d{2})?", re.ASCII)
STATUS = {fold(str(label)): value for value, label in Event.Status.choices}


def read(words: str, columns: Mapping[str, str], now: datetime) -> Found:
    """The events of a table that are not over; `columns` says which column is what. Raises Unreadable.

    Lines of the same identifier are times of one event.
    """
    found = Found("csv")
    rows = _rows(words)
    header = next(rows, (0, []))[1]
    found.columns = [entries.line(name, 80) for name in header[:MOST_COLUMNS]]
    if not 2 <= len(header) <= MOST_COLUMNS:
        raise Unreadable(
            _("Ce fichier n’est pas un tableau : donnez un CSV dont la première ligne nomme les colonnes.")
        )
    where = {name: found.columns.index(column) for name, column in columns.items() if column in found.columns}
    if missing := [str(FIELDS[name]) for name in ("title", "start") if name not in where]:
        found.leave(1, "", _("Dites quelle colonne est : %(columns)s.") % {"columns": ", ".join(missing)})
        return found
    grouped: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for number, cells in rows:
        if len(grouped) > MOST_ENTRIES or number > MOST_LINES:
            break
        said = {name: bare(cells[place]) for name, place in where.items() if place < len(cells)}
        if any(said.values()):
            key = said.get("key") or entries.key_of(*(said.get(name) for name in ("title", "start", "venue", "city")))
            grouped.setdefault(key[:200], []).append((number, said))
    for key, lines in grouped.items():
        number, said = lines[0]
        title = entries.line(said.get("title"))
        found.known.add(key)
        try:
            found.entries.append(_entry(key, lines, found, now))
        except Over:
            found.past += 1
        except Unfit as refusal:
            found.leave(number, title, str(refusal))
    return found


def bare(cell: str) -> str:
    """What a cell says, without the mark by which our own tables keep spreadsheets from running it."""
    return cell[1:].strip() if cell[:2] in {"'=", "'+", "'-", "'@"} else cell.strip()


def guessed(columns: list[str]) -> dict[str, str]:
    """Which column is what, by its name."""
    by_name = {fold(column): column for column in reversed(columns)}
    return {
        name: next(by_name[known] for known in names if known in by_name)
        for name, names in NAMES.items()
        if any(known in by_name for known in names)
    }


def columns_of(words: str) -> list[str]:
    """The names of the columns."""
    return [entries.line(name, 80) for name in next(_rows(words), (0, list[str]()))[1][: MOST_COLUMNS + 1]]


def _rows(words: str) -> Iterator[tuple[int, list[str]]]:
    """Each line with its number, in cells. Raises Unreadable."""
    head = words[:4_000].partition("\n")[0]
    sign = max(";,\t|", key=head.count)
    reader = csv.reader(words.replace("\0", "").splitlines(keepends=True), delimiter=sign)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        said = _("Ligne %(line)s : un guillemet n’est pas refermé, ou une case n’en finit pas.")
        raise Unreadable(said % {"line": reader.line_num}) from error


def _entry(key: str, lines: list[tuple[int, dict[str, str]]], found: Found, now: datetime) -> Entry:
    number, said = lines[0]
    title = entries.line(said.get("title"))
    if not title:
        raise Unfit(_("Il n’a pas de titre."))
    spans, left = entries.times([_span(number, said) for number, said in lines], now)
    if left:
        found.mend(number, title, left)
    price = entries.line(said.get("price"), 120)
    words = [said.get("category", ""), *re.split(r"[,|;]", said.get("keywords", ""))]
    details = Details(
        category=entries.category_of([*words, title]),
        keywords=entries.words_of([word for word in words[1:] if word]),
        price=price,
        is_free=fold(said.get("free", "")) in {"oui", "1", "true", "vrai", "yes", "x"} or free(price),
        link=entries.link(said.get("link")),
    )
    where = Where(
        venue=entries.line(said.get("venue")),
        address=entries.line(said.get("address"), 200),
        city=entries.line(said.get("city"), 80),
        postal=entries.line(said.get("postal"), 5),
        code=entries.line(said.get("code"), 5),
    )
    status = STATUS.get(fold(said.get("status", "")), Event.Status.PLANNED)
    return Entry(number, key, title, entries.prose(said.get("body")) or title, spans, where, None, details, status)


def _span(number: int, said: Mapping[str, str]) -> Span:
    """When a line says it takes place."""
    day, hour = when(said.get("start", ""), number)
    hour = hour or hour_of(said.get("start_hour", ""))
    last, until = when(said["end"], number) if said.get("end") else (day, None)
    until = until or hour_of(said.get("end_hour", ""))
    if hour is None:
        return Span(midnight(day), midnight(max(last, day) + timedelta(days=1)), all_day=True)
    zone = timezone.get_current_timezone()
    begins = datetime.combine(day, hour, zone)
    if until is None:
        return Span(begins)
    # A night that ends after midnight is one date.
    overnight = last == day and until < hour
    return Span(begins, datetime.combine(last + timedelta(days=overnight), until, zone))


def when(said: str, number: int) -> tuple[date, time | None]:
    """The day and perhaps the hour of « 2026-12-24T18:30 », « 24/12/2026 » or « 24/12/2026 18h30 ». Raises Unfit."""
    match = DAY.fullmatch(said)
    try:
        if match:
            year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
            day, hour = date(year, int(match[2]), int(match[1])), hour_of(match[4] or "")
        elif found := moment(said):
            local = timezone.localtime(found)
            day, hour = local.date(), local.time() if len(said) > 10 else None
        else:
            raise ValueError(said)
        if not usual(day):
            raise ValueError(said)
    except ValueError as error:
        shown = {"line": number, "date": entries.line(said, 40)}
        raise Unfit(_("Ligne %(line)s : « %(date)s » n’est pas une date.") % shown) from error
    return day, hour


def hour_of(said: str) -> time | None:
    """« 18h30 », « 18:30 », « 18 h »; nothing for anything else."""
    match = HOUR.match(said.strip())
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    return time(int(match[1]), int(match[2] or 0))
