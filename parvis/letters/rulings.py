"""Mail about what people who look after a group decide: on a message, and on who is in it; and why."""

from django.utils import timezone

from parvis.core.jobs import alone
from parvis.core.mail import letter
from parvis.core.models import JournalEntry
from parvis.groups.models import Ban, Group, Member, Message, Ruling
from parvis.letters.jobs import CONTEST
from parvis.people.models import Person
from parvis.publications.models import Decision


@alone
def tell_ruling(entry: JournalEntry) -> None:
    """To its author: their message was refused, hidden or put back, why, and how to contest (R-LAW-19).

    At least once, and always the same mail, as for any decision: even to who has left the group since, who is told
    nothing of it any more but their own words (R-SEC-3).
    """
    ruling = (
        Ruling.objects.select_related("message__author", "message__topic").filter(pk=entry.details["decision"]).first()
    )
    message = ruling.message if ruling else None
    if ruling is None or message is None or message.author is None or not message.author.is_active:
        return
    author = message.author
    open_to_them = Message.objects.open_to(author)
    # Good news that is no longer true is not told.
    restored = ruling.verdict == Decision.Verdict.RESTORE
    if restored and not Message.objects.visible_to(author).filter(pk=message.pk).exists():
        return
    context = {
        "ruling": ruling,
        "message": message,
        "topic": message.topic if open_to_them.filter(pk=message.pk).exists() else None,
        "name": author.name,
        "until": timezone.localdate(ruling.at + CONTEST),
    }
    letter("letters/ruling.txt", context, entry=entry, to=author.email).send()


@alone
def tell_removal(entry: JournalEntry) -> None:
    """To whoever was taken out of a group: that they were; if for good, why, and how to contest (R-LAW-19).

    At least once, and always the same mail; nothing to who came back meanwhile. A private group, of which they may know
    nothing any more, is not named (R-SEC-3).
    """
    person = Person.objects.filter(pk=entry.details["person"], is_active=True).first()
    group = Group.objects.select_related("voice").filter(pk=entry.target_id or 0, voice__closed_at=None).first()
    if person is None or group is None or Member.objects.filter(group=group, person=person).exists():
        return
    banned = Ban.objects.filter(group=group, person=person).first()
    if banned is None and entry.verb == "group.banned":
        return
    context = {
        "group": Group.objects.visible_to(person).select_related("voice").filter(pk=group.pk).first(),
        "banned": banned,
        "name": person.name,
        "until": timezone.localdate(entry.at + CONTEST),
    }
    letter("letters/removed.txt", context, entry=entry, to=person.email).send()
