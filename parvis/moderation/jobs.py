"""Mail to whoever reported something: that it was received, then what was decided (R-LAW-18)."""

from datetime import timedelta

from django.utils import timezone

from parvis.core.jobs import alone
from parvis.core.mail import letter
from parvis.core.models import JournalEntry
from parvis.moderation.models import Report

# Evidence of moderation is kept a year after the case is closed (R-LAW-5).
KEPT, CONTEST = timedelta(days=365), timedelta(days=183)
PURGED_AT_ONCE = 500


@alone
def confirm_report(entry: JournalEntry) -> None:
    """A receipt, to whoever gave an address."""
    _tell("moderation/mail/received.txt", entry)


@alone
def tell_report_decision(entry: JournalEntry) -> None:
    """What was decided, and how to contest it."""
    _tell("moderation/mail/decided.txt", entry)


def _tell(template: str, entry: JournalEntry) -> None:
    """At least once, and always the same mail; nothing when nobody left an address."""
    rows = Report.objects.select_related("publication", "reply__publication", "voice", "message", "line", "reporter")
    report = rows.filter(pk=entry.target_id or 0).first()
    if report is None:
        return
    reporter = report.reporter if report.reporter and report.reporter.is_active else None
    to = reporter.email if reporter else report.email
    if not to:
        return
    since = report.closed_at or report.created_at
    context = {"report": report, "item": report.item, "until": timezone.localdate(since + CONTEST)}
    letter(template, context, entry=entry, to=to).send()


def purge_reports() -> int:
    """Delete reports closed a year ago, by the clock; how many."""
    old = Report.objects.filter(closed_at__lt=timezone.now() - KEPT).values_list("pk", flat=True)[:PURGED_AT_ONCE]
    return Report.objects.filter(pk__in=list(old)).delete()[0]
