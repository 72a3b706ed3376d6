"""What pages with a plan say and cost: the composer, its preview, the second reading, the notice and the register."""

import json
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.models import Publication
from parvis.territory.models import Parcel, Street
from tests.cast import Cast
from tests.publications.conftest import Aim, html, on_plan, signed_in

COMPOSE = "/publier/avis/"


def cost(client: Client, page: str, sent: dict[str, Any] | None = None) -> tuple[int, str]:
    """How many questions a page asks of the database, once warm, and its words."""
    client.get("/aide/")
    with CaptureQueriesContext(connection) as asked:
        response = client.post(page, sent) if sent else client.get(page)
    assert response.status_code == 200, page
    return len(asked), html(response)


def test_zones_by_name_are_seen_in_the_territory(
    territory: Cast, routes: Voice, agent: Person, colleague: Person
) -> None:
    client = signed_in(agent)
    bare, page = cost(client, COMPOSE)
    assert "Le territoire : les zones cochées y paraissent" in page
    assert "(facultatif)</span></legend>" not in page
    zones = [zone.pk for zone in territory.communes]
    some, page = cost(client, COMPOSE, {"voice": routes.pk, "aim": "commune", "zones": zones, "preview": "1"})
    assert 'class="drawn"' in page
    assert "dans le territoire." in page
    assert bare <= 16
    assert some <= 20


def test_what_no_form_sends_breaks_nothing(routes: Voice, agent: Person) -> None:
    fields = {"voice": routes.pk, "aim": "zzz", "search": "bois", "add": "1"}
    assert signed_in(agent).post(COMPOSE, fields).status_code in {200, 422}


def test_a_plan_that_is_opened_blames_nobody(ground: Street, routes: Voice, agent: Person) -> None:
    fields = {"voice": routes.pk, "aim": "plan", "commune": "99002", "preview": "1"}
    page = html(signed_in(agent).post(COMPOSE, fields))
    assert 'data-commune="99002"' in page
    assert "data-target" not in page
    assert "Dites où" not in page


def test_a_preview_draws_on_the_plan_what_the_server_understood(
    ground: Street, routes: Voice, agent: Person, colleague: Person
) -> None:
    client = signed_in(agent)
    sent = on_plan(routes, colleague, parcels="AB 1\nAB 2", margin="0", preview="1")
    few, page = cost(client, COMPOSE, sent)
    target = json.loads(page.split('data-target="')[1].split('"')[0].replace("&quot;", '"'))
    assert target["type"] == "Polygon"
    assert 'class="sketch"' in page
    Parcel.objects.bulk_create(
        Parcel(commune=one.commune, code=f"{one.code[:8]}AC{one.code[10:]}", geometry=one.geometry, west=one.west,
               south=one.south, east=one.east, north=one.north)
        for one in Parcel.objects.all()
    )  # fmt: skip
    many, _page = cost(client, COMPOSE, sent | {"parcels": "\n".join(f"AC {number}" for number in range(1, 9))})
    assert many <= few <= 28


def test_a_list_too_long_is_refused_whole(ground: Street, routes: Voice, agent: Person, colleague: Person) -> None:
    lines = "\n".join(f"99002 000 AB {number}" for number in range(10_000))
    response = signed_in(agent).post(COMPOSE, on_plan(routes, colleague, parcels=lines))
    assert response.status_code == 422
    assert "Donnez au plus 500 parcelles à la fois" in html(response)
    assert "99002 000 AB 9999" in html(response)


def test_the_second_person_reads_the_exact_zone_and_others_the_street(
    aim: Aim, ground: Street, agent: Person, colleague: Person
) -> None:
    """R-PRIV-9: what one lets out is what was drawn."""
    said = actions.submit(aim(), by=agent)
    few, page = cost(signed_in(colleague), f"/publications/{said.pk}/relire/")
    assert "La zone, telle que dessinée" in page
    assert 'class="around"' in page
    assert few <= 22
    assert signed_in(agent).get(f"/publications/{said.pk}/relire/").status_code == 404
    actions.countersign(Publication.objects.get(), by=colleague)
    count, page = cost(Client(), Publication.objects.get().get_absolute_url())
    assert 'class="sketch"' in page
    assert 'class="around"' not in page
    assert count <= 12


def test_who_decides_second_reads_what_the_first_decided(
    aim: Aim, ground: Street, agent: Person, colleague: Person, amina: Person
) -> None:
    """F-15: two tabs, or a double click."""
    said = actions.submit(aim(), by=agent)
    page, client = f"/publications/{said.pk}/relire/", signed_in(colleague)
    approved = {"verdict": "approve", "version": said.version}
    assert "L’avis est en ligne" in html(client.post(page, approved, follow=True))
    refused = {"verdict": "return", "reason": "Non", "version": said.version}
    assert "Quelqu’un a déjà décidé" in html(client.post(page, refused, follow=True))
    assert client.get(page).status_code == 404
    assert signed_in(amina).post(page, refused).status_code == 404
    assert Publication.objects.get().is_online


def test_the_register_costs_the_same_whatever_it_holds(
    aim: Aim, ground: Street, agent: Person, colleague: Person
) -> None:
    counts = []
    for _round in range(2):
        for _notice in range(3):
            actions.countersign(actions.submit(aim(), by=agent), by=colleague)
        counts.append(cost(Client(), "/avis/registre/")[0])
    assert counts[1] <= counts[0] <= 14
