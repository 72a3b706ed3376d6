"""iCalendar (RFC 5545), as people's programs write it, and as someone who means harm would (R-SEC-9, A15).

Read line by line and never as a tree, so that nothing is deep; what one event gets wrong, the others do not suffer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from parvis.agenda.actions.events import Details
from parvis.agenda.actions.times import Repeat, Span
from parvis.agenda.imports import entries
from parvis.agenda.imports.entries import MOST_ENTRIES, Change, Entry, Found, Over, Unfit, Unreadable, Where
from parvis.agenda.models import Event
from parvis.agenda.recurrence import Rule, parse
from parvis.publications.actions import Refused

# One line once unfolded, lines of one event, and days that one excludes or adds.
LONGEST_LINE, MOST_LINES, MOST_DAYS, MOST_LINES_IN_ALL = 40_000, 400, 400, 250_000
PROPERTY = re.compile(r'([A-Za-z0-9-]+)((?:;[^":;]*(?:"[^"]*"[^":;]*)*)*):(.*)', re.DOTALL)
PARAMETER = re.compile(r';([A-Za-z-]+)=("[^"]*"|[^;"]*)')
MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?", re.ASCII)
DURATION = re.compile(
    r"[+]?P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?", re.ASCII
)
ESCAPED = re.compile(r"\\([nN,;\\:\"])")
# What is said once of an event; of these, each.
ONCE = {
    *("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "DTSTART", "DTEND", "DURATION", "RRULE", "STATUS", "CLASS", "GEO"),
    *("URL", "RECURRENCE-ID", "SEQUENCE", "EXRULE"),
}
MANY = {"EXDATE", "RDATE", "CATEGORIES"}
# What our own calendar says before a title (agenda/feeds.py), and the status that says it.
LABELS = {str(label): value for value, label in Event.Status.choices if value != Event.Status.PLANNED}


@dataclass
class Said:
    """A property: its parameters and its value, still as written."""

    line: int
    parameters: dict[str, str]
    value: str


@dataclass
class Block:
    """The properties of one event, where it begins, and inside how many others."""

    line: int
    depth: int
    once: dict[str, Said] = field(default_factory=dict)
    many: dict[str, list[Said]] = field(default_factory=dict)
    count: int = 0
    wrong: str = ""

    @property
    def written(self) -> list[object]:
        """All that it says, but how often it was written again."""
        once = [(name, said.parameters, said.value) for name, said in self.once.items() if name != "SEQUENCE"]
        many = [(name, [(one.parameters, one.value) for one in said]) for name, said in self.many.items()]
        return sorted(once, key=repr) + sorted(many, key=repr)

    def text(self, name: str) -> str:
        """The words of a property."""
        said = self.once.get(name)
        return ESCAPED.sub(lambda one: "\n" if one[1] in "nN" else one[1], said.value) if said else ""


def read(words: str, now: datetime) -> Found:
    """The events of a calendar that are not over. Raises Unreadable."""
    found = Found("ics")
    if words.count("\n") > MOST_LINES_IN_ALL:
        raise Unreadable(_("Ce calendrier a trop de lignes : coupez-le en plusieurs."))
    blocks: list[Block] = []
    for block in _blocks(words, found):
        if len(blocks) == MOST_ENTRIES * 4:
            raise Unreadable(_("Ce calendrier a plus de %(most)s événements.") % {"most": MOST_ENTRIES * 4})
        blocks.append(block)
    _gather(blocks, found, now)
    return found


def _blocks(words: str, found: Found) -> Iterator[Block]:
    """Each VEVENT of the file."""
    inside: list[str] = []
    block: Block | None = None
    seen = False
    for number, said in _unfolded(words, found):
        name, _colon, value = said.partition(":")
        name, what = name.upper(), value.strip().upper()
        if name == "BEGIN":
            seen = seen or what == "VCALENDAR"
            block = _opened(block, what, number, inside, found)
            inside.append(what)
        elif name == "END":
            del inside[-1 if inside[-1:] == [what] else len(inside) :]
            if block is not None and (what == "VEVENT" or len(inside) <= block.depth):
                yield block
                del inside[block.depth :]
                block = None
        elif block is not None:
            _note(block, number, said, deep=len(inside) > block.depth + 1)
        elif name == "X-WR-CALNAME":
            found.name = entries.line(value, 120)
    if not seen:
        raise Unreadable(_("Ce fichier n’est pas un calendrier iCalendar."))
    if block is not None:
        found.leave(block.line, block.text("SUMMARY"), _("Le fichier est coupé avant la fin de cet événement."))


def _opened(block: Block | None, what: str, number: int, inside: list[str], found: Found) -> Block | None:
    """The event that a BEGIN opens, or the one it is in."""
    if what != "VEVENT":
        return block
    if block is not None:
        # None is ever inside another: the one before was not closed, and what follows is read all the same.
        found.leave(block.line, block.text("SUMMARY"), _("Il n’est pas refermé avant le suivant."))
        del inside[block.depth :]
    return Block(number, len(inside))


def _unfolded(words: str, found: Found) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of the first of them; what is folded wrong is put back together."""
    start, parts, size = 0, list[str](), 0
    for number, line in enumerate(words.split("\n"), 1):
        folded = line[:1] in {" ", "\t"}
        # A program that forgot to fold or to escape: no property begins so.
        broken = not folded and bool(parts) and bool(line) and not re.match(r"[A-Za-z0-9-]{2,40}[;:]", line)
        if (folded or broken) and parts:
            if broken and size < LONGEST_LINE:
                found.mend(number, "", _("Ligne mal repliée : elle est rattachée à la précédente."))
            size += len(line)
            # What is too long is cut; nothing after it is lost.
            if size < LONGEST_LINE:
                parts.append(line[1:] if folded else f"\\n{line}")
            continue
        if parts:
            yield start, "".join(parts)
        start, parts, size = number, [line[:LONGEST_LINE]] if line else [], len(line)
    if parts:
        yield start, "".join(parts)


