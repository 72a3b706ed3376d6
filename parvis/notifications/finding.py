"""What notifications lead to, through the gate of each kind of thing: who may no longer read it finds nothing."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from parvis.agenda.models import Venue
from parvis.conversations.models import Conversation, Line
from parvis.groups.models import Group, Message, Topic
from parvis.notifications.models import Notification
from parvis.people.models import Contact, Person
from parvis.publications.models import Publication, Reply


class Found(NamedTuple):
    """What it is called, and its address."""

    title: str
    address: str


Finder = Callable[[Person, Collection[int]], dict[int, Found]]
Things = dict[tuple[str, int], Found]


def _publications(person: Person, numbers: Collection[int]) -> dict[int, Found]:
    rows = Publication.objects.open_to(person).filter(pk__in=numbers)
    return {one.pk: Found(one.headline, one.get_absolute_url()) for one in rows}


def _venues(person: Person, numbers: Collection[int]) -> dict[int, Found]:
    rows = Venue.objects.visible_to(person).filter(pk__in=numbers)
    return {one.pk: Found(one.name, one.get_absolute_url()) for one in rows}


def _replies(person: Person, numbers: Collection[int]) -> dict[int, Found]:
    rows = Reply.objects.open_to(person).filter(pk__in=numbers).select_related("publication")
    return {one.pk: Found(one.publication.headline, one.get_absolute_url()) for one in rows}


def _topics(person: Person, numbers: Collection[int]) -> dict[int, Found]:
    rows = Topic.objects.visible_to(person).filter(pk__in=numbers)
    return {one.pk: Found(one.title, f"{one.get_absolute_url()}#non-lus") for one in rows}


def _messages(person: Person, numbers: Collection[int]) -> dict[int, Found]:
    rows = Message.objects.open_to(person).filter(pk__in=numbers).select_related("topic")
    return {one.pk: Found(one.topic.title, one.get_absolute_url()) for one in rows}


def _groups(person: Person, numbers: Collection[int]) -> dict[int, Found]:
    rows = Group.objects.visible_to(person).filter(pk__in=numbers).select_related("voice")
    return {one.pk: Found(one.voice.name, one.get_absolute_url()) for one in rows}


def _contacts(person: Person, numbers: Collection[int]) -> dict[int, Found]:
    """A request until it is answered, and what is agreed."""
    mine = Q(asked=person, declined_at=None) | Q(asker=person, accepted_at__isnull=False)
    rows = Contact.objects.filter(mine, pk__in=numbers).values_list("pk", flat=True)
    return {number: Found("", "/contacts/") for number in rows}


def _conversations(person: Person, numbers: Collection[int]) -> dict[int, Found]:
    rows = Conversation.objects.visible_to(person).filter(pk__in=numbers)
    return {one.pk: Found(one.subject, one.get_absolute_url()) for one in rows}


def _lines(person: Person, numbers: Collection[int]) -> dict[int, Found]:
    rows = Line.objects.open_to(person).filter(pk__in=numbers).select_related("conversation")
    # A conversation opens at what is new.
    private = str(_("un message privé"))
    return {one.pk: Found(one.conversation.subject or private, one.conversation.get_absolute_url()) for one in rows}


FINDERS: dict[str, Finder] = {
    "publication": _publications,
    "reply": _replies,
    "venue": _venues,
    "topic": _topics,
    "message": _messages,
    "group": _groups,
    "contact": _contacts,
    "conversation": _conversations,
    "line": _lines,
}


def things_of(person: Person, rows: Iterable[Notification]) -> Things:
    """What these rows of `person` are about, and the last that happened to each: one statement for each kind."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.subject_type].add(row.subject)
        if row.item is not None:
            wanted[row.item_type].add(row.item)
    found = {kind: FINDERS[kind](person, numbers) for kind, numbers in wanted.items()}
    return {(kind, number): thing for kind, things in found.items() for number, thing in things.items()}


def found_of(row: Notification, things: Things) -> Found | None:
    """Where the row leads; None when its reader may no longer read it, or what happened was the only one."""
    subject = things.get((row.subject_type, row.subject))
    if subject is None or row.item is None:
        return subject
    item = things.get((row.item_type, row.item))
    if item is None:
        return None if row.count == 1 else subject
    return item if row.count == 1 else subject
