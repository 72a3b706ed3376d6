"""The home page of a visitor and of a member."""

import re
from datetime import timedelta

from django.utils import timezone
from shapely.geometry import box

from parvis.core import kept
from parvis.core.models import JournalEntry
from parvis.people.models import Voice
from parvis.territory.models import Territory, Zone
from tests.cast import make_zone


def body(answer):
    """The page in words."""
    return answer.content.decode()


def test_without_a_territory_the_page_says_what_to_do(client, db):
    answer = client.get("/")

    assert answer.status_code == 503
    assert "parvis init" in body(answer)


def test_a_territory_of_one_commune_asks_nobody_where_they_live(client, territory):
    assert "Quelle est votre commune" in body(client.get("/"))
    Zone.objects.of_kind("commune").exclude(pk=territory.bois.pk).update(ended_on=timezone.localdate())
    kept.forget()

    page = body(client.get("/"))

    assert "La page de Bois-le-Comte" in page
    assert "Quelle est votre commune" not in page


def test_a_visitor_finds_the_territory_its_doors_and_the_latest_notices(client, territory, routes, agent, send):
    Territory.objects.update(map_svg='<svg class="map"><title>Carte</title></svg>')
    notice = send(routes, agent, "Pont fermé", territory.departement)

    page = body(client.get("/"))

    assert "Val-d’Ombre" in page
    assert "Quelle est votre commune" in page
    assert notice.title in page
    for kind in ("association", "elu", "groupe", "service", "habitant"):
        assert f"/annuaire/?type={kind}" in page
    assert '<svg class="map">' in page


def test_what_the_map_of_the_country_cannot_reach_has_its_link_beside_it(client, territory):
    far = make_zone("departement", "976", "Mayotte", box(45, -13, 45.3, -12.6))
    drawn = f'<a href="{territory.departement.get_absolute_url()}"></a>'
    Territory.objects.update(map_svg=f'<svg class="map">{drawn}</svg>')

    page = body(client.get("/"))

    assert f'Outre-mer : <a href="{far.get_absolute_url()}">Mayotte</a></span>' in page


def test_examples_are_communes_of_known_size_first(client, territory):
    Zone.objects.filter(pk=territory.bois.pk).update(population=None)
    assert ">Bois-le-Comte</a>" not in body(client.get("/"))
    Zone.objects.of_kind("commune").update(population=None)
    kept.forget()

    assert ">Bois-le-Comte</a>" in body(client.get("/"))


def test_the_page_of_a_visitor_holds_no_token_and_sets_no_cookie(client, territory):
    answer = client.get("/")

    assert "csrfmiddlewaretoken" not in body(answer)
    assert not answer.cookies


def test_a_member_finds_what_concerns_them_with_the_reason(client, territory, routes, agent, amina, send):
    here = send(routes, agent, "Rue barrée à Bois", territory.bois)
    canton = send(routes, agent, "Bus scolaires du canton", territory.canton_1)
    elsewhere = send(routes, agent, "Pont fermé à Saint-Rémy", territory.remy)
    client.force_login(amina)

    page = body(client.get("/"))

    assert here.title in page
    assert "vous habitez Bois-le-Comte" in page
    assert canton.title in page
    assert "votre canton" in page
    assert elsewhere.title not in page
    assert "Service public" in page


def test_a_straddling_commune_is_told_so_by_the_reason(client, territory, routes, agent, bruno, send):
    send(routes, agent, "Ramassage du canton 2", territory.canton_2)
    send(routes, agent, "Ramassage du canton 1", territory.canton_1)
    client.force_login(bruno)

    page = body(client.get("/"))

    assert "Ramassage du canton 1" in page
    assert "votre canton" in page


def test_tabs_and_pages_keep_to_their_kind(client, territory, routes, agent, amina, send):
    send(routes, agent, "Un avis", territory.bois)
    client.force_login(amina)

    assert "Un avis" in body(client.get("/", {"genre": "notice"}))
    assert "Un avis" not in body(client.get("/", {"genre": "post"}))
    for odd in ({"genre": "nope"}, {"avant": "x"}, {"avant": "-1"}, {"avant": "9" * 40}, {"avant": "٣"}):
        assert client.get("/", odd).status_code == 200, odd


def test_the_feed_goes_on_where_it_stopped(client, territory, routes, agent, amina, send):
    start = timezone.now() - timedelta(days=3)
    for number in range(25):
        send(routes, agent, f"Avis {number:02}", territory.bois, at=start + timedelta(hours=number))
    client.force_login(amina)

    first = client.get("/")
    (cursor,) = re.findall(r"/\?avant=(\d+)", body(first))
    following = client.get("/", {"avant": cursor})

    assert "Avis 24" in body(first)
    assert "Avis 04" in body(following)
    assert "Avis 05" not in body(following)
    assert "Vous êtes à jour" in body(following)


def test_reading_changes_nothing(client, territory, amina):
    client.force_login(amina)
    before = JournalEntry.objects.count()

    client.get("/")

    assert JournalEntry.objects.count() == before


def test_the_home_of_a_member_costs_a_bounded_number_of_queries(
    client, territory, routes, agent, amina, elu, send, django_assert_max_num_queries
):
    for number in range(21):
        send(routes, agent, f"Avis {number}", territory.bois)
    client.force_login(amina)

    client.get("/")
    # Session, person and stamp; feed; names of audiences; tallies; what waits.
    with django_assert_max_num_queries(5):
        client.get("/")
    kept.forget()
    # And the cards, the places, the élus, the groups and the events around, which nobody had asked for yet.
    with django_assert_max_num_queries(11):
        client.get("/")


def test_the_home_of_a_visitor_costs_a_bounded_number_of_queries(
    client, territory, routes, agent, send, django_assert_max_num_queries
):
    for number in range(12):
        send(routes, agent, f"Avis {number}", territory.bois)

    with django_assert_max_num_queries(10):
        client.get("/")


def test_an_elu_of_mine_is_said_by_what_concerns_me(client, territory, elu, amina):
    """The maire of another commune sits for my canton: that is why they are mine."""
    elsewhere = Zone.objects.get(pk=territory.remy.pk)
    elu.mandates.update(zone=territory.canton_1, kind="departemental", function="conseillère départementale")
    Voice.objects.filter(pk=elu.pk).update(zone=elsewhere, title="Maire de Saint-Rémy")
    client.force_login(amina)

    page = body(client.get("/"))

    assert f"Conseillère départementale, {territory.canton_1.short_name}" in page
    assert "Maire de Saint-Rémy" not in page


def test_on_the_first_day_a_member_may_write_the_first_words(client, territory, amina):
    client.force_login(amina)

    assert '<a class="button button--small" href="/publier/publication/">' in body(client.get("/"))
