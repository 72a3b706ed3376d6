"""Signing up by HTTP, from the form to the home page (R-LAW-2, R-LAW-4, R-SEC-15, R-SEC-16)."""

import re
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.core.models import JournalEntry
from parvis.people.jobs import forget_sessions
from parvis.people.models import Person, Place, Reason, Session, Subscription, Voice
from parvis.people.sessions import SessionStore
from tests.cast import Cast, make_person

ANSWERS = {"name": "Camille Dor", "commune": "Les Essarts", "email": "camille@example.org", "accepted": "on"}


def code_of(message: int = -1) -> str:
    found = re.search(r"\d{4} \d{4}", str(mail.outbox[message].body))
    assert found is not None
    return found[0]


def test_three_fields_then_a_code(client: Client, territory: Cast) -> None:
    assert client.get("/inscription/").status_code == 200
    sent = client.post("/inscription/", ANSWERS)
    assert (sent.status_code, sent["Location"]) == (302, "/inscription/confirmer/")
    assert mail.outbox[0].to == ["camille@example.org"]
    assert "dix minutes" in mail.outbox[0].body
    assert "Si ce n’est pas vous" in mail.outbox[0].body
    assert not Person.objects.exists()
    assert not Voice.objects.exists()
    assert "camille@example.org" in client.get("/inscription/confirmer/").content.decode()

    opened = client.post("/inscription/confirmer/", {"code": code_of().replace(" ", "")})
    assert (opened.status_code, opened["Location"]) == (302, "/")
    person = Person.objects.get()
    assert (person.name, person.email, person.has_usable_password()) == ("Camille Dor", "camille@example.org", False)
    assert person.charter_version
    assert person.charter_accepted_at is not None
    assert client.session["_auth_user_id"] == str(person.pk)
    voice = Voice.objects.get(person=person)
    assert (voice.kind, voice.zone, voice.listed) == ("habitant", territory.essarts, False)
    assert Place.objects.get(person=person).zone == territory.essarts
    assert Subscription.objects.filter(person=person, reason=Reason.COMMUNE).count() == 1
    assert JournalEntry.objects.filter(verb="person.signed_up", actor_id=person.pk).count() == 1
    assert not Voice.objects.visible_to(None).filter(pk=voice.pk).exists()


def test_a_form_of_three_fields_and_a_box_asks_for_no_address(client: Client, territory: Cast) -> None:
    page = client.get("/inscription/").content.decode()
    names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page.split('action="/inscription/"')[1]))
    assert names == {"csrfmiddlewaretoken", "name", "commune", "email", "accepted", "next"}
    assert "Ce que deviennent ces données" in page


@pytest.mark.parametrize("missing", ["name", "commune", "email", "accepted"])
def test_each_is_asked_for_and_the_others_are_kept(client: Client, territory: Cast, missing: str) -> None:
    page = client.post("/inscription/", ANSWERS | {missing: ""}).content.decode()
    assert page.count("aria-invalid") == 1
    kept = {value for name, value in ANSWERS.items() if name not in {missing, "accepted"}}
    assert all(f'value="{value}"' in page for value in kept)
    assert mail.outbox == []
    assert not Session.objects.exists()


def test_a_commune_is_proposed_by_its_code(client: Client, territory: Cast) -> None:
    assert 'value="Saint-Rémy"' in client.get("/inscription/?commune=99006").content.decode()
    assert client.get("/inscription/?commune=nulle-part").status_code == 200


def test_a_postal_code_of_two_communes_asks_which(client: Client, territory: Cast) -> None:
    page = client.post("/inscription/", ANSWERS | {"commune": "99100"}).content.decode()
    assert "Laquelle de ces communes" in page
    assert 'value="camille@example.org"' in page
    assert mail.outbox == []
    client.post("/inscription/", ANSWERS | {"commune": "99100", "zone": "99002"})
    client.post("/inscription/confirmer/", {"code": code_of()})
    assert Place.objects.get().zone == territory.bois


@pytest.mark.parametrize(("answer", "reason"), [("9901", Reason.CANTON), ("", Reason.COARSE)])
def test_a_commune_that_straddles_asks_which_canton(
    client: Client, territory: Cast, answer: str, reason: Reason
) -> None:
    page = client.post("/inscription/", ANSWERS | {"commune": "Clairval"}).content.decode()
    assert "partagée entre plusieurs cantons" in page
    assert "Je ne sais pas" in page
    assert "à corriger" not in page
    client.post("/inscription/", ANSWERS | {"commune": "Clairval", "canton": answer})
    client.post("/inscription/confirmer/", {"code": code_of()})
    assert Subscription.objects.get(audience__zone=territory.canton_1).reason == reason


