"""The address at which one answers a discussion by mail: signed, for one person and one topic, and for some weeks."""

import hmac
from base64 import b32decode, b32encode
from binascii import Error
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from parvis.groups.models import Topic
from parvis.people.models import Person

# Numbers of a person, of a topic and of a week; then the signature, 80 bits: who guesses must ask our server.
WIDTHS, SIGNED = (5, 5, 2), 10
WEEK, WEEKS = 7 * 86_400, 5
SALT = "parvis.letters.reply"


class Reply(NamedTuple):
    """What an address of ours says: who answers, in which topic, and whether its weeks are over."""

    person: int
    topic: int
    is_over: bool


def address_of(person: Person, topic: Topic) -> str:
    """Where `person` answers `topic` by mail; empty when the site takes no mail."""
    if not settings.REPLY_ADDRESS:
        return ""
    numbers = (person.pk, topic.pk, _week(timezone.now()))
    said = b"".join(number.to_bytes(width) for number, width in zip(numbers, WIDTHS, strict=True))
    token = b32encode(said + _signature(said)).decode().rstrip("=").lower()
    name, _at, host = settings.REPLY_ADDRESS.partition("@")
    return f"{name}+{token}@{host}"


def token_of(address: str) -> str | None:
    """The signed part of an address that is one of ours, right or wrong; None for any other address."""
    name, _at, host = settings.REPLY_ADDRESS.lower().partition("@")
    local, _at, where = address.strip().lower().rpartition("@")
    mine = name and where == host and local.startswith(f"{name}+")
    return local.removeprefix(f"{name}+") if mine else None


def read(token: str) -> Reply | None:
    """What a token says; None when we did not make it. Letter case is lost on the way: it decides nothing."""
    length = sum(WIDTHS)
    try:
        raw = b32decode(token.upper() + "=" * (-len(token) % 8))
    except (Error, ValueError):
        return None
    said, signature = raw[:length], raw[length:]
    if b32encode(raw).decode().rstrip("=").lower() != token or not hmac.compare_digest(signature, _signature(said)):
        return None
    person, topic, week = said[:5], said[5:10], said[10:]
    age = _week(timezone.now()) - int.from_bytes(week)
    return Reply(int.from_bytes(person), int.from_bytes(topic), is_over=age > WEEKS)


def _signature(said: bytes) -> bytes:
    return salted_hmac(SALT, said.hex(), algorithm=sha256().name).digest()[:SIGNED]


def _week(now: datetime) -> int:
    return int(now.timestamp()) // WEEK
