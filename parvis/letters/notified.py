"""Mail about what is new to someone, when no mail of its own tells it: one until they come back (R-MOD-16)."""

from django.conf import settings

from parvis.core.jobs import alone
from parvis.core.mail import letter
from parvis.core.models import JournalEntry
from parvis.groups.models import Member, Message
from parvis.letters import replying, stopping
from parvis.letters.jobs import send_once
from parvis.letters.models import mails_at_once
from parvis.letters.periods import wait_for_morning
from parvis.notifications.finding import found_of, things_of
from parvis.notifications.models import Notification
from parvis.notifications.wording import sentence
from parvis.people.ties import unread_by


@alone
def write(entry: JournalEntry) -> None:
    """Once, if it is still unread, wanted, and theirs to know (R-SEC-3).

    It says what, and the words of a discussion alone, where one may answer it by mail.

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
    said, reply_to = _discussion(row)
    context = {"words": sentence(row, found.title), "address": found.address, "name": row.person.name, "said": said}
    message = letter("letters/notification.txt", context, entry=entry, to=row.person.email)
    message.reply_to = [reply_to] if reply_to else []
    message.extra_headers |= stopping.headers(stopping.link(row.person, row.kind))
    send_once(message, entry=entry, person=row.person)
    Notification.objects.filter(pk=row.pk).update(mailed=True)


def _discussion(row: Notification) -> tuple[Message | None, str]:
    """The message of a discussion that the row is about, and where its reader answers; nothing if not by mail."""
    if row.what not in {"talk", "mention"} or row.item_type != "message" or not settings.REPLY_ADDRESS:
        return None, ""
    rows = Message.objects.visible_to(row.person).select_related("topic", "voice")
    said = rows.filter(pk=row.item or 0, topic__closed_at=None, topic__group__archived_at=None).first()
    inside = said is not None and Member.objects.filter(person=row.person, group=said.topic.group_id).exists()
    return (said, replying.address_of(row.person, said.topic)) if said and inside else (None, "")
