"""What agendas ask."""

from datetime import date, timedelta

from django import template
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.agenda.models import Showing
from parvis.core.kept import piece

register = template.Library()
LASTS = timedelta(days=1)
SPOT = '<a class="spot" href="#point-{}"><span class="visually-hidden">{} </span>{}</a>'


@register.simple_tag
def event_row(
    showing: Showing, day: date | None = None, unsigned: object = "", spots: dict[int, str] | str = ""
) -> SafeString:
    """One time an event happens, on its line: drawn once for as long as it says the same, whoever reads it.

    Beside a map, `spots` gives the number there of each, and the line leads to it: here, as forty templates would cost
    as much as the rest of the page.
    """
    drawn = _drawn("agenda/row.html", showing, day, unsigned)
    if not isinstance(spots, dict):
        return drawn
    number = spots.get(showing.pk)
    link = format_html(SPOT, number, _("Sur la carte, point"), number) if number else ""
    return format_html('<div class="spotted" id="rdv-{}">{}{}</div>', showing.pk, link, drawn)


@register.simple_tag
def paper_row(showing: Showing, day: date) -> SafeString:
    """The same, in a week on paper."""
    return _drawn("agenda/paper_row.html", showing, day)


def _drawn(template: str, showing: Showing, day: date | None, unsigned: object = "") -> SafeString:
    time = showing.occurrence
    event, publication = time.event, time.event.publication
    begun = day is not None and timezone.localtime(showing.starts_at).date() < day
    key = (
        *(template, publication.pk, publication.version, publication.title, publication.voice.version),
        *(showing.starts_at, time.all_day, time.state, time.where, begun, bool(unsigned), get_language()),
        *(event.category, event.mode, event.is_free, event.price, event.commune.name),
    )

    def draw() -> tuple[SafeString, float]:
        drawn = get_template(template).render({"showing": showing, "begun": begun, "unsigned": unsigned})
        # A template's own output.
        return SafeString(drawn), (timezone.now() + LASTS).timestamp()

    return piece(key, draw)
