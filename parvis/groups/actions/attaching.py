"""What goes with a message: files and a poll; and answering the poll."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal, text
from parvis.groups import rights
from parvis.groups.models import Ballot, Choice, File, Member, Message, Poll
from parvis.groups.rights import Refused
from parvis.people.models import Person
from parvis.publications.documents import MOST_FILES, Kept

MOST_CHOICES = 12


@dataclass(frozen=True)
class Question:
    """A poll to add to a message."""

    words: str
    choices: Sequence[str]
    ends_at: datetime
    multiple: bool = False
    shown: str = Poll.Shown.VOTED


def attach(message: Message, member: Member, files: Sequence[Kept]) -> None:
    """Keep files with a message. An account nobody has read yet sends none (R-MOD-3)."""
    if files and member.person.trusted_at is None:
        raise Refused(_("Un nouveau compte ne joint pas encore de fichier : écrivez d’abord un message."))
    if len(files) > MOST_FILES:
        raise Refused(_("Joignez cinq fichiers au plus."))
    for kept in files:
        row = File(message=message, name=kept.name, media_type=kept.media_type, size=kept.size, alt=kept.alt)
        row.width, row.height = kept.width, kept.height
        # Whatever it is called: a name tells things, and one that is guessed shows what is not theirs.
        ending = kept.name.rpartition(".")[2]
        row.file.save(f"{secrets.token_urlsafe(24)}.{ending}", kept.content, save=False)
        row.save()


def question(message: Message, asked: Question) -> None:
    """Add a poll to a message. Raises Refused."""
    words = " ".join(text.clean(asked.words).split())
    choices = list(dict.fromkeys(filter(None, (" ".join(text.clean(one).split()) for one in asked.choices))))
    if not words or len(words) > 200 or not 2 <= len(choices) <= MOST_CHOICES or max(map(len, choices)) > 120:
        raise Refused(_("Un sondage pose une question et propose deux à douze réponses courtes."))
    if asked.ends_at <= timezone.now():
        raise Refused(_("Choisissez une fin de sondage à venir."))
    poll = Poll.objects.create(
        message=message, question=words, multiple=asked.multiple, shown=Poll.Shown(asked.shown), ends_at=asked.ends_at
    )
    Choice.objects.bulk_create([Choice(poll=poll, words=one) for one in choices])


@transaction.atomic
def vote(poll: Poll, *, by: Person, choices: Sequence[Choice]) -> None:
    """Answer a poll, or change one’s mind until it ends; the journal says that one did, not what. Raises Refused."""
    group = poll.message.topic.group
    rights.require_open(group)
    if not Message.objects.visible_to(by).filter(pk=poll.message_id).exists():
        raise Refused(_("Ce sondage n’est plus en ligne."))
    if not group.members.filter(person=by).exists():
        raise Refused(_("Seuls les membres du groupe répondent à ses sondages."))
    if poll.is_over:
        raise Refused(_("Ce sondage est clos."))
    if not choices or (len(choices) > 1 and not poll.multiple) or any(one.poll_id != poll.pk for one in choices):
        raise Refused(_("Choisissez une réponse."))
    # Of two clicks, the second waits, and takes back what the first chose.
    ballot = Ballot.objects.select_for_update().get_or_create(poll=poll, person=by)[0]
    ballot.choices.set(choices)
    journal.record("person.voted", by=by, target=by)
