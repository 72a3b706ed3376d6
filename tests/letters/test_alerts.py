"""A safety alert goes out at once, to each of those concerned, once (R-REL-6)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from shapely.geometry import box

from parvis.letters import jobs as letters
from parvis.people import actions as people
from parvis.people import vault
from parvis.people.models import Membership, Person, Place, Voice
from parvis.publications import actions
from parvis.publications.models import Publication
from parvis.publications.targets import Target
from tests.cast import Cast, make_person
from tests.worker import run_until_idle

NEIGHBOURS = ("Anne Auger", "Boris Blin", "Carla Caron", "Driss Dumas", "Elsa Evrard")
HOUSES = box(2.15, 49.15, 2.153, 49.151)


def told() -> list[str]:
    """Who got an alert."""
    return sorted(message.to[0] for message in mail.outbox if message.subject.startswith("Alerte"))


@pytest.fixture
def alert(routes: Voice, agent: Person, territory: Cast) -> Publication:
    """An alert to Bois-le-Comte, just sent."""
    draft = actions.compose(
        voice=routes, by=agent, kind="notice", place=territory.bois, title="Eau non potable", body="Ne la buvez pas.",
        zones=[territory.bois], is_alert=True, purpose="securite", expires_at=timezone.now() + timedelta(days=2),
    )  # fmt: skip
    return actions.submit(draft, by=agent)


def test_reaches_those_of_the_zone_and_nobody_else(alert: Publication, amina: Person, chloe: Person) -> None:
    people.follow(chloe, alert.voice)
    run_until_idle()
    assert told() == [amina.email]
    assert "Ne la buvez pas." in str(mail.outbox[0].body)


def test_reaches_each_once_in_several_jobs(
    alert: Publication, amina: Person, territory: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "WRITTEN_TO", 2)
    others = [make_person(f"h{n}@example.org", name, territory.bois) for n, name in enumerate(NEIGHBOURS)]
    run_until_idle()
    assert told() == sorted([amina.email, *(person.email for person in others)])


def test_is_not_sent_once_it_is_withdrawn(alert: Publication, amina: Person, agent: Person) -> None:
    """Rights are asked when it leaves (R-SEC-3)."""
    actions.withdraw(alert, by=agent)
    run_until_idle()
    assert told() == []


def test_an_ordinary_notice_sends_no_mail(routes: Voice, agent: Person, amina: Person, territory: Cast) -> None:
    draft = actions.compose(
        voice=routes, by=agent, kind="notice", place=territory.bois, title="Travaux", body="Rue du Puits.",
        zones=[territory.bois],
    )  # fmt: skip
    actions.submit(draft, by=agent)
    run_until_idle()
    assert mail.outbox == []


def test_an_alert_to_some_houses_reaches_who_lives_there(
    routes: Voice, agent: Person, amina: Person, bruno: Person, chloe: Person, territory: Cast
) -> None:
    people.add_member(routes, by=agent, person=bruno, role=Membership.Role.EDITOR)
    make_person("commune@example.org", "Denis Aubry", territory.bois)
    vault.remember(Place.objects.get(person=amina), 2.151, 49.1505)
    vault.remember(Place.objects.get(person=chloe), 2.158, 49.1505)
    draft = actions.compose(
        voice=routes, by=agent, kind="notice", place=territory.bois, title="Fuite de gaz", body="Sortez.",
        target=Target("rue", HOUSES, HOUSES, "la rue du Puits", [territory.bois], 30),
        is_alert=True, purpose="securite", expires_at=timezone.now() + timedelta(days=2),
    )  # fmt: skip
    said = actions.submit(draft, by=agent, second=bruno)
    run_until_idle()
    assert [message.subject for message in mail.outbox] == ["À relire avant l’envoi : Fuite de gaz"]
    assert mail.outbox[0].to == [bruno.email]
    actions.countersign(said, by=bruno)
    run_until_idle()
    assert told() == [amina.email]


def test_what_is_sent_back_is_told_to_its_author(routes: Voice, agent: Person, bruno: Person, territory: Cast) -> None:
    people.add_member(routes, by=agent, person=bruno, role=Membership.Role.EDITOR)
    draft = actions.compose(
        voice=routes, by=agent, kind="notice", place=territory.bois, title="Travaux", body="Bientôt.",
        target=Target("rue", HOUSES, HOUSES, "la rue du Puits", [territory.bois], 30),
        purpose="travaux", expires_at=timezone.now() + timedelta(days=2),
    )  # fmt: skip
    said = actions.submit(draft, by=agent)
    # A line break, which only a program sends, does not cut the subject.
    actions.keep_draft(None, voice=routes, by=agent, typed={"title": "Travaux\r\n\r\nde nuit"}, publication=said)
    actions.send_back(said, by=bruno, reason="Quel jour ?")
    run_until_idle()
    assert mail.outbox[-1].to == [agent.email]
    assert mail.outbox[-1].subject == "Votre avis vous est renvoyé : Travaux de nuit"
    assert "Quel jour ?" in str(mail.outbox[-1].body)
