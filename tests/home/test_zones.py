"""The page of a place, on the first day and later."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from shapely.geometry import box

from parvis.core import kept
from parvis.initialise import weigh
from parvis.people.models import Voice
from parvis.territory.actions import import_file
from parvis.territory.models import Neighbour, Territory, Zone
from tests.cast import link, make_zone


def test_a_commune_on_the_first_day_has_its_mairie_its_elus_and_its_neighbours(client, territory, elu, town_hall):
    page = client.get(territory.clairval.get_absolute_url()).content.decode()

    assert "1 place de la Mairie" in page
    assert elu.name in page
    assert "Bois-le-Comte" in page
    assert "Mairie de Clairval" in page
    assert "n’a pas encore ouvert son espace" in page.lower()


@pytest.mark.parametrize(
    ("population", "words"),
    [(None, "population inconnue"), (0, "aucun habitant"), (1, "1 habitant"), (2, "2 habitants")],
)
def test_a_commune_says_how_many_live_there(client, territory, population, words):
    Zone.objects.filter(pk=territory.clairval.pk).update(population=population)

    assert words in client.get(territory.clairval.get_absolute_url()).content.decode()


def test_the_slug_decides_nothing(client, territory):
    wrong = territory.clairval.get_absolute_url().replace("clairval", "ailleurs")

    answer = client.get(wrong)

    assert (answer.status_code, answer["Location"]) == (301, territory.clairval.get_absolute_url())


def test_a_new_commune_and_the_former_one_of_the_same_code_have_each_their_page(client, territory):
    shape = box(2, 49.1, 2.1, 49.2)
    former, alike = (make_zone("deleguee", code, name, shape) for code, name in [("99001", "Clair"), ("99002", "Bois")])
    Zone.objects.filter(pk=alike.pk).update(slug=territory.bois.slug)

    for zone, words in [(territory.clairval, "Clairval</h1>"), (former, "Clair</h1>"), (territory.bois, "Comte</h1>")]:
        answer = client.get(zone.get_absolute_url())
        assert answer.status_code == 200
        assert words in answer.content.decode()
    assert client.get(territory.clairval.get_absolute_url() + "agenda.ics").status_code == 200


@pytest.mark.parametrize("path", ["/communes/clairval-00000/", "/cantons/clairval-99001/", "/communes/-/"])
def test_a_place_that_is_not_is_404(client, territory, path):
    assert client.get(path).status_code == 404


def test_every_kind_of_place_has_its_page(client, territory):
    for zone in [
        territory.canton_1,
        territory.epci,
        territory.circonscription,
        territory.departement,
        territory.region,
    ]:
        assert client.get(zone.get_absolute_url()).status_code == 200, zone


def test_a_commune_outside_the_territory_says_so(client, territory):
    Zone.objects.filter(pk=territory.remy.pk).update(is_context=True, joinable=False)

    page = client.get(territory.remy.get_absolute_url()).content.decode()

    assert "n’est pas une commune" in page


def test_the_page_of_a_commune_shows_what_is_said_to_it_around_it_and_above_it(client, territory, routes, agent, send):
    here = send(routes, agent, "Rue barrée à Bois", territory.bois)
    above = send(routes, agent, "Sel sur toutes les routes", territory.departement)
    elsewhere = send(routes, agent, "Pont fermé à Saint-Rémy", territory.remy)

    page = client.get(territory.bois.get_absolute_url()).content.decode()

    assert here.title in page
    assert above.title in page
    assert elsewhere.title not in page
    assert elsewhere.title in client.get(territory.departement.get_absolute_url()).content.decode()


def test_one_commune_found_goes_straight_to_its_page(client, territory):
    for query in ("saint remy", "SAINT-RÉMY", "99140", "99006"):
        answer = client.get("/communes/", {"q": query})
        assert (answer.status_code, answer.url) == (302, territory.remy.get_absolute_url()), query


def test_several_communes_are_listed_and_none_is_said_so(client, territory):
    assert "L’Étang-Neuf" in client.get("/communes/", {"q": "99130"}).content.decode()
    assert "Aucune commune" in client.get("/communes/", {"q": "zzz"}).content.decode()
    assert client.get("/communes/", {"q": "\0%_'\"<b>" * 40}).status_code == 200


def test_a_commune_costs_a_bounded_number_of_queries(
    client, territory, elu, town_hall, routes, agent, send, django_assert_max_num_queries
):
    for number in range(8):
        send(routes, agent, f"Avis {number}", territory.clairval)
    Voice.objects.filter(pk=elu.pk).update(zone=territory.clairval)

    with django_assert_max_num_queries(10):
        client.get(territory.clairval.get_absolute_url())


def test_a_neighbourhood_has_its_page_and_is_on_that_of_its_commune(client, territory, tmp_path):
    square = {"type": "Polygon", "coordinates": [[[2.01, 49.11], [2.02, 49.11], [2.02, 49.12], [2.01, 49.11]]]}
    drawn = {"type": "Feature", "properties": {"nom": "Le Marais"}, "geometry": square}
    path = tmp_path / "quartiers.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [drawn]}))
    import_file("quartiers", path, by=None, told=lambda _share: None, nature="hameau")
    zone = Zone.objects.get(kind="quartier")

    page = client.get(zone.get_absolute_url()).content.decode()
    commune = client.get(territory.clairval.get_absolute_url()).content.decode()

    assert zone.get_absolute_url() == "/quartiers/le-marais-99001Q1/"
    assert "Hameau" in page
    assert territory.clairval.get_absolute_url() in page
    assert "Quartiers et hameaux" in commune
    assert zone.get_absolute_url() in commune
    assert "Le Marais" in client.get("/recherche/?q=marais").content.decode()
    assert client.get(zone.get_absolute_url() + "agenda.ics").status_code == 200
    assert client.get("/avis/?zone=quartier-99001Q1").status_code == 200


def test_a_place_whose_code_has_a_dash_is_found_by_its_address_and_by_what_asks_for_it(client, territory):
    zone = territory.circonscription
    assert "-" in zone.code
    assert client.get(zone.get_absolute_url() + "agenda.ics").status_code == 200
    assert client.get(f"/agenda/?zone={zone.kind}-{zone.code}").status_code == 200


def test_who_is_in_a_place_is_read_by_place(client, territory, chorale):
    """Told how its rows are spread, a database begins by the place: by type, it read half a million (issue 3)."""
    around = [make_zone("commune", f"98{n:03}", f"Lieu {n}", box(n, 60, n + 1, 61)) for n in range(200)]
    Voice.objects.bulk_create(
        Voice(kind="association", name=f"Cercle {n}", search_name=f"cercle {n}", slug=f"c-{n}", zone=zone)
        for zone in around
        for n in range(20)
    )
    with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        weigh()
        page = client.get(chorale.zone.get_absolute_url())
        (sql,) = [query["sql"] for query in asked.captured_queries if 'town_hall_of_id" > 0' in query["sql"]]
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql)
        plan = str(cursor.fetchall())

    assert page.context["associations"] == [chorale]
    # PostgreSQL weighs each place, and walks a type in order where that costs less.
    assert plan.count("voice_zone") == 2 or connection.vendor == "postgresql"


def test_where_nothing_is_said_yet_one_may_begin_and_reads_who_is_there(client, territory, elu, town_hall, bruno):
    quiet = client.get(territory.clairval.get_absolute_url()).content.decode()

    assert "Rien d’annoncé pour le moment" in quiet
    assert 'href="/associations/creer/"' in quiet
    assert quiet.count('id="town-hall"') == quiet.count('id="elus"') == 1


def test_what_is_said_takes_the_place_of_the_invitation(client, territory, routes, agent, send):
    send(routes, agent, "Rue barrée", territory.bois)

    page = client.get(territory.bois.get_absolute_url()).content.decode()

    assert "Rien d’annoncé pour le moment" not in page
    assert "Rue barrée" in page


def test_few_communes_are_all_there_and_unknown_numbers_make_no_order(client, territory):
    Zone.objects.of_kind("commune").update(population=None)

    page = client.get(territory.departement.get_absolute_url()).content.decode()

    assert "Communes les plus peuplées" not in page
    assert page.index(">Bois-le-Comte<") < page.index(">Clairval<")


def test_arrondissements_do_not_say_the_name_of_their_city_again(client, territory):
    part, beside = (
        make_zone("arrondissement", f"9910{n}", f"Clairval {n}e arrondissement", box(2, 49.1, 2.1, 49.2))
        for n in (1, 2)
    )
    link(part, territory.clairval)
    Neighbour.objects.create(zone=part, other=beside)

    page = client.get(territory.clairval.get_absolute_url()).content.decode()

    assert ">1e arrondissement</a>" in page
    assert "Communes déléguées" not in page
    assert ">Clairval 2e arrondissement</a>" in client.get(part.get_absolute_url()).content.decode()


def test_an_arrondissement_names_those_beside_it(client, territory):
    first = make_zone("arrondissement", "99101", "Clairval 1er arrondissement", box(2, 49.1, 2.1, 49.2))
    second = make_zone("arrondissement", "99102", "Clairval 2e arrondissement", box(2.1, 49.1, 2.2, 49.2))
    Neighbour.objects.create(zone=first, other=second)

    assert ">Clairval 2e arrondissement</a>" in client.get(first.get_absolute_url()).content.decode()


def test_a_region_that_has_the_name_of_its_departement_says_what_it_is(client, territory):
    Zone.objects.filter(pk=territory.region.pk).update(name=territory.departement.name)
    Territory.objects.update(root=make_zone("territoire", "99", "France", box(0, 40, 9, 51)))
    link(territory.region, Territory.objects.get().root)

    page = client.get(territory.departement.get_absolute_url()).content.decode()

    assert f"{territory.departement.name} (région)</a>" in page


def test_what_has_the_name_of_the_territory_is_said_once(client, territory):
    root = Territory.objects.get().root
    assert f">{territory.epci.short_name}</a></li>" in client.get(territory.bois.get_absolute_url()).content.decode()
    Zone.objects.filter(pk=territory.epci.pk).update(name=root.name)
    kept.forget()

    page = client.get(territory.bois.get_absolute_url()).content.decode()

    assert page.count(f">{root.name}</a></li>") == 1
    itself = client.get(Zone.objects.get(pk=territory.epci.pk).get_absolute_url()).content.decode()
    assert f">{root.name}</a></li>" not in itself
    assert '<li><a href="/">Accueil</a></li>' in itself
