"""What agendas ask."""

from datetime import date, timedelta

from django import template
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from parvis.agenda.models import Showing
from parvis.core.kept import piece

register = template.Library()
LASTS = timedelta(days=1)


@register.simple_tag
def event_row(showing: Showing, day: date | None = None, unsigned: object = "") -> SafeString:
    """One time an event happens, on its line: drawn once for as long as it says the same, whoever reads it."""
    time = showing.occurrence
    event, publication = time.event, time.event.publication
    begun = day is not None and timezone.localtime(showing.starts_at).date() < day
    key = (
        *("event row", publication.pk, publication.version, publication.title, publication.voice.version),
        *(showing.starts_at, time.all_day, time.state, time.where, begun, bool(unsigned), get_language()),
        *(event.category, event.mode, event.is_free, event.price, event.commune.name),
    )

    def draw() -> tuple[SafeString, float]:
        drawn = get_template("agenda/row.html").render({"showing": showing, "begun": begun, "unsigned": unsigned})
        # A template's own output.
        return SafeString(drawn), (timezone.now() + LASTS).timestamp()

    return piece(key, draw)


@register.filter
def spot(showing: Showing, spots: object) -> str:
    """The number of this showing on the map of the page; nothing when it is not on it."""
    return str(spots.get(showing.pk, "")) if isinstance(spots, dict) else ""
