"""Files and polls: what is taken, what is left of it, who reads it."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from parvis.groups import actions
from parvis.groups.drawing import told
from parvis.groups.models import Ballot, File, Group, Poll
from parvis.groups.models.attached import shares
from parvis.people.models import Person
from parvis.publications.documents import FileRefused, receive
from tests.cast import Cast, make_person
from tests.circles import own, signed_in

PDF = b"%PDF-1.4\n1 0 obj<</Author (Marie Dupont) /Title <FEFF0041>>>endobj\ntrailer<</Info 1 0 R>>\n%%EOF\n"
TEXT = b"application/vnd.oasis.opendocument.text"


def odt(**entries: bytes) -> bytes:
    """A small OpenDocument text."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", TEXT)
        archive.writestr("content.xml", b"<office/>")
        archive.writestr("meta.xml", b"<meta>Marie Dupont</meta>")
        archive.writestr("Thumbnails/thumbnail.png", b"png")
        for name, held in entries.items():
            archive.writestr(name.replace("__", "/"), held)
    return made.getvalue()


def upload(data: bytes, name: str = "compte rendu.pdf") -> SimpleUploadedFile:
    """As a browser sends it, whatever it says that it is."""
    return SimpleUploadedFile(name, data, "application/octet-stream")


def test_a_pdf_loses_the_name_of_its_author_and_nothing_else() -> None:
    kept = receive(upload(PDF))
    held = kept.content.read()
    assert (kept.name, kept.media_type, len(held)) == ("compte rendu.pdf", "application/pdf", len(PDF))
    assert b"Marie" not in held
    assert b"FEFF" not in held
    assert held.startswith(b"%PDF-1.4")


@pytest.mark.parametrize(
    "data",
    [
        PDF.replace(b"/Author", b"/JavaScript (app.alert\\(1\\)) /Author"),
        PDF.replace(b"%%EOF", b""),
        b"MZ\x90\x00\x03 a program",
        b"PK\x03\x04 not an archive",
        odt(Basic__Standard__Module1_xml=b"Sub Main"),
        b"\x00\x01\x02",
        b"",
    ],
    ids=["script", "cut short", "program", "false archive", "macros", "binary", "empty"],
)
def test_what_is_not_a_plain_document_is_refused(data: bytes) -> None:
    """R-SEC-8: known by what it holds, whatever its name says."""
    with pytest.raises(FileRefused):
        receive(upload(data))


def test_an_archive_that_unfolds_without_end_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", TEXT, zipfile.ZIP_STORED)
        archive.writestr("content.xml", b"0" * 70_000_000)
    with pytest.raises(FileRefused):
        receive(upload(made.getvalue(), "bombe.odt"))


def test_an_opendocument_is_written_anew_without_its_author() -> None:
    kept = receive(upload(odt(), "plan.odt"))
    with zipfile.ZipFile(io.BytesIO(kept.content.read())) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert b"Marie" not in archive.read("meta.xml")
        assert "Thumbnails/thumbnail.png" not in archive.namelist()
    assert kept.media_type == TEXT.decode()


def test_a_text_becomes_utf_8_and_its_name_is_only_a_name() -> None:
    kept = receive(upload("été".encode("cp1252"), "../../etc/passwd\n.html"))
    assert kept.content.read() == "été".encode()
    assert (kept.name, kept.media_type) == ("passwd.txt", "text/plain; charset=utf-8")


def sent(client: Client, group: Group, person: Person, **fields: object) -> int:
    """Open a topic on its page, with what goes with it; the status."""
    page = client.get(f"/groupes/{group.pk}/sujets/ouvrir/").content.decode()
    key = page.partition('name="key" value="')[2].partition('"')[0]
    said = {"key": key, "voice": own(person).pk, "title": "Plan du jardin", "body": "Le voici."}
    return client.post(f"/groupes/{group.pk}/sujets/ouvrir/", said | fields).status_code


