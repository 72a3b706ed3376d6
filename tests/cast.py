"""The cast: a small département that does not exist, and the people every test may call by name.

Belmont   Clairval  | Ferrières     the west: intercommunalité du Lac, cantons Nord and Sud
Aulnay    Dampierre | Estrées       the east: intercommunalité du Bois, canton Est and Ferrières across two
"""

from dataclasses import dataclass, field

import pytest
from django.utils import timezone
from shapely import box, union_all
from shapely.geometry.base import BaseGeometry

from parvis.core.text import fold
from parvis.people import actions
from parvis.people.models import Mandate, Membership, Person, Role, Voice
from parvis.territory.models import Neighbour, PostalCode, Territory, TownHall, Zone, ZoneLink

WITHIN, CROSSES = ZoneLink.Relation.WITHIN, ZoneLink.Relation.CROSSES
OPEN_ON_WEEKDAYS = [["lundi", "vendredi", [["09:00:00", "12:00:00"], ["14:00:00", "17:00:00"]]]]
# Name -> code, article, and the square it is: degrees of longitude and latitude.
COMMUNES = {
    "Aulnay": ("99001", 1, (2.0, 49.0)),
    "Belmont": ("99002", 0, (2.0, 49.1)),
    "Clairval": ("99003", 0, (2.1, 49.1)),
    "Dampierre": ("99004", 0, (2.1, 49.0)),
    "Estrées": ("99005", 1, (2.2, 49.0)),
    "Ferrières": ("99006", 0, (2.2, 49.1)),
}
WHOLES = [
    (Zone.Kind.EPCI, "Communauté de communes du Lac", "299000011", ("Aulnay", "Belmont", "Clairval", "Dampierre"), ()),
    (Zone.Kind.EPCI, "Communauté de communes du Bois", "299000022", ("Estrées", "Ferrières"), ()),
    (Zone.Kind.CANTON, "Le Nord", "9901", ("Belmont", "Clairval"), ("Ferrières",)),
    (Zone.Kind.CANTON, "Le Sud", "9902", ("Aulnay", "Dampierre"), ()),
    (Zone.Kind.CANTON, "L’Est", "9903", ("Estrées",), ("Ferrières",)),
]


@dataclass
class Ground:
    """The territory, and its zones by name."""

    territory: Territory
    zones: dict[str, Zone] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Zone:
        return self.zones[name]


def make_zone(kind: str, name: str, code: str, shape: BaseGeometry, article: int = 0, **fields: object) -> Zone:
    """A zone of that shape, within itself."""
    west, south, east, north = shape.bounds
    zone = Zone.objects.create(
        kind=kind,
        name=name,
        code=code,
        article=article,
        slug=fold(name).replace(" ", "-"),
        search_name=fold(name),
        geometry=shape.wkb,
        west=west,
        south=south,
        east=east,
        north=north,
        lon=shape.centroid.x,
        lat=shape.centroid.y,
        **fields,
    )
    ZoneLink.objects.create(part=zone, whole=zone, relation=WITHIN)
    return zone


def lay_ground() -> Ground:
    """Six square communes, two intercommunalités, three cantons and the département of Valmont."""
    shapes = {name: box(lon, lat, lon + 0.1, lat + 0.1) for name, (_code, _article, (lon, lat)) in COMMUNES.items()}
    whole = union_all(list(shapes.values()))
    root = make_zone(Zone.Kind.DEPARTEMENT, "Valmont", "99", whole, population=21_000)
    territory = Territory.objects.create(pk=1, codes=["99"], root=root, source_version="cast")
    ground = Ground(territory, {"Valmont": root})
    for number, (name, (code, article, _corner)) in enumerate(COMMUNES.items(), 1):
        zone = make_zone(Zone.Kind.COMMUNE, name, code, shapes[name], article, population=number * 1000, joinable=True)
        ground.zones[name] = zone
        ZoneLink.objects.create(part=zone, whole=root, relation=WITHIN)
        PostalCode.objects.create(code=f"9900{number}", zone=zone)
        TownHall.objects.create(zone=zone, address="1 place de la Mairie", hours=OPEN_ON_WEEKDAYS)
        make_voice(Voice.Kind.SERVICE, f"Mairie de {name}", zone, town_hall_of=zone, scope=zone)
    for kind, name, code, inside, across in WHOLES:
        zone = make_zone(kind, name, code, union_all([shapes[part] for part in inside]), population=5_000)
        ground.zones[name] = zone
        ZoneLink.objects.create(part=zone, whole=root, relation=WITHIN)
        for parts, relation in ((inside, WITHIN), (across, CROSSES)):
            for part in parts:
                ZoneLink.objects.create(part=ground[part], whole=zone, relation=relation)
    for one, shape in shapes.items():
        for other, its_shape in shapes.items():
            if one != other and shape.intersection(its_shape).length > 0:
                Neighbour.objects.create(zone=ground[one], other=ground[other])
    return ground


