"""The mailbox of the demonstration: it shows what would have been sent, and exists nowhere else."""

import time
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.test import Client

from parvis.letters.mailbox import SHOWN, latest

BACKEND = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MAIL_PAGE, settings.EMAIL_FILE_PATH, settings.EMAIL_BACKEND = True, tmp_path, BACKEND
    return tmp_path


def write(subject: str, body: str = "Bonjour.", to: str = "amina@example.org") -> None:
    get_connection(BACKEND).send_messages([EmailMessage(subject, body, "parvis@example.org", [to])])


@pytest.mark.django_db
def test_it_exists_only_where_no_mail_leaves(client: Client, folder: Path, settings: Any) -> None:
    assert client.get("/courrier/").status_code == 200
    settings.MAIL_PAGE = False
    assert client.get("/courrier/").status_code == 404


@pytest.mark.django_db
def test_a_mail_is_readable_and_its_links_can_be_followed(client: Client, folder: Path) -> None:
    write(
        "Votre code : 12 34 56 78", "Saisissez-le sur http://127.0.0.1:8000/connexion/code/ sans tarder.\n\nÀ bientôt."
    )
    page = client.get("/courrier/").content.decode()
    assert "Votre code : 12 34 56 78" in page
    assert 'href="http://127.0.0.1:8000/connexion/code/"' in page
    assert "À bientôt." in page


@pytest.mark.django_db
def test_what_a_mail_says_is_never_run(client: Client, folder: Path) -> None:
    write("<script>alert(1)</script>", "<img src=x onerror=alert(1)> javascript:alert(1)")
    page = client.get("/courrier/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


def test_the_newest_come_first_and_their_number_is_bounded(folder: Path) -> None:
    for number in range(SHOWN + 5):
        write(f"Lettre {number}")
        # Two files of the same instant have no order: the clock of a file system ticks slowly.
        time.sleep(0.01)
    subjects = [mail.subject for mail in latest(folder)]
    assert len(subjects) == SHOWN
    assert subjects[0] == f"Lettre {SHOWN + 4}"


def test_several_mails_in_one_file_are_all_read(folder: Path) -> None:
    messages = [
        EmailMessage(f"Lettre {n}", "a\n" + "-" * 79 + "\nb", "p@example.org", ["x@example.org"]) for n in (1, 2)
    ]
    get_connection(BACKEND).send_messages(messages)
    assert {mail.subject for mail in latest(folder)} >= {"Lettre 1", "Lettre 2"}


def test_what_cannot_be_read_is_left_out(folder: Path) -> None:
    (folder / "a.log").write_bytes(b"\xff\xfe\x00 not a mail")
    (folder / "b.log").write_bytes(
        b"Date: never\nSubject: =?utf-8?b?////?=\nContent-Type: text/plain; charset=zut\n\nx"
    )
    (folder / "c.log").write_bytes(b"")
    (folder / "folder").mkdir()
    write("Lisible")
    rich = EmailMultiAlternatives("Riche", "En clair.", "p@example.org", ["x@example.org"])
    rich.attach_alternative("<p>Riche</p>", "text/html")
    get_connection(BACKEND).send_messages([rich])
    found = {mail.subject: mail.body for mail in latest(folder)}
    assert found["Lisible"].strip() == "Bonjour."
    assert found["Riche"].strip() == "En clair."


def test_no_folder_is_no_mail(tmp_path: Path) -> None:
    assert latest(tmp_path / "nowhere") == []
