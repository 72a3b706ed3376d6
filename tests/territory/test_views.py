"""What maps and address fields ask for: parcels by box, outlines, streets; proposals that keep nothing."""

import gzip
import json
from typing import Any

import pytest
from django.db import connection
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.core.models import JournalEntry
from parvis.territory.addresses import MOST, AddressSearch, chosen
from parvis.territory.models import Address, Street, Territory
from tests.cast import Cast
from tests.territory.test_ground import make_parcel, make_street

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, address
    return json.loads(response.content)


def codes(client: Client, address: str) -> list[str]:
    return [feature["id"] for feature in read(client, address)["features"]]


def test_the_parcels_of_a_commune_whole_in_a_box_or_by_code(client: Client, territory: Cast) -> None:
    near = make_parcel(territory.clairval, "000AB0012", 2.01, 49.11)
    far = make_parcel(territory.clairval, "000AB0013", 2.05, 49.15)
    make_parcel(territory.bois, "000AB0012", 2.15, 49.15)
    assert codes(client, "/plan/99001/parcels.json") == [near.code, far.code]
    assert codes(client, "/plan/99001/parcels.json?box=2,49.1,2.02,49.12") == [near.code]
    assert codes(client, "/plan/99001/parcels.json?box=nonsense") == [near.code, far.code]
    assert codes(client, f"/plan/99001/parcels.json?codes={far.code},{'9' * 14}") == [far.code]
    [feature] = read(client, f"/plan/99001/parcels.json?codes={near.code}")["features"]
    assert feature["geometry"]["coordinates"][0][0] in [[2.0102, 49.11], [2.01, 49.11], [2.0102, 49.1102]]
    assert feature["properties"] == {"area": 400}


