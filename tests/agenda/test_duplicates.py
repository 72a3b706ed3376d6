"""Two events that are one: shown to moderators, merged without losing who goes nor where it came from (R-MOD-20)."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.agenda import actions
from parvis.agenda.likeness import probable
from parvis.agenda.models import Attendance, Event, Follow, Merged, Occurrence, ToldApart
from parvis.notifications.models import Notification
from parvis.people.actions import verify
from parvis.people.models import Person, Voice
from parvis.publications.actions import Refused, restore
from parvis.publications.models import Decision
from tests.agenda.conftest import Announce, paris, run
from tests.cast import Cast
from tests.publications.conftest import html, signed_in

PATH = "/moderation/doublons/"


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: paris(24, 9))


@pytest.fixture
def twins(announce: Announce, atelier: Voice, amina: Person, admin: Person) -> tuple[Event, Event]:
    """One ball, announced by the chorale and by the atelier."""
    verify(atelier, by=admin, reason="récépissé")
    atelier.refresh_from_db()
    same: dict[str, Any] = {"voice": atelier, "by": amina, "origin": "exemple.fr"}
    return announce("Grand bal folk", paris(28, 20)), announce("Bal folk, le grand", paris(28, 20), **same)


def time_of(event: Event) -> Occurrence:
    return Occurrence.objects.select_related("event__publication").get(event=event)


def test_they_are_shown_to_who_moderates_both_and_to_nobody_else(
    twins: tuple[Event, Event], announce: Announce, territory: Cast, moderator: Person, chloe: Person
) -> None:
    one, other = twins
    announce("Grand bal folk", paris(29, 20), venue="Ailleurs")
    announce("Grand bal folk", paris(28, 20), commune=territory.remy, venue="Halle")
    announce("Loto des anciens", paris(28, 20))
    assert probable(moderator, timezone.now()) == [(one.pk, other.pk)]
    page = html(signed_in(moderator).get(PATH))
    assert "Bal folk, le grand" in page
    assert "Loto" not in page
    assert signed_in(chloe).get(PATH).status_code == 404
    assert Client().get(PATH).status_code == 404


@pytest.mark.parametrize(
    ("title", "hour", "venue", "shown"),
    [
        ("Bal folk d’automne", 20, "Foyer rural", True),
        ("Bal folk d’automne", 15, "Ailleurs", False),
        ("Le grand bal folk", 15, "Ailleurs", True),
        ("Conseil municipal", 20, "Foyer rural", False),
    ],
)
def test_title_place_and_hour_decide(
    twins: tuple[Event, Event],
    announce: Announce,
    atelier: Voice,
    amina: Person,
    moderator: Person,
    title: str,
    hour: int,
    venue: str,
    shown: bool,
) -> None:
    Event.objects.filter(pk=twins[1].pk).delete()
    announce(title, paris(28, hour), venue=venue, voice=atelier, by=amina)
    assert bool(probable(moderator, timezone.now())) is shown


def test_one_voice_knows_what_it_announced(announce: Announce, moderator: Person) -> None:
    announce("Atelier couture", paris(28, 14))
    announce("Atelier cuisine", paris(28, 14))
    assert probable(moderator, timezone.now()) == []


def test_the_one_kept_receives_who_goes_and_the_address_of_the_other(
    twins: tuple[Event, Event], moderator: Person, amina: Person, bruno: Person
) -> None:
    kept, gone = twins
    address = gone.publication.get_absolute_url()
    for person, event in ((amina, kept), (amina, gone), (bruno, gone)):
        actions.attend(person, time_of(event))
    sent = {"one": kept.pk, "other": gone.pk, "action": "keep_one"}
    assert signed_in(moderator).post(PATH, sent).status_code == 302
    assert sorted(Attendance.objects.filter(occurrence__event=kept).values_list("person", flat=True)) == sorted(
        [amina.pk, bruno.pk]
    )
    moved = Client().get(address)
    assert (moved.status_code, moved["Location"]) == (301, kept.publication.get_absolute_url())
    page = html(Client().get(kept.publication.get_absolute_url()))
    assert "Annoncé aussi par" in page
    assert "exemple.fr" in page
    assert "le grand" not in Client().get("/agenda.ics").content.decode()
    assert "C’est le même événement" in Decision.objects.get(publication=gone.publication).reason
    # Whoever announced it reads what became of it.
    assert signed_in(amina).get(address).status_code == 200
    assert probable(moderator, timezone.now()) == []
    # A second click changes nothing.
    signed_in(moderator).post(PATH, sent)
    assert Merged.objects.count() == 1


def test_a_name_given_to_one_is_not_told_to_another(
    twins: tuple[Event, Event], moderator: Person, bruno: Person, chloe: Person
) -> None:
    """R-PRIV-1: who registers with one organiser is told where it is now, and gives their name themselves."""
    kept, gone = twins
    actions.set_seats(kept, by=chloe, takes_registrations=True, capacity=10, question="")
    actions.attend(bruno, time_of(gone))
    actions.merge_events(gone, into=kept, by=moderator)
    assert Attendance.objects.get().occurrence.event == gone
    run()
    assert "merged" in Notification.objects.filter(person=bruno).values_list("what", flat=True)


def test_a_moderator_puts_it_back(twins: tuple[Event, Event], moderator: Person) -> None:
    kept, gone = twins
    actions.merge_events(gone, into=kept, by=moderator)
    gone.publication.refresh_from_db()
    restore(gone.publication, by=moderator)
    assert Client().get(gone.publication.get_absolute_url()).status_code == 200
    assert "Annoncé aussi par" not in html(Client().get(kept.publication.get_absolute_url()))


def test_one_that_was_merged_follows_its_own_into_a_third(
    twins: tuple[Event, Event], announce: Announce, moderator: Person
) -> None:
    kept, gone = twins
    third = announce("Le grand bal folk", paris(28, 21), venue="Ailleurs")
    actions.merge_events(gone, into=kept, by=moderator)
    actions.merge_events(kept, into=third, by=moderator)
    moved = Client().get(gone.publication.get_absolute_url())
    assert moved["Location"] == third.publication.get_absolute_url()


def test_two_that_are_two_are_not_asked_about_again(twins: tuple[Event, Event], moderator: Person) -> None:
    one, other = twins
    for _turn in range(2):
        signed_in(moderator).post(PATH, {"one": other.pk, "other": one.pk, "action": "apart"})
    assert ToldApart.objects.count() == 1
    assert probable(moderator, timezone.now()) == []


def test_nobody_merges_what_is_not_theirs_to_decide(
    twins: tuple[Event, Event], moderator: Person, chloe: Person
) -> None:
    one, other = twins
    for by, first, second in ((chloe, one, other), (moderator, one, one)):
        with pytest.raises(Refused):
            actions.merge_events(first, into=second, by=by)
    browser = signed_in(moderator)
    for sent in ({"one": one.pk, "other": 0, "action": "keep_one"}, {"one": one.pk, "other": other.pk, "action": "x"}):
        assert browser.post(PATH, sent).status_code == 404
    assert not Merged.objects.exists()


def test_who_is_brought_to_the_other_is_told_and_calendars_lead_there(
    twins: tuple[Event, Event], bruno: Person, chloe: Person, moderator: Person
) -> None:
    """Whoever goes, and whoever follows it; once each, and not who was already there."""
    one, other = twins
    actions.attend(bruno, time_of(other))
    for person, event in ((moderator, other), (chloe, other), (chloe, one)):
        actions.follow_event(person, event)
    actions.merge_events(other, into=one, by=moderator)
    run()
    told = Notification.objects.exclude(what="decision").values_list("person", "what", "subject")
    assert sorted(told) == sorted([(bruno.pk, "brought", one.pk), (moderator.pk, "follow_brought", one.pk)])
    assert sorted(Follow.objects.values_list("person", "event")) == sorted([(chloe.pk, one.pk), (moderator.pk, one.pk)])
    moved = Client().get(f"{other.publication.get_absolute_url().rstrip('/')}.ics")
    assert (moved.status_code, moved["Location"]) == (301, f"{one.publication.get_absolute_url().rstrip('/')}.ics")
    assert "Grand bal folk" in Client().get(moved["Location"]).content.decode()
    restore(other.publication, by=moderator)
    assert Client().get(f"{other.publication.get_absolute_url().rstrip('/')}.ics").status_code == 200
