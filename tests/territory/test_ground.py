"""Streets, addresses and parcels, asked as people write them, on a made-up street of Clairval."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from shapely import to_wkb
from shapely.geometry import box

from parvis.core.text import fold
from parvis.territory.models import Address, Parcel, Street, Zone
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def make_street(commune: Zone, name: str, numbers: tuple[str, ...] = (), *, part: str = "") -> Street:
    """A street of `numbers`, « 12 bis », ten metres apart."""
    lon, lat = commune.lon or 0.0, commune.lat or 0.0
    place = {"lon": lon, "lat": lat, "west": lon, "east": lon + 0.01, "south": lat, "north": lat}
    street = Street.objects.create(commune=commune, name=name, search_name=fold(name), part=part, **place)
    for index, label in enumerate(numbers):
        number, _, suffix = label.partition(" ")
        Address.objects.create(street=street, number=int(number), suffix=suffix, lon=lon + index * 0.00014, lat=lat)
    return street


def make_parcel(commune: Zone, tail: str, west: float, south: float, size: float = 0.0002) -> Parcel:
    """A square parcel; `tail` is prefix, section and number."""
    square = box(west, south, west + size, south + size)
    place = {"west": west, "south": south, "east": west + size, "north": south + size}
    return Parcel.objects.create(commune=commune, code=commune.code + tail, area=400, geometry=to_wkb(square), **place)


@pytest.fixture
def streets(territory: Cast) -> list[Street]:
    return [
        make_street(territory.clairval, "Rue des Tisserands", ("1", "12", "12 bis", "120")),
        make_street(territory.clairval, "Impasse de la Rue des Tilleuls", ("12",)),
        make_street(territory.clairval, "Boulevard Saint-Éloi", ("7",)),
        make_street(territory.clairval, "Rue du 8 Mai 1945", ("3", "8")),
        make_street(territory.bois, "Rue des Tisserands", ("12",)),
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("12 rue des tis", ["12 rue des Tisserands", "12 bis rue des Tisserands"]),
        ("12bis, RUE DES TIS", ["12 bis rue des Tisserands"]),
        ("12 b rue des tisserands", ["12 bis rue des Tisserands"]),
        ("rue des tisserands 1", ["1 rue des Tisserands"]),
        ("12 rue des ti", ["12 rue des Tisserands", "12 bis rue des Tisserands", "12 impasse de la Rue des Tilleuls"]),
        ("7 bd st eloi", ["7 boulevard Saint-Éloi"]),
        ("3 rue du 8 mai", ["3 rue du 8 Mai 1945"]),
        ("13 rue des tisserands", []),
        ("99999999 rue des tisserands", []),
        ("12", []),
        ("…", []),
        ("", []),
        ("%", []),
    ],
)
def test_an_address_is_found_as_one_types_it(
    territory: Cast, streets: list[Street], typed: str, found: list[str]
) -> None:
    assert [str(one) for one in Address.objects.in_commune(territory.clairval).named(typed)] == found


def test_a_street_is_found_whatever_its_number(territory: Cast, streets: list[Street]) -> None:
    assert list(Street.objects.in_commune(territory.clairval).named("99 rue des tiss")) == [streets[0]]


def test_two_former_communes_may_each_have_the_street(territory: Cast) -> None:
    make_street(territory.clairval, "Rue de l’Église", part="Vaux")
    make_street(territory.clairval, "Rue de l’Église", part="Bray")
    names = [str(one) for one in Street.objects.in_commune(territory.clairval).named("eglise")]
    assert names == ["Rue de l’Église (Bray)", "Rue de l’Église (Vaux)"]
    with pytest.raises(IntegrityError), transaction.atomic():
        make_street(territory.clairval, "Rue de l'Eglise", part="Bray")


def test_addresses_come_with_their_streets_in_one_statement(territory: Cast, streets: list[Street]) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert len([str(one) for one in Address.objects.in_commune(territory.clairval).named("rue")]) == 7
    assert len(queries) == 1


def test_parcels_of_a_commune_in_a_box(territory: Cast) -> None:
    first = make_parcel(territory.clairval, "000AB0012", 2.01, 49.11)
    second = make_parcel(territory.clairval, "0000A0003", 2.02, 49.11)
    make_parcel(territory.bois, "000AB0012", 2.0101, 49.11)
    assert list(Parcel.objects.in_commune(territory.clairval)) == [second, first]
    assert list(Parcel.objects.in_commune(territory.clairval).within_box(2.0, 49.1, 2.0101, 49.2)) == [first]
    assert list(Parcel.objects.coded(["990010000A0003", "99009000ZZ0001"])) == [second]
    assert (second.prefix, second.section, second.number) == ("000", "A", 3)
    assert (first.reference, second.reference) == ("99001 000 AB 12", "99001 000 A 3")


def test_a_door_on_the_edge_of_its_parcel_stands_inside(territory: Cast) -> None:
    street = make_street(territory.clairval, "Rue Haute", ("1", "2"))
    door, alone = street.addresses.order_by("number")
    parcel = make_parcel(territory.clairval, "000AB0012", door.lon, door.lat)
    Address.objects.filter(pk=door.pk).update(parcels=f"{parcel.code} 99001000AB0013")
    door.refresh_from_db()
    lon, lat = door.standing_point()
    assert parcel.west < lon < parcel.east
    assert parcel.south < lat < parcel.north
    assert alone.standing_point() == (alone.lon, alone.lat)


@pytest.mark.parametrize(
    ("nature", "name", "sentence"),
    [
        ("quartier", "Argentine", "dans le quartier Argentine"),
        ("quartier", "Quartier du Marais", "dans le quartier du Marais"),
        ("hameau", "Le Bray", "dans le hameau Le Bray"),
        ("residence", "Les Tilleuls", "dans la résidence Les Tilleuls"),
        ("zone-activites", "Zone d’activités du Haut-Villé", "dans la zone d’activités du Haut-Villé"),
    ],
)
def test_what_operators_draw_is_said_in_a_sentence(nature: str, name: str, sentence: str) -> None:
    zone = Zone(kind=Zone.Kind.QUARTIER, nature=nature, code="99001Q1", name=name, slug="x")
    assert zone.in_place == sentence
    assert zone.get_absolute_url() == "/quartiers/x-99001Q1/"


def test_only_what_operators_draw_has_a_nature(territory: Cast) -> None:
    for fields in ({"kind": "commune", "nature": "hameau"}, {"kind": "quartier", "nature": ""}):
        with pytest.raises(ValidationError, match="zone_nature_of_a_quartier"):
            Zone(code="99001Q1", name="x", slug="x", search_name="x", **fields).validate_constraints()
