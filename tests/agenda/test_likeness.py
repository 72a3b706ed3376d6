"""One event is announced once, a home is not told to all, and who may announce (R-MOD-20, R-PRIV-12)."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from parvis.agenda import actions
from parvis.agenda.actions.events import MOST_A_DAY
from parvis.agenda.forms import AnnounceForm, organisers
from parvis.agenda.likeness import ALIKE, likeness
from parvis.agenda.models import Attendance, Event, Showing
from parvis.core.text import fold
from parvis.people.models import Person, Voice
from parvis.publications.actions import Refused
from tests.agenda.conftest import Announce, paris
from tests.agenda.test_forms import filled
from tests.cast import Cast
from tests.publications.conftest import html, signed_in


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: paris(24, 9))


def test_five_hundred_times_the_same_is_one(announce: Announce) -> None:
    """R-MOD-20."""
    announce("Bal folk", paris(28, 20))
    for _turn in range(499):
        with pytest.raises(Refused):
            announce("Bal  folk", paris(28, 20))
    assert Event.objects.count() == 1
    announce("Bal folk", paris(29, 20))
    assert Event.objects.count() == 2


def test_nobody_floods_an_agenda_by_hand(announce: Announce) -> None:
    for number in range(MOST_A_DAY):
        announce(f"Bal n° {number}", paris(28, 20))
    with pytest.raises(Refused):
        announce("Un de trop", paris(28, 20))
    announce("Importé", paris(28, 20), origin="exemple.fr")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Bal folk de la Saint-Jean", "Bal folk de la St-Jean", True),
        ("Concert de la chorale", "La chorale : concert", True),
        ("Marché de Noël", "Marche de Noel", True),
        ("Marché de Noël", "Loto des anciens", False),
        ("Conseil municipal", "Conseil de quartier", False),
    ],
)
def test_titles_are_alike_or_not(one: str, other: str, alike: bool) -> None:
    assert (likeness(fold(one), fold(other)) >= ALIKE) is alike


def test_what_looks_like_one_already_there_is_asked_about(
    announce: Announce, territory: Cast, atelier: Voice, amina: Person
) -> None:
    event = announce("Grand bal folk d’automne", paris(28, 21))
    same: dict[str, Any] = {"title": "Bal folk d’automne", "day": "2026-11-28"}
    form = filled(amina, atelier, **same)
    assert list(form.errors) == ["different"]
    assert form.alike == [event]
    assert filled(amina, atelier, **same, different="on").is_valid()
    assert filled(amina, atelier, **same | {"day": "2026-11-29"}).is_valid()
    assert filled(amina, atelier, **same, commune="Ormoy").is_valid()


def test_a_home_is_told_to_who_was_accepted_alone(
    announce: Announce, amina: Person, bruno: Person, chloe: Person, moderator: Person
) -> None:
    """R-PRIV-12: pages, calendars and data say the commune and no more."""
    event = announce("Veillée", paris(28, 20), venue="Chez un particulier", home_address="7 impasse du Puits")
    assert event.takes_registrations
    actions.set_seats(event, by=chloe, takes_registrations=False, capacity=1, question="")
    time = event.occurrences.select_related("event__publication").get()
    assert actions.attend(amina, time)
    assert "impasse" not in html(signed_in(amina).get(event.publication.get_absolute_url()))
    actions.accept_attendee(Attendance.objects.get(), by=chloe)
    actions.attend(bruno, time)
    page = event.publication.get_absolute_url()
    paths = ("/agenda.ics", "/agenda.atom", "/agenda.json", "/agenda.csv", "/embed/agenda/", "/agenda/?jour=2026-11-28")
    for path in (*paths, page, page.rstrip("/") + ".ics"):
        assert "impasse" not in Client().get(path).content.decode(), path
    for person in (bruno, moderator):
        assert "impasse" not in html(signed_in(person).get(page))
    for person in (amina, chloe):
        assert "7 impasse du Puits" in html(signed_in(person).get(page))


def test_the_form_keeps_a_home_out_of_the_place(territory: Cast, chorale: Voice, chloe: Person) -> None:
    form = filled(chloe, chorale, venue="Chez Chloé", address="7 impasse du Puits", home_address="7 impasse du Puits")
    assert form.is_valid(), form.errors
    assert (form.details["venue"], form.details["address"]) == ("Chez un particulier", "")


def test_an_inhabitant_announces_where_the_operator_lets_them(
    announce: Announce, settings: Settings, bruno: Person, territory: Cast
) -> None:
    said: dict[str, Any] = {"voice": bruno.voice, "by": bruno, "commune": territory.clairval}
    with pytest.raises(Refused):
        announce("Vide-grenier", paris(28, 9), **said)
    assert not organisers(bruno).exists()
    settings.INHABITANT_EVENTS = True
    assert [*organisers(bruno)] == [bruno.voice]
    assert AnnounceForm(person=bruno).alone == bruno.voice
    assert announce("Vide-grenier", paris(28, 9), **said).publication.state == "pending"
    with pytest.raises(Refused):
        announce("Ailleurs", paris(28, 9), **said | {"commune": territory.remy})


def test_an_elu_announces_to_everyone(announce: Announce, speaking_elu: Voice, bruno: Person, territory: Cast) -> None:
    """R-LAW-35: to the whole territory and never to a part."""
    event = announce("Permanence", paris(28, 9), voice=speaking_elu, by=bruno, commune=territory.clairval)
    assert [row.zone for row in event.publication.targetings.all()] == [territory.departement]
    if event.publication.is_online:
        assert Showing.objects.filter(occurrence__event=event, zone=territory.clairval).exists()
