"""Answering under a publication."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal, text
from parvis.people.models import Person, Voice
from parvis.publications import rights
from parvis.publications.actions import spreading
from parvis.publications.kinds import KINDS
from parvis.publications.models import Publication, Reply, State
from parvis.publications.rights import Refused


@transaction.atomic
def open_to_replies(publication: Publication, *, by: Person, answerable: bool) -> None:
    """Open an event to comments, or close it: those already there stay, and nobody adds any. Nothing the second time.

    Raises Refused for what is not to be opened.
    """
    rights.check_voice(publication.voice, by)
    if publication.kind == Publication.Kind.NOTICE or not KINDS[publication.kind].opens_to_replies:
        raise Refused(_("On ne répond pas à ce genre de publication."))
    if Publication.objects.filter(pk=publication.pk).exclude(answerable=answerable).update(answerable=answerable):
        publication.answerable = answerable
        journal.record("publication.opened_to_replies", by=by, target=publication, answerable=answerable)


def bring_replies(former: Publication, into: Publication) -> int:
    """What was answered to `former` stands under `into`, in the order it was written; how many.

    Call it in the transaction that says that they are one.
    """
    moved = Reply.objects.filter(publication=former).update(publication=into, on_kind=into.kind)
    for one in (former, into):
        shown = Reply.objects.filter(publication=one, state=State.ONLINE, is_private=False).count()
        Publication.objects.filter(pk=one.pk).update(reply_count=shown)
    return moved


@transaction.atomic
def reply(publication: Publication, *, voice: Voice, by: Person, body: str, at: datetime | None = None) -> Reply:
    """Answer `publication` in `voice`: online at once, or after a moderator has read it. Raises Refused.

    An answer to a notice is read by its service alone: nobody else learns whom it concerned (R-PRIV-10).
    """
    at = at or timezone.now()
    rights.check_voice(voice, by)
    private = publication.kind == Publication.Kind.NOTICE
    _check_open(publication, by)
    rights.check_welcome(publication, by, voice)
    body = text.clean(body).strip()
    if not body:
        raise Refused(_("Écrivez votre réponse."))
    if len(body) > 3_000:
        raise Refused(_("Une réponse tient en 3 000 signes."))
    waits = not private and rights.waits(voice, by, kind="reply")
    if waits:
        rights.check_queue(by)
    answer = Reply.objects.create(
        publication=publication,
        author=by,
        voice=voice,
        state=State.PENDING if waits else State.ONLINE,
        body=body,
        body_html=text.render(body),
        on_kind=publication.kind,
        is_private=private,
        created_at=at,
    )
    if waits:
        journal.record("reply.submitted", by=by, target=answer)
        return answer
    if not private:
        Publication.objects.filter(pk=publication.pk).update(reply_count=F("reply_count") + 1)
        spreading.note_word(voice, at)
    journal.record("reply.published", by=by, target=answer)
    return answer


def _check_open(publication: Publication, by: Person) -> None:
    """Refuse an answer to what takes none, or is no longer read."""
    if not Publication.objects.taking_replies().filter(pk=publication.pk).exists():
        event = publication.kind == Publication.Kind.EVENT
        raise Refused(_("Les commentaires sont fermés.") if event else _("On ne répond pas à ce genre de publication."))
    if not Publication.objects.visible_to(by).filter(pk=publication.pk).exists():
        raise Refused(_("Cette publication n’est plus en ligne."))