def _note(block: Block, number: int, line: str, *, deep: bool) -> None:
    """Keep a property of an event, if it is one we read; those of an alarm in it are not its own."""
    block.count += 1
    if deep or block.count > MOST_LINES:
        return
    name = re.split(r"[;:]", line, maxsplit=1)[0].upper()
    if name not in ONCE and name not in MANY:
        return
    match = PROPERTY.fullmatch(line)
    if match is None:
        block.wrong = block.wrong or _("Ligne %(line)s : « %(name)s » ne se lit pas.") % {"line": number, "name": name}
        return
    parameters = {key.upper(): value.strip('"') for key, value in PARAMETER.findall(match[2])}
    said = Said(number, parameters, match[3])
    if name in MANY:
        block.many.setdefault(name, []).append(said)
    else:
        block.once.setdefault(name, said)


def _gather(blocks: list[Block], found: Found, now: datetime) -> None:
    """Entries of the blocks: each series with the times that depart from it."""
    masters: dict[str, Block] = {}
    apart: dict[str, list[Block]] = {}
    for block in blocks:
        key = block.text("UID").strip()[:250] or entries.key_of(block.text("SUMMARY"), block.text("DTSTART"))
        if "RECURRENCE-ID" in block.once:
            apart.setdefault(key, []).append(block)
        elif key in masters:
            found.mend(
                block.line, entries.line(block.text("SUMMARY")), _("Le même identifiant revient : le dernier vaut.")
            )
            masters[key] = block
        else:
            masters[key] = block
    for key, others in apart.items():
        if key not in masters:
            # Times of a series that is not in the file are events of their own.
            masters |= {f"{key}#{one.text('RECURRENCE-ID')}": one for one in others}
    for key, block in masters.items():
        title = entries.line(block.text("SUMMARY"))
        found.known.add(key)
        try:
            found.entries.append(_entry(key, block, apart.get(key, []), found, now))
        except Over:
            found.past += 1
        except (Unfit, Refused) as refusal:
            found.leave(block.line, title, "\n".join(getattr(refusal, "messages", None) or [str(refusal)]))


