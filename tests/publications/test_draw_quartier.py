"""A quartier drawn on the plan, redrawn and taken away: who may, what is refused, and what becomes of what it held."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from shapely.geometry import Point, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from parvis.core.models import JournalEntry
from parvis.people import actions as people
from parvis.people.actions import Where
from parvis.people.models import Audience, Person, Subscription, Voice
from parvis.publications import actions, feed
from parvis.territory.models import Zone, ZoneLink
from tests.cast import Cast
from tests.publications.conftest import Say, html, signed_in
from tests.worker import run_until_idle

HALLES, WIDER = box(2.14, 49.14, 2.15, 49.15), box(2.14, 49.14, 2.16, 49.16)


def draw(cast: Cast, admin: Person, name: str = "Les Halles", shape: BaseGeometry = HALLES) -> Zone:
    return actions.draw_quartier(cast.bois, name=name, nature="quartier", shape=shape, by=admin)


def geojson(shape: BaseGeometry) -> str:
    return json.dumps(mapping(shape))


def sent(client: Client, page: str, **fields: str) -> Any:
    usual = {"key": str(uuid.uuid4()), "name": "Les Halles", "nature": "quartier", "shape": geojson(HALLES)}
    return client.post(page, usual | fields, follow=True)


def test_behaves_as_any_zone_once_drawn(territory: Cast, admin: Person, routes: Voice) -> None:
    page = html(sent(signed_in(admin), "/administration/quartiers/dessiner/99002/"))
    assert "Les Halles est dessiné" in page
    zone = Zone.objects.get(kind="quartier")
    assert (zone.code, zone.name, zone.search_name) == ("99002Q1", "Les Halles", "les halles")
    assert territory.bois in Zone.objects.containing(zone)
    assert f'href="{zone.get_absolute_url()}"' in page
    assert Client().get(zone.get_absolute_url()).status_code == 200
    entry = JournalEntry.objects.get(verb="quartier.drawn")
    assert (entry.actor_id, entry.target_id, entry.details) == (admin.pk, zone.pk, {"quartiers": [zone.pk]})


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        (geojson(Polygon([(2.14, 49.14), (2.15, 49.15), (2.15, 49.14), (2.14, 49.15)])), "se croise lui-même"),
        (geojson(box(5, 45, 5.1, 45.1)), "sort du territoire"),
        (geojson(box(49.14, 2.14, 49.15, 2.15)), "inversées"),
        (geojson(box(2.01, 49.11, 2.02, 49.12)), "n’est pas à Bois-le-Comte"),
        (geojson(box(2.14, 49.14, 2.1405, 49.1405)), "un hectare au moins"),
        ('{"type":"Polygon","coordinates":[[[2.14,NaN],[2.15,49.14],[2.15,49.15],[2.14,49.14]]]}', "deux nombres"),
        ('{"type":"LineString","coordinates":[[2.14,49.14],[2.15,49.15]]}', "pas de surface"),
        (
            '{"type":"Polygon","coordinates":[[[2.14,49.14,3],[2.15,49.14,3],[2.15,49.15,3],[2.14,49.14,3]]]}',
            "altitude",
        ),
        ("[" * 100_000, "imbriqué"),
        (geojson(Point(2.15, 49.15).buffer(0.004, 3_000)), "trop de points"),
        ("n’importe quoi", "pas du GeoJSON"),
        ("", "Dessinez le contour"),
    ],
)
def test_says_what_is_wrong_with_a_contour_and_keeps_what_was_typed(
    territory: Cast, admin: Person, shape: str, why: str
) -> None:
    response = sent(signed_in(admin), "/administration/quartiers/dessiner/99002/", shape=shape, name="Là-bas")
    assert response.status_code == 422
    assert why in html(response)
    assert 'value="Là-bas"' in html(response)
    assert not Zone.objects.filter(kind="quartier").exists()


def test_two_of_a_commune_never_bear_one_name(territory: Cast, admin: Person) -> None:
    draw(territory, admin)
    other = draw(territory, admin, "Le Lavoir", box(2.16, 49.16, 2.17, 49.17))
    client = signed_in(admin)
    assert "existe déjà à Bois-le-Comte" in html(sent(client, "/administration/quartiers/dessiner/99002/"))
    assert "existe déjà" in html(sent(client, f"/administration/quartiers/{other.pk}/", name="les HALLES"))
    assert Zone.objects.filter(kind="quartier").count() == 2


def test_a_form_sent_twice_draws_once(territory: Cast, admin: Person) -> None:
    client, key = signed_in(admin), str(uuid.uuid4())
    for _time in range(2):
        assert sent(client, "/administration/quartiers/dessiner/99002/", key=key).status_code == 200
    assert Zone.objects.filter(kind="quartier").count() == 1
    assert JournalEntry.objects.filter(verb="quartier.drawn").count() == 1


def test_what_was_said_to_it_follows_its_name_and_its_contour(
    territory: Cast, admin: Person, routes: Voice, agent: Person, colleague: Person, chloe: Person, send: Say
) -> None:
    halles = draw(territory, admin)
    fields: dict[str, Any] = {"purpose": "travaux", "expires_at": timezone.now() + timedelta(days=2)}
    said = actions.countersign(send(routes, agent, "Travaux", halles, **fields), by=colleague)
    across = box(2.14, 49.14, 2.21, 49.15)
    page = f"/administration/quartiers/{halles.pk}/"
    told = html(sent(signed_in(admin), page, name="Les Confins", shape=geojson(across)))
    assert "Les Confins est changé" in told
    halles.refresh_from_db()
    assert (halles.code, halles.slug) == ("99002Q1", "les-confins")
    assert ZoneLink.objects.get(part=halles, whole=territory.bois).relation == "crosses"
    said.refresh_from_db()
    assert "Les Confins" in said.addressed
    assert list(Zone.objects.current().named("confins")) == [halles]
    assert not Zone.objects.current().named("halles").exists()
    people.settle(chloe, Where(territory.essarts))
    run_until_idle()
    assert [card.number for card in feed.feed_for(chloe).cards] == [said.pk]


def test_changed_for_the_same_it_changes_nothing(territory: Cast, admin: Person) -> None:
    halles = draw(territory, admin)
    sent(signed_in(admin), f"/administration/quartiers/{halles.pk}/")
    assert not JournalEntry.objects.filter(verb="quartier.changed").exists()


def test_taken_away_its_people_keep_their_commune_and_the_register_its_name(
    territory: Cast,
    admin: Person,
    routes: Voice,
    agent: Person,
    colleague: Person,
    amina: Person,
    chloe: Person,
    send: Say,
) -> None:
    halles = draw(territory, admin)
    people.settle(amina, Where(territory.bois, quartier=halles))
    people.settle(chloe, Where(territory.bois, point=(2.145, 49.145)))
    assert Subscription.objects.filter(audience__zone=halles, person=chloe).exists()
    at = timezone.now() - timedelta(days=3)
    over = send(routes, agent, "Travaux", halles, purpose="travaux", at=at, expires_at=at + timedelta(days=9))
    over = actions.countersign(over, by=colleague, at=at)
    client, page = signed_in(admin), f"/administration/quartiers/{halles.pk}/supprimer/"
    assert "l’avis « Travaux »" in html(client.get(page))
    assert "Ce quartier sert encore" in html(client.post(page, follow=True))
    type(over).objects.filter(pk=over.pk).update(expires_at=timezone.now())
    assert "L’avis qui lui a été adressé garde son nom" in html(client.get(page))
    assert "Les Halles est supprimé" in html(client.post(page, follow=True))
    assert client.post(page).status_code == 404
    run_until_idle()
    assert amina.home
    assert (amina.home.precision, amina.home.quartier) == ("commune", None)
    coarse = Audience.objects.coarse_of_zones([territory.bois])[territory.bois.pk]
    assert {row.person for row in Subscription.objects.filter(audience=coarse)} == {amina}
    assert not Subscription.objects.filter(audience__zone=halles).exists()
    assert "Les Halles" in html(client.get("/avis/registre/"))
    assert client.get(halles.get_absolute_url()).headers["Location"] == territory.bois.get_absolute_url()
    with pytest.raises(ValidationError, match="déjà supprimé"):
        actions.remove_quartier(halles, by=admin)
    assert draw(territory, admin).pk == halles.pk
    assert Client().get(halles.get_absolute_url()).status_code == 200


def test_a_service_or_a_moderator_of_it_holds_it(territory: Cast, admin: Person, moderator: Person) -> None:
    halles = draw(territory, admin)
    people.grant_role(moderator, "moderator", zone=halles, by=admin)
    with pytest.raises(ValidationError, match=f"le rôle de {moderator.name}"):
        actions.remove_quartier(halles, by=admin)


def test_exists_for_administrators_alone(territory: Cast, admin: Person, moderator: Person, agent: Person) -> None:
    halles = draw(territory, admin)
    number = halles.pk
    pages = ("", "dessiner/99002/", f"{number}/", f"{number}/supprimer/")
    for client in (signed_in(moderator), signed_in(agent), Client()):
        for page in pages:
            assert client.get(f"/administration/quartiers/{page}").status_code == 404
            assert client.post(f"/administration/quartiers/{page}").status_code in {404, 405}
    with pytest.raises(PermissionDenied):
        draw(territory, moderator, "Ailleurs")
    for act in (
        lambda: actions.remove_quartier(halles, by=moderator),
        lambda: actions.change_quartier(halles, name="X", nature="hameau", shape=WIDER, by=moderator),
    ):
        with pytest.raises(PermissionDenied):
            act()
    client = signed_in(admin)
    for page in (f"{territory.bois.pk}/", "dessiner/99999/", "999999999999/", "999999/supprimer/"):
        assert client.get(f"/administration/quartiers/{page}").status_code == 404


def test_the_list_costs_the_same_whatever_it_holds(territory: Cast, admin: Person) -> None:
    client = signed_in(admin)
    draw(territory, admin)
    client.get("/administration/quartiers/")
    with CaptureQueriesContext(connection) as few:
        client.get("/administration/quartiers/")
    for number in range(6):
        draw(territory, admin, f"Le Clos {number}")
    with CaptureQueriesContext(connection) as many:
        page = html(client.get("/administration/quartiers/"))
    assert len(many) == len(few) <= 9
    assert page.count("Le Clos") >= 6
    assert "Le Clos 4" in html(client.get("/administration/quartiers/?q=clos+4"))
    assert client.get("/administration/quartiers/?commune=bois").headers["Location"].endswith("/dessiner/99002/")
    assert "Aucune commune du territoire" in html(client.get("/administration/quartiers/?commune=nulle+part"))
