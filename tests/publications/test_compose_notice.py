"""The composer of notices, as a browser meets it: nothing typed is lost, and each thing wrong has its sentence."""

import json
import re

import pytest

from parvis.people.models import Person, Voice
from parvis.publications.models import Draft, Outline, Publication, State
from parvis.territory.models import Street, Zone
from tests.cast import Cast
from tests.publications.conftest import html, on_plan, signed_in

COMPOSE = "/publier/avis/"


def ring(*points: tuple[float, float]) -> str:
    """A polygon, as a plan sends it."""
    return json.dumps({"type": "Polygon", "coordinates": [[*points, points[0]]]})


SQUARE = {"type": "Polygon", "coordinates": [[[2.15, 49.15], [2.154, 49.15], [2.154, 49.152], [2.15, 49.15]]]}


@pytest.mark.parametrize(
    ("way", "kind", "label"),
    [
        ({"street": "rue des tiss"}, "rue", "la rue des Tisserands et ses abords"),
        ({"parcels": "AB 1\nAB 2"}, "parcelles", "la rue des Tisserands et ses abords"),
        ({"shape": json.dumps(SQUARE)}, "polygone", "la rue des Tisserands et ses abords"),
        ({"centre": "3 rue des tisserands", "radius": "150"}, "cercle", "la rue des Tisserands et ses abords"),
    ],
)
def test_a_service_points_at_a_zone_in_four_ways(
    way: dict[str, str], kind: str, label: str, ground: Street, routes: Voice, agent: Person, colleague: Person
) -> None:
    response = signed_in(agent).post(COMPOSE, on_plan(routes, colleague, **way), follow=True)
    said = Publication.objects.get()
    assert (said.state, said.addressed, said.outline.kind) == (State.REVIEW, label, kind)
    assert "Avis envoyé en relecture à votre seconde personne" in html(response)
    assert [zone.pk for zone in said.outline.communes.all()] == [ground.commune_id]
    response = signed_in(colleague).post(
        f"/publications/{said.pk}/relire/", {"verdict": "approve", "version": said.version}, follow=True
    )
    assert "L’avis est en ligne" in html(response)
    assert "pour la rue des Tisserands et ses abords" in html(response)
    assert not Draft.objects.exists()


def test_parcels_stay_in_the_vault_alone(ground: Street, routes: Voice, agent: Person, colleague: Person) -> None:
    """R-PRIV-9: publications keep the street."""
    signed_in(agent).post(COMPOSE, on_plan(routes, colleague, parcels="99002 000 AB 4", margin="0"))
    said = Publication.objects.get()
    signed_in(colleague).post(f"/publications/{said.pk}/relire/", {"verdict": "approve", "version": said.version})
    outline = Outline.objects.get()
    assert outline.shape is None
    assert outline.handed_at is not None
    kept = (
        str(list(Outline.objects.values()))
        + str(list(Publication.objects.values()))
        + str(list(Draft.objects.values()))
    )
    assert "AB 4" not in kept
    assert "AB0004" not in kept


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "Dites où"),
        ({"street": "rue des tisserands", "parcels": "AB 1"}, "Choisissez une seule façon"),
        ({"parcels": "AB 1\nAB 99\nquoi"}, "Ligne 2"),
        ({"parcels": "AB 1\nAB 99\nquoi"}, "Ligne 3"),
        ({"parcels": "AB 1", "margin": "501"}, "La marge va de 0 à 500 mètres"),
        ({"street": "rue inconnue"}, "Rien ne porte ce nom à Bois-le-Comte"),
        ({"street": "rue des tisserands", "margin": "0"}, "donnez une marge"),
        ({"street": "rue des tisserands", "commune": "zzz"}, "Indiquez une commune"),
        ({"street": "rue des tisserands", "commune": "99001"}, "ne sont pas connues"),
        ({"shape": "{"}, "n’est pas du GeoJSON"),
        ({"shape": '{"type":"Polygon","coordinates":[]}'}, "est vide"),
        ({"shape": ring((2.15, 49.15), (2.16, 49.16), (2.16, 49.15), (2.15, 49.16))}, "se croise"),
        ({"shape": json.dumps(SQUARE).replace("2.154", "NaN")}, "deux nombres"),
        ({"shape": json.dumps(SQUARE).replace("49.152]", "49.152, 12]")}, "altitude"),
        ({"shape": ring((49.15, 2.15), (49.15, 2.16), (49.16, 2.16))}, "inversées"),
        ({"shape": ring((12.15, 41.15), (12.16, 41.15), (12.16, 41.16))}, "sort du territoire"),
        ({"shape": ring((650000, 6860000), (650010, 6860000), (650010, 6860010))}, "Lambert"),
        ({"street": "rue des tisserands", "purpose": ""}, "Choisissez un motif."),
        ({"street": "rue des tisserands", "purpose": "promotion"}, "Choisissez l’un des quatre motifs."),
        ({"street": "rue des tisserands", "title": "x" * 91}, "Raccourcissez le titre : 91 signes sur 90."),
        ({"street": "rue des tisserands", "expires_on": "2999-11-30"}, "un avis dure 90 jours au plus"),
        ({"street": "rue des tisserands", "second": ""}, "Choisissez la personne qui relit avec vous."),
        ({"street": "rue des tisserands", "second": "999999"}, "Choisissez une personne du service."),
    ],
)  # fmt: skip
def test_each_thing_wrong_has_its_sentence_and_nothing_is_lost(
    wrong: dict[str, str], sentence: str, ground: Street, routes: Voice, agent: Person, colleague: Person
) -> None:
    sent = on_plan(routes, colleague) | wrong
    response = signed_in(agent).post(COMPOSE, sent)
    page = html(response)
    assert response.status_code == 422
    assert sentence in page
    assert "De 9 h à 12 h." in page
    for name in ("parcels", "street"):
        for line in wrong.get(name, "").splitlines():
            assert line in page
    assert not Publication.objects.exists()