def test_a_file_is_read_by_members_and_dies_with_their_place(cellar: Group, amina: Person, bruno: Person) -> None:
    """R-SEC-5: the address kept from before leads nowhere."""
    actions.invite(cellar, by=amina, email=bruno.email)
    actions.accept(cellar, by=bruno, voice=own(bruno))
    picture = io.BytesIO()
    Image.new("RGB", (20, 10), "green").save(picture, "JPEG", exif=b"Exif\x00\x00secret place")
    files = {"documents": [upload(PDF)], "image": upload(picture.getvalue(), "p.jpg"), "image_alt": "Une haie"}
    assert sent(signed_in(amina), cellar, amina, **files) == 302
    document, shown = File.objects.get(media_type="application/pdf"), File.objects.get(media_type="image/webp")
    reader = signed_in(bruno)
    answer = reader.get(document.get_absolute_url())
    assert answer["Content-Disposition"] == 'attachment; filename="compte rendu.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert "sandbox" in answer["Content-Security-Policy"]
    held = shown.file.read()
    assert b"secret" not in held
    assert (shown.alt, shown.width, shown.height) == ("Une haie", 20, 10)
    assert Client().get(document.get_absolute_url()).status_code == 404
    assert reader.get(f"/media/{document.file.name}").status_code == 404
    actions.remove(cellar.members.get(person=bruno), by=amina)
    for one in (document, shown):
        assert reader.get(one.get_absolute_url()).status_code == 404


def test_a_picture_needs_its_description(garden: Group, amina: Person) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (20, 10)).save(picture, "PNG")
    assert sent(signed_in(amina), garden, amina, image=upload(picture.getvalue(), "p.png")) == 422


def test_an_unknown_account_sends_no_file(cellar: Group, amina: Person, bruno: Person) -> None:
    """R-MOD-3."""
    actions.invite(cellar, by=amina, email=bruno.email)
    actions.accept(cellar, by=bruno, voice=own(bruno))
    assert sent(signed_in(bruno), cellar, bruno, documents=[upload(PDF)]) == 422
    assert not File.objects.exists()


@pytest.fixture
def poll(garden: Group, amina: Person) -> Poll:
    """A question that Amina asks."""
    asked = actions.Question("Quel jour ?", ["Lundi", "Mardi"], timezone.now() + timedelta(days=2))
    topic = actions.open_topic(garden, by=amina, voice=own(amina), title="Date", body="Votez.", poll=asked)
    return topic.messages.get().poll


def test_one_answers_once_and_may_change_until_the_end(poll: Poll, amina: Person) -> None:
    first, second = poll.choices.all()
    actions.vote(poll, by=amina, choices=[first])
    actions.vote(poll, by=amina, choices=[second])
    assert list(Ballot.objects.get().choices.all()) == [second]
    with pytest.raises(ValidationError):
        actions.vote(poll, by=amina, choices=[first, second])
    Poll.objects.update(ends_at=timezone.now())
    poll.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.vote(poll, by=amina, choices=[first])


def test_only_members_answer(poll: Poll, bruno: Person) -> None:
    with pytest.raises(ValidationError):
        actions.vote(poll, by=bruno, choices=[poll.choices.all()[0]])


def test_a_result_is_told_from_eleven_answers_and_to_who_answered(
    poll: Poll, garden: Group, amina: Person, territory: Cast
) -> None:
    """R-PRIV-5, R-PRIV-18: rounded to five per cent, and nothing of a few."""
    first, second = poll.choices.all()
    for number in range(10):
        person = make_person(f"v{number}@example.org", f"Voix {number}", territory.bois)
        actions.join(garden, by=person, voice=own(person))
        actions.vote(poll, by=person, choices=[first if number < 6 else second])
    assert shares(poll) is None
    assert not told(poll, amina).is_shown
    actions.vote(poll, by=amina, choices=[second])
    assert shares(poll) == {first.pk: 55, second.pk: 45}
    assert [share for _choice, share in told(poll, amina).rows] == [55, 45]
    assert [share for _choice, share in told(poll, None).rows] == [None, None]
