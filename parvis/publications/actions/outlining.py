"""Notices finer than a commune: two persons of the service let them out, and the vault alone learns whom they reach."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely import from_wkb, to_wkb

from parvis.core import journal, text
from parvis.people import vault
from parvis.people.models import Person, Voice
from parvis.publications import rights
from parvis.publications.actions import spreading
from parvis.publications.images import new_name
from parvis.publications.models import Draft, Outline, Publication, State, Targeting
from parvis.publications.models.publications import position
from parvis.publications.rights import AlreadyDecided, Refused
from parvis.publications.targets import Target
from parvis.territory.models import Territory, Zone

NOTE = 1_000


def aim(publication: Publication, zones: Sequence[Zone], target: Target | None, *, by: Person) -> None:
    """Write the drawing, or else the zones chosen, with what the database checks them by."""
    if target:
        _draw(publication, target, by=by)
        return
    roots = set(Territory.objects.values_list("root", flat=True))
    Targeting.objects.bulk_create(
        Targeting(
            publication=publication,
            zone=zone,
            zone_kind=zone.kind,
            voice_kind=publication.voice.kind,
            is_root=zone.pk in roots,
        )
        for zone in zones
    )


def _draw(publication: Publication, target: Target, *, by: Person) -> None:
    assert publication.expires_at is not None
    fields = {
        "voice_kind": publication.voice.kind,
        "kind": target.kind,
        "purpose": publication.purpose,
        "shape": to_wkb(target.shape),
        "public": to_wkb(target.public),
        "margin": target.margin,
        "began": int(publication.created_at.timestamp()),
        "ends": int(publication.expires_at.timestamp()),
        "first": by.pk,
    }
    Outline.objects.create(publication=publication, **fields).communes.set(target.communes)


@transaction.atomic
def keep_draft(
    draft: Draft | None,
    *,
    voice: Voice,
    by: Person,
    typed: Mapping[str, object],
    publication: Publication | None = None,
    image: File[bytes] | None = None,
    drop_image: bool = False,
) -> Draft:
    """Keep what was typed of a notice, found again by whoever speaks in its voice. Raises Refused.

    With the `publication` that was made of it, it waits until that goes out, or comes back. A new `image` takes the
    place of the one it had.
    """
    rights.check_voice(voice, by)
    rights.check_kind(voice, "notice")
    draft = draft or Draft()
    draft.voice, draft.typed, draft.publication, draft.saved_at = voice, dict(typed), publication, timezone.now()
    if publication:
        draft.note = ""
    former = draft.image.name
    if image is not None:
        draft.image.save(new_name(), image, save=False)
    elif drop_image:
        draft.image = ""
    draft.save()
    forget_picture(former)
    journal.record("draft.kept", by=by, target=draft)
    return draft


@transaction.atomic
def drop_draft(draft: Draft, *, by: Person) -> None:
    """Throw away a notice nobody has seen. Raises Refused."""
    rights.check_voice(draft.voice, by)
    journal.record("draft.dropped", by=by, target=draft)
    draft.delete()
    forget_picture(draft.image.name)


def forget_picture(name: str | None) -> None:
    """Delete a picture that no draft and no publication shows any more, once the transaction is through."""
    shown = Draft.objects.filter(image=name).exists() or Publication.objects.filter(image=name).exists()
    if name and not shown:
        transaction.on_commit(partial(default_storage.delete, name))


def ask_second(publication: Publication, *, by: Person, second: Person | None = None) -> Publication:
    """Hand a draft to someone else of the service, `second` or whoever reads it first: in the transaction of the act.

    Raises Refused.
    """
    rights.check_second(publication.voice, by, second)
    mine = Publication.objects.written_by(by)
    if not spreading.move(publication, mine, before=State.DRAFT, after=State.REVIEW):
        raise Refused(_("Ce texte a déjà été envoyé."))
    journal.record("publication.awaits_second", by=by, target=publication, second=second.pk if second else None)
    return publication


@transaction.atomic
def countersign(publication: Publication, *, by: Person, at: datetime | None = None) -> Publication:
    """Let out what someone else of the service wrote: both names are in the journal (R-PRIV-9). Raises Refused."""
    at = at or timezone.now()
    rights.check_voice(publication.voice, by)
    if publication.author_id == by.pk:
        raise Refused(_("Une autre personne du service doit relire ce que vous avez écrit."))
    if publication.expires_at is None or publication.expires_at <= at:
        raise Refused(_("La date de fin est passée : renvoyez l’avis à son auteur."))
    first = publication.position is None
    fields: dict[str, Any] = spreading.come_online(publication, at) if first else {}
    if not first and publication.second is None:
        # For others than before: to them it is new.
        fields = {"position": position(at, publication.pk)}
    read = Publication.objects.awaiting_second(by).filter(version=publication.version)
    if not spreading.move(publication, read, before=State.REVIEW, after=State.ONLINE, second=by.pk, **fields):
        raise AlreadyDecided
    Draft.objects.filter(publication=publication).delete()
    spreading.spread(publication)
    # Last: whoever settles meanwhile takes audiences first, and the vault next.
    hand_over(publication, by=by)
    spreading.note_word(publication.voice, at)
    journal.record("publication.countersigned", by=by, target=publication, author=publication.author_id)
    if first:
        journal.record("publication.published", by=by, target=publication, kind=publication.kind)
    spreading.warn(publication, by=by)
    return publication


@transaction.atomic
def send_back(publication: Publication, *, by: Person, reason: str) -> Draft:
    """Give what waited back to its author, as a draft with the reason. Raises Refused."""
    rights.check_voice(publication.voice, by)
    reason = text.clean(reason).strip()[:NOTE]
    if not reason:
        raise Refused(_("Écrivez pourquoi vous renvoyez cet avis : son auteur le lira."))
    if not Publication.objects.awaiting_second(by).filter(pk=publication.pk, version=publication.version).exists():
        raise AlreadyDecided
    return _give_back(publication, by=by, reason=reason)


def give_back_expired() -> None:
    """Give back, by the clock, what ended before its second person read it: nothing of its parcels waits any more."""
    waiting = Publication.objects.filter(kind="notice", state=State.REVIEW, expires_at__lte=timezone.now())
    for publication in waiting.order_by("pk")[: spreading.PURGE_SIZE]:
        with transaction.atomic():
            # The second person may be reading it now.
            if Publication.objects.select_for_update().filter(pk=publication.pk, state=State.REVIEW).exists():
                _give_back(publication, by=None, reason=_("Sa date de fin est passée avant sa relecture."))


def _give_back(publication: Publication, *, by: Person | None, reason: str) -> Draft:
    draft = Draft.objects.filter(publication=publication).first() or Draft(
        voice=publication.voice, typed={"title": publication.title, "body": publication.body}
    )
    draft.publication, draft.note, draft.saved_at = None, reason, timezone.now()
    if by is None:
        # Over, and nobody may come back to it for months.
        for way in ("shape", "parcels", "street", "centre"):
            draft.typed.pop(way, None)
    draft.image = publication.image.name
    draft.save()
    journal.record("publication.sent_back", by=by, target=publication, author=publication.author_id, draft=draft.pk)
    if publication.position is None:
        # Nobody else ever read it.
        publication.delete()
    else:
        spreading.move(publication, Publication.objects.all(), before=State.REVIEW, after=State.WITHDRAWN)
        forget(publication)
    return draft


def hand_over(publication: Publication, *, by: Person) -> None:
    """Give where it goes to the vault, whose job finds whom it reaches: the same work for nobody and for a thousand."""
    outline = Outline.objects.filter(publication=publication).first()
    if outline is None:
        return
    if outline.shape is not None:
        assert publication.position is not None
        shape = from_wkb(bytes(outline.shape))
        vault.deliver_inside(publication.pk, shape, position=publication.position, expires_at=publication.expires_at)
        outline.handed_at = timezone.now()
    if outline.kind == Outline.Kind.PARCELS:
        outline.shape = None
    outline.first, outline.second = publication.author_id or outline.first, by.pk
    outline.save(update_fields=["shape", "handed_at", "first", "second"])


def forget(publication: Publication) -> None:
    """Keep no exact shape of parcels, here or in the vault, nor what was typed."""
    if Outline.objects.filter(publication=publication, handed_at__isnull=False).exists():
        vault.take_back(publication.pk)
    Outline.objects.filter(publication=publication, kind=Outline.Kind.PARCELS).update(shape=None)
    Draft.objects.filter(publication=publication).delete()
