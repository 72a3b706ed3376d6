"""Mail to whoever wrote in a group: what was decided on their message, and why."""

from django.utils import timezone

from parvis.core.jobs import alone
from parvis.core.mail import letter
from parvis.core.models import JournalEntry
from parvis.groups.models import Message, Ruling
from parvis.letters.jobs import CONTEST
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
