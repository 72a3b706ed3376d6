"""What calendars of every format are read into: entries, and sentences about what could not be."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b

import nh3
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda.actions.events import Details
from parvis.agenda.actions.times import AHEAD, BEHIND, HORIZON, MOST_DATES, Repeat, Span
from parvis.agenda.models import Event
from parvis.agenda.models.events import LONGEST
from parvis.core import text
from parvis.core.text import fold

# Of one source: events, and times of all of them (R-SEC-9).
MOST_ENTRIES, MOST_TIMES = 2_000, 10_000
LONGEST_TEXT = 9_000
TAGS = re.compile(r"</?[a-z][a-z0-9]{0,12}(?:\s[^<>]*)?/?>", re.IGNORECASE)
ENTITIES = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
NEW_LINES = re.compile(r"<br\s*/?>|</(?:p|div|h[1-6]|ul|ol|tr)>", re.IGNORECASE)
ITEMS = re.compile(r"<li(?:\s[^<>]*)?>", re.IGNORECASE)
_is_link = URLValidator(schemes=["http", "https"])


class Unfit(Exception):
    """An entry that is left out; the message says why."""


class Over(Unfit):
    """An entry all of whose times are past, which is no fault."""


class Unreadable(Exception):
    """The file as a whole is left out; the message says why, and what to do."""


@dataclass(frozen=True)
class Where:
    """Where something is held, as a calendar says it: in one line, or in parts."""

    spoken: str = ""
    venue: str = ""
    address: str = ""
    city: str = ""
    postal: str = ""
    code: str = ""
    point: tuple[float, float] | None = None


@dataclass(frozen=True)
class Change:
    """One time of a series that departs from it: of which day, and what becomes of it."""

    day: date
    span: Span | None = None
    status: str = ""
    venue: str = ""


@dataclass(frozen=True)
class Entry:
    """One event of a calendar. `key` is its name there, which stays when it changes; `line` where it begins."""

    line: int
    key: str
    title: str
    body: str
    spans: tuple[Span, ...]
    where: Where
    repeat: Repeat | None = None
    details: Details = field(default_factory=Details)
    status: str = Event.Status.PLANNED
    changes: tuple[Change, ...] = ()
    # As it is written, where what is understood of it depends on the day: a series is read as of lately.
    written: str = ""

    @property
    def digest(self) -> str:
        """Changes when anything of it does; not where it stands in the file."""
        return key_of(self.written or replace(self, line=0))


@dataclass
class Found:
    """What was read of a calendar, and the remarks that were made.

    `known` are all its keys, of what is left out or over too, and `gone` those of what it says is withdrawn.
    When it is not `whole`, what is not in it may still be on elsewhere.
    """

    kind: str
    name: str = ""
    entries: list[Entry] = field(default_factory=list)
    said: list["Remark"] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    past: int = 0
    is_whole: bool = True
    columns: list[str] = field(default_factory=list)

    def leave(self, line: int, what: str, why: str) -> None:
        """Say why an entry is left out."""
        self.said.append(Remark(line, what[:80], why, is_left=True))

    def mend(self, line: int, what: str, why: str) -> None:
        """Say what was understood otherwise than it was written."""
        self.said.append(Remark(line, what[:80], why))


@dataclass(frozen=True)
class Remark:
    """A sentence about an entry: why it is left out, or how it was understood."""

    line: int
    what: str
    why: str
    is_left: bool = False
    # Of an entry that looks like an event already there: its key, and that event.
    key: str = ""
    like: int = 0


def prose(said: object) -> str:
    """Words as a text of ours: without HTML, not longer than we keep."""
    words = _unmarked(str(said or ""))
    words = re.sub(r"[ \t]+\n", "\n", text.clean(words)).strip()
    return re.sub(r"\n{3,}", "\n\n", words)[:LONGEST_TEXT]


def line(said: object, room: int = 160) -> str:
    """Words on one line, in so many characters."""
    return " ".join(text.clean(_unmarked(str(said or "")[: LONGEST_TEXT * 2])).split())[:room]


def _unmarked(words: str) -> str:
    """What HTML says, in words; what is not HTML, as it is."""
    words = words[: LONGEST_TEXT * 4]
    if TAGS.search(words):
        words = ITEMS.sub("\n- ", NEW_LINES.sub("\n", words))
        words = nh3.clean(words, tags=set())
    return html.unescape(words) if ENTITIES.search(words) else words


def link(said: object) -> str:
    """An address of the web, or nothing."""
    found = str(said or "").strip()
    try:
        _is_link(found)
    except ValidationError:
        return ""
    return found if len(found) <= 300 else ""


def category_of(words: Iterable[str]) -> str:
    """The category that some of these words name; nothing when none does."""
    for word in words:
        said = fold(word)
        for category, names in CATEGORIES.items():
            if said and any(re.search(rf"\b{name}s?\b", said) for name in names):
                return category
    return ""


# Beginnings of words, folded: what calendars call things.
CATEGORIES: dict[str, tuple[str, ...]] = {
    Event.Category.EXPOSITION: ("exposition", "expo", "exhibition", "vernissage"),
    Event.Category.CONCERT: ("concert", "musique", "chorale", "chant", "musical", "music"),
    Event.Category.SCENE: ("theatre", "spectacle", "danse", "cirque", "cinema", "projection", "show", "humour"),
    Event.Category.MARCHE: ("marche", "brocante", "vide grenier", "foire", "market", "braderie", "bric a brac"),
    Event.Category.SPORT: ("sport", "sportif", "tournoi", "match", "competition", "course", "sportsevent"),
    Event.Category.NATURE: ("nature", "balade", "randonnee", "jardin", "environnement", "hiking"),
    Event.Category.PATRIMOINE: ("patrimoine", "visite", "musee", "histoire", "heritage", "visite guidee"),
    Event.Category.JEUNESSE: ("enfant", "jeune", "jeunesse", "famille", "jeune public", "children"),
    Event.Category.CONFERENCE: ("conference", "debat", "rencontre", "lecture", "causerie", "colloque"),
    Event.Category.SOLIDARITE: ("solidarite", "social", "collecte", "don du sang", "entraide"),
    Event.Category.FETE: ("fete", "festival", "bal", "carnaval", "feu d artifice", "party"),
    Event.Category.ASSOCIATION: ("association", "vie associative", "assemblee generale", "reunion", "atelier"),
}


def times(spans: Iterable[Span], now: datetime) -> tuple[tuple[Span, ...], str]:
    """Times as an event may have them, soonest first, and what was left of them. Raises Over, and Unfit."""
    every = sorted({span.starts_at: span for span in spans}.values())
    if not every:
        raise Unfit(_("Aucune date n’est indiquée."))
    for span in every:
        if span.ends_at and span.ends_at < span.starts_at:
            raise Unfit(_("La fin vient avant le début."))
        if span.ends_at and span.ends_at - span.starts_at > LONGEST:
            raise Unfit(_("Un événement dure un an au plus."))
    coming = [span for span in every if (span.ends_at or span.starts_at) >= now]
    if not coming:
        raise Over(_("Toutes ses dates sont passées."))
    near = [span for span in coming if span.starts_at - now <= AHEAD]
    if not near:
        raise Unfit(_("Un événement s’annonce deux ans à l’avance au plus."))
    past = [span for span in every if span not in coming]
    kept = near[:MOST_DATES]
    kept = [*past[len(past) - min(len(past), MOST_DATES - len(kept)) :], *kept]
    left = len(every) - len(kept)
    return tuple(kept), (_("%(count)s dates de trop sont laissées.") % {"count": left} if left else "")


def recent(first: Span, repeat: Repeat, now: datetime) -> tuple[Span, Repeat]:
    """A series as of lately, so that years of it are not walked through each time. Raises Over when it is over."""
    today = timezone.localtime(now).date()
    rule = repeat.rule
    days = {"DAILY": rule.interval, "WEEKLY": 7 * rule.interval}.get(rule.frequency, 0)
    since = today - BEHIND
    if days and not rule.count and first.day < since:
        first = first.on(first.day + timedelta(days=(since - first.day).days // days * days))
    if first.ends_at and first.ends_at - first.starts_at > timedelta(days=31):
        raise Unfit(_("Ce qui revient dure un mois au plus chaque fois."))
    if days and not (rule.count or rule.until or repeat.excluded):
        return first, repeat
    enough = len(repeat.excluded) + 1
    falls = rule.dates(first.day, today + HORIZON, after=today - timedelta(days=1), most=enough)
    if not any(day not in repeat.excluded for day in falls):
        raise Over(_("Toutes ses dates sont passées."))
    return first, Repeat(rule, tuple(day for day in repeat.excluded if day >= first.day))


def counted(entry: Entry, now: datetime) -> int:
    """How many times of it are written at once."""
    if entry.repeat is None:
        return len(entry.spans)
    today = timezone.localtime(now).date()
    rule = entry.repeat.rule
    return len(entry.spans) + len(rule.dates(entry.spans[0].day, today + HORIZON, after=today - BEHIND))


def key_of(*parts: object) -> str:
    """A name for what has none: the same for the same words."""
    return blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def words_of(said: Sequence[str]) -> str:
    """Keywords as we keep them."""
    kept = ""
    for word in dict.fromkeys(line(word, 40).replace(",", " ") for word in said[:20]):
        longer = f"{kept}, {word}" if kept else word
        kept = longer if word and len(longer) <= 200 else kept
    return kept
