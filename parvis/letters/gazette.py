"""The letters of a period: when they begin, who gets one, and how each leaves at most once (R-REL-6, R-MOD-16).

Three steps, and whoever dies at any moment of any of them leaves the rest to another: an entry of the journal for each
turn of people; the rows of their letters, unique, in the transaction that queues them; and before each mail a claim,
committed, that makes whoever finds it send nothing.
"""

import logging
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.core import journal
from parvis.core.jobs import alone
from parvis.core.models import JournalEntry
from parvis.letters.contents import contents_of
from parvis.letters.models import Issue, Often, Refusal, Rhythm, digest_of, rhythm_of, wanting
from parvis.letters.periods import Period, due, is_quiet, named
from parvis.letters.rules import Picked, Reader, pick
from parvis.letters.writing import written
from parvis.notifications.models import Notification
from parvis.people.models import Person

# People composed for in one turn; letters that leave by one job.
COMPOSED, SENT_AT_ONCE = 500, 100

log = logging.getLogger(__name__)


class ServerBusy(Exception):
    """Some letters wait: the mail server asked for a moment, or is away."""


def begin() -> None:
    """By the clock: begin the letters of today and of this week, once each, when the quiet hours are over."""
    for period in due(timezone.now()):
        _turn(period, after=0)


def _turn(period: Period, *, after: int) -> None:
    """Queue the people numbered above `after`, once however often this runs."""
    with transaction.atomic():
        turns = JournalEntry.objects.filter(verb="letters.due", details__period=period.key, details__after=after)
        if not turns.exists():
            journal.record("letters.due", by=None, period=period.key, after=after)


@alone
def compose(entry: JournalEntry) -> None:
    """Compose and queue the letters of COMPOSED people, then the others by an entry of their own.

    What they read is asked before the transaction, which is then short: one writes while others read.
    """
    period, after = named(entry.details["period"]), entry.details["after"]
    # A worker that was away for a day says nothing of yesterday: what was queued is on the site.
    if period is None or period.key not in {one.key for one in due(timezone.now())}:
        return
    people = list(wanting(period.often).filter(pk__gt=after).order_by("pk")[:COMPOSED])
    queue(people, period)
    if len(people) == COMPOSED:
        _turn(period, after=people[-1].pk)


def queue(people: list[Person], period: Period) -> None:
    """Compose the letters of these people and queue them: those who had one, or have nothing new, are left out."""
    readers = _readers(people, period)
    picked = pick(readers, period)
    _queue([reader for reader in readers if reader.person.pk in picked], picked, period)


def _readers(people: list[Person], period: Period) -> list[Reader]:
    """Those of them who have no letter of this period yet, and never said no."""
    today = timezone.localdate()
    had = Issue.objects.filter(person__in=people)
    known = {*had.filter(period=period.key).values_list("person", flat=True)}
    known |= {*had.filter(day=today).values_list("person", flat=True)}
    # A commune that joined another is read as the other.
    commune = Coalesce("zone__successor", "zone")
    chosen = dict(Rhythm.objects.filter(person__in=people).values_list("person", commune))
    digests = {digest_of(person.email): person.pk for person in people if person.pk not in chosen}
    known |= {digests[one] for one in Refusal.objects.filter(digest__in=digests).values_list("digest", flat=True)}
    return [Reader(person, chosen.get(person.pk)) for person in people if person.pk not in known]


def _queue(readers: list[Reader], picked: dict[int, Picked], period: Period) -> None:
    """Write their letters and queue the jobs that send them, in one transaction."""
    today = timezone.localdate()
    with transaction.atomic():
        for start in range(0, len(readers), SENT_AT_ONCE):
            entry = journal.record("letters.queued", by=None, period=period.key)
            rows = [
                Issue(
                    person=reader.person,
                    period=period.key,
                    day=today,
                    zone_id=reader.zone,
                    picked=picked[reader.person.pk],
                    entry=entry.pk,
                )
                for reader in readers[start : start + SENT_AT_ONCE]
            ]
            # Another worker may have written some of them since: theirs stay.
            Issue.objects.bulk_create(rows, ignore_conflicts=True)


@alone
def deliver(entry: JournalEntry) -> None:
    """Send the letters queued with `entry`: those that may still leave, each once, to who may still read (R-SEC-3)."""
    waiting = Issue.objects.filter(entry=entry.pk, state=Issue.State.QUEUED).order_by("pk")
    numbers = list(waiting.values_list("pk", flat=True))
    if not numbers:
        return
    connection = get_connection()
    # Nothing has left if it does not open: the job tries again later.
    connection.open()
    try:
        for number in numbers:
            _send(connection, number)
    finally:
        connection.close()
    if waiting.exists():
        raise ServerBusy


def _send(connection: BaseEmailBackend, number: int) -> None:
    """One letter, claimed before it leaves."""
    issue = Issue.objects.select_related("person", "zone").get(pk=number)
    message, told = _composed(issue)
    if message is None:
        Issue.objects.filter(pk=number, state=Issue.State.QUEUED).update(state=Issue.State.KEPT)
        return
    with transaction.atomic():
        if not Issue.objects.filter(pk=number, state=Issue.State.QUEUED).update(state=Issue.State.SENDING):
            return
        Notification.objects.filter(pk__in=told).update(mailed=True)
    state = _outcome(connection, message, number)
    with transaction.atomic():
        Issue.objects.filter(pk=number, state=Issue.State.SENDING).update(state=state)
        if state == Issue.State.QUEUED:
            Notification.objects.filter(pk__in=told).update(mailed=False)


def _composed(issue: Issue) -> tuple[EmailMessage | None, list[int]]:
    """The mail and the notifications in it; None if it may not leave now, or has nothing left to say."""
    person, period, now = issue.person, named(issue.period), timezone.now()
    in_time = issue.day == timezone.localdate(now) and not is_quiet(now)
    if period is None or not in_time or not person.is_active or rhythm_of(person).often == Often.NEVER:
        return None, []
    contents = contents_of(issue, period, with_news=True)
    if not contents.is_worth:
        return None, []
    return written(issue, contents), [one.number for one in contents.news]


def _outcome(connection: BaseEmailBackend, message: EmailMessage, number: int) -> str:
    """What became of a mail handed to the server. One that fails stops no other (R-REL-6)."""
    try:
        connection.send_messages([message])
    except SMTPRecipientsRefused as refused:
        codes = [code for code, _words in refused.recipients.values()]
        return Issue.State.QUEUED if all(400 <= code < 500 for code in codes) else Issue.State.REFUSED
    except SMTPServerDisconnected:
        return _lost(connection, number)
    except SMTPResponseException as refused:
        # The server answered, and did not take it: « later » or « never ».
        return Issue.State.QUEUED if 400 <= refused.smtp_code < 500 else Issue.State.REFUSED
    except (SMTPException, OSError):
        return _lost(connection, number)
    return Issue.State.SENT


def _lost(connection: BaseEmailBackend, number: int) -> str:
    """The line fell before the answer: it may have left, and is not sent again. The others need a new line."""
    log.warning("letter %s: the outcome is unknown; it is not sent again", number)
    connection.close()
    Issue.objects.filter(pk=number, state=Issue.State.SENDING).update(state=Issue.State.UNKNOWN)
    connection.open()
    return Issue.State.UNKNOWN
