"""What one chose to see of an agenda, and the addresses of the same agenda with one thing changed."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda.days import Month, Period
from parvis.agenda.models import Event, ShowingQuerySet
from parvis.territory.models import Zone

# When an evening begins.
EVENING = time(18)

P = TypeVar("P", Period, Month)


@dataclass(frozen=True)
class Choice:
    """A category, what is free, what is accessible for one disability, this evening, the communes around; on a map."""

    category: str = ""
    free: bool = False
    need: str = ""
    evening: bool = False
    near: bool = False
    on_map: bool = False

    @classmethod
    def read(cls, query: QueryDict) -> "Choice":
        """That of an address; what it says that we do not know is left out."""
        category, need = query.get("categorie", ""), query.get("acces", "")
        return cls(
            category if category in Event.Category.values else "",
            query.get("gratuit") == "1",
            need if need in Event.Need.values else "",
            query.get("soir") == "1",
            query.get("autour") == "1",
            query.get("vue") == "carte",
        )

    @property
    def query(self) -> dict[str, str]:
        """How an address says it."""
        said = {
            "categorie": self.category,
            "gratuit": "1" if self.free else "",
            "acces": self.need,
            "soir": "1" if self.evening else "",
            "autour": "1" if self.near else "",
            "vue": "carte" if self.on_map else "",
        }
        return {name: value for name, value in said.items() if value}

    def within(self, showings: ShowingQuerySet, period: Period) -> ShowingQuerySet:
        """Of `showings`, those chosen, whatever their category."""
        if self.free:
            showings = showings.free()
        if self.need:
            showings = showings.accessible(self.need)
        if self.evening:
            showings = showings.later_than(datetime.combine(period.first, EVENING, timezone.get_current_timezone()))
        return showings


class Links(Generic[P]):
    """Addresses of the same agenda with one thing changed."""

    def __init__(self, period: P, zone: Zone, choice: Choice, root: Zone) -> None:
        self.period: P = period
        self.zone, self.choice, self.root = zone, choice, root

    def to(self, period: Period | Month | None = None, zone: Zone | None = None, **changed: Any) -> str:
        """The agenda as it is now, but for what is given; `changed` are fields of the choice."""
        zone = zone or self.zone
        choice = replace(self.choice, **changed) if changed else self.choice
        if zone != self.zone:
            choice = replace(choice, near=False)
        query = dict([self.period.query if period is None else period.query]) | choice.query
        if zone != self.root:
            query["zone"] = f"{zone.kind}-{zone.code}"
        return f"/agenda/?{urlencode(query)}"

    def day(self, day: date) -> str:
        """The same agenda on one day."""
        return self.to(Period(day), evening=False)

    def feed(self, kind: str) -> str:
        """The address of this agenda for other programs; `kind` is "ics", "atom", "json" or "csv"."""
        start = "" if self.zone == self.root else self.zone.get_absolute_url().rstrip("/")
        category = self.choice.category
        return f"{start}/agenda.{kind}" + (f"?categorie={category}" if category else "")

    def filters(self, today: date) -> list[tuple[str, str, bool]]:
        """What narrows an agenda beside its category: a name, an address, and whether it is on."""
        choice, period = self.choice, self.period
        tonight = choice.evening and period == Period(today)
        weekend = Period.weekend(today)
        said = [
            (_("Ce soir"), self.to(Period(today), evening=not tonight), tonight),
            (
                _("Ce week-end"),
                self.to(Period(today) if period == weekend else weekend, evening=False),
                period == weekend,
            ),
            (_("Gratuit"), self.to(free=not choice.free), choice.free),
        ]
        if self.zone.kind == Zone.Kind.COMMUNE and self.zone != self.root:
            said.append((_("Communes voisines aussi"), self.to(near=not choice.near), choice.near))
        return said

    def needs(self) -> list[tuple[str, str, bool]]:
        """The same for each disability."""
        need = self.choice.need
        return [
            (str(label), self.to(need="" if value == need else value), value == need)
            for value, label in Event.Need.choices
        ]

    def narrow(self, today: date) -> dict[str, Any]:
        """All that narrows an agenda."""
        return {
            "filters": self.filters(today),
            "needs": self.needs(),
            "need": self.choice.need,
            "list_link": self.to(on_map=False),
            "map_link": self.to(on_map=True),
            "on_map": self.choice.on_map,
        }

    def around(self, today: date) -> dict[str, Any]:
        """The addresses every page of an agenda offers: before, after, by day, week or month, everything, feeds."""
        first, last = self.period.first, self.period.last
        seen = today if first <= today <= last else first
        monday = seen - timedelta(days=seen.weekday())
        week = f"?{urlencode([Period(monday, is_week=True).query])}"
        place = "" if self.zone == self.root else f"&zone={self.zone.kind}-{self.zone.code}"
        return {
            "previous_link": self.to(self.period.before),
            "next_link": self.to(self.period.after),
            "day_link": self.day(seen),
            "week_link": self.to(Period(monday, is_week=True), evening=False),
            "month_link": self.to(Month(seen.replace(day=1)), evening=False),
            "today_link": self.day(today),
            "paper_link": f"/agenda/semaine/{week}{place}",
            "all_link": self.to(category=""),
            "everywhere_link": self.to(zone=self.root),
            "kept": [self.period.query, *self.choice.query.items()],
            "ics": self.feed("ics"),
            "atom": self.feed("atom"),
            "json": self.feed("json"),
            "csv": self.feed("csv"),
            "embed": f"/embed/agenda/{f'?zone={self.zone.kind}-{self.zone.code}' if place else ''}",
        }
