"""Where and when the demonstration takes place: the scenario's ranks and marks, turned into zones and dates."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import Count, F
from django.utils import timezone
from django.utils.dateformat import format as format_date

from parvis.territory.models import Territory, Zone, ZoneLink

# People write between these hours.
RISE, BED, DAY = timedelta(hours=7), timedelta(hours=23), timedelta(days=1)
# A day of the year that went by is still told for so many days; then it is the next one.
RECENT = 21
MARK = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Stage:
    """A territory at a moment. `communes` are those one may live in, the most populated first."""

    now: datetime
    root: Zone
    communes: tuple[Zone, ...]

    def commune(self, rank: int) -> Zone:
        """The commune of this rank; past the last one, the first again."""
        return self.communes[(rank - 1) % len(self.communes)]

    def zone(self, mark: str) -> Zone:
        """The zone of « territoire », « commune:3 », « canton:3 » (the canton of the third commune) or « epci:3 ».

        Where there is no canton the commune stands for it, and where there is no intercommunalité the territory.
        """
        kind, _, rank = mark.partition(":")
        match kind:
            case "territoire":
                return self.root
            case "commune":
                return self.commune(int(rank))
            case "canton":
                return self._around(Zone.Kind.CANTON, int(rank)) or self.commune(int(rank))
            case "epci":
                return self._around(Zone.Kind.EPCI, int(rank)) or self.root
        raise ValueError(f"no such zone: {mark}")

    def zones(self, marks: tuple[str, ...]) -> list[Zone]:
        """The zones of several marks, each once."""
        return list({zone.pk: zone for zone in map(self.zone, marks)}.values())

    def _around(self, kind: str, rank: int) -> Zone | None:
        """The zone of this kind, no wider than the territory, that holds the commune; the first by name of several."""
        zones = Zone.objects.current().of_kind(kind).overlapping(self.root)
        links = ZoneLink.objects.filter(part=self.commune(rank), whole__in=zones)
        first = links.order_by("-relation", "whole__name").select_related("whole").first()
        return first.whole if first else None

    @cached_property
    def straddled(self) -> dict[int, Zone]:
        """For each commune that straddles several cantons, the first of them by name."""
        cantons = Zone.objects.current().of_kind(Zone.Kind.CANTON)
        links = ZoneLink.objects.filter(whole__in=cantons, relation=ZoneLink.Relation.CROSSES)
        return {link.part_id: link.whole for link in links.order_by("-whole__name").select_related("whole")}

    def fill(self, text: str, commune: Zone) -> str:
        """`text` with its marks replaced: {commune}, {a_commune}, {de_commune}, {territoire}, {d+3}… KeyError else."""
        words = {
            "commune": commune.name,
            "a_commune": commune.in_place,
            "de_commune": commune.of_place,
            "territoire": self.root.name,
            "dans_territoire": self.root.in_place,
            "du_territoire": self.root.of_place,
        }

        def word(mark: re.Match[str]) -> str:
            days = re.fullmatch(r"d([+-]\d+)", mark[1])
            return in_words(self.working_day(int(days[1]))) if days else words[mark[1]]

        return MARK.sub(word, text)

    def day(self, offset: int) -> date:
        """The day so many days from today."""
        return timezone.localdate(self.now) + timedelta(days=offset)

    def offset(self, day: int, *, on: str = "", weekday: int = 0) -> int:
        """How many days from today to `day`, or to the next `on` of the year, or to the first `weekday` from there."""
        today = self.day(0)
        if on:
            month, number = map(int, on.split("-"))
            dates = [date(today.year + turn, month, number) for turn in (-1, 0, 1)]
            day = next(offset for one in dates if (offset := (one - today).days) >= -RECENT)
        return day + (weekday - self.day(day).isoweekday()) % 7 if weekday else day

    def working_day(self, offset: int) -> date:
        """`day`, but the Saturday before rather than a Sunday, when no service opens; the next three days are exact."""
        day = self.day(offset)
        return self.day(offset - 1) if offset > 3 and day.isoweekday() == 7 else day

    def at(self, offset: int, hour: str) -> datetime:
        """That day at « 18:30 », in the territory's own time."""
        return datetime.combine(self.day(offset), time.fromisoformat(hour), timezone.get_current_timezone())

    def ago(self, hours: float) -> datetime:
        """About so many hours before now, at a time when people are up: days are squeezed, their order kept."""
        now = timezone.localtime(self.now)
        then = now - timedelta(hours=hours)
        midnight = then.replace(hour=0, minute=0, second=0, microsecond=0)
        last = BED if then.date() < now.date() else now - midnight
        if last <= RISE:
            return then
        share = (then - midnight) / (DAY if last == BED else last)
        return midnight + RISE + share * (last - RISE)


def set_stage(now: datetime) -> Stage:
    """The territory of this site at `now`."""
    root = Territory.objects.select_related("root").get().root
    # Where nobody counts people, a council does: its seats follow them.
    seated = Zone.objects.current().joinable().annotate(seats=Count("mandates"))
    communes = seated.order_by(F("population").desc(nulls_last=True), "-seats", "name")
    return Stage(now, root, tuple(communes.defer("geometry")))


def in_words(day: date) -> str:
    """« mardi 1er décembre »."""
    return format_date(day, "l j F").replace(" 1 ", " 1er ")
