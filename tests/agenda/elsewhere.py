"""Calendars of others, in the fewest words, and what becomes of them."""

import json
from typing import Any

from parvis.agenda.actions import sources
from parvis.agenda.imports import Found, read
from parvis.agenda.imports.entries import Entry
from parvis.agenda.models import Reading, Source
from parvis.publications.models import Publication, State
from tests.agenda.conftest import MORNING, run

WEEKLY = "DTSTART;TZID=Europe/Paris:20261201T190000\nDTEND;TZID=Europe/Paris:20261201T210000\n"
HELD = "LOCATION:Foyer rural\\, 99100 Bois-le-Comte\nCATEGORIES:Fête"


def ics(*events: str, head: str = "") -> bytes:
    """A calendar of these events, each given by its lines."""
    bodies = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{bodies}END:VCALENDAR\n".encode()


def said(lines: str = "", *, uid: str = "1@exemple.fr", title: str = "Bal folk", when: str = WEEKLY) -> str:
    """The lines of an event."""
    return f"UID:{uid}\nSUMMARY:{title}\n{when}{lines}"


def only(content: bytes) -> Entry:
    """The one entry of a calendar."""
    found = read(content, MORNING)
    assert len(found.entries) == 1, found.said
    return found.entries[0]


def why(found: Found) -> str:
    """What was left out, and why."""
    return "\n".join(f"{one.line} {one.why}" for one in found.said if one.is_left)


GOOD = said(uid="bon@exemple.fr", title="Concert de Noël")


def openagenda(**fields: Any) -> bytes:
    """A page of OpenAgenda with one event."""
    event = {
        "uid": 90,
        "title": {"fr": "Fête du quartier"},
        "longDescription": {"fr": "**Programme**"},
        "conditions": {"fr": "Entrée libre"},
        "keywords": {"fr": ["fête"]},
        "accessibility": {"mi": True, "hi": False},
        "age": {"min": 6, "max": 99},
        "registration": [{"type": "email", "value": "x@y.fr"}, {"type": "link", "value": "https://exemple.fr/i"}],
        "timings": [{"begin": "2026-12-13T10:00:00+0100", "end": "2026-12-13T18:00:00+0100"}],
        "location": {
            "name": "Salle Ouest",
            "address": "1 rue Haute, 60000 Beauvais",
            "city": "Beauvais",
            "insee": "60057",
        },
        "status": 5,
    }
    return json.dumps({"total": 1, "events": [event | fields]}).encode()


def again(source: Source, content: bytes) -> Reading:
    """The same file in another version, read."""
    assert source.kept_by
    sources.refresh_source(source, by=source.kept_by, content=content, name="programme.ics")
    run()
    source.refresh_from_db()
    assert source.latest
    return source.latest


def last(source: Source) -> Reading:
    assert source.latest
    return source.latest


def titles() -> list[str]:
    return sorted(Publication.objects.filter(state=State.ONLINE).values_list("title", flat=True))
