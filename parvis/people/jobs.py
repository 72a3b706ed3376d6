"""What time erases."""

from django.utils import timezone

from parvis.people.models import Session


def forget_sessions() -> None:
    """Delete what is left of sessions that ended: among them, sign-ups whose code never came back (R-LAW-5)."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
