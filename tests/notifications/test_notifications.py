"""What is new to someone: told once, grouped, to who may know it, on the channels they chose (R-SEC-3, R-MOD-16)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from parvis.agenda import actions as agenda
from parvis.core.models import JournalEntry
from parvis.groups import actions as groups
from parvis.groups.models import Group
from parvis.notifications import actions
from parvis.notifications.jobs import forget, tell
from parvis.notifications.keeping import count_again
from parvis.notifications.models import Notification
from parvis.people import actions as people
from parvis.people.models import Person, Voice
from parvis.publications import actions as publications
from parvis.publications.models import Publication
from tests.cast import Cast
from tests.circles import own, say, signed_in, trust
from tests.publications.conftest import html
from tests.worker import run_until_idle

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(amina: Person, bruno: Person, territory: Cast) -> Publication:
    """What Bruno says in his own name, online; Amina's words go online too."""
    trust(amina)
    trust(bruno)
    said: dict[str, Any] = {"kind": "post", "place": territory.clairval, "zones": [territory.clairval]}
    draft = publications.compose(voice=own(bruno), by=bruno, title="Un banc", body="Qui répare le banc ?", **said)
    made = publications.submit(draft, by=bruno)
    run_until_idle()
    return made


def answer(post: Publication, by: Person, body: str = "Moi.") -> None:
    """A reply, and all that follows from it."""
    publications.reply(post, voice=own(by), by=by, body=body)
    run_until_idle()


def news(person: Person) -> int:
    """What their badge says."""
    return Person.objects.values_list("news", flat=True).get(pk=person.pk)


def lines(person: Person) -> list[str]:
    """The sentences of their page."""
    page = html(signed_in(person).get("/notifications/"))
    return [part.partition("</button>")[0] for part in page.split('<button class="news__open">')[1:]]


def test_a_badge_counts_to_99_and_says_when_there_are_more(amina: Person, bruno: Person) -> None:
    rows = [Notification(person=bruno, what="contact", subject=number, entry=number) for number in range(100)]
    Notification.objects.bulk_create(rows)
    client = signed_in(bruno)
    count_again([bruno.pk])
    assert '>99+</span><span class="visually-hidden">Plus de 99 notifications non lues<' in html(client.get("/"))
    Notification.objects.get(subject=1).delete()
    count_again([bruno.pk])
    assert '>99</span><span class="visually-hidden"> notifications non lues<' in html(client.get("/"))


def test_what_happens_thrice_is_one_line_and_one_on_the_badge(post: Publication, amina: Person, bruno: Person) -> None:
    client = signed_in(bruno)
    assert "notification non lue" not in html(client.get("/"))
    for number in range(3):
        answer(post, amina, f"Réponse {number}.")
    assert lines(bruno) == ["3 réponses à « Un banc »"]
    assert news(bruno) == 1
    assert "notification non lue" in html(client.get("/"))
    row = Notification.objects.get()
    assert client.get(f"/notifications/{row.pk}/").status_code == 405
    assert client.post(f"/notifications/{row.pk}/")["Location"] == post.get_absolute_url()
    assert news(bruno) == 0
    assert "notification non lue" not in html(client.get("/"))
    answer(post, amina, "Une quatrième.")
    assert len(lines(bruno)) == 2
    client.post("/notifications/lu/")
    assert news(bruno) == 0


def test_the_same_job_twice_tells_once(post: Publication, amina: Person, bruno: Person) -> None:
    answer(post, amina)
    entry = JournalEntry.objects.get(verb="reply.published")
    tell(entry)
    assert Notification.objects.get().count == 1
    signed_in(bruno).post("/notifications/lu/")
    tell(entry)
    assert Notification.objects.count() == 1
    assert news(bruno) == 0


def test_nobody_is_told_of_their_own_words(post: Publication, bruno: Person) -> None:
    answer(post, bruno)
    assert lines(bruno) == []


