"""What time erases: drafts nobody finished, and answers too old to be compared with (R-LAW-5)."""

from datetime import timedelta

from django.utils import timezone

from parvis.publications.estimates import REMEMBERED
from parvis.publications.models import Draft, Estimate

DRAFT_KEPT = timedelta(days=90)


def forget_drafts() -> None:
    """Delete drafts left for three months, but those that wait for a second person."""
    Draft.objects.filter(saved_at__lt=timezone.now() - DRAFT_KEPT, publication=None).delete()


def forget_estimates() -> None:
    """Delete the answers that no new one is compared with."""
    Estimate.objects.filter(at__lt=timezone.now() - REMEMBERED).delete()
