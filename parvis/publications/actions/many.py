"""Many publications of one voice at once, as a calendar that is imported brings them: the same rows, few statements.

What `compose` and `submit` write for one, a test compares with what these write.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from parvis.core import journal
from parvis.people.models import Person, Voice
from parvis.publications import rights
from parvis.publications.actions import spreading
from parvis.publications.actions.composing import words_kept
from parvis.publications.models import Publication, State, Targeting
from parvis.publications.models.publications import position
from parvis.publications.wording import addressees
from parvis.territory.models import Territory, Zone


@dataclass(frozen=True)
class Said:
    """One of them: its words, the zone whose moderators answer for it, and the one it is addressed to."""

    title: str
    body: str
    place: Zone
    zone: Zone


@transaction.atomic
def compose_many(*, voice: Voice, by: Person, kind: str, said: Sequence[Said], at: datetime) -> list[Publication]:
    """A draft of each, by `voice`, to a commune or wider. Raises Refused when the voice may not."""
    rights.check_voice(voice, by)
    rights.check_kind(voice, kind)
    zones = list({one.zone.pk: one.zone for one in said}.values())
    for start in range(0, len(zones), rights.MAX_ZONES):
        rights.check_zones(voice, zones[start : start + rights.MAX_ZONES])
    named = {zone.pk: addressees([zone]) for zone in zones}
    roots = set(Territory.objects.values_list("root", flat=True))
    drafts = [
        Publication(
            kind=kind,
            author=by,
            voice=voice,
            place=one.place,
            created_at=at,
            addressed=named[one.zone.pk],
            **words_kept(kind, one.title, one.body),
        )
        for one in said
    ]
    for draft in drafts:
        draft.slug = slugify(draft.title)[:120].strip("-")
    Publication.objects.bulk_create(drafts)
    Targeting.objects.bulk_create(
        Targeting(
            publication=draft,
            zone=one.zone,
            zone_kind=one.zone.kind,
            voice_kind=voice.kind,
            is_root=one.zone.pk in roots,
        )
        for draft, one in zip(drafts, said, strict=True)
    )
    journal.record_many("publication.composed", by=by, targets=drafts, kind=kind)
    return drafts


@transaction.atomic
def submit_many(drafts: Sequence[Publication], zones: Sequence[Zone], *, by: Person, at: datetime) -> State:
    """Send drafts of one voice, each addressed to the zone of its rank: online at once, or to moderators."""
    voice, kind = drafts[0].voice, drafts[0].kind
    waits = rights.waits(voice, by, kind=kind)
    state = State.PENDING if waits else State.ONLINE
    numbers = [draft.pk for draft in drafts]
    fields = {} if waits else {"published_at": at, "position": position(at, 0) + F("pk").bitand(0xFFFFF)}
    Publication.objects.filter(pk__in=numbers, state=State.DRAFT).update(state=state, **fields)
    for draft in drafts:
        draft.state = state
        if not waits:
            draft.published_at, draft.position = at, position(at, draft.pk)
    if waits:
        journal.record_many("publication.submitted", by=by, targets=drafts, kind=kind)
        return state
    spreading.spread_many(list(zip(drafts, zones, strict=True)))
    spreading.note_word(voice, at)
    journal.record_many("publication.published", by=by, targets=drafts, kind=kind)
    return state