def test_a_known_address_gets_the_same_answer(client: Client, amina: Person, territory: Cast) -> None:
    """Same status, same page, same statements, one mail each: only the owner of the mailbox learns (R-SEC-16)."""
    answers = []
    for email in ("amina@example.org", "nouvelle@example.org"):
        visitor = Client()
        with CaptureQueriesContext(
            connection,
        ) as statements:
            sent = visitor.post("/inscription/", ANSWERS | {"email": email})
        page = visitor.get("/inscription/confirmer/").content.decode()
        wrong = visitor.post("/inscription/confirmer/", {"code": "0000 0000"}).content.decode()
        answers.append(
            (
                sent.status_code,
                sent["Location"],
                [shape(row["sql"]) for row in statements],
                shape_of_page(page, email),
                shape_of_page(wrong, email),
            )
        )
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [["amina@example.org"], ["nouvelle@example.org"]]
    assert "déjà un" in mail.outbox[0].body
    assert Person.objects.count() == 1


def shape(sql: str) -> str:
    return re.sub(r"'[^']*'|\d+", "?", sql)


def shape_of_page(page: str, email: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(email, "")


def test_a_guess_never_opens_a_known_account(client: Client, amina: Person, territory: Cast) -> None:
    client.post("/inscription/", ANSWERS | {"email": "amina@example.org"})
    for code in ("", "0000 0000", "1234 5678"):
        client.post("/inscription/confirmer/", {"code": code})
    assert "_auth_user_id" not in client.session


def test_five_wrong_codes_end_it(client: Client, territory: Cast) -> None:
    client.post("/inscription/", ANSWERS)
    right = code_of()
    wrong = "0000 0000" if right != "0000 0000" else "1111 1111"
    for _ in range(4):
        assert "pas le bon" in client.post("/inscription/confirmer/", {"code": wrong}).content.decode()
    last = client.post("/inscription/confirmer/", {"code": wrong}, follow=True)
    assert "Cinq essais" in last.content.decode()
    assert 'value="Camille Dor"' in last.content.decode()
    client.post("/inscription/confirmer/", {"code": right})
    assert not Person.objects.exists()


def test_a_code_lives_ten_minutes(client: Client, territory: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client.post("/inscription/", ANSWERS)
    now = time.time()
    monkeypatch.setattr("parvis.people.codes.time.time", lambda: now + 605)
    late = client.post("/inscription/confirmer/", {"code": code_of()}, follow=True)
    assert "plus de dix minutes" in late.content.decode()
    assert not Person.objects.exists()


def test_a_sign_up_that_stops_there_is_forgotten_in_an_hour(client: Client, territory: Cast) -> None:
    """Nothing was written but a session, and the clock deletes it (R-LAW-5)."""
    client.post("/inscription/", ANSWERS)
    session = Session.objects.get()
    assert session.expire_date < timezone.now() + timedelta(hours=1)
    assert code_of().replace(" ", "") not in str(SessionStore().decode(session.session_data))
    forget_sessions()
    assert Session.objects.exists()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    forget_sessions()
    assert not Session.objects.exists()


def test_a_code_serves_once_and_in_one_browser(client: Client, territory: Cast) -> None:
    client.post("/inscription/", ANSWERS)
    assert Client().post("/inscription/confirmer/", {"code": code_of()})["Location"] == "/inscription/"
    client.post("/inscription/confirmer/", {"code": code_of()})
    client.logout()
    assert client.post("/inscription/confirmer/", {"code": code_of()})["Location"] == "/inscription/"
    assert Person.objects.count() == 1


def test_an_account_opened_twice_is_one_account(territory: Cast) -> None:
    """Two sign-ups of one address, confirmed one after the other: whoever reads the mailbox owns it (R-SEC-15)."""
    first = make_person("camille@example.org", "Camille", territory.bois)
    again = make_person("Camille@example.org", "Quelqu’un d’autre", territory.remy)
    assert (again, again.name) == (first, "Camille")
    assert Place.objects.get().zone == territory.bois


def test_codes_are_not_asked_for_without_end(client: Client, territory: Cast) -> None:
    for _ in range(3):
        assert Client().post("/inscription/", ANSWERS).status_code == 302
    refused = Client().post("/inscription/", ANSWERS)
    assert "attendez une minute" in refused.content.decode()
    assert len(mail.outbox) == 3


def test_one_goes_back_where_one_came_from_and_nowhere_else(client: Client, territory: Cast) -> None:
    for asked, answered in (("/agenda/", "/agenda/"), ("https://ailleurs.example/", "/"), ("//ailleurs.example", "/")):
        visitor = Client()
        visitor.post("/inscription/", ANSWERS | {"email": f"{len(mail.outbox)}@example.org", "next": asked})
        assert visitor.post("/inscription/confirmer/", {"code": code_of()})["Location"] == answered


@pytest.mark.parametrize("name", ["", "a", "x" * 81, "Маire de Clairval", "Maire\u202ede Clairval", "\x00\x00"])
def test_a_name_cannot_pass_for_another(client: Client, territory: Cast, name: str) -> None:
    """Cyrillic letters among Latin ones, and characters that turn the text, are refused (R-SEC-20, F-27)."""
    page = client.post("/inscription/", ANSWERS | {"name": name})
    accepted_as = Voice.objects.values_list("name", flat=True)
    assert page.status_code == 200 or "\u202e" not in "".join(accepted_as)
    assert not Person.objects.exists()
