"""What ties a person to a voice or to a commune: what buttons say. And, once one is pressed, the way back."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from parvis.people.access import safe_next
from parvis.people.models import Mute, Person, Reason, Subscription, Voice
from parvis.territory.models import Zone


def to_voice(person: Person | None, voice: Voice) -> dict[str, bool]:
    """Whether `person` follows `voice`, and whether they no longer want to read it."""
    if person is None:
        return {"followed": False, "muted": False}
    followed = Subscription.objects.filter(person=person, audience__voice=voice, reason=Reason.FOLLOW)
    return {"followed": followed.exists(), "muted": Mute.objects.filter(person=person, voice=voice).exists()}


def to_commune(person: Person | None, zone: Zone) -> dict[str, bool]:
    """Whether one can follow `zone`, whether `person` does, and whether they live there."""
    mine = Subscription.objects.filter(person=person, audience__zone=zone).values_list("reason", flat=True)
    reasons = set(mine) if person else set()
    return {
        "can_follow": zone.joinable and not zone.is_context,
        "followed": Reason.FOLLOW in reasons,
        "lives_here": Reason.COMMUNE in reasons,
    }


@dataclass(frozen=True)
class Undo:
    """The inverse of what was just done: what to send, and where."""

    address: str
    action: str


def done(request: HttpRequest, words: str, *, back: str, undo: str = "") -> HttpResponse:
    """Say what was done and go back to where it was asked, else to `back`; `undo` is the inverse, at this address."""
    messages.success(request, words, extra_tags=f"{request.path} {undo}" if undo else "")
    return redirect(safe_next(request, back))


def undo_of(request: HttpRequest) -> Undo | None:
    """How to undo what the page before did, if it said so."""
    said = [message.extra_tags for message in messages.get_messages(request) if message.extra_tags]
    return Undo(*said[-1].split(" ", 1)) if said else None


def refused(request: HttpRequest, refusal: ValidationError, *, back: str) -> HttpResponse:
    """Say why not, where it was asked."""
    messages.error(request, refusal.messages[0])
    return redirect(safe_next(request, back))
