"""The world of the bench is one that actions would have made, and whose pages answer."""

from collections import Counter

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from bench.world import fill
from parvis.agenda.models import DayCount, Event, Showing
from parvis.people import actions
from parvis.people.models import Person, Subscription
from parvis.publications.actions.spreading import gather_back, spread
from parvis.publications.feed import feed_for
from parvis.publications.models import Delivery, Listing, Publication, Reply
from tests.cast import Cast


@pytest.fixture
def world(territory: Cast) -> dict[str, int]:
    return {table.name: table.written for table in fill(1_000)}


def rows(publication: Publication) -> list[set[tuple[object, ...]]]:
    of_one = {"publication": publication}
    showings = Showing.objects.filter(occurrence__event=publication.pk)
    return [
        set(Delivery.objects.filter(**of_one).values_list("audience", "position", "kind", "voice", "expires_at")),
        set(Listing.objects.filter(**of_one).values_list("zone", "position", "kind")),
        set(showings.values_list("zone", "occurrence", "starts_at", "ends_at", "category")),
    ]


def counts() -> set[tuple[object, ...]]:
    return set(DayCount.objects.filter(count__gt=0).values_list("zone", "day", "category", "count"))


def test_holds_what_actions_would_have_written(world: dict[str, int]) -> None:
    days = counts()
    for publication in Publication.objects.order_by("pk"):
        before = rows(publication)
        gather_back(publication)
        spread(publication)
        assert rows(publication) == before
    assert counts() == days
    for person in Person.objects.filter(places__isnull=False)[:10]:
        mine = Subscription.objects.filter(person=person).exclude(source=0)
        held = set(mine.values_list("audience", "reason", "grants", "muted"))
        place = person.places.select_related("zone", "canton").get()
        actions.settle(person, actions.Where(place.zone, place.canton))
        assert set(mine.values_list("audience", "reason", "grants", "muted")) == held


def test_counts_what_the_queries_count(world: dict[str, int]) -> None:
    assert Delivery.objects.count() == world["publications_delivery"] >= 200
    assert Event.objects.count() == world["agenda_event"] > 0
    replies = Counter(Reply.objects.values_list("publication", flat=True))
    assert dict(Publication.objects.filter(reply_count__gt=0).values_list("pk", "reply_count")) == replies
    assert DayCount.objects.aggregate(all=Sum("count"))["all"] == Showing.objects.count()


def test_answers(world: dict[str, int], territory: Cast) -> None:
    member = Client()
    person = Person.objects.filter(places__isnull=False)[0]
    member.force_login(person)
    assert feed_for(person).cards
    event = Publication.objects.visible_to(None).of_kind("event")[0]
    visited = ["/", "/agenda/", "/agenda.ics", "/annuaire/?type=association", territory.bois.get_absolute_url()]
    for address in [*visited, event.get_absolute_url(), f"/agenda/?mois={timezone.localdate():%Y-%m}"]:
        assert Client().get(address).status_code == 200
        assert member.get(address).status_code == 200