def make_voice(kind: str, name: str, zone: Zone, **fields: object) -> Voice:
    """A voice known from a register, that nobody has opened."""
    return Voice.objects.create(
        kind=kind, name=name, search_name=fold(name), slug=fold(name).replace(" ", "-"), zone=zone, **fields
    )


def make_inhabitant(name: str, commune: Zone, *, email: str = "", trusted: bool = True) -> Person:
    """Someone with an account, a home and the voice of an inhabitant; `trusted`: a moderator read them once."""
    person = Person.objects.create_user(email or f"{fold(name).replace(' ', '.')}@exemple.fr", name=name)
    actions.complete_sign_up(person, name=name, commune=commune)
    if trusted:
        person.trusted_at = timezone.now()
        person.save(update_fields=["trusted_at"])
    return person


def make_role(person: Person, zone: Zone | None = None) -> Person:
    """`person`, moderator of `zone`, or administrator without one."""
    actions.grant_role(person, Role.Kind.MODERATOR if zone else Role.Kind.ADMINISTRATOR, zone=zone, by=None)
    return person


def make_organisation(kind: str, name: str, zone: Zone, owner: Person, **fields: object) -> Voice:
    """An open association or service, not verified, of which `owner` is the owner."""
    voice = make_voice(kind, name, zone, opened_at=timezone.now(), **{"scope": zone, **fields})
    Membership.objects.create(person=owner, voice=voice, role=Membership.Role.OWNER)
    return voice


@pytest.fixture
def ground(db: None) -> Ground:
    """The territory: `ground["Aulnay"]` is the zone."""
    return lay_ground()


@pytest.fixture
def territory(ground: Ground) -> Territory:
    """The one row of the territory."""
    return ground.territory


@pytest.fixture
def aulnay(ground: Ground) -> Zone:
    """A commune of the west."""
    return ground["Aulnay"]


@pytest.fixture
def estrees(ground: Ground) -> Zone:
    """A commune of the east."""
    return ground["Estrées"]


@pytest.fixture
def amina(ground: Ground) -> Person:
    """Lives in Aulnay and is trusted."""
    return make_inhabitant("Amina Saïdi", ground["Aulnay"])


@pytest.fixture
def bruno(ground: Ground) -> Person:
    """Lives in Estrées, and has only just signed up."""
    return make_inhabitant("Bruno Petit", ground["Estrées"], trusted=False)


@pytest.fixture
def chloe(ground: Ground) -> Person:
    """Lives in Aulnay; owner of the Amis du lavoir."""
    return make_inhabitant("Chloé Martin", ground["Aulnay"], trusted=False)


@pytest.fixture
def david(ground: Ground, lavoir: Voice) -> Person:
    """Lives in Belmont; publishes for the Amis du lavoir."""
    person = make_inhabitant("David Lenoir", ground["Belmont"])
    Membership.objects.create(person=person, voice=lavoir, role=Membership.Role.EDITOR)
    return person


@pytest.fixture
def lavoir(ground: Ground, chloe: Person) -> Voice:
    """An association of Aulnay that nobody has verified."""
    return make_organisation(
        Voice.Kind.ASSOCIATION, "Les Amis du lavoir", ground["Aulnay"], chloe, theme=Voice.Theme.PATRIMOINE
    )


@pytest.fixture
def farida(ground: Ground) -> Person:
    """Lives in Dampierre; owner of the Service des routes."""
    return make_inhabitant("Farida Haddad", ground["Dampierre"])


@pytest.fixture
def routes(ground: Ground, farida: Person) -> Voice:
    """A service of the département."""
    voice = make_organisation(Voice.Kind.SERVICE, "Service des routes", ground["Valmont"], farida)
    voice.verified_at, voice.verified_reason = timezone.now(), "créé par l’administration du site"
    voice.save(update_fields=["verified_at", "verified_reason"])
    return voice


@pytest.fixture
def edith(ground: Ground) -> Person:
    """Moderates the intercommunalité du Lac: Aulnay, not Estrées."""
    return make_role(make_inhabitant("Édith Roche", ground["Aulnay"]), ground["Communauté de communes du Lac"])


@pytest.fixture
def gilles(ground: Ground) -> Person:
    """Moderates the intercommunalité du Bois: Estrées, not Aulnay."""
    return make_role(make_inhabitant("Gilles Aubert", ground["Estrées"]), ground["Communauté de communes du Bois"])


@pytest.fixture
def hanna(ground: Ground) -> Person:
    """Administers the site."""
    return make_role(make_inhabitant("Hanna Keller", ground["Clairval"]))


@pytest.fixture
def maire(ground: Ground) -> Voice:
    """The fictional maire of Aulnay, who has not opened her space."""
    voice = make_voice(
        Voice.Kind.ELU, "Irène Vasseur", ground["Aulnay"], gender="f", title="Maire d’Aulnay", is_fictional=True
    )
    Mandate.objects.create(voice=voice, kind=Mandate.Kind.FICTIF, zone=ground["Aulnay"], function="Maire", rank=1)
    return voice