def test_one_mail_until_they_come_back_and_without_the_words(garden: Group, amina: Person, bruno: Person) -> None:
    groups.join(garden, by=bruno, voice=own(bruno))
    topic = say(garden, amina, "Semis")
    run_until_idle()
    mail.outbox.clear()
    for _ in range(2):
        groups.reply(topic, by=amina, voice=own(amina), body="@Bruno Tessier, un secret de jardinier.")
        run_until_idle()
    [told] = mail.outbox
    assert told.to == [bruno.email]
    assert told.subject.replace("\xa0", " ") == "Amina Belkacem vous nomme dans « Semis »"
    assert "jardinier" not in told.body
    assert "/reglages/notifications/" in told.body
    assert lines(bruno) == ["2 messages vous nomment dans « Semis »"]
    # Read where it stands, it is read here too.
    groups.read(topic, topic.messages.order_by("-position").values_list("position", flat=True)[0] or 0, by=bruno)
    assert news(bruno) == 0


def test_who_left_the_group_is_told_nothing(cellar: Group, amina: Person, bruno: Person) -> None:
    """R-SEC-3: rights are asked when it is told, and what was told goes with them."""
    groups.invite(cellar, by=amina, email=bruno.email)
    run_until_idle()
    assert lines(bruno) == ["Amina Belkacem vous invite dans « Cercle de la cave »"]
    groups.accept(cellar, by=bruno, voice=own(bruno))
    topic = say(cellar, amina, "Le vin")
    groups.reply(topic, by=amina, voice=own(amina), body="@Bruno Tessier ?")
    run_until_idle()
    assert len(lines(bruno)) == 2
    mail.outbox.clear()
    groups.reply(topic, by=amina, voice=own(amina), body="@Bruno Tessier ?")
    groups.remove(cellar.members.get(person=bruno), by=amina)
    run_until_idle()
    assert lines(bruno) == []
    assert news(bruno) == 0
    assert [message.subject for message in mail.outbox] == ["Vous n’êtes plus membre d’un groupe privé"]


def test_what_is_hidden_leaves_the_page_and_the_badge(
    post: Publication, amina: Person, bruno: Person, moderator: Person
) -> None:
    answer(post, amina)
    reply = post.replies.get()
    publications.hide(reply, by=moderator, rule="haine", reason="Insulte.")
    run_until_idle()
    assert lines(bruno) == []
    assert news(bruno) == 0
    assert lines(amina) == ["La modération a décidé sur vos mots : « Un banc »"]


def test_each_kind_is_on_or_off_by_channel(post: Publication, amina: Person, bruno: Person, moderator: Person) -> None:
    client = signed_in(bruno)
    page = html(client.get("/reglages/notifications/"))
    assert "Réponses à ce que vous écrivez" in page
    assert "Décisions de la modération" not in page
    client.post("/reglages/notifications/", {"reply_site": "on"})
    mail.outbox.clear()
    answer(post, amina)
    assert mail.outbox == []
    assert news(bruno) == 1
    client.post("/reglages/notifications/", {"reply_mail": "on"})
    client.post("/notifications/lu/")
    answer(post, amina, "Encore.")
    assert [one.to for one in mail.outbox] == [[bruno.email]]
    assert news(bruno) == 0
    # Reasons are always told (R-LAW-19).
    client.post("/reglages/notifications/", {})
    mail.outbox.clear()
    publications.hide(post, by=moderator, rule="haine", reason="Insulte.")
    run_until_idle()
    assert [one.to for one in mail.outbox] == [[bruno.email]]
    assert news(bruno) == 1


def test_whom_one_left_out_or_keeps_away_is_no_news(post: Publication, amina: Person, bruno: Person) -> None:
    """R-MOD-9."""
    answer(post, amina)
    assert news(bruno) == 1
    people.mute(bruno, own(amina))
    run_until_idle()
    assert news(bruno) == 0
    mail.outbox.clear()
    answer(post, amina, "Encore.")
    assert lines(bruno) == []
    assert mail.outbox == []


def test_a_group_tells_who_asks_and_what_was_answered(orchard: Group, amina: Person, bruno: Person) -> None:
    asked = groups.ask(orchard, by=bruno, voice=own(bruno))
    run_until_idle()
    assert lines(amina) == ["Bruno Tessier demande à entrer dans « Vergers partagés »"]
    groups.answer(asked, by=amina, accepted=True)
    groups.name(orchard.members.get(person=bruno), by=amina, role="animator")
    run_until_idle()
    assert lines(bruno) == [
        "Vous animez maintenant « Vergers partagés »",
        "Votre demande est acceptée : vous êtes membre de « Vergers partagés »",
    ]


