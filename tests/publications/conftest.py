"""Things said by the cast, in the fewest words."""

import io
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from shapely import to_wkb
from shapely.geometry import box

from parvis.people import actions as people
from parvis.people.models import Membership, Person, Voice
from parvis.publications import actions
from parvis.publications.models import Publication
from parvis.publications.targets import Target
from parvis.territory.models import Address, Parcel, Street
from tests.cast import Cast, make_person

Say = Callable[..., Publication]
Aim = Callable[..., Publication]
STREET = box(2.15, 49.15, 2.153, 49.151)


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


@pytest.fixture
def colleague(routes: Voice, agent: Person, territory: Cast) -> Person:
    """Someone else who publishes for the service of roads."""
    person = make_person("paule@example.org", "Paule Oudrant", territory.clairval)
    people.add_member(routes, by=agent, person=person, role=Membership.Role.EDITOR)
    return person


@pytest.fixture
def street(territory: Cast) -> Target:
    """Some houses of Bois-le-Comte."""
    return Target("rue", STREET, STREET, "la rue du Puits et ses abords", [territory.bois], 30)


@pytest.fixture
def aim(routes: Voice, agent: Person, territory: Cast, street: Target) -> Aim:
    """`aim(…)`: a notice to the street, as a draft."""

    def aimed(**fields: Any) -> Publication:
        usual: dict[str, Any] = {
            "voice": routes,
            "by": agent,
            "kind": "notice",
            "place": territory.bois,
            "title": "Eau coupée mardi",
            "body": "De 9 h à 12 h.",
            "target": street,
            "purpose": "travaux",
            "expires_at": timezone.now() + timedelta(days=5),
        }
        return actions.compose(**usual | fields)

    return aimed


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


@pytest.fixture
def ground(territory: Cast) -> Street:
    """A street of Bois-le-Comte with its doors, and parcels along it."""
    west, south, east, north = 2.15, 49.15, 2.153, 49.1502
    street = Street.objects.create(
        commune=territory.bois,
        name="Rue des Tisserands",
        search_name="rue des tisserands",
        lon=2.1515,
        lat=49.15,
        west=west,
        south=south,
        east=east,
        north=north,
    )
    for number in range(10):
        lon = west + 0.0003 * number
        Address.objects.create(street=street, number=number + 1, lon=lon, lat=49.15005)
        shape = box(lon, 49.1501, lon + 0.0003, 49.1503)
        bounds = dict(zip(("west", "south", "east", "north"), shape.bounds, strict=True))
        code = f"99002000AB{number + 1:04}"
        Parcel.objects.create(commune=territory.bois, code=code, geometry=to_wkb(shape), **bounds)
    return street


def on_plan(voice: Voice, second: Person | None = None, **fields: Any) -> dict[str, Any]:
    """What a browser sends of a notice on the plan."""
    usual = {
        "key": str(uuid.uuid4()),
        "voice": voice.pk,
        "aim": "plan",
        "commune": "99002",
        "margin": "30",
        "purpose": "travaux",
        "title": "Eau coupée mardi",
        "body": "De 9 h à 12 h.",
        "expires_on": (timezone.localdate() + timedelta(days=5)).isoformat(),
        "second": second.pk if second else "",
    }
    return usual | fields
