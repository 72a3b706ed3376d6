"""Reporting what one reads: anyone may, a receipt comes back, and the decision after it (R-LAW-18)."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from parvis.moderation import actions, jobs
from parvis.moderation.models import Report
from parvis.people.models import Person
from parvis.publications.actions import Refused
from parvis.publications.models import Publication, Reply
from tests.worker import run_until_idle


def said(**changed: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "rule": "haine",
        "explanation": "Ce passage est injurieux.",
        "email": "voisin@example.org",
    } | changed


@pytest.fixture
def path(online: Publication) -> str:
    mail.outbox.clear()
    return f"/signaler/publication/{online.pk}/"


def test_a_visitor_reports_and_gets_a_receipt_then_the_decision(
    client: Client, online: Publication, path: str, moderator: Person
) -> None:
    run_until_idle()
    mail.outbox.clear()
    assert client.get(path).status_code == 200
    receipt = client.post(path, said(), follow=True)
    made = Report.objects.get()
    assert "Signalement reçu" in receipt.content.decode()
    assert f"<dd>{made.pk}</dd>" in receipt.content.decode()
    run_until_idle()
    [confirmation] = mail.outbox
    assert confirmation.to == ["voisin@example.org"]
    assert "Ce passage est injurieux." in confirmation.body
    actions.decide(online, by=moderator, verdict="hide", rule="haine", reason="Injurieux, en effet.")
    run_until_idle()
    told = next(letter for letter in mail.outbox if letter.to == ["voisin@example.org"] and letter != confirmation)
    assert "a été masqué" in told.body
    assert "Injurieux, en effet." in told.body
    assert "contester" in told.body


def test_one_who_gives_no_address_gets_no_mail(client: Client, path: str) -> None:
    run_until_idle()
    mail.outbox.clear()
    client.post(path, said(email=""))
    run_until_idle()
    assert Report.objects.count() == 1
    assert mail.outbox == []


def test_a_member_need_not_say_where_to_answer(client: Client, path: str, amina: Person) -> None:
    run_until_idle()
    mail.outbox.clear()
    client.force_login(amina)
    assert "voisin@example.org" not in client.get(path).content.decode()
    client.post(path, said(email="quelqu.un.d.autre@example.org"))
    run_until_idle()
    assert [letter.to for letter in mail.outbox] == [["amina@example.org"]]


def test_sent_twice_it_is_one_report(client: Client, path: str) -> None:
    """R-REL-5."""
    once = said()
    first, second = (client.post(path, once).headers["Location"] for _ in range(2))
    assert first == second
    assert Report.objects.count() == 1


def test_the_same_person_again_converges_to_one(client: Client, path: str, amina: Person) -> None:
    client.force_login(amina)
    for _ in range(3):
        client.post(path, said())
    assert Report.objects.count() == 1


def test_a_machine_that_fills_every_field_reports_nothing(client: Client, path: str) -> None:
    response = client.post(path, said(site="https://spam.example"), follow=True)
    assert "Signalement reçu" in response.content.decode()
    assert not Report.objects.exists()


def test_too_many_from_one_connection_are_stopped_and_keep_their_words(client: Client, path: str) -> None:
    for _ in range(10):
        assert client.post(path, said()).status_code == 302
    stopped = client.post(path, said())
    assert stopped.status_code == 429
    assert "Ce passage est injurieux." in stopped.content.decode()
    assert Report.objects.count() == 10


@pytest.mark.parametrize(
    "changed",
    [{"rule": ""}, {"rule": "x"}, {"explanation": ""}, {"explanation": "x" * 2001}, {"explanation": "a\x00bcdefghijk"}],
    ids=["no rule", "unknown rule", "no words", "too many words", "NUL"],
)
def test_an_incomplete_report_says_what_to_correct(client: Client, path: str, changed: dict[str, str]) -> None:
    assert client.post(path, said(**changed)).status_code == 422
    assert not Report.objects.exists()


def test_what_one_cannot_read_one_cannot_report(
    client: Client, online: Publication, answer: Reply, moderator: Person, path: str
) -> None:
    assert client.get(f"/signaler/reponse/{answer.pk}/").status_code == 404
    actions.decide(online, by=moderator, verdict="hide", rule="haine", reason="Injurieux.")
    for absent in (path, "/signaler/publication/999999/", "/signaler/reponse/999999/"):
        assert client.get(absent).status_code == 404
        assert client.post(absent, said()).status_code == 404
    with pytest.raises(Refused):
        actions.report(online, by=None, rule="haine", explanation="Encore.")


def test_a_receipt_is_for_whoever_holds_its_address(client: Client, path: str) -> None:
    client.post(path, said())
    for forged in ("1", "eyJ0.abc.def", "%00"):
        assert client.get(f"/signaler/recu/{forged}/").status_code == 404


def test_its_author_never_learns_who_reported(client: Client, online: Publication, path: str, amina: Person) -> None:
    client.force_login(amina)
    client.post(path, said())
    run_until_idle()
    author = online.author
    assert author is not None
    client.force_login(author)
    page = client.get(online.get_absolute_url())
    assert "Amina" not in page.content.decode()
    assert "injurieux" not in page.content.decode()


def test_reports_are_forgotten_a_year_after_their_end(online: Publication) -> None:
    """R-LAW-5: exact survivors at the limit ± 1 day."""
    ages = {"old": 366, "young": 364}
    for name, days in ages.items():
        made = actions.report(online, by=None, rule="haine", explanation=name)
        Report.objects.filter(pk=made.pk).update(closed_at=timezone.now() - timedelta(days=days), upheld=False)
    actions.report(online, by=None, rule="haine", explanation="open")
    assert jobs.purge_reports() == 1
    assert set(Report.objects.values_list("explanation", flat=True)) == {"young", "open"}
