"""Mail about what is new to someone, when no mail of its own tells it: one until they come back (R-MOD-16)."""

from parvis.core.jobs import alone
from parvis.core.mail import letter
from parvis.core.models import JournalEntry
from parvis.letters import stopping
from parvis.letters.jobs import send_once
from parvis.letters.models import mails_at_once
from parvis.letters.periods import wait_for_morning
from parvis.notifications.finding import found_of, things_of
from parvis.notifications.models import Notification
from parvis.notifications.wording import sentence
from parvis.people.ties import unread_by


@alone
def write(entry: JournalEntry) -> None:
    """Once, if it is still unread, wanted, and theirs to know (R-SEC-3). It says what, never the words.

    Not in the quiet hours, and not what a letter told meanwhile, or will.
    """
    wait_for_morning()
    rows = Notification.objects.unread().select_related("person", "voice")
    row = rows.filter(pk=entry.target_id or 0, person__is_active=True).first()
    if row is None or row.mailed or not mails_at_once(row.person, row.kind):
        return
    if row.voice_id is not None and unread_by(row.person, [row.voice_id]):
        return
    found = found_of(row, things_of(row.person, [row]))
    if found is None:
        return
    context = {"words": sentence(row, found.title), "address": found.address, "name": row.person.name}
    message = letter("letters/notification.txt", context, entry=entry, to=row.person.email)
    message.extra_headers |= stopping.headers(stopping.link(row.person, row.kind))
    send_once(message, entry=entry, person=row.person)
    Notification.objects.filter(pk=row.pk).update(mailed=True)
