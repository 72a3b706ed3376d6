"""« J’y vais »: said of one time of an event, counted without singling anyone out (R-LAW-11, R-PRIV-1)."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from parvis.agenda import actions
from parvis.agenda.models import Attendance, Event, Occurrence, rounded
from parvis.core.models import JournalEntry
from parvis.people.models import Person
from parvis.publications.actions import Refused, withdraw
from tests.agenda.conftest import Announce
from tests.cast import Cast, make_person
from tests.publications.conftest import html, signed_in


@pytest.fixture
def soon() -> datetime:
    """Tomorrow, to the minute."""
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=1)


@pytest.fixture
def concert(announce: Announce, soon: datetime) -> Event:
    """An event with two times to come."""
    return announce("Concert", soon, others=[actions.Span(soon + timedelta(days=7))], at=timezone.now())


def times(event: Event) -> list[Occurrence]:
    """Its times, soonest first."""
    return list(event.occurrences.all())


def crowd(territory: Cast, count: int) -> list[Person]:
    """Many people."""
    return [make_person(f"{index}@example.org", "Camille Dor", territory.bois) for index in range(count)]


def test_one_goes_at_one_time_and_changes_their_mind(amina: Person, concert: Event) -> None:
    first, second = times(concert)
    client = signed_in(amina)
    for _ in range(2):
        sent = client.post(f"/agenda/presence/{second.pk}/", {"action": "attend"})
    assert sent["Location"] == concert.publication.get_absolute_url()
    assert Attendance.objects.get().occurrence == second
    page = html(client.get(concert.publication.get_absolute_url()))
    assert page.count("Je n’y vais plus") == 1
    assert f'action="/agenda/presence/{first.pk}/"' in page
    mine = html(client.get("/mon-espace/"))
    assert "Concert" in mine
    assert html_time(second) in mine
    assert html_time(first) not in mine
    for _ in range(2):
        client.post(f"/agenda/presence/{second.pk}/", {"action": "unattend"})
    assert not Attendance.objects.exists()
    assert "Aucun rendez-vous noté." in html(client.get("/mon-espace/"))


def html_time(time: Occurrence) -> str:
    """When it is, as a test reads a page."""
    return time.when.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_journal_says_neither_where_nor_when(amina: Person, concert: Event) -> None:
    before = JournalEntry.objects.count()
    actions.attend(amina, times(concert)[0])
    actions.unattend(amina, times(concert)[0])
    entries = list(JournalEntry.objects.order_by("pk")[before:])
    assert [entry.verb for entry in entries] == ["person.going", "person.not_going"]
    assert {(entry.target_id, str(entry.details), entry.shows) for entry in entries} == {(amina.pk, "{}", False)}


def test_no_number_under_eleven_then_a_range(territory: Cast, concert: Event, chloe: Person) -> None:
    """Its organiser reads the same, and never a name."""
    time, *_ = times(concert)
    people = crowd(territory, 11)
    for person in people[:10]:
        actions.attend(person, time)
    address = concert.publication.get_absolute_url()
    assert "personnes y vont" not in html(Client().get(address))
    actions.attend(people[10], time)
    for client in (Client(), signed_in(people[0]), signed_in(chloe)):
        page = html(client.get(address))
        assert "Plus de 10 personnes y vont." in page
    assert "Camille Dor" not in html(signed_in(chloe).get(address))
    actions.unattend(people[3], time)
    assert "personnes y vont" not in html(Client().get(address))
    assert JournalEntry.objects.filter(verb="attendance.counted", actor_id=None, target_id=None).count() == 2


@pytest.mark.parametrize(
    ("going", "shown"), [(0, 0), (10, 0), (11, 10), (20, 10), (21, 20), (101, 100), (99_999, 10_000)]
)
def test_numbers_are_rounded_down(going: int, shown: int) -> None:
    assert rounded(going) == shown


def test_what_is_cancelled_over_or_gone_is_refused_with_a_sentence(
    amina: Person, chloe: Person, concert: Event, announce: Announce
) -> None:
    client = signed_in(amina)
    past = announce("Hier", timezone.now() - timedelta(hours=5), at=timezone.now() - timedelta(days=3))
    said = client.post(f"/agenda/presence/{times(past)[0].pk}/", {"action": "attend"}, follow=True)
    assert "Cette date est passée." in html(said)
    time = times(concert)[0]
    actions.attend(amina, time)
    actions.cancel_event(concert, by=chloe)
    said = client.post(f"/agenda/presence/{times(concert)[1].pk}/", {"action": "attend"}, follow=True)
    page = html(said)
    assert "Cet événement est annulé." in page
    assert page.count("Je n’y vais plus") == 1
    assert "Annulé" in html(client.get("/mon-espace/"))
    withdraw(concert.publication, by=chloe)
    with pytest.raises(Refused):
        actions.attend(amina, Occurrence.objects.get(pk=time.pk))
    assert client.post(f"/agenda/presence/{times(concert)[1].pk}/", {"action": "attend"}).status_code == 404
    client.post(f"/agenda/presence/{time.pk}/", {"action": "unattend"})
    assert not Attendance.objects.exists()


def test_an_act_nobody_knows_is_404(amina: Person, concert: Event) -> None:
    assert signed_in(amina).post(f"/agenda/presence/{times(concert)[0].pk}/", {"action": "x"}).status_code == 404


def test_a_visitor_is_led_to_sign_in_and_meets_no_form(concert: Event) -> None:
    address = concert.publication.get_absolute_url()
    page = html(Client().get(address))
    assert page.count(f'href="/connexion/?next={address}">J’y vais<') == 2
    assert f'href="/connexion/?next={address}">Enregistrer<' in page
    assert "csrfmiddlewaretoken" not in page


def test_pages_cost_the_same_however_many_go(
    amina: Person, territory: Cast, concert: Event, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for person in [amina, *crowd(territory, 12)]:
        for time in times(concert):
            actions.attend(person, time)
    client = signed_in(amina)
    with django_assert_max_num_queries(15):
        client.get(concert.publication.get_absolute_url())
    with django_assert_max_num_queries(14):
        client.get("/mon-espace/")


def test_it_goes_with_the_account_and_with_the_event(amina: Person, chloe: Person, concert: Event) -> None:
    actions.attend(amina, times(concert)[0])
    actions.attend(chloe, times(concert)[0])
    amina.delete()
    assert Attendance.objects.get().person == chloe
    concert.occurrences.all().delete()
    assert not Attendance.objects.exists()
