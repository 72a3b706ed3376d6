"""Rules by which something comes back: the part of RFC 5545 that people use, read, written, spoken and unrolled.

Days only, never instants: « le mardi à 20 h » is 20 h whatever the season (R-REL-21). Bounded whatever is asked
(R-SEC-9): no rule finer than a day, few days in a list, few dates at once.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import chain, islice
from typing import Literal

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.publications.rights import Refused

# Dates of one event that are kept at once, how many times a rule may count, and days in its list.
MOST, MOST_COUNT, MOST_DAYS, MOST_INTERVAL = 400, 1_000, 35, 99
# Dates walked through before those asked for: what began longer ago is refused when it is read.
WALKED = 20_000
FREQUENCIES: dict[str, Literal[0, 1, 2, 3, 4, 5, 6]] = {
    "DAILY": DAILY,
    "WEEKLY": WEEKLY,
    "MONTHLY": MONTHLY,
    "YEARLY": YEARLY,
}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True)
class Rule:
    """« Every `interval` weeks, on `days` »: days are "TU", or "2TU" and "-1FR" in a month; with no end, or one."""

    frequency: str
    interval: int = 1
    days: tuple[str, ...] = ()
    until: date | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be, or would never end being unrolled."""
        if self.frequency not in FREQUENCIES:
            raise Refused(_("La répétition est par jour, par semaine, par mois ou par an."))
        if not 1 <= self.interval <= MOST_INTERVAL:
            raise Refused(_("L’intervalle va de 1 à %(most)s.") % {"most": MOST_INTERVAL})
        if self.count is not None and not 1 <= self.count <= MOST_COUNT:
            raise Refused(_("Une répétition compte de 1 à %(most)s fois.") % {"most": MOST_COUNT})
        found = [DAY.fullmatch(day) for day in self.days]
        if len(self.days) > MOST_DAYS or not all(found):
            raise Refused(_("Les jours de la répétition ne se lisent pas."))
        if self.frequency != "MONTHLY" and any(one and one[1] for one in found):
            raise Refused(_("Un jour numéroté se répète par mois."))
        if self.frequency == "YEARLY" and self.days:
            raise Refused(_("Ce qui revient chaque année revient à sa date."))

    def __str__(self) -> str:
        parts = {"FREQ": self.frequency}
        if self.interval > 1:
            parts["INTERVAL"] = str(self.interval)
        if self.days:
            parts["BYDAY"] = ",".join(self.days)
        if self.until:
            parts["UNTIL"] = f"{self.until:%Y%m%d}"
        if self.count:
            parts["COUNT"] = str(self.count)
        return ";".join(f"{name}={value}" for name, value in parts.items())

    def dates(self, first: date, last: date, *, after: date | None = None, most: int = MOST) -> list[date]:
        """The days on which it falls from `first`, which always counts, to `last`; those later than `after` only."""
        midnight = time()
        days = [weekday(WEEKDAYS.index(day[-2:]), int(day[:-2]) if day[:-2] else None) for day in self.days]
        end = min(last, self.until) if self.until else last
        falls = rrule(
            FREQUENCIES[self.frequency],
            dtstart=datetime.combine(first, midnight),
            interval=self.interval,
            byweekday=days or None,
            until=datetime.combine(end, midnight),
        )
        count = min(self.count or WALKED, WALKED)
        walked = chain([first], (day for found in islice(falls, count) if (day := found.date()) != first))
        kept = (day for day in islice(walked, count) if day <= end and (after is None or day > after))
        return list(islice(kept, most))

    def ends(self, first: date, last: date) -> bool:
        """Whether nothing comes after `last`."""
        later = last.replace(year=last.year + 10, day=min(last.day, 28))
        return not self.dates(first, later, after=last, most=1)

    def spoken(self, first: date) -> str:
        """« toutes les semaines, le mardi et le jeudi, jusqu’au 29 juin 2027 »."""
        said = [self._every(), *([on] if (on := self._on(first)) else [])]
        if self.until:
            said.append(_("jusqu’au %(day)s") % {"day": date_format(self.until, "j F Y")})
        if self.count:
            said.append(ngettext("%(count)s fois", "%(count)s fois", self.count) % {"count": self.count})
        return ", ".join(said)

    def _every(self) -> str:
        words = {
            "DAILY": (_("tous les jours"), _("tous les %(count)s jours")),
            "WEEKLY": (_("toutes les semaines"), _("toutes les %(count)s semaines")),
            "MONTHLY": (_("tous les mois"), _("tous les %(count)s mois")),
            "YEARLY": (_("tous les ans"), _("tous les %(count)s ans")),
        }
        one, several = words[self.frequency]
        if self.frequency == "WEEKLY" and self.interval == 2:
            return _("une semaine sur deux")
        return one if self.interval == 1 else several % {"count": self.interval}

    def _on(self, first: date) -> str:
        if self.frequency == "MONTHLY" and not self.days:
            return _("le %(day)s du mois") % {"day": "1er" if first.day == 1 else first.day}
        if self.frequency == "YEARLY":
            return _("le %(day)s") % {"day": date_format(first, "j F")}
        days = self.days or ((WEEKDAYS[first.weekday()],) if self.frequency == "WEEKLY" else ())
        # As they come in a week, and by their rank in a month.
        spoken = [_numbered(day) for day in sorted(days, key=lambda day: (day[:-2], WEEKDAYS.index(day[-2:])))]
        if len(spoken) > 1:
            return _("%(some)s et %(last)s") % {"some": ", ".join(spoken[:-1]), "last": spoken[-1]}
        return "".join(spoken)


