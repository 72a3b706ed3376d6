"""Things said by the cast, in the fewest words."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

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


@pytest.fixture
def notice(territory: Cast, routes: Voice, agent: Person, send: Say) -> Publication:
    """A notice online."""
    return send(routes, agent, "Pont fermé", territory.clairval, territory.canton_2)


@pytest.fixture
def post(territory: Cast, trusted_bruno: Person, send: Say) -> Publication:
    """A post of Bruno, online."""
    return send(trusted_bruno.voice, trusted_bruno, "Qui prête un taille-haie ?", territory.clairval, kind="post")


def signed_in(person: Person) -> Client:
    """A browser where `person` is signed in."""
    client = Client()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def html(response: Any) -> str:
    """The page, its special spaces made plain."""
    return str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def picture() -> SimpleUploadedFile:
    """A small photograph."""
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(buffer, "JPEG")
    return SimpleUploadedFile("photo.jpg", buffer.getvalue())
