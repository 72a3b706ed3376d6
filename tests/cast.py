"""The cast: a small fictional territory, its people and its organisations. Grown by whoever needs one more.

Val-d’Ombre is a département of six square communes, three columns by two rows:

    Clairval        Bois-le-Comte   Les Essarts        one intercommunalité
    Ormoy           L’Étang-Neuf    Saint-Rémy

Clairval straddles its two cantons; the first holds the rest of its row, the second the other row.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from shapely import to_wkb, union_all
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from parvis.core.text import fold
from parvis.people import actions
from parvis.people.models import Mandate, Membership, Person, Role, Voice
from parvis.people.names import name_again, search_name, slug_of
from parvis.territory.models import Neighbour, PostalCode, Territory, TownHall, Zone, ZoneLink, ZoneName
from parvis.territory.names import turns

COMMUNES = {
    "clairval": ("99001", "Clairval", 12_400, "99100"),
    "bois": ("99002", "Bois-le-Comte", 3_100, "99100"),
    "essarts": ("99003", "Les Essarts", 940, "99120"),
    "ormoy": ("99004", "Ormoy", 610, "99130"),
    "etang": ("99005", "L’Étang-Neuf", 280, "99130"),
    "remy": ("99006", "Saint-Rémy", 1_750, "99140"),
}
WITHIN, CROSSES = ZoneLink.Relation.WITHIN, ZoneLink.Relation.CROSSES


@dataclass(frozen=True)
class Cast:
    """The zones of Val-d’Ombre."""

    clairval: Zone
    bois: Zone
    essarts: Zone
    ormoy: Zone
    etang: Zone
    remy: Zone
    canton_1: Zone
    canton_2: Zone
    epci: Zone
    circonscription: Zone
    departement: Zone
    region: Zone

    @property
    def communes(self) -> list[Zone]:
        """The six, row by row."""
        return [self.clairval, self.bois, self.essarts, self.ormoy, self.etang, self.remy]


def drawn(kind: str, code: str, name: str, shape: BaseGeometry, **fields: object) -> Zone:
    """A zone with its shape and its box, which the database does not hold yet."""
    west, south, east, north = shape.bounds
    return Zone(
        kind=kind,
        code=code,
        name=name,
        slug=slug_of(name),
        search_name=fold(name),
        geometry=to_wkb(shape),
        west=west,
        south=south,
        east=east,
        north=north,
        lon=shape.centroid.x,
        lat=shape.centroid.y,
        **fields,
    )


def lay(zones: list[Zone]) -> None:
    """All at once, with their names and the link of each to itself: half of the tests begin here."""
    Zone.objects.bulk_create(zones)
    ZoneLink.objects.bulk_create([ZoneLink(part=zone, whole=zone, relation=WITHIN) for zone in zones])
    ZoneName.objects.bulk_create([ZoneName(zone=zone, text=text) for zone in zones for text in turns(zone.search_name)])


def make_zone(kind: str, code: str, name: str, shape: BaseGeometry, **fields: object) -> Zone:
    """A zone with its shape, its box, its names and the link to itself."""
    zone = drawn(kind, code, name, shape, **fields)
    lay([zone])
    return zone


def link(part: Zone, whole: Zone, relation: str = WITHIN) -> None:
    """`part` lies in `whole`."""
    ZoneLink.objects.create(part=part, whole=whole, relation=relation)


def make_communes() -> dict[str, tuple[Zone, BaseGeometry]]:
    """The six squares, a tenth of a degree wide, with their postal codes and town halls."""
    made: dict[str, tuple[Zone, BaseGeometry]] = {}
    for index, (key, (code, name, population, _postal)) in enumerate(COMMUNES.items()):
        column, row = index % 3, index // 3
        square = box(2 + column / 10, 49.1 - row / 10, 2.1 + column / 10, 49.2 - row / 10)
        made[key] = drawn("commune", code, name, square, population=population, joinable=True), square
    lay([zone for zone, _ in made.values()])
    postal = {key: code for key, (*_, code) in COMMUNES.items()}
    PostalCode.objects.bulk_create([PostalCode(code=postal[key], zone=zone) for key, (zone, _) in made.items()])
    TownHall.objects.bulk_create(
        TownHall(
            zone=zone,
            address=f"1 place de la Mairie\n{postal[key]} {zone.name}",
            lon=square.centroid.x,
            lat=square.centroid.y,
            phone="03 99 00 00 00",
            hours=[["lundi", "vendredi", [["09:00:00", "12:00:00"], ["14:00:00", "17:00:00"]]]],
        )
        for key, (zone, square) in made.items()
    )
    Neighbour.objects.bulk_create(
        Neighbour(zone=zone, other=other)
        for zone, shape in made.values()
        for other, beside in made.values()
        if zone != other and shape.intersection(beside).length
    )
    return made


def lay_territory() -> Cast:
    """Val-d’Ombre, imported."""
    made = make_communes()
    zones = {key: zone for key, (zone, _) in made.items()}
    whole = union_all([square for _, square in made.values()])
    top, bottom = box(2, 49.1, 2.3, 49.2), box(2, 49, 2.3, 49.1)
    larger = {
        "region": drawn("region", "990", "Haute-Ombre", whole),
        "departement": drawn("departement", "99", "Val-d’Ombre", whole, article=2, population=19_080),
        "circonscription": drawn("circonscription", "99-01", "1re circonscription du Val-d’Ombre", whole),
        "epci": drawn("epci", "999000001", "Communauté de communes des Trois Clochers", top, population=16_440),
        "canton_1": drawn("canton", "9901", "Clairval-1", box(2.05, 49.1, 2.3, 49.2)),
        "canton_2": drawn("canton", "9902", "Clairval-2", union_all([box(2, 49.1, 2.05, 49.2), bottom])),
    }
    lay([*larger.values()])
    cast = Cast(**zones, **larger)
    ZoneLink.objects.bulk_create(lie(cast))
    Territory.objects.create(pk=1, codes=["99"], root=cast.departement, source_version="test")
    return cast


def lie(cast: Cast) -> Iterator[ZoneLink]:
    """What lies in what, and across what."""
    yield ZoneLink(part=cast.departement, whole=cast.region, relation=WITHIN)
    for part in (cast.epci, cast.canton_1, cast.canton_2, cast.circonscription):
        yield from (ZoneLink(part=part, whole=whole, relation=WITHIN) for whole in (cast.departement, cast.region))
    for commune in cast.communes:
        wholes = [cast.departement, cast.region, cast.circonscription]
        if commune in {cast.clairval, cast.bois, cast.essarts}:
            wholes.append(cast.epci)
        if commune != cast.clairval:
            wholes.append(cast.canton_1 if commune in {cast.bois, cast.essarts} else cast.canton_2)
        yield from (ZoneLink(part=commune, whole=whole, relation=WITHIN) for whole in wholes)
    for canton in (cast.canton_1, cast.canton_2):
        yield ZoneLink(part=cast.clairval, whole=canton, relation=CROSSES)


@pytest.fixture
def territory(db: None) -> Cast:
    """Val-d’Ombre, imported."""
    return lay_territory()


def make_person(email: str, name: str, commune: Zone, *, canton: Zone | None = None, gender: str = "") -> Person:
    """Someone who signed up and confirmed their address."""
    return actions.open_account(email=email, name=name, commune=commune, canton=canton, gender=gender)


@pytest.fixture
def amina(territory: Cast) -> Person:
    """An inhabitant of Bois-le-Comte, brand new."""
    return make_person("amina@example.org", "Amina Belkacem", territory.bois, gender="f")


@pytest.fixture
def bruno(territory: Cast) -> Person:
    """An inhabitant of Clairval who said which canton is his."""
    return make_person("bruno@example.org", "Bruno Tessier", territory.clairval, canton=territory.canton_1, gender="m")


@pytest.fixture
def chloe(territory: Cast) -> Person:
    """An inhabitant of Saint-Rémy, at the other end."""
    return make_person("chloe@example.org", "Chloé Marchand", territory.remy, gender="f")


@pytest.fixture
def admin(territory: Cast) -> Person:
    """The administrator of the site."""
    make_person("admin@example.org", "Alix Ferrand", territory.clairval)
    return actions.make_administrator("admin@example.org")


@pytest.fixture
def moderator(territory: Cast, admin: Person) -> Person:
    """Someone who moderates the whole département."""
    person = make_person("moderation@example.org", "Dominique Prat", territory.ormoy)
    actions.grant_role(person, Role.Kind.MODERATOR, zone=territory.departement, by=admin)
    return person


@pytest.fixture
def agent(territory: Cast) -> Person:
    """Someone who works for a service."""
    return make_person("agent@example.org", "Gaël Roussel", territory.clairval, gender="m")


@pytest.fixture
def routes(territory: Cast, admin: Person, agent: Person) -> Voice:
    """The service of roads of the département; `agent` owns it."""
    return actions.create_service(
        by=admin,
        name="Service des routes",
        zone=territory.clairval,
        scope=territory.departement,
        owner=agent,
        summary="Entretien des routes départementales.",
    )


@pytest.fixture
def atelier(territory: Cast, amina: Person) -> Voice:
    """An association nobody verified yet; `amina` owns it."""
    return actions.create_association(
        by=amina, name="Atelier des Halles", zone=territory.bois, theme="culture", summary="Théâtre pour tous les âges."
    )


@pytest.fixture
def chorale(territory: Cast, admin: Person, chloe: Person) -> Voice:
    """A verified association that addresses the département; `chloe` owns it."""
    voice = actions.create_association(
        by=chloe,
        name="Chorale de Saint-Rémy",
        zone=territory.remy,
        theme="culture",
        summary="On y chante le mardi.",
        scope=territory.departement,
    )
    actions.verify(voice, by=admin, reason="récépissé de préfecture présenté")
    return voice


@pytest.fixture
def elu(territory: Cast) -> Voice:
    """The maire of Clairval, known from the register; nobody opened this space."""
    voice = Voice.objects.create(
        kind=Voice.Kind.ELU,
        name="Irène Vasseur",
        search_name=search_name("Irène Vasseur"),
        slug=slug_of("Irène Vasseur"),
        gender="f",
        title="Maire de Clairval",
        zone=territory.clairval,
    )
    name_again(voice)
    Mandate.objects.create(voice=voice, kind=Mandate.Kind.MUNICIPAL, zone=territory.clairval, function="Maire", rank=1)
    return voice


@pytest.fixture
def town_hall(territory: Cast) -> Voice:
    """The town hall of Clairval, known from the register; nobody opened this space."""
    voice = Voice.objects.create(
        kind=Voice.Kind.SERVICE,
        name="Mairie de Clairval",
        search_name="mairie de clairval",
        slug="mairie-de-clairval",
        zone=territory.clairval,
        scope=territory.clairval,
        town_hall_of=territory.clairval,
    )
    name_again(voice)
    return voice


@pytest.fixture
def speaking_elu(elu: Voice, admin: Person, bruno: Person) -> Voice:
    """The same, once the institution handed the space to `bruno`."""
    actions.open_space(elu, by=admin, person=bruno, reason="pièce d’identité et écharpe")
    assert Membership.objects.filter(voice=elu, person=bruno).exists()
    return elu