def test_a_contact_is_told_and_a_refusal_is_not(amina: Person, bruno: Person) -> None:
    Voice.objects.filter(person__in=[amina, bruno]).update(listed=True)
    people.ask_contact(amina, own(bruno))
    run_until_idle()
    assert lines(bruno) == ["Amina Belkacem vous envoie une demande de contact"]
    assert news(bruno) == 1
    people.decline_contact(bruno, own(amina))
    run_until_idle()
    assert lines(amina) == lines(bruno) == []
    assert news(bruno) == 0
    people.ask_contact(bruno, own(amina))
    run_until_idle()
    assert lines(amina) == ["Bruno Tessier fait partie de vos contacts"]


def test_a_request_answered_or_withdrawn_meanwhile_is_no_news(amina: Person, bruno: Person, chloe: Person) -> None:
    Voice.objects.filter(person__in=[amina, bruno, chloe]).update(listed=True)
    people.ask_contact(amina, own(bruno))
    people.accept_contact(bruno, own(amina))
    people.ask_contact(chloe, own(bruno))
    people.withdraw_contact(chloe, own(bruno))
    run_until_idle()
    assert lines(bruno) == []
    assert lines(amina) == ["Bruno Tessier fait partie de vos contacts"]


def test_who_goes_is_told_of_a_change_of_a_seat_and_of_the_day_before(
    amina: Person, bruno: Person, chorale: Voice, chloe: Person, territory: Cast
) -> None:
    starts = timezone.now() + timedelta(hours=30)
    common: dict[str, Any] = {"title": "Concert", "body": "On chante.", "category": "concert", "venue": "Salle"}
    made = agenda.announce(voice=chorale, by=chloe, commune=territory.remy, starts_at=starts, **common)
    event = made.event
    agenda.set_seats(event, by=chloe, takes_registrations=True, capacity=1, question="")
    time = event.occurrences.get()
    agenda.attend(amina, time)
    agenda.attend(bruno, time)
    agenda.unattend(amina, time)
    run_until_idle()
    assert lines(bruno) == ["Une place s’est libérée pour vous : « Concert »"]
    agenda.change_status(event, by=chloe, status="moved")
    agenda.remind(time, by=None)
    mail.outbox.clear()
    actions.choose(bruno, {"event": (True, False)})
    run_until_idle()
    assert lines(bruno)[:2] == ["C’est demain : « Concert »", "« Concert », où vous allez, a changé"]
    assert [one.to for one in mail.outbox if one.to == [bruno.email]] == []
    assert lines(amina) == []


def test_rows_are_theirs_alone_and_are_forgotten(post: Publication, amina: Person, bruno: Person) -> None:
    answer(post, amina)
    row = Notification.objects.get()
    assert signed_in(amina).post(f"/notifications/{row.pk}/").status_code == 404
    assert news(bruno) == 1
    Notification.objects.update(at=timezone.now() - timedelta(days=91))
    assert forget() == 1
    assert news(bruno) == 0


def test_the_page_costs_the_same_however_much_happened(
    garden: Group,
    post: Publication,
    amina: Person,
    bruno: Person,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    groups.join(garden, by=bruno, voice=own(bruno))
    for number in range(25):
        topic = say(garden, bruno, f"Sujet {number}")
        groups.reply(topic, by=amina, voice=own(amina), body="Oui.")
    answer(post, amina)
    client = signed_in(bruno)
    with django_assert_max_num_queries(9):
        assert html(client.get("/notifications/")).count("news__open") == 20
    assert html(client.get("/notifications/?page=2")).count("news__open") == 6


def test_who_was_named_by_mistake_is_not_told_so(garden: Group, amina: Person, bruno: Person) -> None:
    groups.join(garden, by=bruno, voice=own(bruno))
    for role in ("animator", "member"):
        groups.name(garden.members.get(person=bruno), by=amina, role=role)
    run_until_idle()
    assert lines(bruno) == []
    groups.name(garden.members.get(person=bruno), by=amina, role="animator")
    run_until_idle()
    assert len(lines(bruno)) == 1
