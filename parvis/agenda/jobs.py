"""What the clock does to agendas."""

from django.utils import timezone

from parvis.agenda.models import Showing


def set_past_aside() -> int:
    """Leave what has been over for long out of the indexes of what is next; how many. It stays on its day's page."""
    return Showing.objects.over(timezone.now()).update(past=True)
