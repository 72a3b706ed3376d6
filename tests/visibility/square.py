"""Two départements, six homes with a canary each, and who must see what there: plain Python, apart from the program."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from shapely.geometry import Point, Polygon, box

NAMES = {"99001": "Clairval", "99002": "Bois-le-Comte", "99006": "Saint-Rémy", "98001": "Sourdun"}
EPCI = {"99001", "99002", "99003"}
BASE32 = "0123456789bcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True)
class Spot:
    """A home: its commune and its exact point; and how others write that point."""

    commune: str
    lon: float
    lat: float
    h3: str

    @property
    def address(self) -> str:
        """What its owner typed, which nobody else may read."""
        return f"3 impasse Canari{self.h3[4:9]}"

    def canaries(self) -> Iterator[str]:
        """Every way to write where it is, as patterns: to the thousandth of a degree and closer, as cells, as units."""
        yield self.address.partition("impasse ")[2]
        for degrees in (self.lon, self.lat):
            # An hour has such seconds.
            yield rf"(?<![\d:]){degrees:.3f}".replace(".", r"\.")
            yield str(round(degrees * 10_000_000))
        yield geohash(self.lon, self.lat)
        # Cells of 400 m, 150 m and 60 m: the finer begin alike.
        yield self.h3[2:8]

    def bytes(self) -> Iterator[bytes]:
        """The same in the geometry of a database."""
        yield struct.pack("<d", self.lon)
        yield struct.pack("<d", self.lat)


# The last word is the H3 cell of 60 m, as the library of its authors gives it.
SPOTS = (
    Spot("99002", 2.1513247, 49.1513853, "8a1fb405202ffff"),
    Spot("99002", 2.1633529, 49.1513417, "8a1fb4052347fff"),
    Spot("99002", 2.1433761, 49.1533883, "8a1fb4052c47fff"),
    Spot("99001", 2.0633917, 49.1463279, "8a1fb401905ffff"),
    Spot("99006", 2.2633541, 49.0463671, "8a1fb4396177fff"),
    Spot("98001", 2.4433389, 49.1463857, "8a1fb431a177fff"),
)
HALLES = (box(2.14, 49.14, 2.155, 49.16), box(2.155, 49.14, 2.17, 49.16))


def geohash(lon: float, lat: float, length: int = 7) -> str:
    """The cell of some 150 m that holds the point."""
    bounds, bits = [[-180.0, 180.0], [-90.0, 90.0]], 0
    for turn in range(length * 5):
        side, value = bounds[turn % 2], (lon, lat)[turn % 2]
        middle = sum(side) / 2
        bits = bits * 2 + (value >= middle)
        side[value < middle] = middle
    return "".join(BASE32[bits >> 5 * rank & 31] for rank in reversed(range(length)))


@dataclass(frozen=True)
class Aim:
    """Where a notice may go: a zone by its code, or a shape over communes. Parcels are shown as `public`."""

    code: str = ""
    shape: Polygon | None = None
    communes: tuple[str, ...] = ()
    kind: str = ""
    public: Polygon | None = None

    @property
    def fine(self) -> bool:
        """Whether a second person reads it first."""
        return self.shape is not None or "Q" in self.code


STREET = box(2.15, 49.15, 2.153, 49.152)
AIMS = (
    Aim("99002"),
    Aim("99001"),
    Aim("999000001"),
    Aim("99"),
    Aim("98"),
    Aim("99002Q1"),
    Aim(shape=STREET, communes=("99002",), kind="rue"),
    Aim(shape=box(2.16, 49.15, 2.166, 49.152), communes=("99002",), kind="polygone"),
    Aim(shape=box(2.151, 49.151, 2.152, 49.152), communes=("99002",), kind="parcelles", public=STREET),
    Aim(shape=box(2.06, 49.14, 2.11, 49.149), communes=("99001", "99002"), kind="polygone"),
    Aim(shape=box(2.44, 49.14, 2.446, 49.149), communes=("98001",), kind="cercle"),
)


@dataclass
class Home:
    """Where someone lives, and how finely they said it: « commune », « quartier » or « exact »."""

    spot: Spot
    precision: str


@dataclass
class Said:
    """A notice: where it goes, whether it is out or waits, its words, and where it went before."""

    aim: Aim
    state: str
    alert: bool
    words: str
    author: str = "agent"
    formers: list[Aim] = field(default_factory=list)


@dataclass
class Square:
    """Who lives where, what was said to whom."""

    homes: dict[str, Home] = field(default_factory=dict)
    notices: dict[int, Said] = field(default_factory=dict)
    halles: int = 0

    def seen_by(self, name: str) -> dict[int, str]:
        """What is in their feed, and how the reason begins."""
        whys = ((number, self.why(said.aim, self.homes[name])) for number, said in self.notices.items()
                if said.state == "online")  # fmt: skip
        return {number: why for number, why in whys if why}

    def mailed(self, aim: Aim) -> set[str]:
        """Who is written to at once of an alert: those it concerns surely."""
        whys = {name: self.why(aim, home) for name, home in self.homes.items()}
        return {name for name, why in whys.items() if why and "contient" not in why}

    def why(self, aim: Aim, home: Home) -> str:
        """How the reason begins; nothing when it does not concern them."""
        commune = home.spot.commune
        if aim.shape is not None:
            return self._drawn(aim, aim.shape, home)
        if "Q" in aim.code:
            if home.precision == "commune":
                return "votre commune contient cette zone" if commune == "99002" else ""
            return "votre quartier" if home.precision == "quartier" or self.is_in_halles(home) else ""
        if aim.code == commune:
            return f"vous habitez {NAMES[commune]}"
        if aim.code == commune[:2]:
            return "votre département"
        return "votre intercommunalité" if aim.code == "999000001" and commune in EPCI else ""

    def is_in_halles(self, home: Home) -> bool:
        """Whether the point is in the quartier as it is drawn now."""
        return home.spot.commune == "99002" and HALLES[self.halles].contains(Point(home.spot.lon, home.spot.lat))

    def _drawn(self, aim: Aim, shape: Polygon, home: Home) -> str:
        if home.precision == "exact":
            inside = shape.contains(Point(home.spot.lon, home.spot.lat))
            return "votre domicile est dans la zone dessinée" if inside else ""
        if home.precision == "quartier":
            crossed = HALLES[self.halles].intersects(aim.public or shape) and "99002" in aim.communes
            return "votre quartier contient une partie" if crossed else ""
        return "votre commune contient cette zone" if home.spot.commune in aim.communes else ""
