"""What ties a person to a voice or to a commune: what buttons say. And, once one is pressed, the way back."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from parvis.people.access import safe_next
from parvis.people.models import Block, Contact, Mute, Person, Reason, Subscription, Voice, VoiceQuerySet
from parvis.territory.models import Zone


def known_to(person: Person) -> VoiceQuerySet:
    """Voices `person` may see, and the people with whom there is something between them, however discreet."""
    asked = Contact.objects.filter(asked=person, declined_at=None).values("asker")
    mine = Contact.objects.filter(asker=person, withdrawn=False).values("asked")
    kept_away = Block.objects.filter(person=person).values("voice")
    tied = Q(person__in=asked) | Q(person__in=mine) | Q(pk__in=kept_away)
    # One condition on the row, and not a list of all that may be seen, which is as long as a country.
    return Voice.objects.visible_to(person) | Voice.objects.filter(tied, closed_at=None)


def to_voice(person: Person | None, voice: Voice) -> dict[str, bool | str]:
    """Whether `person` follows `voice`, no longer wants to read it or be reached by it; how far they know each other.

    `contact` is "asked" when they asked, "asking" when they were asked, "known" once both agreed; `followable` whether
    they may follow it.
    """
    if person is None:
        return {"followed": False, "muted": False}
    followed = Subscription.objects.filter(person=person, audience__voice=voice, reason=Reason.FOLLOW)
    blocked = Block.objects.filter(person=person, voice=voice).exists()
    return {
        "followed": followed.exists(),
        "muted": Mute.objects.filter(person=person, voice=voice).exists(),
        "blocked": blocked,
        "contact": contact_with(person, voice),
        "followable": may_follow(person, voice),
    }


def contact_with(person: Person, voice: Voice) -> str:
    """What there is between `person` and whoever speaks in `voice`: "", "asked", "asking" or "known"."""
    if voice.person_id is None or voice.person_id == person.pk:
        return ""
    there = Contact.objects.between(person, voice.person_id).first()
    if there is None:
        return ""
    if there.accepted_at:
        return "known"
    if there.asker_id == person.pk:
        return "" if there.withdrawn else "asked"
    return "" if there.declined_at else "asking"


def may_follow(person: Person, voice: Voice) -> bool:
    """Whether who speaks in `voice` lets `person` follow them; an organisation or an élu lets everyone."""
    if voice.person_id is None:
        return True
    willing = Person.objects.filter(pk=voice.person_id, takes_followers=True)
    return willing.exclude(blocks__voice__person=person).exists()


def unread_by(person: Person | None, voices: Iterable[int]) -> set[int]:
    """Which of these voices `person` no longer wants to read; one statement, and none for most people."""
    if person is None or not person.leaves_out:
        return set()
    return set(Mute.objects.filter(person=person, voice__in=set(voices)).values_list("voice", flat=True))


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


def noted(request: HttpRequest, words: str, *, back: str) -> HttpResponse:
    """`done`, for who pressed a button; not a word, for a script that asks every now and then."""
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return done(request, words, back=back)


def undo_of(request: HttpRequest) -> Undo | None:
    """How to undo what the page before did, if it said so."""
    said = [message.extra_tags for message in messages.get_messages(request) if message.extra_tags]
    return Undo(*said[-1].split(" ", 1)) if said else None


def refused(request: HttpRequest, refusal: ValidationError, *, back: str) -> HttpResponse:
    """Say why not, where it was asked."""
    messages.error(request, refusal.messages[0])
    return redirect(safe_next(request, back))
