"""People and organisations found by profile in one click; inhabitants only if they chose it (R-LAW-3)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.core import kept
from parvis.home.views.directory import in_order
from parvis.people import actions
from parvis.people.models import Person, Voice
from parvis.territory import current
from parvis.territory.models import Territory, Zone, ZoneLink, ZoneMap

# The statement that a page of the list is read with.
ORDERED = re.compile(r'SELECT .* FROM "people_voice" .*ORDER BY .*"people_voice"."search_name" .*LIMIT \d+$')
ODD = [
    *(
        {"tri": tri, "vue": vue, "commune": zone}
        for tri in ("x", "proximite")
        for vue in ("x", "carte")
        for zone in ("", "zzz", "75056")
    ),
    *({name: "\0", "vue": "carte"} for name in ("tri", "commune", "departement", "epci", "cherche", "actif")),
    {"page": "999", "vue": "carte"},
]


def names(answer):
    """Who is on the page."""
    return {line.voice.name for line in answer.context["lines"]}


@pytest.fixture(autouse=True)
def _everyone(chorale, atelier, routes, elu, town_hall, bruno):
    """One of each."""


@pytest.fixture
def drawn(territory):
    """The territory, drawn: a thousand points for 0.3 degree."""
    svg = '<svg class="map" viewBox="-6 -6 1012 1012" data-plan="2 49.2 3333 5000" role="group"><g class="map-zone">'
    for zone in territory.communes:
        svg += f'<a href="{zone.get_absolute_url()}" tabindex="-1"><title>{zone.name}</title><path d="M0 0l1 1z"/></a>'
    Territory.objects.update(map_svg=svg + "</g></svg>")
    current.forget()
    return territory


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


@pytest.mark.parametrize(
    "odd", [{"type": "x"}, {"page": "-1"}, {"page": "x"}, {"theme": "\0"}, {"q": "%' OR 1=1"}, *ODD]
)
def test_odd_questions_get_an_answer(client, odd):
    assert client.get("/annuaire/", odd).status_code == 200


def test_a_closed_voice_is_gone(client, chorale):
    Voice.objects.filter(pk=chorale.pk).update(closed_at=chorale.created_at)

    assert "Chorale de Saint-Rémy" not in names(client.get("/annuaire/"))
    assert client.get(chorale.get_absolute_url()).status_code == 404


def test_the_directory_costs_a_bounded_number_of_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        client.get("/annuaire/", {"commune": "99006", "type": "association"})


@pytest.mark.parametrize("sort", ["", "nom"])
def test_a_last_page_is_found_by_numbers_alone(client, sort):
    """Half a million whole rows, with their zones, were read to be left out: twenty seconds."""
    with CaptureQueriesContext(connection) as asked:
        client.get("/annuaire/", {"tri": sort, "page": "9999"})
    (listing,) = [query["sql"] for query in asked.captured_queries if ORDERED.match(query["sql"])]
    assert " JOIN " not in listing
    assert '"body"' not in listing
    # The other order begins by an expression, for which SQLite reads the row.
    if connection.vendor == "sqlite" and not sort:
        with connection.cursor() as cursor:
            assert "COVERING INDEX voice_heard" in str(cursor.execute(f"EXPLAIN QUERY PLAN {listing}").fetchall())


def test_one_type_is_read_in_the_order_it_is_shown_in():
    """Whatever the size of the country: sorted, half a million élus took two seconds (issue 3)."""
    for sort, index in (("", "voice_heard_of_kind"), ("nom", "voice_directory")):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
                cursor.execute("SET LOCAL enable_sort = off")
        plan = in_order(Voice.objects.listed_in_directory().filter(kind="elu"), sort)[:20].explain()
        assert "TEMP B-TREE FOR ORDER BY" not in plan
        # PostgreSQL may take another index of the same order where there are so few.
        assert index in plan if connection.vendor == "sqlite" else "Presorted Key" in plan or "Sort" not in plan


def test_where_there_are_several_departements_one_is_chosen_first(client, territory):
    other = Zone.objects.create(kind="departement", code="98", name="Autre", search_name="autre", slug="autre")
    far = Zone.objects.create(kind="canton", code="98-01", name="Loin", search_name="loin", slug="loin")
    ZoneLink.objects.create(part=far, whole=other, relation="within")

    def offered(**asked):
        answer = client.get("/annuaire/", asked)
        return {kind: {zone.code for zone in answer.context[kind]} for kind in ("departements", "cantons", "epcis")}

    departements = {other.code, territory.departement.code}
    assert offered() == {"departements": departements, "cantons": set(), "epcis": set()}
    assert offered(departement="98")["cantons"] == {"98-01"}
    assert offered(canton="98-01")["cantons"] == {"98-01"}
    assert "Une fois choisi" in client.get("/annuaire/").content.decode()
    assert "Une fois choisi" not in client.get("/annuaire/", {"departement": "98"}).content.decode()


def test_those_who_seek_and_those_who_spoke_lately_are_found(client, chorale, atelier, routes, chloe):
    Voice.objects.filter(pk=chorale.pk).update(seeks="Deux ténors", hidden_at=None)
    Voice.objects.filter(pk=atelier.pk).update(seeks="Une salle", hidden_at=timezone.now())
    assert names(client.get("/annuaire/", {"cherche": "1"})) == {chorale.name}

    now = int(timezone.now().timestamp())
    Voice.objects.filter(pk=chorale.pk).update(last_word=now - 40 * 86_400)
    Voice.objects.filter(pk=atelier.pk).update(last_word=now - 5 * 86_400)
    assert names(client.get("/annuaire/", {"actif": "1"})) == {atelier.name}
    by_activity = [line.voice for line in client.get("/annuaire/").context["lines"]]
    assert [voice.name for voice in by_activity][:2] == [atelier.name, chorale.name]


def test_a_word_online_is_the_last_word_of_its_voice(client, routes, agent, territory, send):
    spoken = timezone.now() - timedelta(hours=3)
    send(routes, agent, "Travaux", territory.clairval, at=spoken)
    routes.refresh_from_db()
    assert routes.last_heard is not None
    assert abs((routes.last_heard - spoken).total_seconds()) < 1

    send(routes, agent, "Plus tôt", territory.clairval, at=spoken - timedelta(days=2))
    routes.refresh_from_db()
    assert routes.last_word == int(spoken.timestamp())
    assert "Dernière publication\u00a0:" in client.get("/annuaire/", {"type": "service"}).content.decode()


def test_the_nearest_come_first_with_how_far(client, chorale, atelier, territory, bruno):
    asked = {"tri": "proximite", "type": "association"}
    page = client.get("/annuaire/", asked | {"commune": territory.remy.code})
    shown = [(line.voice.name, line.away) for line in page.context["lines"]]
    assert shown == [(chorale.name, None), (atelier.name, shown[1][1])]
    assert 7 <= shown[1][1] <= 19
    assert f"à {shown[1][1]} km" in page.content.decode()

    # A member need not say where they live; a visitor who does not say it is not offered that order.
    client.force_login(bruno)
    mine = client.get("/annuaire/", asked).context
    assert mine["near"].pk == bruno.lives_in[0]
    client.logout()
    assert client.get("/annuaire/", asked).context["near"] is None


def test_someone_without_a_commune_reads_the_directory_too(client, drawn):
    client.force_login(Person.objects.create(email="nulle-part@example.org", name="Nulle Part"))
    page = client.get("/annuaire/", {"tri": "proximite", "vue": "carte"})
    assert page.status_code == 200
    assert page.context["near"] is None


def test_a_commune_nobody_placed_has_nobody_near(client, territory):
    Zone.objects.filter(pk=territory.remy.pk).update(lon=None, lat=None)
    for view in ("", "carte"):
        page = client.get("/annuaire/", {"tri": "proximite", "commune": territory.remy.code, "vue": view})
        assert page.status_code == 200
        assert not names(page)


def test_the_map_has_a_named_link_for_each_commune_with_someone(client, drawn, chorale, atelier):
    page = client.get("/annuaire/", {"vue": "carte", "type": "association"})
    text = page.content.decode()
    assert {(disc.code, disc.count) for disc in page.context["chart"].discs} == {
        (chorale.zone.code, 1),
        (atelier.zone.code, 1),
    }
    assert f'aria-label="{chorale.zone.name}\u00a0: 1 profil"' in text
    assert f"/annuaire/?type=association&amp;commune={chorale.zone.code}&amp;vue=carte" in text
    assert "<title>" not in text.split("<figure", 1)[1]

    chosen = client.get("/annuaire/", {"vue": "carte", "type": "association", "commune": chorale.zone.code})
    assert names(chosen) == {chorale.name}
    assert chosen.content.decode().count('class="chosen"') == 1
    assert [disc.code for disc in chosen.context["chart"].discs if disc.chosen] == [chorale.zone.code]


def test_a_territory_not_drawn_says_so_and_keeps_its_list(client, chorale):
    page = client.get("/annuaire/", {"vue": "carte", "type": "association"})
    assert chorale.name in names(page)
    assert "pas encore dessinée" in page.content.decode()


def test_the_whole_country_shows_its_departements(client, drawn):
    svg = Territory.objects.get().map_svg.replace('<a href="/communes/', '<a href="/departements/')
    Territory.objects.update(map_svg=svg)
    current.forget()
    wide = client.get("/annuaire/", {"vue": "carte", "type": "association"}).context["chart"]
    assert [(disc.code, disc.count) for disc in wide.discs] == [("99", 2)]
    assert "departement=99" in wide.discs[0].address

    inside = client.get("/annuaire/", {"vue": "carte", "type": "association", "departement": "99"})
    assert len(inside.context["chart"].discs) == 2
    assert not names(client.get("/annuaire/", {"departement": "75"}))


def test_inside_a_country_a_place_is_shown_on_the_map_of_its_departement(client, drawn, chorale):
    whole = Territory.objects.get().map_svg
    Territory.objects.update(
        map_svg=whole.replace('<a href="/communes/', '<a href="/departements/').replace("2 49", "9 40")
    )
    current.forget()
    asked = {"vue": "carte", "type": "association", "commune": chorale.zone.code}
    far = client.get("/annuaire/", asked)
    assert far.context["chart"] is None
    assert "pas encore dessinée" in far.content.decode()

    ZoneMap.objects.create(zone=drawn.departement, svg=whole)
    kept.forget()

    assert chorale.zone.code in [disc.code for disc in client.get("/annuaire/", asked).context["chart"].discs]


def test_what_the_map_of_the_country_does_not_reach_is_beside_it(client, drawn, chorale):
    Zone.objects.filter(pk=chorale.zone_id).update(lon=45.2, lat=-12.8)

    page = client.get("/annuaire/", {"vue": "carte", "type": "association"})

    assert [disc.code for disc in page.context["chart"].beyond] == [chorale.zone.code]
    assert (
        f"commune={chorale.zone.code}" in page.content.decode().split("Hors de la carte")[1].split("</figcaption>")[0]
    )


def test_what_sits_at_the_edge_is_drawn_whole(client, drawn, chorale):
    Zone.objects.filter(pk=chorale.zone_id).update(lon=2.2999)
    chart = client.get("/annuaire/", {"vue": "carte", "type": "association"}).context["chart"]
    left, _top, wide, _high = map(float, chart.box.split())

    assert all(disc.x + disc.size <= left + wide for disc in chart.discs)
    assert any(disc.code == chorale.zone.code for disc in chart.discs)


def test_an_inhabitant_counts_on_the_map_only_by_choice(client, drawn):
    Voice.objects.filter(kind="habitant").update(listed=False)
    assert client.get("/annuaire/", {"vue": "carte", "type": "habitant"}).context["chart"].discs == []


def test_what_is_announced_is_counted_and_the_next_is_said(client, announce, chorale):
    for days in (9, 3, 6):
        announce(f"Répétition {days}", timezone.now() + timedelta(days=days))
    page = client.get("/annuaire/", {"type": "association"})
    (line,) = [line for line in page.context["lines"] if line.voice == chorale]
    assert line.upcoming == 3
    assert "3 rendez-vous" in page.content.decode()
    assert line.showing is not None
    assert line.showing.starts_at.date() == (timezone.now() + timedelta(days=3)).date()


def test_a_map_costs_no_more_however_many_there_are(client, drawn, chorale, django_assert_max_num_queries):
    many = [
        Voice(kind="association", name=f"Cercle {n}", search_name=f"cercle {n}", slug=f"cercle-{n}", zone=zone)
        for zone in drawn.communes
        for n in range(40)
    ]
    Voice.objects.bulk_create(many)
    for asked in ({}, {"commune": drawn.remy.code, "tri": "proximite"}, {"epci": "999000001", "tri": "nom"}):
        # One of them reads the territory, every two seconds at most.
        with django_assert_max_num_queries(12):
            page = client.get("/annuaire/", {"vue": "carte", "type": "association"} | asked)
        assert len(page.content) < 60_000


def test_a_type_nobody_is_of_yet_blames_no_filter_and_says_how_to_begin(client, chorale, atelier):
    for kind, address in (("association", "/associations/creer/"), ("groupe", "/groupes/creer/")):
        Voice.objects.filter(kind=kind).update(listed=False, closed_at=timezone.now())
        page = client.get("/annuaire/", {"type": kind}).content.decode()
        assert "ces filtres" not in page
        assert f'href="{address}"' in page

    assert "ces filtres" in client.get("/annuaire/", {"type": "elu", "q": "zzz"}).content.decode()
