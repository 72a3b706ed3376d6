"""What animators do with topics: pin, close, split, move; and the answer that was kept."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal, text
from parvis.groups import rights
from parvis.groups.actions.talking import tally
from parvis.groups.models import Message, Topic
from parvis.groups.rights import Refused
from parvis.people.models import Person
from parvis.publications.models import State

# Messages that move at once: a longer thread is split in several times.
MOST_MOVED = 2_000
MOST_PINNED = 3


@transaction.atomic
def pin(topic: Topic, *, by: Person, pinned: bool) -> None:
    """Keep a topic on top of the group, or no longer. Raises Refused."""
    group = rights.require_animator(topic.group, by)
    if pinned and group.topics.filter(pinned=True).count() >= MOST_PINNED:
        raise Refused(_("Trois sujets sont déjà épinglés : désépinglez-en un."))
    if Topic.objects.filter(pk=topic.pk).exclude(pinned=pinned).update(pinned=pinned):
        journal.record("topic.pinned" if pinned else "topic.unpinned", by=by, target=topic)


@transaction.atomic
def close(topic: Topic, *, by: Person, reason: str) -> None:
    """Let nobody answer any more, for a reason that everyone reads. Raises Refused."""
    rights.require_animator(topic.group, by)
    reason = " ".join(text.clean(reason).split())[:300]
    if not reason:
        raise Refused(_("Dites pourquoi le sujet est clos : chacun le lit."))
    if Topic.objects.filter(pk=topic.pk, closed_at=None).update(closed_at=timezone.now(), closed_reason=reason):
        journal.record("topic.closed", by=by, target=topic)


@transaction.atomic
def reopen_topic(topic: Topic, *, by: Person) -> None:
    """Let people answer again."""
    rights.require_animator(topic.group, by)
    if Topic.objects.filter(pk=topic.pk, closed_at__isnull=False).update(closed_at=None, closed_reason=""):
        journal.record("topic.reopened", by=by, target=topic)


@transaction.atomic
def keep_answer(message: Message, *, by: Person) -> None:
    """Mark the message that answers its topic, or take the mark off: whoever opened the topic, or an animator."""
    topic = message.topic
    opened = Topic.objects.filter(pk=topic.pk, author=by)
    if not opened.exists():
        rights.require_animator(topic.group, by)
    if message.opens or message.state != State.ONLINE:
        raise Refused(_("Choisissez une réponse en ligne."))
    kept = None if topic.answer_id == message.pk else message
    Topic.objects.filter(pk=topic.pk).update(answer=kept)
    topic.answer = kept
    journal.record("topic.answered" if kept else "topic.unanswered", by=by, target=topic, message=message.pk)


@transaction.atomic
def split(message: Message, *, by: Person, title: str, following: bool) -> Topic:
    """Begin another topic with a message and, if asked, those that follow it. Raises Refused."""
    former = _movable(message, by)
    title = " ".join(text.clean(title).split())
    if not title or len(title) > 160:
        raise Refused(_("Donnez un titre de 160 signes au plus."))
    made = Topic.objects.create(
        group=former.group, author=message.author, voice=message.voice, title=title, opened_at=message.created_at
    )
    _carry(message, made, following=following)
    Message.objects.filter(pk=message.pk).update(opens=True)
    journal.record("topic.split", by=by, target=made, former=former.pk)
    return made


@transaction.atomic
def move(message: Message, *, by: Person, topic: Topic, following: bool) -> None:
    """Carry a message and, if asked, those that follow it to another topic of the group. Raises Refused."""
    former = _movable(message, by)
    if topic.group_id != former.group_id or topic.pk == former.pk or topic.state != State.ONLINE:
        raise Refused(_("Choisissez un autre sujet de ce groupe."))
    _carry(message, topic, following=following)
    journal.record("message.moved", by=by, target=message, former=former.pk, topic=topic.pk)


def _movable(message: Message, by: Person) -> Topic:
    """The topic of a message that may leave it."""
    rights.require_animator(message.topic.group, by)
    # As it is now that nobody else moves it: of two clicks, the second would open a topic without a message.
    message.refresh_from_db()
    if message.opens or message.state != State.ONLINE:
        raise Refused(_("Le premier message d’un sujet reste avec lui."))
    return message.topic


def _carry(message: Message, to: Topic, *, following: bool) -> None:
    """Messages keep the place in time that they had."""
    former = message.topic
    which = Q(pk=message.pk)
    if following:
        later = Message.objects.filter(topic=former, state=State.ONLINE, position__gte=message.position, opens=False)
        which |= Q(pk__in=list(later.order_by("position").values_list("pk", flat=True)[:MOST_MOVED]))
    Message.objects.filter(which, topic=former).update(topic=to)
    tally(former)
    tally(to)
