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
def reply(publication: Publication, *, voice: Voice, by: Person, body: str, at: datetime | None = None) -> Reply:
    """Answer `publication` in `voice`: online at once, or after a moderator has read it. Raises Refused."""
    at = at or timezone.now()
    rights.check_voice(voice, by)
    if not KINDS[publication.kind].takes_replies:
        raise Refused(_("On ne répond pas à ce genre de publication."))
    if not Publication.objects.visible_to(by).filter(pk=publication.pk).exists():
        raise Refused(_("Cette publication n’est plus en ligne."))
    body = text.clean(body).strip()
    if not body:
        raise Refused(_("Écrivez votre réponse."))
    if len(body) > 3_000:
        raise Refused(_("Une réponse tient en 3 000 signes."))
    waits = rights.waits(voice, by, kind="reply")
    if waits:
        rights.check_queue(by)
    answer = Reply.objects.create(
        publication=publication,
        author=by,
        voice=voice,
        state=State.PENDING if waits else State.ONLINE,
        body=body,
        body_html=text.render(body),
        created_at=at,
    )
    if waits:
        journal.record("reply.submitted", by=by, target=answer)
        return answer
    Publication.objects.filter(pk=publication.pk).update(reply_count=F("reply_count") + 1)
    spreading.note_word(voice, at)
    journal.record("reply.published", by=by, target=answer)
    return answer
