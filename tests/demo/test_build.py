"""The demonstration, played on a small territory."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from rich.console import Console
from shapely import Point, union_all

from parvis.agenda.models import Event, Imported, Occurrence, Showing
from parvis.core.models import Job
from parvis.demo.build import accounts, build
from parvis.demo.scenario import read
from parvis.demo.targeted import PLAYED
from parvis.moderation.models import Report
from parvis.people import vault
from parvis.people.models import Mandate, Membership, Person, Role, Voice
from parvis.people.names import search_name, slug_of
from parvis.publications.feed import feed_for
from parvis.publications.models import Draft, Publication, Reply, State
from parvis.territory.geometry import zones_at
from parvis.territory.models import Parcel, Street, Zone
from tests.cast import lay_territory

QUIET = Console(quiet=True)


@pytest.fixture(scope="module")
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture(scope="module", autouse=True)
def demonstration(django_db_setup: None, django_db_blocker: DjangoDbBlocker, now: datetime) -> Iterator[None]:
    """Built once for these tests, which only read."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        mayor = Voice.objects.create(
            kind="elu", name="Denise Vasseur", search_name=search_name("Denise Vasseur"), slug=slug_of("Denise Vasseur")
        )
        Mandate.objects.create(voice=mayor, kind=Mandate.Kind.MUNICIPAL, zone=lay_territory().clairval, rank=1)
        build(QUIET, now=now)
        yield
        transaction.set_rollback(True)


def test_built_again_nothing_changes(now: datetime) -> None:
    before = [model.objects.count() for model in (Person, Voice, Publication, Reply)]
    build(QUIET, now=now + timedelta(days=1))
    assert [model.objects.count() for model in (Person, Voice, Publication, Reply)] == before


def test_nobody_real_says_a_word() -> None:
    assert not Publication.objects.filter(voice__is_fictional=False).exists()
    assert not Reply.objects.filter(voice__is_fictional=False).exists()
    assert not Membership.objects.filter(voice__is_fictional=False).exists()
    assert not Person.objects.filter(is_demo=False).exists()
    assert Voice.objects.filter(is_fictional=False, opened_at=None).count() == 1


def test_a_fictional_street_has_its_parcels_and_a_door_in_each() -> None:
    street = Street.objects.get()
    assert "fictive" in street.name
    parcels = {parcel.code: parcel.shape for parcel in Parcel.objects.in_commune(street.commune)}
    assert len(parcels) == 40
    assert all(code[5:10] == "999ZZ" and shape.is_valid for code, shape in parcels.items())
    assert sum(shape.area for shape in parcels.values()) == pytest.approx(union_all(list(parcels.values())).area)
    doors = list(street.addresses.order_by("number"))
    assert [door.number for door in doors] == list(range(1, 41))
    assert all(parcels[door.parcels].contains(Point(door.lon, door.lat)) for door in doors)
    quartier = Zone.objects.get(kind=Zone.Kind.QUARTIER)
    assert "fictif" in quartier.name
    assert street.commune in Zone.objects.containing(quartier)
    assert quartier in zones_at(street.lon, street.lat)


def test_fictional_elus_hold_fictional_mandates_only() -> None:
    mandates = Mandate.objects.filter(voice__is_fictional=True)
    assert mandates.count() == len(read().elus)
    assert not mandates.exclude(kind=Mandate.Kind.FICTIF).exists()
    assert not Mandate.objects.filter(voice__is_fictional=False, kind=Mandate.Kind.FICTIF).exists()


def test_everything_written_is_there() -> None:
    scenario = read()
    kinds = {kind: Publication.objects.of_kind(kind).count() for kind in ("notice", "event", "post")}
    assert kinds == {
        "notice": len(scenario.notices) + PLAYED,
        "event": len(scenario.events) + Imported.objects.count(),
        "post": len(scenario.posts),
    }
    assert Imported.objects.count() == 4
    said = [one for post in scenario.posts for one in post.replies]
    said += [one for event in scenario.events for one in event.comments]
    assert Reply.objects.filter(state=State.ONLINE).count() == len(said)
    states = {State.PENDING: 0, State.REFUSED: 0, State.HIDDEN: 0}
    for state in [event.state for event in scenario.events] + [post.state for post in scenario.posts]:
        if state in states:
            states[State(state)] += 1
    assert {state: Publication.objects.filter(state=state).count() for state in states} == states
    assert Publication.objects.filter(state=State.DRAFT).count() == 0
    assert Event.objects.filter(status=Event.Status.CANCELLED).count() == 3