def _entry(key: str, block: Block, apart: list[Block], found: Found, now: datetime) -> Entry:
    if block.wrong:
        raise Unfit(block.wrong)
    if block.text("CLASS").strip().upper() in {"PRIVATE", "CONFIDENTIAL"}:
        raise Unfit(_("Il est marqué comme privé dans ce calendrier."))
    if "EXRULE" in block.once:
        raise Unfit(_("« EXRULE » n’est pas pris dans une répétition."))
    title, status = _titled(entries.line(block.text("SUMMARY")), block.text("STATUS"))
    if not title:
        raise Unfit(_("Il n’a pas de titre."))
    first = _span(block, found, title)
    added = [_when(one, part, found, title) for one, part in _each(block, "RDATE")]
    spans = [first, *(_moved(first, moment) for moment in added)]
    repeat: Repeat | None = None
    changes: tuple[Change, ...] = ()
    if "RRULE" in block.once:
        excluded = [_when(one, part, found, title) for one, part in _each(block, "EXDATE")]
        days = tuple(sorted({_day(moment) for moment in excluded}))
        start, repeat = entries.recent(first, Repeat(_rule(block.text("RRULE"), first), days), now)
        spans = [start, *entries.times([start, *spans[1:]], now)[0]] if len(spans) > 1 else [start]
        spans = [start, *(span for span in spans[1:] if span.starts_at != start.starts_at)]
        changes = tuple(_change(one, found, title) for one in apart[:MOST_DAYS])
    else:
        kept, left = entries.times(spans, now)
        spans = list(kept)
        if left:
            found.mend(block.line, title, left)
    words = [word.strip() for said in block.many.get("CATEGORIES", []) for word in said.value.split(",")]
    details = Details(
        category=entries.category_of([*words, title]),
        keywords=entries.words_of([word for word in words if word]),
        link=entries.link(block.text("URL")),
    )
    where = Where(spoken=entries.line(block.text("LOCATION"), 300), point=_point(block.text("GEO")))
    body = entries.prose(_unlabelled(block.text("DESCRIPTION"), status)) or title
    written = entries.key_of(*(one.written for one in (block, *apart)))
    return Entry(block.line, key, title, body, tuple(spans), where, repeat, details, status, changes, written)


def _titled(title: str, status: str) -> tuple[str, str]:
    """A title and a status, the one without what our own calendars say of the other in it."""
    label, colon, rest = title.partition(" : ")
    if colon and rest and label in LABELS:
        return rest, LABELS[label]
    return title, Event.Status.CANCELLED if status.strip().upper() == "CANCELLED" else Event.Status.PLANNED


def _unlabelled(words: str, status: str) -> str:
    """What is said of an event, without the status that our own calendars put before it; the reason stays."""
    label = next((label for label, said in LABELS.items() if said == status), "")
    first, _gap, rest = words.replace("\r\n", "\n").partition("\n\n")
    if not label or not (first == label or first.startswith(f"{label}. ")):
        return words
    return "\n\n".join(part for part in (first.removeprefix(label).removeprefix(". "), rest) if part)


def _span(block: Block, found: Found, title: str) -> Span:
    """When it first takes place."""
    start = block.once.get("DTSTART")
    if start is None:
        raise Unfit(_("Il n’a pas de date de début."))
    begins = _when(start, start.value, found, title)
    end = block.once.get("DTEND")
    if end is not None:
        ends = _when(end, end.value, found, title)
        if isinstance(begins, datetime) != isinstance(ends, datetime):
            found.mend(end.line, title, _("La fin n’est pas écrite comme le début : elle est laissée."))
            ends = begins
    else:
        ends = begins + _lasts(block.text("DURATION"))
    return _between(begins, ends)


def _between(begins: date | datetime, ends: date | datetime) -> Span:
    """A span of dates, the last excluded unless it is the first, or of instants."""
    if isinstance(begins, datetime):
        assert isinstance(ends, datetime)
        if ends < begins:
            raise Unfit(_("La fin vient avant le début."))
        return Span(begins, ends if ends > begins else None)
    if ends < begins:
        raise Unfit(_("La fin vient avant le début."))
    return Span(midnight(begins), midnight(max(ends, begins + timedelta(days=1))), all_day=True)


