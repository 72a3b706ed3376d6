"""Mail to whom someone who holds a mandate no longer wants to be reached by: why, and how to contest (R-MOD-9)."""

from django.utils import timezone

from parvis.core.jobs import alone
from parvis.core.mail import letter
from parvis.core.models import JournalEntry
from parvis.letters.jobs import CONTEST
from parvis.people.models import Block


@alone
def tell_block(entry: JournalEntry) -> None:
    """To the person: at least once, and always the same mail; nothing if it was undone meanwhile."""
    stated = Block.objects.select_related("voice__person", "person__voice").filter(pk=entry.target_id or 0).first()
    told = stated.voice.person if stated else None
    if stated is None or told is None or not told.is_active:
        return
    context = {
        "from": stated.person.voice,
        "reason": stated.reason,
        "name": told.name,
        "until": timezone.localdate(stated.at + CONTEST),
    }
    letter("letters/blocked.txt", context, entry=entry, to=told.email).send()
