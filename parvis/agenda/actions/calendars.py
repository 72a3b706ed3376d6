"""One's own calendar, at an address that only its owner knows (R-SEC-10)."""

import secrets
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from parvis.agenda.models import CalendarKey
from parvis.core import journal
from parvis.people.models import Person

# 128 bits, as 22 letters.
BYTES = 16


@transaction.atomic
def make_calendar_key(*, by: Person) -> str:
    """A new secret, told once; the one before opens nothing any more."""
    secret = secrets.token_urlsafe(BYTES)
    said = {"digest": digest_of(secret), "made_at": timezone.now()}
    CalendarKey.objects.update_or_create(person=by, defaults=said)
    journal.record("person.calendar_made", by=by, target=by)
    return secret


@transaction.atomic
def drop_calendar_key(*, by: Person) -> None:
    """Close the address. Nothing the second time."""
    if CalendarKey.objects.filter(person=by).delete()[0]:
        journal.record("person.calendar_dropped", by=by, target=by)


def digest_of(secret: str) -> str:
    """What is kept of a secret: it has too many bits to be guessed, so that no salt is needed."""
    return sha256(secret.encode()).hexdigest()
