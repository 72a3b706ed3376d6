"""What members say: open a topic, answer, correct, take back."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal, live, text
from parvis.groups import rights
from parvis.groups.actions.attaching import Question, attach, question
from parvis.groups.actions.reading import read
from parvis.groups.models import Draft, Group, Member, Mention, Message, Revision, Topic
from parvis.groups.rights import Refused
from parvis.people.models import Block, Person, Voice
from parvis.publications.actions import spreading
from parvis.publications.documents import Kept
from parvis.publications.models import State
from parvis.publications.models.publications import position

# An account nobody has read yet: names two people, links twice, speaks twenty times a day (R-MOD-3).
FEW_MENTIONS, FEW_LINKS, FEW_A_DAY = 2, 2, 20
MOST_MENTIONS = 10
NAMED = re.compile(r"(?<![\w@])@(\w[^\n@]{0,80})")
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


@transaction.atomic
def open_topic(
    group: Group,
    *,
    by: Person,
    voice: Voice,
    title: str,
    body: str,
    files: Sequence[Kept] = (),
    poll: Question | None = None,
    at: datetime | None = None,
) -> Topic:
    """Begin to talk about something, in `voice`, with files and a poll perhaps. Raises Refused."""
    at = at or timezone.now()
    member = rights.require_writer(group, by, voice)
    _check_pace(member, at)
    title = " ".join(text.clean(title).split())
    if not title or len(title) > 160:
        raise Refused(_("Donnez un titre de 160 signes au plus."))
    state = State.PENDING if rights.waits(member) else State.ONLINE
    topic = Topic.objects.create(group=group, author=by, voice=voice, title=title, state=state, opened_at=at)
    message = _say(topic, member, voice, body, at, state=state, opens=True)
    attach(message, member, files)
    if poll is not None:
        question(message, poll)
    Draft.objects.filter(person=by, group=group, topic=None).delete()
    journal.record("topic.opened", by=by, target=topic, message=message.pk, waits=state == State.PENDING)
    return topic


@transaction.atomic
def reply(
    topic: Topic,
    *,
    by: Person,
    voice: Voice,
    body: str,
    quoted: Message | None = None,
    files: Sequence[Kept] = (),
    at: datetime | None = None,
) -> Message:
    """Answer in `voice`: read at once, or after an animator has read it. Raises Refused."""
    at = at or timezone.now()
    member = rights.require_writer(topic.group, by, voice)
    if not Topic.objects.visible_to(by).filter(pk=topic.pk).exists():
        raise Refused(_("Ce sujet n’est plus en ligne."))
    if topic.closed_at:
        raise Refused(_("Ce sujet est clos : on n’y répond plus."))
    _check_pace(member, at)
    # Quoted from elsewhere, it would be read where it may not.
    here = quoted is not None and Message.objects.visible_to(by).filter(pk=quoted.pk, topic=topic).exists()
    state = State.PENDING if rights.waits(member) else State.ONLINE
    message = _say(topic, member, voice, body, at, state=state, quoted=quoted if here else None)
    attach(message, member, files)
    Draft.objects.filter(person=by, topic=topic).delete()
    journal.record("message.posted" if state == State.ONLINE else "message.submitted", by=by, target=message)
    return message


def _check_pace(member: Member, at: datetime) -> None:
    """Refuse what comes too soon: the rhythm of the group, and what a new account says in a day (R-MOD-10)."""
    said = Message.objects.filter(author=member.person_id)
    if member.person.trusted_at is None and said.filter(created_at__gt=at - timedelta(days=1))[:FEW_A_DAY].count() >= (
        FEW_A_DAY
    ):
        raise Refused(_("Vous avez beaucoup écrit aujourd’hui : reprenez demain. Votre texte est gardé."))
    pace = member.group.pace
    if not pace or member.is_animator:
        return
    last = said.filter(topic__group=member.group).order_by("-created_at").values_list("created_at", flat=True).first()
    if last and at < last + timedelta(minutes=pace):
        left = max(1, round((last + timedelta(minutes=pace) - at).total_seconds() / 60))
        raise Refused(
            _("Ce groupe a choisi un rythme lent : vous pourrez écrire dans %(minutes)s min. Votre texte est gardé.")
            % {"minutes": left}
        )


def _words(body: str, member: Member) -> tuple[str, str, list[Member]]:
    """The text, its HTML with names in bold, and the members it names; Refused when empty, too long or too much."""
    body = text.clean(body).strip()
    if not body:
        raise Refused(_("Écrivez votre message."))
    if len(body) > 10_000:
        raise Refused(_("Un message tient en 10 000 signes."))
    marked, named = _mentions(body, member)
    if member.person.trusted_at is None and (len(named) > FEW_MENTIONS or len(LINK.findall(body)) > FEW_LINKS):
        raise Refused(_("Un nouveau compte nomme deux personnes et met deux liens au plus dans un message."))
    return body, text.render(marked), named


def _mentions(body: str, member: Member) -> tuple[str, list[Member]]:
    """`body` with the members it names in bold, and these members, MOST_MENTIONS at most."""
    named: dict[int, Member] = {}

    def mark(found: re.Match[str]) -> str:
        told = found[1]
        first = (text.fold(told).split() or [""])[0]
        mates = Member.objects.filter(group=member.group, voice__search_name__startswith=first).select_related("voice")
        for mate in sorted(mates[:30], key=lambda mate: -len(mate.voice.search_name)):
            ends = (end for end in range(1, len(told) + 1) if text.fold(told[:end]) == mate.voice.search_name)
            end = next(ends, 0)
            if end and len(named) < MOST_MENTIONS:
                named[mate.pk] = mate
                return f"**@{told[:end]}**{told[end:]}"
        return found[0]

    return NAMED.sub(mark, body), list(named.values())


def _say(topic: Topic, member: Member, voice: Voice, body: str, at: datetime, **fields: Any) -> Message:
    """Write a message and, if it is online, make it heard."""
    body, html, named = _words(body, member)
    message = Message(topic=topic, author=member.person, voice=voice, body=body, body_html=html, created_at=at)
    for name, value in fields.items():
        setattr(message, name, value)
    message.save()
    _name(message, member, named)
    if message.state == State.ONLINE:
        appear(message, at)
        read(topic, message.position or 0, by=member.person)
    return message


def _name(message: Message, member: Member, named: Sequence[Member]) -> None:
    """Note whom a message names, but for those who do not want to be named by its author (R-MOD-9)."""
    mates = [mate.person_id for mate in named]
    against = Q(voice__person=member.person_id) | Q(voice=message.voice_id)
    away = set(Block.objects.filter(against, person__in=mates).values_list("person", flat=True)) if mates else set()
    made = [Mention(message=message, person_id=mate) for mate in mates if mate not in away]
    Mention.objects.bulk_create(made, ignore_conflicts=True)


def appear(message: Message, at: datetime) -> None:
    """Give a message its place at the end of its topic, and tell the topic and the group that something was said."""
    topic, group = message.topic, message.topic.group
    message.position = position(at, message.pk)
    Message.objects.filter(pk=message.pk).update(position=message.position)
    Topic.objects.filter(pk=topic.pk).update(
        position=Greatest("position", message.position), reply_count=F("reply_count") + (0 if message.opens else 1)
    )
    Group.objects.filter(pk=group.pk).update(position=Greatest("position", message.position))
    live.announce("sujet", topic.pk)
    if not group.is_private:
        spreading.note_word(group.voice, at)
    if group.access == Group.Access.PUBLIC:
        # What is said there is public: so is the page of whoever says it.
        spreading.note_word(message.voice, at)


def tally(topic: Topic) -> None:
    """Count again what is online in a topic, once something was moved or taken away."""
    online = Message.objects.filter(topic=topic, state=State.ONLINE)
    last = online.order_by("-position").values_list("position", flat=True).first()
    Topic.objects.filter(pk=topic.pk).update(reply_count=max(0, online.count() - 1), position=last or 0)
    Topic.objects.filter(pk=topic.pk).exclude(answer__in=online).update(answer=None)


@transaction.atomic
def edit(message: Message, *, by: Person, body: str, version: int) -> Message:
    """Correct one's words; what could already be read stays readable. Raises Refused.

    `version` is what its author read: of two who correct at once, the second is told and loses nothing (R-REL-10).
    """
    member = rights.require_writer(message.topic.group, by, message.voice)
    if message.topic.closed_at and not member.is_animator:
        raise Refused(_("Ce sujet est clos : ses messages ne changent plus."))
    online = message.state == State.ONLINE
    if online and rights.waits(member):
        raise Refused(_("Dans ce groupe, un message relu ne change plus : écrivez-en un autre, ou retirez-le."))
    body, html, named = _words(body, member)
    if body == message.body:
        return message
    mine = Message.objects.written_by(by).filter(state__in=[State.PENDING, State.ONLINE])
    row = Message.objects.filter(pk=message.pk, version=version, pk__in=mine.values("pk"))
    fields: dict[str, Any] = {"body": body, "body_html": html}
    if online:
        fields["edited_at"] = timezone.now()
    if not row.update(version=F("version") + 1, **fields):
        raise Refused(_("Ce message vient de changer : relisez-le avant de le corriger."))
    if online:
        Revision.objects.create(message=message, body_html=message.body_html)
    _name(message, member, named)
    for name, value in fields.items():
        setattr(message, name, value)
    message.version = version + 1
    journal.record("message.edited", by=by, target=message)
    return message


@transaction.atomic
def withdraw(message: Message, *, by: Person) -> None:
    """Take back what one of their voices wrote; with the first message, its topic. Raises Refused."""
    mine = Message.objects.written_by(by).filter(state__in=[State.PENDING, State.ONLINE])
    if not Message.objects.filter(pk=message.pk, pk__in=mine.values("pk")).update(state=State.WITHDRAWN):
        raise Refused(_("Ce message n’est plus en ligne, ou vous ne pouvez pas le retirer."))
    message.state = State.WITHDRAWN
    settle(message)
    journal.record("message.withdrawn", by=by, target=message)


def settle(message: Message) -> None:
    """Let the topic follow its first message, and count again."""
    if message.opens:
        Topic.objects.filter(pk=message.topic_id).update(state=message.state)
    tally(message.topic)
