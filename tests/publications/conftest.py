"""Things said by the cast, in the fewest words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.models import Publication
from tests.cast import Cast

Say = Callable[..., Publication]


@pytest.fixture
def send(territory: Cast) -> Say:
    """`send(voice, by, "Titre", zone, …)`: composes and submits."""

    def sent(voice: Voice, by: Person, title: str, *zones: Any, kind: str = "notice", **fields: Any) -> Publication:
        at: datetime = fields.get("at") or timezone.now()
        body = fields.pop("body", f"Le texte de « {title} ».")
        draft = actions.compose(
            voice=voice, by=by, kind=kind, place=zones[0], title=title, body=body, zones=zones, **fields
        )
        return actions.submit(draft, by=by, at=at)

    return sent


@pytest.fixture
def trusted_bruno(bruno: Person) -> Person:
    """Bruno, once a moderator has let him through."""
    bruno.trusted_at = timezone.now()
    bruno.save(update_fields=["trusted_at"])
    return bruno
