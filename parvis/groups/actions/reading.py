"""What one does for oneself: keep one's place, keep a draft, say thanks. None of it is anyone else's to know."""

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.core import journal
from parvis.groups.models import Draft, Group, Message, Reaction, Reading, Topic
from parvis.groups.rights import Refused
from parvis.people import heard
from parvis.people.models import Person
from parvis.publications.actions.beginning import keep_begun


@transaction.atomic
def read(topic: Topic, position: int, *, by: Person) -> None:
    """Note how far `by` read a topic, never backwards. Left out of the journal: it is no act, and no receipt."""
    if not Topic.objects.visible_to(by).filter(pk=topic.pk).exists():
        return
    place, is_new = Reading.objects.get_or_create(person=by, topic=topic, defaults={"position": position})
    if not is_new and place.position < position:
        Reading.objects.filter(pk=place.pk, position__lt=position).update(position=position)
    if position >= topic.position:
        heard.read(by, topic)


@transaction.atomic
def keep_draft(group: Group, *, by: Person, topic: Topic | None = None, title: str = "", body: str) -> Draft | None:
    """Keep what one began to write, one for each topic and one for a topic to open; an empty one is forgotten."""
    if not group.members.filter(person=by).exists():
        raise Refused(_("Vous n’êtes plus dans ce groupe."))
    where = {"group": group, "topic": topic}
    return keep_begun(Draft.objects, by=by, where=where, title=title, body=body)


@transaction.atomic
def react(message: Message, *, by: Person, kind: str) -> None:
    """Add one's word to a message, change it, or take it off when it is the same."""
    if not message.topic.group.members.filter(person=by).exists():
        raise Refused(_("Seuls les membres du groupe répondent à ses messages."))
    if message.author_id == by.pk or kind not in Reaction.Kind.values:
        raise Refused(_("On ne réagit pas à ses propres messages."))
    mine, is_new = Reaction.objects.get_or_create(message=message, person=by, defaults={"kind": kind})
    if not is_new and mine.kind == kind:
        mine.delete()
    elif not is_new:
        Reaction.objects.filter(pk=mine.pk).update(kind=kind)
    journal.record("person.reacted", by=by, target=by)