def _numbered(day: str) -> str:
    """« le mardi », « le 2e mardi », « le dernier vendredi »."""
    # 5 January 1970 was a Monday.
    name = date_format(date(1970, 1, 5 + WEEKDAYS.index(day[-2:])), "l")
    match day[:-2].lstrip("+"):
        case "":
            return _("le %(day)s") % {"day": name}
        case "1":
            return _("le 1er %(day)s") % {"day": name}
        case "-1":
            return _("le dernier %(day)s") % {"day": name}
        case rank if rank.startswith("-"):
            return _("le %(rank)se %(day)s avant la fin du mois") % {"rank": rank[1:], "day": name}
        case rank:
            return _("le %(rank)se %(day)s") % {"rank": rank, "day": name}


def parse(text: str) -> Rule:
    """The rule of an RRULE value. Raises `Refused`, in words to show, for what is outside of the part we take."""
    parts: dict[str, str] = {}
    for part in text.upper().strip().removeprefix("RRULE:").split(";")[:20]:
        name, _equals, value = part.partition("=")
        if name in parts or not value:
            raise Refused(_("La répétition ne se lit pas."))
        parts[name] = value
    parts.pop("WKST", None)
    if unknown := set(parts) - {"FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT"}:
        raise Refused(_("« %(part)s » n’est pas pris dans une répétition.") % {"part": min(unknown)[:20]})
    days = tuple(day.lstrip("+") for day in parts["BYDAY"].split(",")[: MOST_DAYS + 1]) if "BYDAY" in parts else ()
    return Rule(
        parts.get("FREQ", ""),
        _number(parts.get("INTERVAL", "1")),
        days,
        _until(parts["UNTIL"]) if "UNTIL" in parts else None,
        _number(parts["COUNT"]) if "COUNT" in parts else None,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _until(text: str) -> date:
    """A day, or an instant in UTC, which is a day in the territory."""
    for pattern, zone in (("%Y%m%d", None), ("%Y%m%dT%H%M%SZ", UTC), ("%Y%m%dT%H%M%S", None)):
        try:
            found = datetime.strptime(text, pattern).replace(tzinfo=zone)
        except ValueError:
            continue
        return timezone.localtime(found).date() if zone else found.date()
    raise Refused(_("La fin de la répétition ne se lit pas."))


def in_words(days: Collection[date]) -> str:
    """« 22/12/2026, 29/12/2026 »: days as a form shows them and reads them again."""
    return ", ".join(f"{day:%d/%m/%Y}" for day in sorted(days))


def days_of(text: str) -> list[tuple[date, date]]:
    """Days and spans of days of « 22/12/2026, du 19/12/2026 au 03/01/2027 ». Raises `Refused` on what is neither."""
    spans = []
    for part in re.split(r"[,;\n]+|\s+et\s+", text):
        days = re.findall(r"\d{1,2}/\d{1,2}/\d{4}", part)
        rest = re.sub(r"\d{1,2}/\d{1,2}/\d{4}|\b(?:du|au|le|les)\b|[-–\s]", "", part)
        if not days and not rest:
            continue
        try:
            found = [datetime.strptime(day, "%d/%m/%Y").date() for day in days]  # noqa: DTZ007 - a day
        except ValueError:
            found = []
        if rest or not 1 <= len(found) <= 2:
            raise Refused(_("« %(part)s » n’est pas une date : écrivez 22/12/2026.") % {"part": part.strip()[:40]})
        spans.append((found[0], found[-1]))
    return spans
