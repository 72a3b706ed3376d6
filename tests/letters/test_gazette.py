"""The letter: what is in it, to whom, how often; read through the gates when it leaves (R-SEC-3, R-MOD-16)."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from parvis.agenda import actions as agenda
from parvis.core.models import JournalEntry
from parvis.groups import actions as groups
from parvis.groups.models import Group
from parvis.letters import actions
from parvis.letters.models import Issue, Often, Refusal, Rhythm
from parvis.moderation import actions as moderation
from parvis.notifications.models import Notification
from parvis.people import actions as people
from parvis.people.models import Person, Voice
from parvis.publications.models import Publication
from tests.cast import Cast, make_person
from tests.circles import Found, found, garden, own, say, signed_in, trust
from tests.letters.conftest import PARIS, THURSDAY, WEDNESDAY, Clock, compose, leave, run
from tests.publications.conftest import Say, html

__all__ = ["Found", "found", "garden"]
pytestmark = pytest.mark.django_db


def letters() -> list[EmailMultiAlternatives]:
    """The letters that left, and no other mail."""
    return [one for one in mail.outbox if isinstance(one, EmailMultiAlternatives) and "List-Id" in one.extra_headers]


def text(message: EmailMultiAlternatives) -> str:
    """Its plain text, special spaces made plain."""
    return str(message.body).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def week(clock: Clock, send: Say, routes: Voice, agent: Person, territory: Cast, amina: Person) -> Clock:
    """A notice to Clairval and one to Bois-le-Comte, where Amina lives; she alone wants a letter."""
    for person in Person.objects.exclude(pk=amina.pk):
        actions.choose_rhythm(person, often="never", zone=None)
    send(routes, agent, "Pont fermé", territory.clairval)
    send(routes, agent, "Eau coupée jeudi", territory.bois)
    return clock


def test_says_what_reaches_ones_places_and_why(week: Clock, amina: Person) -> None:
    leave(week)
    [message] = letters()
    assert message.to == [amina.email]
    assert message.subject == "Votre semaine en une page"
    assert "Eau coupée jeudi" in text(message)
    assert "vous habitez Bois-le-Comte" in text(message)
    assert "Pont fermé" not in text(message)
    page = str(message.alternatives[0][0])
    assert "Eau coupée jeudi" in page
    assert "http" not in page.replace("http://127.0.0.1:8000/", ""), "nothing of another site, no picture to load"
    assert "<img" not in page
    assert Issue.objects.get().state == Issue.State.SENT


def test_leaves_once_a_week_however_often_the_clock_strikes(week: Clock, amina: Person) -> None:
    for hour in (8, 9, 15):
        leave(week, THURSDAY.replace(hour=hour))
    leave(week, THURSDAY + timedelta(days=1))
    assert len(letters()) == 1
    assert Issue.objects.count() == 1


def test_leaves_late_in_the_week_when_the_site_was_away_on_thursday(week: Clock, amina: Person) -> None:
    leave(week, THURSDAY + timedelta(days=2))
    assert [message.to for message in letters()] == [[amina.email]]
    assert Issue.objects.get().period == "2026-W48"


def test_no_letter_leaves_in_the_quiet_hours_nor_before_thursday(week: Clock, amina: Person) -> None:
    """R-MOD-16."""
    for moment in (WEDNESDAY, THURSDAY.replace(hour=6, minute=59), THURSDAY.replace(hour=22)):
        leave(week, moment)
    assert letters() == []


def test_a_letter_that_misses_its_day_stays_on_the_site(week: Clock, amina: Person) -> None:
    week(THURSDAY)
    compose()
    # The worker that sends is away until the next day.
    week(THURSDAY + timedelta(days=1))
    run()
    assert letters() == []
    issue = Issue.objects.get()
    assert issue.state == Issue.State.KEPT
    assert "Eau coupée jeudi" in html(signed_in(amina).get(issue.get_absolute_url()))


def test_every_morning_there_is_something_new_and_never_twice_a_day(
    week: Clock, amina: Person, send: Say, routes: Voice, agent: Person, territory: Cast
) -> None:
    """R-MOD-16: one a day at most, whatever one chooses meanwhile; no news, no letter."""
    actions.choose_rhythm(amina, often="daily", zone=None)
    leave(week)
    actions.choose_rhythm(amina, often="weekly", zone=None)
    leave(week, THURSDAY.replace(hour=10))
    actions.choose_rhythm(amina, often="daily", zone=None)
    leave(week, THURSDAY.replace(hour=11))
    assert len(letters()) == 1
    leave(week, THURSDAY + timedelta(days=1))
    assert len(letters()) == 1
    send(routes, agent, "Pont rouvert", territory.bois)
    leave(week, THURSDAY + timedelta(days=2))
    assert len(letters()) == 2
    assert "Pont rouvert" in text(letters()[1])
    assert "Eau coupée" not in text(letters()[1])


def test_whoever_wants_none_gets_none(week: Clock, amina: Person) -> None:
    actions.choose_rhythm(amina, often="never", zone=None)
    leave(week)
    assert letters() == []
    assert Issue.objects.count() == 0


def test_whoever_says_no_before_it_leaves_gets_none(week: Clock, amina: Person) -> None:
    week(THURSDAY)
    compose()
    actions.choose_rhythm(amina, often="never", zone=None)
    run()
    assert letters() == []


def test_of_one_commune_alone_if_one_chose_it(week: Clock, amina: Person, territory: Cast, send: Say) -> None:
    people.follow_commune(amina, territory.clairval)
    actions.choose_rhythm(amina, often="weekly", zone=territory.bois)
    leave(week)
    [message] = letters()
    assert message.subject.replace("\u00a0", " ") == "La gazette de Bois-le-Comte : la semaine en une page"
    assert "Pont fermé" not in text(message)
    assert "Eau coupée" in text(message)


def test_what_was_hidden_between_composing_and_leaving_is_not_in_it(
    week: Clock, amina: Person, moderator: Person, agent: Person
) -> None:
    """R-SEC-3: it holds numbers, read through the gate when it leaves."""
    week(THURSDAY)
    compose()
    notice = Publication.objects.get(title="Eau coupée jeudi")
    moderation.decide(notice, by=moderator, verdict="hide", rule="inexact", reason="Non.")
    run()
    assert letters() == []
    assert Issue.objects.get().state == Issue.State.KEPT
    assert "Eau coupée" not in html(signed_in(amina).get(Issue.objects.get().get_absolute_url()))


def test_who_moved_between_composing_and_leaving_is_not_told_of_the_former_place(
    week: Clock, amina: Person, territory: Cast
) -> None:
    week(THURSDAY)
    compose()
    people.settle(amina, people.Where(territory.remy))
    run()
    assert letters() == []


def test_a_muted_voice_is_not_in_it(week: Clock, amina: Person, routes: Voice) -> None:
    """R-MOD-9."""
    people.mute(amina, routes)
    leave(week)
    assert letters() == []


def test_one_voice_does_not_fill_it(
    clock: Clock, amina: Person, routes: Voice, agent: Person, territory: Cast, send: Say
) -> None:
    for number in range(5):
        send(routes, agent, f"Avis numéro {number}", territory.bois, at=WEDNESDAY + timedelta(minutes=number))
    leave(clock)
    [mine] = [one for one in letters() if one.to == [amina.email]]
    assert re.findall(r"^- Avis numéro (\d)", text(mine), re.MULTILINE) == ["4", "3"]


def test_has_the_agenda_of_ones_commune_and_what_is_beside_when_it_is_short(
    clock: Clock, amina: Person, chorale: Voice, chloe: Person, territory: Cast
) -> None:
    said: dict[str, Any] = {
        "voice": chorale, "by": chloe, "body": "Venez.", "category": "fete", "venue": "Foyer", "at": WEDNESDAY,
    }  # fmt: skip
    for title, commune, day in (("Bal folk", "bois", 28), ("Loto", "clairval", 27), ("Trop tard", "bois", 3)):
        month = 12 if day == 3 else 11
        when = datetime(2026, month, day, 20, tzinfo=PARIS)
        agenda.announce(title=title, starts_at=when, commune=getattr(territory, commune), **said)
    leave(clock)
    [mine] = [one for one in letters() if one.to == [amina.email]]
    words = text(mine).partition("AGENDA")[2]
    assert words.index("Vendredi 27 novembre") < words.index("Loto") < words.index("Samedi 28") < words.index("Bal")
    assert "Trop tard" not in words


def test_tells_what_no_mail_told_and_then_no_mail_tells_it(
    week: Clock, amina: Person, bruno: Person, garden: Group
) -> None:
    """Notifications not mailed yet are in it; those it told are mailed by nothing else."""
    actions.choose_rhythm(amina, often="daily", zone=None)
    trust(bruno)
    groups.join(garden, by=bruno, voice=own(bruno))
    topic = say(garden, amina, "Qui garde les graines ?")
    groups.reply(topic, by=bruno, voice=own(bruno), body="Moi, à la cave.")
    run()
    assert [one for one in mail.outbox if amina.email in one.to] == [], "it waits for the letter"
    leave(week)
    [mine] = [one for one in letters() if one.to == [amina.email]]
    assert "Bruno Tessier a répondu dans « Qui garde les graines ? »" in text(mine)
    assert Notification.objects.get(person=amina, what="talk").mailed
    leave(week, THURSDAY + timedelta(days=1))
    assert len([one for one in letters() if one.to == [amina.email]]) == 1


def test_tells_of_the_groups_one_is_in_and_of_no_other(
    week: Clock, amina: Person, bruno: Person, chloe: Person, garden: Group
) -> None:
    trust(bruno)
    groups.join(garden, by=bruno, voice=own(bruno))
    say(garden, amina, "Qui garde les graines ?")
    actions.choose_rhythm(bruno, often="weekly", zone=None)
    actions.choose_rhythm(chloe, often="weekly", zone=None)
    leave(week)
    told = {one.to[0]: text(one) for one in letters()}
    assert "Qui garde les graines ? (Jardins de Bois-le-Comte) : 1 nouveau message" in told[bruno.email]
    assert "graines" not in told.get(chloe.email, "")


def test_who_left_the_group_before_it_leaves_is_told_nothing(
    week: Clock, amina: Person, bruno: Person, garden: Group
) -> None:
    """R-SEC-3."""
    trust(bruno)
    groups.join(garden, by=bruno, voice=own(bruno))
    Group.objects.filter(pk=garden.pk).update(access=Group.Access.PRIVATE)
    say(garden, amina, "Qui garde les graines ?")
    actions.choose_rhythm(bruno, often="weekly", zone=None)
    week(THURSDAY)
    compose()
    groups.leave(garden, by=bruno)
    run()
    assert [one for one in letters() if one.to == [bruno.email] and "graines" in text(one)] == []
    page = html(signed_in(bruno).get("/mon-espace/lettres/2026-W48/"))
    assert "graines" not in page


def test_in_the_quiet_hours_what_can_wait_waits_for_the_morning(
    clock: Clock, amina: Person, bruno: Person, garden: Group
) -> None:
    trust(bruno)
    groups.join(garden, by=bruno, voice=own(bruno))
    topic = say(garden, amina, "Qui garde les graines ?")
    run()
    mail.outbox.clear()
    clock(WEDNESDAY.replace(hour=23))
    groups.reply(topic, by=bruno, voice=own(bruno), body="Moi.")
    run()
    assert mail.outbox == []
    waiting = JournalEntry.objects.filter(verb="notification.made").latest("pk").jobs.get()
    assert (waiting.state, waiting.run_at, waiting.attempts) == ("waiting", THURSDAY.replace(hour=7), 0)
    clock(THURSDAY.replace(hour=7))
    run()
    [message] = mail.outbox
    assert message.to == [amina.email]
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def stop_of(message: Any) -> str:
    """The address that ends this mail, without the site."""
    return str(message.extra_headers["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")


def test_one_click_ends_it_without_session_and_nothing_else_does(week: Clock, amina: Person, client: Any) -> None:
    """R-REL-22, RFC 8058: by POST; a program that opens the link changes nothing."""
    leave(week)
    [message] = letters()
    address = stop_of(message)
    assert address in text(message)
    assert client.get(address).status_code == 200
    assert not Rhythm.objects.filter(person=amina).exists()
    hostile = type(client)(enforce_csrf_checks=True)
    for _time in range(2):
        answer = hostile.post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert Rhythm.objects.get(person=amina).often == Often.NEVER
    assert JournalEntry.objects.filter(verb="person.letters_stopped").count() == 1
    leave(week, THURSDAY + timedelta(days=7))
    assert len(letters()) == 1


def test_a_link_that_was_changed_is_no_link(week: Clock, amina: Person, client: Any) -> None:
    leave(week)
    address = stop_of(letters()[0])
    swapped = address[:-2] + ("A" if address[-2] != "A" else "B") + "/"
    assert client.post(swapped).status_code == 404
    assert client.post("/courriel/arret/" + "a" * 40 + "/").status_code == 404
    assert not Refusal.objects.exists()


def test_a_refusal_outlives_the_account(
    week: Clock, amina: Person, client: Any, territory: Cast, routes: Voice, agent: Person, send: Say
) -> None:
    """R-REL-22: the same address that comes back gets nothing until it asks; a year later the link still works."""
    leave(week)
    address = stop_of(letters()[0])
    email = amina.email
    Person.objects.filter(pk=amina.pk).update(email="ailleurs@example.org")
    week(THURSDAY + timedelta(days=366))
    assert client.post(address).status_code == 200
    again = make_person(email, "Amina Belkacem", territory.bois)
    send(routes, agent, "Encore de l’eau", territory.bois)
    leave(week, THURSDAY + timedelta(days=371 + 7))
    assert not Issue.objects.filter(person=again).exists()
    page = html(signed_in(again).get("/reglages/lettre/"))
    assert re.search(r'value="never"[^>]*checked', page)
    signed_in(again).post("/reglages/lettre/", {"often": "weekly", "zone": "partout"})
    assert Rhythm.objects.get(person=again).often == Often.WEEKLY
    assert not Refusal.objects.exists()


def test_a_link_ends_one_kind_of_mail_alone(clock: Clock, amina: Person, bruno: Person, garden: Group) -> None:
    trust(bruno)
    groups.join(garden, by=bruno, voice=own(bruno))
    topic = say(garden, amina, "Qui garde les graines ?")
    run()
    mail.outbox.clear()
    groups.reply(topic, by=bruno, voice=own(bruno), body="Moi.")
    run()
    [message] = mail.outbox
    client = signed_in(amina)
    assert "Réponses à ce que vous écrivez" in html(client.get(stop_of(message)))
    assert client.post(stop_of(message)).status_code == 200
    Notification.objects.update(read_at=timezone.now())
    groups.reply(topic, by=bruno, voice=own(bruno), body="Et toi ?")
    run()
    assert len(mail.outbox) == 1
    assert not Rhythm.objects.filter(person=amina).exists()


def test_is_read_by_its_reader_alone(week: Clock, amina: Person, bruno: Person, client: Any) -> None:
    leave(week)
    address = Issue.objects.get(person=amina).get_absolute_url()
    mine = signed_in(amina)
    assert "Eau coupée jeudi" in html(mine.get(address))
    assert "Semaine 48" in html(mine.get("/mon-espace/lettres/"))
    assert "Eau coupée" not in html(signed_in(bruno).get(address)), "the same address is his own letter"
    assert client.get(address).status_code == 302
    for wrong in ("2026-W99", "2026-02-31", "x", "2026-W47"):
        assert mine.get(f"/mon-espace/lettres/{wrong}/").status_code == 404


def test_asks_as_much_of_the_database_for_many_as_for_few(
    week: Clock, amina: Person, territory: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        make_person(f"p{number}@example.org", f"Personne {number}", territory.bois)
    run()
    week(THURSDAY)
    with django_assert_max_num_queries(36):
        compose()
    assert Issue.objects.count() == 41


def test_the_gazette_of_a_commune_is_for_everyone(week: Clock, client: Any, territory: Cast) -> None:
    page = html(client.get("/communes/bois-le-comte-99002/gazette/"))
    assert "Eau coupée jeudi" in page
    assert "Pont fermé" not in page
    assert "vous habitez" not in page
    past = re.search(r'href="(\?semaine=2026-W\d\d)"', page)
    assert past
    assert client.get(f"/communes/bois-le-comte-99002/gazette/{past[1]}").status_code == 200
    for wrong in ("2026-W52", "2020-W01", "demain", "2026-11-25"):
        assert client.get(f"/communes/bois-le-comte-99002/gazette/?semaine={wrong}").status_code == 404
    assert client.get("/communes/x-00000/gazette/").status_code == 404


def test_the_page_of_the_rules_says_the_numbers_of_the_code(client: Any, territory: Cast) -> None:
    page = html(client.get("/aide/gazette/"))
    assert "12 rendez-vous au plus dans les sept jours, 6 dans la lettre du jour" in page
    assert "2 au plus d’un même profil" in page
