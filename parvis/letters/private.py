"""Mail about private messages: that a service received one, that an organisation takes none, what was decided."""

from django.utils import timezone

from parvis.conversations.models import Closing, Receipt, Ruling
from parvis.core.jobs import alone
from parvis.core.mail import letter
from parvis.core.models import JournalEntry
from parvis.letters.jobs import CONTEST


@alone
def acknowledge(entry: JournalEntry) -> None:
    """To whoever wrote to a service: the day, the number, who has it, and the delay (CRPA L.112-11, R-LAW-26).

    At least once, and always the same mail: it is proof.
    """
    rows = Receipt.objects.select_related("line__author", "line__conversation", "service__zone")
    receipt = rows.filter(line=entry.details["line"]).first()
    author = receipt.line.author if receipt else None
    if receipt is None or author is None or not author.is_active or receipt.service is None:
        return
    context = {
        "receipt": receipt,
        "service": receipt.service,
        "conversation": receipt.line.conversation,
        "name": author.name,
    }
    letter("letters/receipt.txt", context, entry=entry, to=author.email).send()


@alone
def tell_closing(entry: JournalEntry) -> None:
    """To the person whose messages an organisation no longer takes: why, until when, how to contest (R-MOD-9)."""
    made = Closing.objects.select_related("voice", "other__person").filter(pk=entry.target_id or 0).first()
    if made is None or made.until <= timezone.now():
        return
    people = [made.other.person] if made.other.person else [row.person for row in made.other.memberships.all()[:50]]
    for person in people:
        if person.is_active:
            context = {"closing": made, "name": person.name, "until": timezone.localdate(made.at + CONTEST)}
            letter("letters/closing.txt", context, entry=entry, to=person.email).send()


@alone
def tell_ruling(entry: JournalEntry) -> None:
    """To its author: their private message was hidden or put back, why, and how to contest (R-LAW-19)."""
    ruling = Ruling.objects.select_related("line__author").filter(pk=entry.details["decision"]).first()
    author = ruling.line.author if ruling else None
    if ruling is None or author is None or not author.is_active:
        return
    context = {
        "ruling": ruling,
        "line": ruling.line,
        "name": author.name,
        "until": timezone.localdate(ruling.at + CONTEST),
    }
    letter("letters/line_ruling.txt", context, entry=entry, to=author.email).send()