def test_too_many_parcels_are_said_to_be_some_of_them(
    client: Client, territory: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parvis.territory.views.MOST_PARCELS", 2)
    for number in range(3):
        make_parcel(territory.clairval, f"000AB000{number}", 2.01, 49.11)
    found = read(client, "/plan/99001/parcels.json")
    assert (found["truncated"], len(found["features"])) == (True, 2)


def test_the_doors_there_say_their_number_and_their_street(client: Client, territory: Cast) -> None:
    street = make_street(territory.clairval, "Rue Haute")
    Address.objects.create(street=street, number=12, suffix="bis", lon=2.01, lat=49.11)
    Address.objects.create(street=street, number=14, lon=2.05, lat=49.15)
    Street.objects.filter(pk=street.pk).update(west=2.01, east=2.05, south=49.11, north=49.15)
    assert len(read(client, "/plan/99001/parcels.json")["doors"]) == 2
    assert read(client, "/plan/99001/parcels.json?box=2,49.1,2.02,49.12")["doors"] == [
        [2.01, 49.11, "12 bis", street.pk]
    ]
    assert read(client, f"/plan/99001/parcels.json?codes={'9' * 14}")["doors"] == []


def test_a_plan_names_its_streets_the_longest_first(client: Client, territory: Cast) -> None:
    make_street(territory.clairval, "Rue Haute")
    longest = make_street(territory.clairval, "Rue “des” Tisserands")
    Street.objects.filter(pk=longest.pk).update(east=2.09)
    names = [name for name, _lon, _lat in read(client, "/plan/99001/parcels.json")["streets"]]
    assert names == ["Rue “des” Tisserands", "Rue Haute"]
    assert read(client, "/plan/99001/parcels.json?box=2,49.1,2.02,49.12")["streets"] == []


def test_an_outline_and_the_line_of_a_street(client: Client, territory: Cast) -> None:
    street = make_street(territory.clairval, "Rue Haute", ("1", "2", "3"))
    [outline] = read(client, "/plan/99001/outline.json")["features"]
    assert (outline["id"], outline["properties"]["name"]) == ("99001", "Clairval")
    line = read(client, f"/plan/99001/rues/{street.pk}.json")
    assert line["geometry"]["type"] in {"LineString", "MultiLineString"}
    assert client.get(f"/plan/99002/rues/{street.pk}.json").status_code == 404


@pytest.mark.parametrize("page", ["parcels", "outline", "rues/1"])
def test_what_is_not_a_commune_has_no_plan(client: Client, territory: Cast, page: str) -> None:
    for code in ("98001", "99999"):
        assert client.get(f"/plan/{code}/{page}.json").status_code == 404


def test_a_plan_is_sent_again_only_when_the_territory_changed(client: Client, territory: Cast) -> None:
    for number in range(3):
        make_parcel(territory.clairval, f"000AB001{number}", 2.01 + number / 100, 49.11)
    first = client.get("/plan/99001/parcels.json", headers={"accept-encoding": "gzip"})
    assert len(json.loads(gzip.decompress(first.content))["features"]) == 3
    again = {"if-none-match": first.headers["ETag"], "accept-encoding": "gzip"}
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/plan/99001/parcels.json", headers=again).status_code == 304
    assert not any("territory_parcel" in query["sql"] for query in queries)
    assert client.get("/plan/99002/parcels.json", headers=again).status_code == 200
    Territory.objects.update(version=2)
    from_now = client.get("/plan/99001/parcels.json?box=2,49,3,50", headers=again)
    assert from_now.status_code == 200


def test_what_is_typed_is_answered_and_kept_nowhere(client: Client, territory: Cast) -> None:
    make_street(territory.clairval, "Rue des Tisserands", ("12", "14"))
    entries = JournalEntry.objects.count()
    response = client.post("/adresses/?commune=99001", {"adresse": "12 rue des tis"})
    door = Address.objects.get(number=12)
    assert f'value="a{door.pk}"' in response.content.decode()
    assert "14 rue" not in response.content.decode()
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert JournalEntry.objects.count() == entries
    assert not response.cookies
    assert client.post("/adresses/?commune=99999", {"adresse": "12"}).status_code == 404
    # Any proxy writes in its log what is asked by an address (R-PRIV-1).
    assert client.get("/adresses/?commune=99001&adresse=12+rue+des+tis").status_code == 405


def test_a_street_is_proposed_only_where_one_may_choose_it(client: Client, territory: Cast) -> None:
    street = make_street(territory.clairval, "Rue des Tisserands", ("12", "14"))
    whole = AddressSearch(territory.clairval, "rue des tis", streets=True)
    assert [one.label for one in whole.proposals] == ["Rue des Tisserands, toute la rue"]
    doors = AddressSearch(territory.clairval, "rue des tis")
    assert [one.label for one in doors.proposals] == ["12 rue des Tisserands", "14 rue des Tisserands"]
    assert chosen(f"s{street.pk}", territory.clairval, streets=True) == street
    assert chosen(f"s{street.pk}", territory.clairval) is None


def test_only_an_address_of_the_commune_is_chosen(territory: Cast) -> None:
    make_street(territory.clairval, "Rue des Tisserands", ("12",))
    door = Address.objects.get()
    assert chosen(f"a{door.pk}", territory.clairval) == door
    for value in (f"a{door.pk + 1}", "a", "", "a²", "x1", "a" + "9" * 30):
        assert chosen(value, territory.clairval) is None
    assert chosen(f"a{door.pk}", territory.bois) is None


def test_the_field_says_what_to_do_next(territory: Cast) -> None:
    assert "la commune suffit" in AddressSearch(territory.clairval).hint
    make_street(territory.clairval, "Rue des Tisserands", tuple(map(str, range(1, 40))))
    assert AddressSearch(territory.clairval).hint == ""
    assert "vérifiez le numéro" in AddressSearch(territory.clairval, "99 rue des tis").hint
    many = AddressSearch(territory.clairval, "rue")
    assert (len(many.proposals), many.hint[:11]) == (MOST, "Ce sont les")


def test_the_field_works_in_a_form_and_keeps_the_choice(territory: Cast) -> None:
    make_street(territory.clairval, "Rue des Tisserands", ("12", "14"))
    taken = Address.objects.get(number=14)
    search = AddressSearch(territory.clairval, '12 rue "des"', chosen=f"a{taken.pk}")
    html = str(engines["django"].from_string("{% load plan %}{% address_field search %}").render({"search": search}))
    assert 'value="12 rue &quot;des&quot;"' in html
    assert f'value="a{taken.pk}" checked' in html
    assert 'name="chercher"' in html
    bare = str(
        engines["django"]
        .from_string("{% load plan %}{% address_field search %}")
        .render({"search": AddressSearch(territory.bois)})
    )
    assert "<input" not in bare
    assert "la commune suffit" in bare