def test_a_notice_to_some_streets_waits_for_its_second_person_and_another_is_over() -> None:
    fine = Publication.objects.filter(is_fine=True)
    assert fine.filter(state=State.REVIEW).count() == 1
    assert fine.registered().count() == 2
    assert fine.visible_to(None).count() == 1
    helene, aicha = (Person.objects.get(email=f"{name}@parvis.example") for name in ("helene", "aicha"))
    assert Publication.objects.awaiting_second(helene).count() == 1
    assert not Publication.objects.awaiting_second(aicha).exists()
    assert Draft.objects.open_to(helene).count() == 1


def test_what_is_drawn_on_one_side_of_the_street_reaches_two_and_not_the_third() -> None:
    cut = Publication.objects.visible_to(None).get(is_fine=True)
    located = Person.objects.filter(is_located=True)
    told = set(vault.reached_by(cut.pk))
    assert located.count() == 3
    assert located.filter(pk__in=told).count() == len(told) == 2
    for person in located:
        reasons = {card.number: card.reason for card in feed_for(person, kind="notice", size=60).cards}
        shown = reasons.get(cut.pk) == "votre domicile est dans la zone dessinée"
        assert shown == (person.pk in told)


def test_nothing_is_in_the_future_and_something_is_fresh(now: datetime) -> None:
    published = Publication.objects.filter(state=State.ONLINE).order_by("-published_at")
    newest = published.values_list("published_at", flat=True)[0]
    assert newest is not None
    assert now - timedelta(hours=3) < newest <= now
    assert not Reply.objects.filter(created_at__gt=now).exists()
    assert not Voice.objects.filter(is_fictional=True, created_at__gt=now).exists()
    assert not Voice.objects.filter(is_fictional=True, verified_at__gt=now).exists()


def test_each_day_of_the_fortnight_has_something_on(now: datetime) -> None:
    root = Zone.objects.get(kind="departement")
    today = timezone.localdate(now)
    empty = [
        day
        for day in range(14)
        if not Showing.objects.in_zone(root).between(*[today + timedelta(days=day)] * 2).exists()
    ]
    assert empty == []


def test_no_mark_is_left_in_a_text() -> None:
    texts = [*Publication.objects.values_list("title", "body"), *Voice.objects.values_list("name", "summary", "body")]
    assert [text for row in texts for text in row if "{" in text] == []
    assert Voice.objects.filter(name="Routes du Val-d’Ombre").exists()


def test_an_account_to_borrow_may_sign_in_and_do_what_it_says() -> None:
    for account in accounts():
        person = Person.objects.get(email=account.email)
        assert EmailAddress.objects.filter(user=person, email=account.email, verified=True, primary=True).exists()
        for role in account.roles:
            kind, _, name = role.partition(":")
            if kind in {"administrator", "moderator"}:
                assert Role.objects.current().filter(person=person, kind=kind).exists()
            else:
                assert Voice.objects.spoken_by(person).filter(kind=kind).exists(), (account.email, name)


def test_no_letter_waits_about_a_life_made_up_but_that_of_the_week() -> None:
    assert {*Job.objects.values_list("effect", flat=True)} <= {"parvis.letters.gazette.deliver"}


def test_moderators_have_something_to_decide() -> None:
    moderator = Person.objects.get(email="delphine@parvis.example")
    assert Publication.objects.awaiting(moderator).count() == 6
    assert Report.objects.awaiting(moderator).count() == 2
    assert Report.objects.get(upheld=True).publication == Publication.objects.get(state=State.HIDDEN)


def test_drawings_reach_their_events() -> None:
    pictured = Publication.objects.exclude(image="")
    scenario = read()
    images = [event.image for event in scenario.events] + [post.image for post in scenario.posts]
    assert pictured.count() == sum(map(bool, images))
    assert not pictured.filter(image_alt="").exists()


def test_an_exhibition_is_one_span_of_whole_days_and_says_its_hours() -> None:
    long = Occurrence.objects.filter(all_day=True)
    assert long.count() == sum(event.days > 3 for event in read().events)
    assert all("Tous les jours, de " in one.event.publication.body for one in long)


def test_organisations_did_not_all_come_today(now: datetime) -> None:
    voices = Voice.objects.filter(is_fictional=True).exclude(kind="habitant")
    assert voices.filter(verified_at__lt=now.astimezone(UTC) - timedelta(days=30)).count() > 30
