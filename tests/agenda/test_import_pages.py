"""The pages, and the command, by which calendars come in."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from rich.console import Console

from parvis.agenda.models import Event, Source
from parvis.bring import bring
from parvis.core.models import Job
from parvis.people.models import Person, Voice
from parvis.publications.models import Publication
from tests.agenda.conftest import MORNING, Add, run
from tests.agenda.elsewhere import HELD, ics, said, titles
from tests.cast import Cast
from tests.publications.conftest import html, signed_in


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MORNING)


def test_one_adds_a_file_sees_what_it_would_bring_and_confirms(territory: Cast, chorale: Voice, chloe: Person) -> None:
    client = signed_in(chloe)
    page = html(client.get("/mon-espace/calendriers/ajouter/"))
    assert "au nom de Chorale de Saint-Rémy" in page
    response = client.post(
        "/mon-espace/calendriers/ajouter/", filled(page, ics(said(HELD), said("RRULE:FREQ=SECONDLY", uid="2")))
    )
    assert response.status_code == 302
    address = response.headers["Location"]
    assert "Lecture en cours" in html(client.get(address))
    run()
    page = html(client.get(address))
    assert "Importer 1 événement" in page
    assert "Laissés de côté" in page
    client.post(address, {"action": "accept"})
    run()
    page = html(client.get(address))
    assert "Un événement de l’agenda en vient" in page
    assert titles() == ["Bal folk"]
    assert "programme.ics" in html(client.get("/mon-espace/calendriers/"))
    event = html(Client().get(Publication.objects.get().get_absolute_url()))
    assert "Repris de programme.ics" in event


def filled(page: str, content: bytes | None = None, **fields: Any) -> dict[str, Any]:
    """The form of a page, with a file."""
    key = page.split('name="key" value="')[1].split('"', maxsplit=1)[0]
    voice = page.split('name="voice" value="')[1].split('"', maxsplit=1)[0]
    file = {"file": upload(content)} if content else {}
    return {"key": key, "voice": voice, "url": "", "commune": "", "category": "fete"} | file | fields


def upload(content: bytes) -> Any:
    return SimpleUploadedFile("programme.ics", content)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Donnez une adresse, ou choisissez un fichier"),
        ({"url": "http://moi:secret@exemple.fr/"}, "ne se lit pas"),
        ({"url": "ftp://exemple.fr/"}, "https://"),
        ({"url": "https://exemple.fr:8080/a"}, "port"),
        ({"url": "https://exemple.fr/a", "commune": "Nulle-Part"}, "Indiquez une commune"),
    ],
)
def test_what_is_wrong_is_said_and_kept(chorale: Voice, chloe: Person, fields: dict[str, str], sentence: str) -> None:
    client = signed_in(chloe)
    page = html(client.get("/mon-espace/calendriers/ajouter/"))
    response = client.post("/mon-espace/calendriers/ajouter/", filled(page, None, **fields))
    assert response.status_code == 422
    assert sentence in html(response)
    assert all(value in html(response) for value in fields.values())


def test_sent_twice_it_is_added_once(chorale: Voice, chloe: Person) -> None:
    client, address = signed_in(chloe), "/mon-espace/calendriers/ajouter/"
    sent = filled(html(client.get(address)), url="webcal://exemple.fr/a.ics")
    assert len({client.post(address, sent).headers["Location"] for _click in range(2)}) == 1
    assert [one.url for one in Source.objects.all()] == ["https://exemple.fr/a.ics"]


def test_the_columns_of_a_table_are_chosen(chorale: Voice, chloe: Person) -> None:
    client = signed_in(chloe)
    page = html(client.get("/mon-espace/calendriers/ajouter/"))
    table = "quoi;quand;où\nLoto;12/12/2026 20h;Bois-le-Comte\n".encode()
    address = client.post("/mon-espace/calendriers/ajouter/", filled(page, table)).headers["Location"]
    run()
    assert "Quelle colonne est quoi" in html(client.get(address))
    said_so = {
        "action": "settle",
        "category": "fete",
        "column_title": "quoi",
        "column_start": "quand",
        "column_city": "où",
    }
    assert client.post(address, said_so | {"column_start": "rien"}).status_code == 422
    client.post(address, said_so)
    run()
    assert "Importer 1 événement" in html(client.get(address))
    client.post(address, {"action": "accept"})
    run()
    assert Event.objects.get().commune.name == "Bois-le-Comte"


def test_nobody_else_finds_it(add: Add, amina: Person, admin: Person) -> None:
    source = add(ics(said(HELD)))
    for person in (amina, admin):
        client = signed_in(person)
        assert client.get(source.get_absolute_url()).status_code == 404
        assert client.post(source.get_absolute_url(), {"action": "stop"}).status_code == 404
        assert "programme.ics" not in html(client.get("/mon-espace/calendriers/"))
    source.refresh_from_db()
    assert source.state == "followed"


def test_an_act_that_is_none_is_not_found(add: Add, chloe: Person) -> None:
    source = add(ics(said(HELD)))
    assert signed_in(chloe).post(source.get_absolute_url(), {"action": "explode"}).status_code == 404


def test_the_command_shows_then_brings_in(chorale: Voice, tmp_path: Path) -> None:
    file, shown = tmp_path / "programme.ics", io.StringIO()
    file.write_bytes(ics(said(HELD), said("RRULE:FREQ=SECONDLY", uid="2")))
    console = Console(file=shown, width=200)
    assert bring(str(file), chorale.pk, console, accept=False)
    assert "1 à importer, 1 à corriger" in shown.getvalue()
    assert "ligne 11 Bal folk" in shown.getvalue()
    assert (Event.objects.count(), Source.objects.count()) == (0, 0)
    assert bring(str(file), chorale.pk, console, accept=True)
    assert titles() == ["Bal folk"]
    assert not Job.objects.filter(effect__contains="source").exists()
    assert not bring(str(file), 999_999, console, accept=True)