def midnight(day: date) -> datetime:
    """When a day begins in the territory."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def _lasts(words: str) -> timedelta:
    match = DURATION.fullmatch(words.strip())
    if match is None:
        return timedelta()
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _moved(first: Span, begins: date | datetime) -> Span:
    """As long as the first, at another moment."""
    if not isinstance(begins, datetime):
        return first.on(begins)
    return Span(begins, begins + (first.ends_at - first.starts_at) if first.ends_at else None)


def _change(block: Block, found: Found, title: str) -> Change:
    """What becomes of one time of a series."""
    said = block.once["RECURRENCE-ID"]
    day = _day(_when(said, said.value, found, title))
    _title, status = _titled(entries.line(block.text("SUMMARY")), block.text("STATUS"))
    span = _span(block, found, title) if "DTSTART" in block.once else None
    return Change(day, span, "" if status == Event.Status.PLANNED else status, entries.line(block.text("LOCATION")))


def _day(moment: date | datetime) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def _each(block: Block, name: str) -> Iterator[tuple[Said, str]]:
    """The values of a property that lists several, a period by its beginning."""
    values = [(said, part) for said in block.many.get(name, []) for part in said.value.split(",")]
    if len(values) > MOST_DAYS:
        raise Unfit(_("Sa liste de dates est trop longue."))
    yield from ((said, part.partition("/")[0]) for said, part in values)


def _when(said: Said, value: str, found: Found, title: str) -> date | datetime:
    """A day, or an instant: one without a zone is in the time of the territory."""
    match = MOMENT.fullmatch(value.strip().upper())
    try:
        if match is None:
            raise ValueError(value)
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if not 1970 <= day.year <= 2100:
            raise ValueError(value)
        if match[4] is None or said.parameters.get("VALUE", "").upper() == "DATE":
            return day
        hour = time(int(match[4]), int(match[5]), min(int(match[6] or 0), 59))
    except ValueError as error:
        shown = {"line": said.line, "date": entries.line(value, 40)}
        raise Unfit(_("Ligne %(line)s : « %(date)s » n’est pas une date.") % shown) from error
    name = said.parameters.get("TZID", "")
    zone: tzinfo | None = UTC if match[7] else zone_named(name) if name else timezone.get_current_timezone()
    if zone is None:
        found.mend(
            said.line, title, _("Fuseau inconnu (%(zone)s) : l’heure est celle du territoire.") % {"zone": name[:40]}
        )
    return datetime.combine(day, hour, zone or timezone.get_current_timezone())


@cache
def zone_named(name: str) -> tzinfo | None:
    """The zone of a name that programs give it; None when nobody knows it."""
    name = name.strip()
    # « /mozilla.org/20050126_1/Europe/Paris » and its like.
    parts = name.strip("/").split("/")
    for one in (WINDOWS_TO_OLSON.get(name, name), "/".join(parts[-2:]), "/".join(parts[-3:])):
        try:
            return ZoneInfo(one)
        except (ValueError, OSError, ZoneInfoNotFoundError):
            continue
    return None


def _rule(words: str, first: Span) -> Rule:
    """The rule of a series; what programs write otherwise and means the same is put in our words. Raises Refused."""
    parts = dict(part.split("=", 1) for part in words.upper().strip().split(";") if "=" in part)
    day = first.day
    if parts.get("BYMONTHDAY") == str(day.day) and "BYDAY" not in parts:
        del parts["BYMONTHDAY"]
    if parts.get("FREQ") == "YEARLY" and parts.get("BYMONTH") == str(day.month):
        del parts["BYMONTH"]
    turn = parts.get("BYSETPOS", "")
    if turn in {"1", "2", "3", "4", "5", "-1"} and re.fullmatch(r"[A-Z]{2}", parts.get("BYDAY", "")):
        parts |= {"BYDAY": f"{turn}{parts['BYDAY']}"}
        del parts["BYSETPOS"]
    return parse(";".join(f"{name}={value}" for name, value in parts.items()))


def _point(words: str) -> tuple[float, float] | None:
    """Longitude and latitude of « latitude;longitude »."""
    match = re.fullmatch(r"\s*(-?\d{1,2}(?:\.\d{1,12})?)[;,]\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*", words, re.ASCII)
    if match is None or match[0].strip() in {"0;0", "0.0;0.0"}:
        return None
    return float(match[2]), float(match[1])