def test_a_preview_shows_the_card_and_the_outline_and_sends_nothing(
    ground: Street, routes: Voice, agent: Person, colleague: Person
) -> None:
    sent = on_plan(routes, colleague, street="rue des tisserands", title="", preview="1")
    response = signed_in(agent).post(COMPOSE, sent)
    page = html(response)
    assert response.status_code == 200
    assert "pour la rue des Tisserands et ses abords" in page
    assert 'class="sketch"' in page
    assert "moins de" in page
    assert "Donnez un titre" not in page
    assert "De 9 h à 12 h." in page
    assert not Publication.objects.exists()


def test_bare_parcels_are_sent_blind(ground: Street, routes: Voice, agent: Person, colleague: Person) -> None:
    """R-PRIV-9: no indication at all."""
    page = html(signed_in(agent).post(COMPOSE, on_plan(routes, colleague, parcels="AB 1", margin="0", preview="1")))
    assert "à l’aveugle" in page.partition('class="band"')[2].partition("</div>")[0]
    assert "band__figure" not in page


def test_a_draft_is_found_again_as_it_was_on_plan(
    ground: Street, routes: Voice, agent: Person, colleague: Person
) -> None:
    sent = on_plan(routes, colleague, parcels="AB 1\nn’importe quoi", title="", expires_on="bientôt", keep="1")
    response = signed_in(agent).post(COMPOSE, sent)
    draft = Draft.objects.get()
    assert response["Location"] == f"{COMPOSE}?brouillon={draft.pk}"
    assert f"brouillon={draft.pk}" in html(signed_in(agent).get("/mon-espace/"))
    page = html(signed_in(colleague).get(response["Location"]))
    for kept in ("n’importe quoi", "bientôt", "De 9 h à 12 h."):
        assert kept in page
    assert re.search(r'value="plan"[^>]* checked', page)
    # Kept again, it is the same draft.
    signed_in(agent).post(COMPOSE, sent | {"draft": draft.pk, "title": "Eau"})
    assert Draft.objects.get().typed["title"] == "Eau"
    assert signed_in(agent).post(f"/brouillons/{draft.pk}/jeter/").status_code == 302
    assert not Draft.objects.exists()


def test_a_draft_is_of_the_service_alone(routes: Voice, agent: Person, amina: Person, colleague: Person) -> None:
    signed_in(agent).post(COMPOSE, on_plan(routes, colleague, keep="1"))
    draft = Draft.objects.get()
    assert signed_in(amina).post(f"/brouillons/{draft.pk}/jeter/").status_code == 404
    Draft.objects.get()
    assert "Eau coupée" not in html(signed_in(amina).get(f"{COMPOSE}?brouillon={draft.pk}"))


def test_what_is_sent_back_opens_where_it_was_left(
    ground: Street, routes: Voice, agent: Person, colleague: Person
) -> None:
    signed_in(agent).post(COMPOSE, on_plan(routes, colleague, street="rue des tisserands", body="Demain matin."))
    said = Publication.objects.get()
    sent = {"verdict": "return", "reason": "Précisez l’heure.", "version": said.version}
    signed_in(colleague).post(f"/publications/{said.pk}/relire/", sent)
    page = html(signed_in(agent).get(f"{COMPOSE}?brouillon={Draft.objects.get().pk}"))
    for words in ("Précisez l’heure.", "Demain matin.", "rue des tisserands"):
        assert words in page


def test_a_quartier_needs_a_second_person_too(territory: Cast, routes: Voice, agent: Person, colleague: Person) -> None:
    quartier = Zone.objects.create(
        kind="quartier", code="99002-1", name="Le Bourg", slug="le-bourg", search_name="le bourg", nature="quartier"
    )
    for whole in (quartier, territory.bois, territory.departement):
        quartier.wholes.create(whole=whole, relation="within")
    sent = on_plan(routes, colleague, aim="quartier", zones=[quartier.pk])
    signed_in(agent).post(COMPOSE, sent)
    assert Publication.objects.get().state == State.REVIEW
