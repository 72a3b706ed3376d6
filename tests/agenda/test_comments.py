"""Comments under an event: closed until whoever organises opens them, then as any answer to a publication."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.agenda import actions
from parvis.agenda.models import Event
from parvis.core.models import JournalEntry
from parvis.notifications.models import Notification
from parvis.people.actions import block, mute
from parvis.people.models import Person, Voice
from parvis.publications import actions as publications
from parvis.publications.actions import Refused
from parvis.publications.cards import draw
from parvis.publications.models import Publication, Reply, State
from parvis.publications.views.reading import REPLIES
from tests.agenda.conftest import Announce
from tests.cast import Cast
from tests.publications.conftest import html, signed_in
from tests.worker import run_until_idle

DjangoAssertNumQueries = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def soon() -> datetime:
    """In three days, to the minute."""
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=3)


@pytest.fixture
def ball(announce: Announce, soon: datetime) -> Event:
    """By the chorale, which opened it to comments."""
    return announce("Bal folk", soon, at=timezone.now(), answerable=True)


def address(event: Event) -> str:
    return event.publication.get_absolute_url()


def comment(event: Event, person: Person, words: str, voice: Voice | None = None) -> Reply:
    """One that is online at once, whoever writes it."""
    Person.objects.filter(pk=person.pk).update(trusted_at=timezone.now())
    person.refresh_from_db()
    return publications.reply(event.publication, voice=voice or person.voice, by=person, body=words)


def path(event: Event) -> str:
    return f"/publications/{event.pk}/repondre/"


def test_they_are_closed_until_the_organiser_opens_them(
    announce: Announce, soon: datetime, bruno: Person, chloe: Person
) -> None:
    event = announce("Bal folk", soon, at=timezone.now())
    assert "ommentaire" not in html(signed_in(bruno).get(address(event)))
    assert signed_in(bruno).post(path(event), {"body": "Bravo", "voice": bruno.voice.pk}).status_code == 404
    with pytest.raises(Refused, match="fermés"):
        publications.reply(event.publication, voice=bruno.voice, by=bruno, body="Bravo")
    form = html(signed_in(chloe).get(f"/agenda/{event.pk}/corriger/"))
    assert '<input type="checkbox" name="answerable"' in form
    with pytest.raises(Refused, match="Vous ne parlez pas"):
        publications.open_to_replies(event.publication, by=bruno, answerable=True)
    for _turn in range(2):
        publications.open_to_replies(event.publication, by=chloe, answerable=True)
    assert JournalEntry.objects.filter(verb="publication.opened_to_replies").count() == 1
    assert "Personne n’a encore commenté" in html(Client().get(address(event)))


def test_the_form_that_announces_opens_them(territory: Cast, chorale: Voice, chloe: Person, soon: datetime) -> None:
    day = timezone.localtime(soon)
    sent = {
        "key": "4f0c8f5e-5f6d-4f0e-8f10-2f3c1b1c8f11",
        "voice": chorale.pk,
        "title": "Bal folk",
        "category": "fete",
        "body": "On danse.",
        "day": f"{day:%Y-%m-%d}",
        "start": "20:30",
        "venue": "Foyer",
        "commune": territory.bois.name,
        "answerable": "on",
    }
    signed_in(chloe).post("/publier/evenement/", sent)
    event = Event.objects.get()
    assert event.publication.answerable
    again = {name: value for name, value in sent.items() if name != "answerable"}
    signed_in(chloe).post(f"/agenda/{event.pk}/corriger/", again | {"version": event.publication.version})
    event.publication.refresh_from_db()
    assert not event.publication.answerable


def test_whoever_is_identified_comments_in_any_of_their_voices(
    ball: Event, bruno: Person, atelier: Voice, amina: Person, routes: Voice, agent: Person
) -> None:
    first = signed_in(bruno).post(path(ball), sent("Qui covoiture ?", bruno.voice))
    assert first["Location"].startswith(address(ball))
    assert Reply.objects.get().state == State.PENDING
    assert "Qui covoiture" not in html(Client().get(address(ball)))
    assert "Qui covoiture" in html(signed_in(bruno).get(address(ball)))
    signed_in(agent).post(path(ball), sent("La route est ouverte.", routes))
    comment(ball, amina, "Nous prêtons la sono.", atelier)
    page = html(Client().get(address(ball)))
    assert "La route est ouverte" in page
    assert atelier.name in page
    assert "2\u00a0commentaires" in page or "2 commentaires" in page
    assert f"/signaler/reponse/{Reply.objects.get(voice=routes).pk}/" in page
    assert "Se connecter pour commenter" in page
    assert ">2 commentaires<" in draw(Publication.objects.shown().get(pk=ball.pk))


def sent(words: str, voice: Voice) -> dict[str, object]:
    """What the form sends."""
    return {"key": "9d2c8f5e-5f6d-4f0e-8f10-2f3c1b1c8f12", "body": words, "voice": voice.pk}


def test_what_is_wrong_comes_back_on_the_page_of_the_event(ball: Event, bruno: Person) -> None:
    answer = signed_in(bruno).post(path(ball), sent("  ", bruno.voice))
    assert answer.status_code == 422
    page = html(answer)
    assert "Écrivez votre commentaire" in page
    assert "Foyer rural" in page
    long = "mot " * 800
    assert long.strip() in html(signed_in(bruno).post(path(ball), sent(long, bruno.voice)))


def test_moderators_hide_them_and_their_author_takes_them_back(ball: Event, bruno: Person, moderator: Person) -> None:
    one = comment(ball, bruno, "Vendez-moi tout")
    publications.hide(one, by=moderator, rule="publicite", reason="C’est une réclame.")
    assert "Vendez-moi" not in html(Client().get(address(ball)))
    assert "C’est une réclame" in html(signed_in(bruno).get(address(ball)))
    publications.restore(one, by=moderator)
    one.refresh_from_db()
    signed_in(bruno).post(f"/reponses/{one.pk}/retirer/")
    ball.publication.refresh_from_db()
    assert ball.publication.reply_count == 0
    assert "Vendez-moi" not in html(signed_in(bruno).get(address(ball)))


def test_closed_again_they_stay_and_nobody_adds_any(ball: Event, bruno: Person, chloe: Person) -> None:
    one = comment(ball, bruno, "Hâte d’y être")
    publications.open_to_replies(ball.publication, by=chloe, answerable=False)
    page = html(signed_in(bruno).get(address(ball)))
    assert "Hâte d’y être" in page
    assert "Les commentaires sont fermés" in page
    assert "repondre/" not in page
    with pytest.raises(Refused, match="fermés"):
        comment(ball, bruno, "Encore")
    # Taken back, it leads to the page of the event all the same.
    assert signed_in(bruno).post(f"/reponses/{one.pk}/retirer/", follow=True).status_code == 200


def test_whoever_announced_it_is_told_and_nobody_is_of_their_own(ball: Event, bruno: Person, chloe: Person) -> None:
    comment(ball, bruno, "Hâte d’y être")
    comment(ball, chloe, "Nous aussi", chloe.voice)
    run_until_idle()
    [told] = Notification.objects.filter(person=chloe)
    assert (told.what, told.count, told.voice) == ("comment", 1, bruno.voice)
    page = html(signed_in(chloe).get("/notifications/"))
    assert f"{bruno.voice.name} a commenté" in page


def test_who_is_muted_is_left_out_and_who_is_blocked_kept_away(
    announce: Announce, soon: datetime, bruno: Person, amina: Person, settings: Any
) -> None:
    settings.INHABITANT_EVENTS = True
    Person.objects.filter(pk=amina.pk).update(trusted_at=timezone.now())
    amina.refresh_from_db()
    own = announce("Goûter", soon, at=timezone.now(), voice=amina.voice, by=amina, answerable=True)
    comment(own, bruno, "Je viens")
    mute(amina, bruno.voice)
    amina.refresh_from_db()
    assert "Je viens" not in html(signed_in(amina).get(address(own)))
    block(amina, bruno.voice)
    with pytest.raises(Refused, match="ne reçoit pas"):
        comment(own, bruno, "Vraiment ?")
    assert "Votre commentaire" not in html(signed_in(bruno).get(address(own)))


def test_they_follow_the_event_that_turned_out_to_be_another(
    announce: Announce, ball: Event, soon: datetime, bruno: Person, amina: Person, moderator: Person
) -> None:
    twin = announce("Bal folk, le grand", soon, at=timezone.now(), answerable=True, venue="Le foyer")
    comment(twin, bruno, "Sous l’autre")
    comment(ball, amina, "Sous celui-ci")
    waiting = publications.reply(twin.publication, voice=amina.voice, by=amina, body="Et là")
    Reply.objects.filter(pk=waiting.pk).update(state=State.PENDING)
    actions.merge_events(twin, into=ball, by=moderator)
    page = html(Client().get(address(ball)))
    assert "Sous l’autre" in page
    assert "Sous celui-ci" in page
    assert "Et là" not in page
    assert Publication.objects.get(pk=ball.pk).reply_count == 2
    assert Publication.objects.get(pk=twin.pk).reply_count == 0
    assert list(Reply.objects.awaiting(moderator)) == [waiting]


def test_the_page_is_cut_and_costs_the_same_however_many_there_are(
    ball: Event, bruno: Person, amina: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(amina)
    comment(ball, bruno, "Premier")
    with django_assert_max_num_queries(20):
        client.get(address(ball))
    for number in range(REPLIES):
        comment(ball, bruno, f"Suite {number}")
    with django_assert_max_num_queries(20):
        page = html(client.get(address(ball)))
    assert "Premier" in page
    last = f"Suite {REPLIES - 1}"
    assert last not in page
    assert last in html(client.get(f"{address(ball)}?page=2"))
    answer = client.post(path(ball), sent("Et moi", amina.voice))
    assert "page=2#reponse-" in answer["Location"]
