"""What authors do: write, send, correct, withdraw."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from parvis.core import journal, text
from parvis.core.templatetags.ui import day
from parvis.people.models import Person, Voice
from parvis.publications import rights
from parvis.publications.actions import outlining, spreading
from parvis.publications.images import new_name
from parvis.publications.kinds import KINDS
from parvis.publications.models import Draft, Publication, Purpose, Reply, Revision, State
from parvis.publications.rights import Refused
from parvis.publications.targets import Target
from parvis.publications.wording import addressees
from parvis.territory.models import Zone

# A notice that stays longer is no news (look.md).
NOTICE_LASTS = timedelta(days=90)


@transaction.atomic
def compose(
    *,
    voice: Voice,
    by: Person,
    kind: str,
    place: Zone,
    title: str = "",
    body: str,
    zones: Sequence[Zone] = (),
    target: Target | None = None,
    purpose: str = "",
    answerable: bool = False,
    is_alert: bool = False,
    expires_at: datetime | None = None,
    image: File[bytes] | None = None,
    image_alt: str = "",
    at: datetime | None = None,
) -> Publication:
    """A draft by `voice`, addressed to `zones` or to a `target`; `place` is the zone whose moderators answer for it.

    `image` comes from `images.reencode` or from a draft. Raises Refused, with the sentence to show.
    """
    at = at or timezone.now()
    rights.check_voice(voice, by)
    rights.check_kind(voice, kind)
    rights.check_reach(voice, zones, target)
    fine = rights.is_fine(zones, target)
    _check_end(kind, expires_at, at, fine=fine)
    _check_use(kind, purpose, is_alert=is_alert, fine=fine)
    draft = Publication(kind=kind, author=by, voice=voice, place=place, created_at=at, **words_kept(kind, title, body))
    # The address of a post is its number.
    draft.slug = "" if kind == "post" else slugify(draft.title)[:120].strip("-")
    draft.addressed = target.label if target else addressees(zones)
    draft.is_alert, draft.expires_at, draft.purpose, draft.is_fine = is_alert, expires_at, purpose, fine
    draft.answerable = answerable and KINDS[kind].opens_to_replies
    _illustrate(draft, image, image_alt)
    draft.save()
    outlining.aim(draft, zones, target, by=by)
    journal.record("publication.composed", by=by, target=draft, kind=kind)
    return draft


def _check_use(kind: str, purpose: str, *, is_alert: bool, fine: bool) -> None:
    """Refuse an alert that is no notice, and no reason for going finer than a commune."""
    if is_alert and kind != "notice":
        raise Refused(_("Seul un avis de service public peut être une alerte."))
    if fine and purpose not in Purpose.values:
        raise Refused(_("Choisissez un motif."))


def _illustrate(draft: Publication, image: File[bytes] | None, image_alt: str) -> None:
    """Keep the picture of a publication that is about to be saved."""
    draft.image_alt = text.clean(image_alt).strip()[:200]
    if isinstance(image, FieldFile):
        draft.image = image.name
    elif image is not None:
        # Whatever it was called: a name tells things.
        draft.image.save(new_name(), image, save=False)


def _check_end(kind: str, expires_at: datetime | None, at: datetime, *, fine: bool) -> None:
    """Refuse an end already past, and a notice that would never leave."""
    if expires_at is None:
        if fine:
            raise Refused(_("Indiquez jusqu’à quand l’avis reste affiché."))
        return
    if expires_at <= at:
        raise Refused(_("Choisissez une date à venir."))
    if kind == "notice" and expires_at > at + NOTICE_LASTS + timedelta(days=1):
        raise Refused(too_late(at))


def too_late(at: datetime) -> str:
    """Until when a notice may stay, said to who asked for longer."""
    last = day(timezone.localdate(at + NOTICE_LASTS)).split(" ", 1)[1]
    return _("Choisissez une date avant le %(day)s : un avis dure 90 jours au plus.") % {"day": last}


def words_kept(kind: str, title: str, body: str) -> dict[str, Any]:
    """Title, text and its HTML as we keep them; Refused when one is missing or too long (R-SEC-25)."""
    title = " ".join(text.clean(title).split())
    body = text.clean(body).strip()
    if kind != "post" and not title:
        raise Refused(_("Donnez un titre."))
    if not body:
        raise Refused(_("Écrivez un texte."))
    if len(title) > 160 or len(body) > 10_000:
        raise Refused(_("Le titre tient en 160 signes et le texte en 10 000."))
    return {"title": title, "body": body, "body_html": text.render(body)}


@transaction.atomic
def submit(
    publication: Publication, *, by: Person, at: datetime | None = None, second: Person | None = None
) -> Publication:
    """Send a draft: online at once, to a `second` person of the service, or to moderators. Raises Refused."""
    at = at or timezone.now()
    voice = publication.voice
    rights.check_voice(voice, by)
    mine = Publication.objects.written_by(by)
    if publication.is_fine:
        return outlining.ask_second(publication, by=by, second=second)
    if rights.waits(voice, by, kind=publication.kind):
        rights.check_queue(by)
        if not spreading.move(publication, mine, before=State.DRAFT, after=State.PENDING):
            raise Refused(_("Ce texte a déjà été envoyé."))
        journal.record("publication.submitted", by=by, target=publication, kind=publication.kind)
        return publication
    fields = spreading.come_online(publication, at)
    if not spreading.move(publication, mine, before=State.DRAFT, after=State.ONLINE, **fields):
        raise Refused(_("Ce texte a déjà été envoyé."))
    Draft.objects.filter(publication=publication).delete()
    spreading.spread(publication)
    spreading.note_word(voice, at)
    journal.record("publication.published", by=by, target=publication, kind=publication.kind)
    spreading.warn(publication, by=by)
    return publication


@transaction.atomic
def withdraw(item: Publication | Reply, *, by: Person) -> None:
    """Take back what one of their voices wrote, whether it waits or is online. Raises Refused."""
    before = State(item.state)
    if before not in {State.DRAFT, State.REVIEW, State.PENDING, State.ONLINE}:
        raise Refused(_("Ce texte n’est plus en ligne."))
    if not spreading.move(item, type(item).objects.written_by(by), before=before, after=State.WITHDRAWN):
        raise Refused(_("Ce texte n’est plus en ligne, ou vous ne pouvez pas le retirer."))
    if isinstance(item, Publication):
        spreading.gather_back(item)
        outlining.forget(item)
    elif before == State.ONLINE and not item.is_private:
        Publication.objects.filter(pk=item.publication_id).update(reply_count=F("reply_count") - 1)
    journal.record("publication.withdrawn" if isinstance(item, Publication) else "reply.withdrawn", by=by, target=item)


@transaction.atomic
def correct(publication: Publication, *, by: Person, title: str, body: str, before: str = "") -> Publication:
    """Change the words. What people could already read is kept and shown as it was. Raises Refused.

    What a moderator or a second person would have read first leaves the public page until they have.
    `before` is safe HTML of what the kind said besides (dates, place) and changes now; it is kept with the text.
    """
    if publication.kind == "notice" and publication.is_over:
        raise Refused(_("Cet avis est terminé : il ne se corrige plus."))
    fields = words_kept(publication.kind, title, body)
    if (fields["title"], fields["body"]) == (publication.title, publication.body) and not before:
        return publication
    was_public = publication.state == State.ONLINE
    unread = rights.waits_again(publication, by)
    if was_public:
        fields["edited_at"] = timezone.now()
    if publication.is_fine:
        # Whoever wrote these words is not the one who lets them out.
        fields["author"] = by
    if unread:
        fields["state"] = State.REVIEW if publication.is_fine else State.PENDING
    states = [State.DRAFT, State.REVIEW, State.PENDING, State.ONLINE]
    mine = Publication.objects.written_by(by).filter(state__in=states)
    # Two members of one association may correct at once: the second sees the first's words before writing theirs.
    same = Publication.objects.filter(pk=publication.pk, state=publication.state, version=publication.version)
    if not same.filter(pk__in=mine.values("pk")).update(version=F("version") + 1, **fields):
        raise Refused(_("Ce texte vient de changer : relisez-le avant de le corriger."))
    if was_public:
        said = before + publication.body_html
        Revision.objects.create(publication=publication, title=publication.title, body_html=said)
    for name, value in fields.items():
        setattr(publication, name, value)
    publication.version += 1
    if unread:
        spreading.gather_back(publication)
    journal.record("publication.corrected", by=by, target=publication, kind=publication.kind)
    return publication
