"""What new quartiers change; and what time erases: drafts nobody finished, estimates too old to compare (R-LAW-5)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from parvis.core.models import JournalEntry
from parvis.publications import actions
from parvis.publications.actions.outlining import forget_picture
from parvis.publications.estimates import REMEMBERED
from parvis.publications.models import Cut, Draft, Estimate

DRAFT_KEPT, AT_ONCE = timedelta(days=90), 500


def spread_over(entry: JournalEntry) -> None:
    """Tell those of the quartiers that a file drew what runs in or across them."""
    if entry.details["quartiers"]:
        actions.spread_over(entry.details["quartiers"])


def forget_drafts() -> None:
    """Delete drafts left for three months, but those that wait for a second person."""
    old = Draft.objects.filter(saved_at__lt=timezone.now() - DRAFT_KEPT, publication=None)
    for draft in old.order_by("pk")[:AT_ONCE]:
        with transaction.atomic():
            draft.delete()
            forget_picture(draft.image.name)


def forget_estimates() -> None:
    """Delete the answers that no new one is compared with, and how the ground was cut for them."""
    for kept in (Estimate, Cut):
        kept.objects.filter(at__lt=timezone.now() - REMEMBERED).delete()
