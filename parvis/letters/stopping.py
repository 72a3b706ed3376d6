"""The link that ends a kind of mail in one click: signed, without session, and good for as long as the mail is kept."""

from typing import NamedTuple

from django.conf import settings
from django.core import signing

from parvis.letters.models import digest_of
from parvis.people.models import Person

SALT = "parvis.letters.stop"
# What a link ends: the letter, or mail about one kind of notification.
LETTER = "letter"


class Stop(NamedTuple):
    """What a link says: whose mail, to which address, and what of it ends."""

    person: int
    digest: str
    what: str


def link(person: Person, what: str) -> str:
    """The address that ends `what` for `person`; nobody else can make it."""
    token = signing.dumps([person.pk, digest_of(person.email), what], salt=SALT)
    return f"{settings.SITE_URL}/courriel/arret/{token}/"


def read(token: str) -> Stop | None:
    """What a link says, however old; None when it is not ours."""
    try:
        person, digest, what = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return Stop(person, digest, what)


def headers(address: str) -> dict[str, str]:
    """What lets a mail program show a button that ends this mail (RFC 8058)."""
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
