"""What an update changed, line by line, in French: zones, town halls and élus by name, people by number only."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from parvis.core.text import NBSP, NNBSP
from parvis.people.models import Mandate
from parvis.territory.models import Zone

# Lines of each kind; the others are counted.
MOST = 50
# Councils and seats of one head, whose succession is told by name.
HEADED = (Mandate.Kind.MUNICIPAL, Mandate.Kind.COMMUNAUTAIRE, Mandate.Kind.REGIONAL, Mandate.Kind.DEPUTE)
Seat = tuple[str, int]


class Office(NamedTuple):
    """Who holds a seat, and what it is called."""

    name: str
    title: str


@dataclass(frozen=True)
class InOffice:
    """The heads of councils, how many mandates run, and the number of the last one ever written."""

    heads: dict[Seat, Office]
    running: int
    last: int


def people_in_office() -> InOffice:
    """Who is in office now."""
    heads = Mandate.objects.current().filter(rank=1, kind__in=HEADED).select_related("zone", "voice")
    rows = heads.only("kind", "function", "voice__name", *(f"zone__{name}" for name in Zone.NAMED)).order_by("pk")
    return InOffice(
        heads={
            (row.kind, row.zone_id): Office(row.voice.name, f"{row.function} {row.zone.of_place}")
            for row in rows.iterator()
        },
        running=Mandate.objects.current().count(),
        last=Mandate.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
    )


@dataclass
class Report:
    """The lines, by kind, as they are found."""

    before: InOffice
    after: InOffice
    lines: Counter[str] = field(default_factory=Counter)
    kept: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        begun = Mandate.objects.filter(pk__gt=self.before.last).count()
        ended = self.before.running + begun - self.after.running
        if begun or ended > 0:
            self.add("mandats", f"Mandats{NBSP}: {number(begun)} commencent, {number(max(ended, 0))} se terminent")
        for seat, office in self.after.heads.items():
            former = self.before.heads.get(seat)
            if former is not None and former.name != office.name:
                self.add("successions", f"{office.title}{NBSP}: {office.name} succède à {former.name}")
        for seat, office in self.before.heads.items():
            if seat not in self.after.heads:
                self.add("vacances", f"{office.title}{NBSP}: {office.name} quitte cette fonction")

    def add(self, kind: str, line: str) -> None:
        """One more line of this kind; past the first ones, it is only counted."""
        self.lines[kind] += 1
        found = self.kept.setdefault(kind, [])
        if len(found) < MOST:
            found.append(line)

    def told(self) -> list[str]:
        """All that is to be read."""
        told = []
        for kind, found in self.kept.items():
            told += found
            if self.lines[kind] > len(found):
                told.append(f"… et {number(self.lines[kind] - len(found))} autres ({kind})")
        return told


def number(count: int) -> str:
    """« 1 204 »."""
    return f"{count:,}".replace(",", NNBSP)


def counted(count: int, word: str) -> str:
    """« 1 habitant », « 12 publications »."""
    return f"{number(count)}{NBSP}{word}{'s' if count > 1 else ''}"
