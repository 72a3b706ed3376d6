"""Writing to someone, answering, taking back."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.conversations import rights
from parvis.conversations.actions.keeping import read
from parvis.conversations.models import Conversation, Draft, File, Line, Receipt, Side
from parvis.conversations.rights import Door, Overtaken, Refused
from parvis.core import journal, live, text
from parvis.people.models import Person, Voice
from parvis.publications.documents import MOST_FILES, Kept
from parvis.publications.models import State
from parvis.publications.models.publications import position

# Conversations begun in a day, and lines said; by an account nobody has read yet (R-MOD-3).
BEGUN, FEW_BEGUN = 15, 3
SAID, FEW_SAID = 300, 20
FEW_LINKS, DAY = 2, timedelta(days=1)
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


@transaction.atomic
def begin(
    to: Voice,
    *,
    by: Person,
    voice: Voice,
    body: str,
    subject: str = "",
    files: Sequence[Kept] = (),
    at: datetime | None = None,
) -> Line:
    """Write to `to` in `voice`: in the conversation they have, if they have one and no subject. Raises Refused.

    A stranger's first words wait apart until they are accepted; a service acknowledges receipt (CRPA L.112-11).
    """
    at = at or timezone.now()
    formal = to.kind == Voice.Kind.SERVICE
    pair = None if formal else f"{min(voice.pk, to.pk)}-{max(voice.pk, to.pk)}"
    there = Conversation.objects.visible_to(by).filter(pair=pair).first() if pair else None
    if there is not None:
        return answer(there, by=by, body=body, files=files, at=at)
    how = rights.door(by, voice, to)
    subject = " ".join(text.clean(subject).split())
    if formal and not subject:
        raise Refused(_("Donnez un objet à votre demande : le service s’y retrouvera."))
    _check_begun(by, at)
    made = Conversation.objects.create(subject=subject[:160] if formal else "", pair=pair, opened_at=at)
    Side.objects.create(conversation=made, voice=voice, began=True, accepted_at=at)
    Side.objects.create(conversation=made, voice=to, accepted_at=at if how == Door.OPEN else None)
    mine, theirs = rights.sides(made, by)
    line = _say(mine, theirs, by, body, files, at)
    Draft.objects.filter(person=by, to=to).delete()
    journal.record("conversation.begun", by=by, target=made, line=line.pk)
    return line


@transaction.atomic
def answer(
    conversation: Conversation,
    *,
    by: Person,
    body: str,
    files: Sequence[Kept] = (),
    seen: int | None = None,
    at: datetime | None = None,
) -> Line:
    """Go on, for the side in which `by` speaks. Who answers a request accepts it. Raises Refused.

    `seen` is the position they had read: when a colleague answered since, nothing is sent twice (R-REL-10).
    """
    at = at or timezone.now()
    Conversation.objects.select_for_update().get(pk=conversation.pk)
    mine, theirs = rights.sides(conversation, by)
    rights.check_reply(mine, theirs, by)
    if theirs.accepted_at is None and Line.objects.filter(conversation=conversation, voice=mine.voice).exists():
        raise Refused(_("Votre message attend d’être accepté : vous pourrez en écrire un autre ensuite."))
    if seen is not None:
        later = Line.objects.filter(conversation=conversation, voice=mine.voice, position__gt=seen)
        if later.exclude(author=by).exists():
            raise Overtaken
    if mine.accepted_at is None or mine.declined_at is not None:
        Side.objects.filter(pk=mine.pk).update(accepted_at=at, declined_at=None)
    line = _say(mine, theirs, by, body, files, at)
    journal.record("conversation.said", by=by, target=conversation, line=line.pk)
    return line


@transaction.atomic
def withdraw(line: Line, *, by: Person) -> None:
    """Take back what one wrote: nobody reads it any more. A request to a service stays, since it was received."""
    if Receipt.objects.filter(line=line).exists():
        raise Refused(_("Le service en a accusé réception : écrivez-lui que vous renoncez à votre demande."))
    mine = Line.objects.visible_to(by).filter(pk=line.pk, author=by)
    if not Line.objects.filter(pk__in=mine.values("pk"), state=State.ONLINE).update(state=State.WITHDRAWN):
        raise Refused(_("Ce message n’est plus là, ou vous ne pouvez pas le retirer."))
    journal.record("line.withdrawn", by=by, target=line)


def _check_begun(by: Person, at: datetime) -> None:
    """Refuse to begin too much in a day (R-SEC-17)."""
    began = Side.objects.filter(began=True, conversation__lines__author=by, conversation__opened_at__gt=at - DAY)
    if began.values("pk").distinct().count() >= (BEGUN if by.trusted_at else FEW_BEGUN):
        raise Refused(_("Vous avez déjà écrit à plusieurs destinataires aujourd’hui : reprenez demain."))


def _say(mine: Side, theirs: Side, by: Person, body: str, files: Sequence[Kept], at: datetime) -> Line:
    body = _words(body, by, at)
    line = Line.objects.create(
        conversation=mine.conversation,
        author=by,
        voice=mine.voice,
        body=body,
        body_html=text.render(body),
        created_at=at,
    )
    line.position = position(at, line.pk)
    Line.objects.filter(pk=line.pk).update(position=line.position)
    Conversation.objects.filter(pk=line.conversation_id).update(position=line.position)
    Side.objects.filter(conversation=line.conversation_id).update(position=line.position)
    _attach(line, by, files)
    if theirs.voice is not None and theirs.voice.kind == Voice.Kind.SERVICE:
        Receipt.objects.create(line=line, service=theirs.voice, reference=f"{at:%Y}-{line.pk:06}", at=at)
    read(line.conversation, line.position, by=by)
    Draft.objects.filter(person=by, conversation=line.conversation_id).delete()
    live.announce("conversation", line.conversation_id)
    return line


def _words(body: str, by: Person, at: datetime) -> str:
    """The text; Refused when empty, too long, or too much of it comes."""
    body = text.clean(body).strip()
    if not body:
        raise Refused(_("Écrivez votre message."))
    if len(body) > 10_000:
        raise Refused(_("Un message tient en 10 000 signes."))
    if by.trusted_at is None and len(LINK.findall(body)) > FEW_LINKS:
        raise Refused(_("Un nouveau compte met deux liens au plus dans un message."))
    most = SAID if by.trusted_at else FEW_SAID
    if Line.objects.filter(author=by, created_at__gt=at - DAY)[:most].count() >= most:
        raise Refused(_("Vous avez beaucoup écrit aujourd’hui : reprenez demain."))
    return body


def _attach(line: Line, by: Person, files: Sequence[Kept]) -> None:
    """Keep files with a line. An account nobody has read yet sends none (R-MOD-3)."""
    if files and by.trusted_at is None:
        raise Refused(_("Un nouveau compte ne joint pas encore de fichier."))
    if len(files) > MOST_FILES:
        raise Refused(_("Joignez cinq fichiers au plus."))
    for kept in files:
        row = File(line=line, name=kept.name, media_type=kept.media_type, size=kept.size, alt=kept.alt)
        row.width, row.height = kept.width, kept.height
        # Whatever it is called: a name that is guessed shows what is not theirs.
        row.file.save(f"{secrets.token_urlsafe(24)}.{kept.name.rpartition('.')[2]}", kept.content, save=False)
        row.save()
