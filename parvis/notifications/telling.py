"""Who is told of each act, and of what: one function for each verb. The gate is asked later, for each of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone

from parvis.agenda.models import Attendance, CoOrganiser, Follow, Occurrence, Refusal
from parvis.agenda.models.follows import concerned_by
from parvis.conversations.models import Line
from parvis.core.models import JournalEntry
from parvis.groups.models import Invitation, Member, Message, Request
from parvis.people.models import Contact, Membership, Person, Voice
from parvis.publications.models import Publication, Reply, State

# People told by one job; the entry that goes on tells the next ones.
TOLD_AT_ONCE = 200
# Those who look after one group, and are told who asks.
ANIMATORS = 20
# Those who read for one organisation.
READERS = 50


@dataclass(frozen=True)
class News:
    """Something to tell these people, by number: `what` happened to `subject`, by `item`, in `voice`."""

    what: str
    subject: models.Model
    to: Collection[int]
    item: models.Model | None = None
    voice: Voice | None = None
    # Who did it, and is not told.
    by: int | None = field(default=None, kw_only=True)


Teller = Callable[[JournalEntry], list[News]]


def reply_published(entry: JournalEntry) -> list[News]:
    """Whoever wrote what is answered."""
    answer = Reply.objects.select_related("publication", "voice").filter(pk=entry.target_id or 0).first()
    if answer is None or answer.publication.author_id is None:
        return []
    to = [answer.publication.author_id]
    what = "comment" if answer.on_kind == Publication.Kind.EVENT else "reply"
    return [News(what, answer.publication, to, answer, answer.voice, by=answer.author_id)]


def message_posted(entry: JournalEntry) -> list[News]:
    """Those it names; then whoever opened the topic, and whoever it quotes."""
    rows = Message.objects.select_related("topic", "voice", "quoted")
    number = entry.details["message"] if entry.verb == "topic.opened" else entry.target_id
    said = rows.filter(pk=number or 0, state=State.ONLINE).first()
    if said is None:
        return []
    named = list(said.mentions.values_list("person", flat=True))
    heard = {said.topic.author_id, said.quoted.author_id if said.quoted else None} - {None, *named}
    told = [
        News("mention", said.topic, named, said, said.voice, by=said.author_id),
        News("talk", said.topic, [one for one in heard if one], said, said.voice, by=said.author_id),
    ]
    return told[:1] if said.opens else told


def answer_kept(entry: JournalEntry) -> list[News]:
    """Whoever wrote the answer that is kept."""
    said = Message.objects.select_related("topic").filter(pk=entry.details["message"]).first()
    if said is None or said.author_id is None or said.topic.answer_id != said.pk:
        return []
    return [News("kept", said.topic, [said.author_id], said, by=entry.actor_id)]


def group_asked(entry: JournalEntry) -> list[News]:
    """Those who look after the group, while the request waits."""
    asked = Request.objects.waiting().select_related("group", "voice").filter(pk=entry.details["request"]).first()
    if asked is None:
        return []
    animators = Member.objects.animators().filter(group=asked.group).values_list("person", flat=True)[:ANIMATORS]
    return [News("asked", asked.group, list(animators), voice=asked.voice)]


def request_answered(entry: JournalEntry) -> list[News]:
    """Whoever asked to enter."""
    asked = Request.objects.select_related("group").filter(pk=entry.details["request"]).first()
    if asked is None:
        return []
    return [News("let_in" if asked.accepted else "turned_down", asked.group, [asked.person_id], by=entry.actor_id)]


def invited(entry: JournalEntry) -> list[News]:
    """Whoever owns the address, if an account does: the site never says whether."""
    kept = Invitation.objects.open().select_related("group", "by__voice").filter(pk=entry.details["invitation"]).first()
    if kept is None:
        return []
    to = Person.objects.filter(email=kept.email).values_list("pk", flat=True)
    return [News("invited", kept.group, list(to), voice=getattr(kept.by, "voice", None), by=kept.by_id)]


def role_changed(entry: JournalEntry) -> list[News]:
    """Whoever was named to look after a group, and still does."""
    if entry.details["role"] != Member.Role.ANIMATOR:
        return []
    animators = Member.objects.animators().filter(group=entry.target_id or 0, person=entry.details["person"])
    one = animators.select_related("group").first()
    return [News("named", one.group, [one.person_id], by=entry.actor_id)] if one else []


def contact_asked(entry: JournalEntry) -> list[News]:
    """Whoever is asked, until they answered; whoever asked, once it is agreed."""
    row = Contact.objects.select_related("asker__voice", "asked__voice").filter(pk=entry.details.get("contact", 0))
    one = row.first()
    if one is None:
        return []
    if entry.verb == "contact.accepted":
        to, other = (one.asked, one.asker) if entry.actor_id == one.asker_id else (one.asker, one.asked)
        return [News("contact_yes", one, [to.pk], voice=getattr(other, "voice", None))]
    if one.accepted_at or one.declined_at or one.withdrawn:
        return []
    return [News("contact_asked", one, [one.asked_id], voice=getattr(one.asker, "voice", None))]


def written(entry: JournalEntry) -> list[News]:
    """Those who read for the other side, unless they ignored whoever writes."""
    line = Line.objects.select_related("conversation", "voice").filter(pk=entry.details["line"]).first()
    if line is None:
        return []
    theirs = line.conversation.sides.exclude(voice=line.voice).select_related("voice").first()
    if theirs is None or theirs.voice is None or theirs.declined_at:
        return []
    readers = Membership.objects.filter(voice=theirs.voice, role__in=Membership.SPEAKING).order_by("pk")
    own = theirs.voice.person_id
    to = [own] if own else list(readers.values_list("person", flat=True)[:READERS])
    what = "written" if theirs.accepted_at else "request"
    return [News(what, line.conversation, to, line, line.voice, by=line.author_id)]


def event_changed(entry: JournalEntry) -> list[News]:
    """Those who go to what changed, and those who follow it, in the turns in which they are written to."""
    event = Publication.objects.filter(pk=entry.target_id or 0, kind="event").first()
    if event is None or entry.details.get("moved") is False:
        return []
    asked = {"only": entry.details.get("occurrence"), "after": entry.details.get("after", 0)}
    told = concerned_by(event.pk, most=TOLD_AT_ONCE, **asked)
    going, following = ([number for number, goes in told.items() if goes is way] for way in (True, False))
    return [News("event", event, going, by=entry.actor_id), News("followed", event, following, by=entry.actor_id)]


def event_merged(entry: JournalEntry) -> list[News]:
    """Those who go to what turned out to be another, and were not brought there."""
    into = Publication.objects.filter(pk=entry.details["into"], kind="event").first()
    left = Attendance.objects.filter(occurrence__event=entry.target_id or 0, occurrence__starts_at__gt=timezone.now())
    people = list(left.values_list("person", flat=True).distinct()[:TOLD_AT_ONCE])
    return [News("merged", into, people, by=entry.actor_id)] if into else []


def brought_there(entry: JournalEntry) -> list[News]:
    """Whoever goes to what turned out to be another, or follows it, and was brought there."""
    seats = Attendance.objects.select_related("occurrence__event__publication")
    if entry.verb == "attendance.moved":
        seat = seats.filter(pk=entry.target_id or 0).first()
        return [News("brought", seat.occurrence.event.publication, [seat.person_id])] if seat else []
    one = Follow.objects.select_related("event__publication").filter(pk=entry.target_id or 0).first()
    return [News("follow_brought", one.event.publication, [one.person_id])] if one and one.event else []


def announced_there(entry: JournalEntry) -> list[News]:
    """Whoever follows a place, of the last that was announced there."""
    one = Follow.objects.select_related("venue").filter(pk=entry.target_id or 0).first()
    last = one.last if one else None
    if one is None or one.venue is None or last is None:
        return []
    return [News("at_place", one.venue, [one.person_id], last, last.voice, by=last.author_id)]


def occurrence_nears(entry: JournalEntry) -> list[News]:
    """Those who have a seat tomorrow."""
    time = Occurrence.objects.select_related("event__publication").filter(pk=entry.target_id or 0).first()
    if time is None or time.is_off:
        return []
    return [
        News("tomorrow", time.event.publication, _turn(Attendance.objects.welcome().filter(occurrence=time), entry))
    ]


def seated(entry: JournalEntry) -> list[News]:
    """Whoever waited for a seat and has it."""
    rows = Attendance.objects.welcome().select_related("occurrence__event__publication")
    one = rows.filter(pk=entry.target_id or 0).first()
    if one is None or one.occurrence.is_off:
        return []
    return [News("seat", one.occurrence.event.publication, [one.person_id])]


def asks_to_come(entry: JournalEntry) -> list[News]:
    """Those who speak for whoever organises, while someone waits for their answer."""
    event = Publication.objects.select_related("voice").filter(pk=entry.target_id or 0, kind="event").first()
    if event is None or not Attendance.objects.filter(occurrence__event=event.pk, asking=True).exists():
        return []
    readers = Membership.objects.filter(voice=event.voice, role__in=Membership.SPEAKING).order_by("pk")
    own = event.voice.person_id
    return [News("asks_seat", event, [own] if own else list(readers.values_list("person", flat=True)[:READERS]))]


def asked_to_organise(entry: JournalEntry) -> list[News]:
    """Those who speak for the voice that is invited, until it answers."""
    rows = CoOrganiser.objects.select_related("event__publication__voice", "voice").filter(accepted_at=None)
    asked = rows.filter(pk=entry.target_id or 0).first()
    if asked is None:
        return []
    publication = asked.event.publication
    to = Membership.objects.filter(voice=asked.voice, role__in=Membership.SPEAKING).order_by("pk")
    people = list(to.values_list("person", flat=True)[:READERS])
    return [News("co_asked", publication, people, voice=publication.voice, by=entry.actor_id)]


def answered(entry: JournalEntry) -> list[News]:
    """Whoever asked to come, and may or may not."""
    table: type[Attendance] | type[Refusal] = Attendance if entry.verb == "attendance.accepted" else Refusal
    one = table.objects.select_related("occurrence__event__publication").filter(pk=entry.target_id or 0).first()
    if one is None:
        return []
    what = "seat_yes" if isinstance(one, Attendance) else "seat_no"
    return [News(what, one.occurrence.event.publication, [one.person_id], by=entry.actor_id)]


def _turn(rows: Any, entry: JournalEntry) -> list[int]:
    people = rows.filter(person__gt=entry.details.get("after", 0)).order_by("person")
    return list(people.values_list("person", flat=True).distinct()[:TOLD_AT_ONCE])


def decided(entry: JournalEntry) -> list[News]:
    """Whoever wrote what a moderator decided on."""
    kinds: dict[str, type[Publication] | type[Reply] | type[Message] | type[Line]]
    kinds = {"publication": Publication, "reply": Reply, "message": Message, "line": Line}
    item = kinds[entry.target_type].objects.filter(pk=entry.target_id or 0).first()
    if item is None or item.author_id is None:
        return []
    return [News("decision", item, [item.author_id])]


def second(entry: JournalEntry) -> list[News]:
    """Whoever was asked to read a notice before it goes out."""
    notice = Publication.objects.select_related("voice").filter(pk=entry.target_id or 0).first()
    to = entry.details["second"]
    return [News("second", notice, [to], voice=notice.voice, by=entry.actor_id)] if notice and to else []


TELLERS: dict[str, Teller] = {
    "conversation.begun": written,
    "conversation.said": written,
    "reply.published": reply_published,
    "message.posted": message_posted,
    "topic.opened": message_posted,
    "topic.answered": answer_kept,
    "group.asked": group_asked,
    "group.request_answered": request_answered,
    "group.invited": invited,
    "group.role_changed": role_changed,
    "contact.asked": contact_asked,
    "contact.accepted": contact_asked,
    "event.corrected": event_changed,
    "event.status_changed": event_changed,
    "event.cancelled": event_changed,
    "event.told": event_changed,
    "event.merged": event_merged,
    "attendance.moved": brought_there,
    "follow.moved": brought_there,
    "venue.announced": announced_there,
    "occurrence.nears": occurrence_nears,
    "attendance.seated": seated,
    "organiser.invited": asked_to_organise,
    "attendance.asked": asks_to_come,
    "attendance.accepted": answered,
    "attendance.refused": answered,
    "publication.awaits_second": second,
    **{
        f"{what}.{verb}": decided
        for what in ("publication", "reply", "message")
        for verb in ("approved", "refused", "hidden", "restored")
    },
    "line.hidden": decided,
    "line.restored": decided,
}
