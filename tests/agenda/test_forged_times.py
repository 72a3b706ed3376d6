"""Dates at the ends of the calendar, letters that grow: said, not a failure."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parvis.agenda.models import Event
from parvis.people.models import Person, Voice


def sent(voice: Voice, **changed: str) -> dict[str, object]:
    day = (timezone.localdate() + timedelta(days=5)).isoformat()
    return {
        "key": str(uuid.uuid4()),
        "voice": voice.pk,
        "title": "Concert",
        "body": "Au kiosque.",
        "category": "concert",
        "day": day,
        "start": "10:00",
        "venue": "Kiosque",
        "commune": "Bois-le-Comte",
        **changed,
    }


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_the_first_and_the_last_day_of_the_calendar_are_refused(
    client: Client, amina: Person, atelier: Voice, day: str
) -> None:
    client.force_login(amina)
    answer = client.post("/publier/evenement/", sent(atelier, day=day, last_day=day))
    assert answer.status_code == 422
    assert not Event.objects.exists()


def test_a_place_in_letters_that_grow_still_fits(client: Client, amina: Person, atelier: Voice) -> None:
    client.force_login(amina)
    # One code point that is two once it is written in the one way we keep (NFC).
    answer = client.post("/publier/evenement/", sent(atelier, venue="\u0958" * 160))
    assert answer.status_code == 302
    assert len(Event.objects.get().venue) == 160
