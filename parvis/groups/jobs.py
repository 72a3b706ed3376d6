"""What time erases."""

from datetime import timedelta

from django.utils import timezone

from parvis.groups.models import Draft, Invitation, Request

# Drafts nobody came back to, doors nobody took, requests long answered (R-LAW-5).
DRAFTS, DOORS, ANSWERS = timedelta(days=30), timedelta(days=30), timedelta(days=365)
AT_ONCE = 1_000


def forget() -> int:
    """Delete them, by the clock; how many."""
    now = timezone.now()
    old = (
        Draft.objects.filter(at__lt=now - DRAFTS),
        Invitation.objects.filter(expires_at__lt=now - DOORS),
        Request.objects.filter(answered_at__lt=now - ANSWERS),
    )
    return sum(
        rows.model.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:AT_ONCE])).delete()[0] for rows in old
    )
