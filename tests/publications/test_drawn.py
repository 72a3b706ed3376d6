"""What is drawn over someone's place is in their feed with its reason, and in nobody else's (R-LAW-23, R-PRIV-13)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from parvis.people import actions as people
from parvis.people import vault
from parvis.people.actions import Where
from parvis.people.models import Audience, Person, Place, Voice
from parvis.publications import actions, feed
from parvis.publications.actions import spreading
from parvis.publications.models import Delivery, Publication
from parvis.publications.models.publications import LAST_POSITION
from tests.cast import Cast, link, make_zone
from tests.publications.conftest import Say, html, signed_in
from tests.worker import run_until_idle

STREET = box(2.15, 49.15, 2.16, 49.16)
INSIDE, ACROSS = (2.155, 49.155), (2.165, 49.155)


@pytest.fixture
def cut(routes: Voice, agent: Person, territory: Cast, send: Say) -> Publication:
    """A water cut in a street: nobody is addressed but by the vault."""
    said = send(routes, agent, "Eau coupée", territory.bois, expires_at=timezone.now() + timedelta(days=2))
    Delivery.objects.filter(publication=said, audience__zone__isnull=False).delete()
    draw(said, STREET)
    return said


def draw(said: Publication, shape: BaseGeometry) -> None:
    assert said.position is not None
    vault.deliver_inside(said.pk, shape, position=said.position, expires_at=said.expires_at)
    run_until_idle()


def shown(person: Person, kind: str | None = None) -> dict[int, str]:
    """What the feed of `person` holds, and why."""
    return {card.number: card.reason for card in feed.feed_for(person, kind=kind).cards}


def test_who_lives_inside_sees_it_and_why(cut: Publication, amina: Person, chloe: Person, territory: Cast) -> None:
    people.settle(amina, Where(territory.bois, point=INSIDE))
    people.settle(chloe, Where(territory.bois, point=ACROSS))
    assert shown(amina) == {cut.pk: "votre domicile est dans la zone dessinée"}
    assert shown(chloe) == {}


def test_each_place_has_its_words(cut: Publication, amina: Person, territory: Cast) -> None:
    for kind, words in (
        (Place.Kind.SECOND, "votre résidence secondaire est dans la zone dessinée"),
        (Place.Kind.FAMILY, "un lieu de votre famille est dans la zone dessinée"),
        (Place.Kind.WORK, "votre lieu de travail est dans la zone dessinée"),
        (Place.Kind.HOME, "votre domicile est dans la zone dessinée"),
    ):
        people.add_place(amina, kind, Where(territory.bois, point=INSIDE))
        assert shown(amina) == {cut.pk: words}
    page = html(signed_in(amina).get(f"/fil/{cut.pk}/"))
    assert page.count("dans la zone dessinée") == 5
    assert amina.home
    assert f'href="/mes-lieux/{amina.home.pk}/"' in page


def test_takes_its_place_among_the_others_by_time(
    cut: Publication, routes: Voice, agent: Person, amina: Person, territory: Cast, send: Say
) -> None:
    """R-LAW-23: a chronological order is the order; and a page follows another without loss or repetition."""
    people.settle(amina, Where(territory.bois, point=INSIDE))
    early = send(routes, agent, "Avant", territory.bois, at=timezone.now() - timedelta(hours=1))
    late = send(routes, agent, "Après", territory.departement, at=timezone.now() + timedelta(minutes=1))
    assert list(shown(amina)) == [late.pk, cut.pk, early.pk]
    assert list(shown(amina, "notice")) == [late.pk, cut.pk, early.pk]
    assert shown(amina, "post") == {}
    found, before = [], LAST_POSITION
    while True:
        page = feed.feed_for(amina, before=before, size=1)
        found += [card.number for card in page.cards]
        if page.next_before is None:
            break
        before = page.next_before
    assert found == [late.pk, cut.pk, early.pk]
    assert feed.feed_for(amina).tallies["notice"] == "3"


def test_a_voice_one_muted_stays_silent_but_for_alerts(
    cut: Publication, routes: Voice, amina: Person, territory: Cast
) -> None:
    people.settle(amina, Where(territory.bois, point=INSIDE))
    people.mute(amina, routes)
    amina = Person.objects.get(pk=amina.pk)
    assert shown(amina) == {}
    Publication.objects.filter(pk=cut.pk).update(is_alert=True)
    assert list(shown(amina)) == [cut.pk]


def test_what_is_hidden_or_over_is_shown_no_more(
    cut: Publication, amina: Person, moderator: Person, territory: Cast
) -> None:
    """R-SEC-1: the gate decides, whatever the vault still holds."""
    people.settle(amina, Where(territory.bois, point=INSIDE))
    actions.hide(cut, by=moderator, rule="autre", reason="Erreur")
    assert shown(amina) == {}
    Publication.objects.filter(pk=cut.pk).update(state="online", expires_at=timezone.now() - timedelta(seconds=1))
    assert shown(amina) == {}


def test_its_page_says_why_to_who_is_inside_alone(
    cut: Publication, amina: Person, chloe: Person, territory: Cast
) -> None:
    people.settle(amina, Where(territory.bois, point=INSIDE))
    assert "Vous le voyez : votre domicile est dans la zone dessinée" in html(
        signed_in(amina).get(cut.get_absolute_url())
    )
    assert "Vous le voyez" not in html(signed_in(chloe).get(cut.get_absolute_url()))


def test_the_home_page_of_who_gave_no_address_asks_the_vault_nothing(
    cut: Publication, amina: Person, territory: Cast
) -> None:
    client = signed_in(amina)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        feed.feed_for(amina)
    assert not any("vault" in query["sql"] for query in asked)
    people.settle(amina, Where(territory.bois, point=INSIDE))
    with CaptureQueriesContext(connection) as asked:
        feed.feed_for(amina)
    assert any("vault" in query["sql"] for query in asked)
    assert "votre domicile est dans la zone dessinée" in html(client.get("/"))


def test_a_quartier_reaches_its_people_and_those_who_named_none(
    routes: Voice,
    agent: Person,
    colleague: Person,
    amina: Person,
    bruno: Person,
    chloe: Person,
    territory: Cast,
    send: Say,
) -> None:
    halles = make_zone("quartier", "99002Q1", "Les Halles", box(2.14, 49.14, 2.16, 49.16), nature="quartier")
    lavoir = make_zone("quartier", "99002Q2", "Le Lavoir", box(2.16, 49.14, 2.18, 49.16), nature="quartier")
    for zone in (halles, lavoir):
        link(zone, territory.bois)
        link(zone, territory.departement)
    people.settle(bruno, Where(territory.bois, quartier=halles))
    people.settle(chloe, Where(territory.bois, quartier=lavoir))
    said = actions.countersign(
        send(routes, agent, "Travaux", halles, purpose="travaux", expires_at=timezone.now() + timedelta(days=2)),
        by=colleague,
    )
    assert shown(amina) == {said.pk: "votre commune contient cette zone"}
    assert shown(bruno) == {said.pk: "votre quartier\u00a0: Les Halles"}
    assert shown(chloe) == {}
    people.settle(chloe, Where(territory.bois, point=(2.15, 49.15)))
    assert shown(chloe) == {said.pk: "votre quartier\u00a0: Les Halles"}


def test_a_place_elsewhere_has_true_words(
    routes: Voice, agent: Person, amina: Person, territory: Cast, send: Say
) -> None:
    people.add_place(amina, Place.Kind.WORK, Where(territory.clairval))
    said = send(routes, agent, "Travaux", territory.clairval)
    other = send(routes, agent, "Canton", territory.canton_2)
    assert shown(amina)[said.pk] == "votre lieu de travail est à Clairval"
    assert shown(amina)[other.pk] == "un de vos lieux est dans le canton de Clairval-2, dont une partie est concernée"


def test_a_coarse_audience_receives_what_is_sent_to_it(
    cut: Publication, amina: Person, bruno: Person, territory: Cast
) -> None:
    """As what is drawn across a commune is: told to those who gave nothing finer."""
    people.settle(bruno, Where(territory.bois, point=ACROSS))
    audience = Audience.objects.coarse_of_zones([territory.bois])[territory.bois.pk]
    assert cut.position is not None
    row = {"position": cut.position, "kind": cut.kind, "voice": cut.voice}
    Delivery.objects.create(audience=audience, publication=cut, **row)
    assert shown(amina) == {cut.pk: "votre commune contient cette zone"}
    assert shown(bruno) == {}
    spreading.gather_back(cut)
    assert shown(amina) == {}
