"""What time erases, and what the vault does once an act is done."""

from datetime import timedelta

from django.utils import timezone

from parvis.core import journal
from parvis.core.jobs import alone
from parvis.core.models import JournalEntry
from parvis.people import actions, vault
from parvis.people.models import Contact, Session
from parvis.territory.models import Zone

# How long a request that was declined cannot be made again (R-LAW-5).
REFUSED = timedelta(days=180)


def forget_sessions() -> None:
    """Delete what is left of sessions that ended: among them, sign-ups whose code never came back (R-LAW-5)."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


@alone
def deliver_inside(entry: JournalEntry) -> None:
    """Tell a publication to whoever gave a point inside its shape, if it still has one."""
    vault.deliver(entry.details["publication"])
    # Told or not, the pages that members asked for are made anew.
    journal.record("shape.told", by=None, publication=entry.details["publication"])


@alone
def settle_quartiers(entry: JournalEntry) -> None:
    """Find who lives in the quartiers that a file drew; in all of them when what they lie in changed."""
    drawn = entry.details.get("quartiers")
    if drawn is None:
        drawn = list(Zone.objects.of_kind(Zone.Kind.QUARTIER).values_list("pk", flat=True))
    if drawn:
        actions.settle_quartiers(drawn)


def forget_refusals() -> None:
    """Delete requests declined long ago, by the clock: they may be made again."""
    Contact.objects.filter(declined_at__lt=timezone.now() - REFUSED).delete()


def purge_vault() -> None:
    """Erase shapes and matches of what has ended."""
    vault.purge()
