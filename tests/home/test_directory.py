"""People and organisations found by profile in one click; inhabitants only if they chose it (R-LAW-3)."""

import pytest

from parvis.people import actions
from parvis.people.models import Voice


def names(answer):
    """Who is on the page."""
    return {voice.name for voice in answer.context["page"].object_list}


@pytest.fixture(autouse=True)
def _everyone(chorale, atelier, routes, elu, town_hall, bruno):
    """One of each."""


def test_each_type_in_one_click_with_its_count(client):
    assert names(client.get("/annuaire/", {"type": "association"})) == {"Chorale de Saint-Rémy", "Atelier des Halles"}
    assert names(client.get("/annuaire/", {"type": "elu"})) == {"Irène Vasseur"}
    answer = client.get("/annuaire/")
    assert {kind: count for kind, _label, count, _address in answer.context["tabs"]}["service"] == 2


def test_an_inhabitant_is_there_only_by_choice(client, bruno):
    Voice.objects.filter(kind="habitant").update(listed=False)
    assert not names(client.get("/annuaire/", {"type": "habitant"}))

    actions.change_settings(bruno, name=bruno.name, gender="", listed=True)

    assert names(client.get("/annuaire/", {"type": "habitant"})) == {bruno.name}


def test_places_themes_and_names_narrow(client, territory):
    assert names(client.get("/annuaire/", {"commune": "saint remy", "type": "association"})) == {
        "Chorale de Saint-Rémy"
    }
    assert names(client.get("/annuaire/", {"canton": "9901", "type": "association"})) == {"Atelier des Halles"}
    assert names(client.get("/annuaire/", {"epci": "999000001", "type": "association"})) == {"Atelier des Halles"}
    assert names(client.get("/annuaire/", {"theme": "sport"})) == set()
    assert names(client.get("/annuaire/", {"q": "chorale remy"})) == {"Chorale de Saint-Rémy"}


def test_a_commune_that_does_not_exist_is_said_and_nothing_typed_is_lost(client):
    page = client.get("/annuaire/", {"commune": "Brigadoon", "q": "chorale"}).content.decode()

    assert "«\u00a0Brigadoon\u00a0»" in page
    assert 'value="chorale"' in page


@pytest.mark.parametrize("odd", [{"type": "x"}, {"page": "-1"}, {"page": "x"}, {"theme": "\0"}, {"q": "%' OR 1=1"}])
def test_odd_questions_get_an_answer(client, odd):
    assert client.get("/annuaire/", odd).status_code == 200


def test_a_closed_voice_is_gone(client, chorale):
    Voice.objects.filter(pk=chorale.pk).update(closed_at=chorale.created_at)

    assert "Chorale de Saint-Rémy" not in names(client.get("/annuaire/"))
    assert client.get(chorale.get_absolute_url()).status_code == 404


def test_the_directory_costs_a_bounded_number_of_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        client.get("/annuaire/", {"commune": "99006", "type": "association"})
