"""The agenda in the page of another site: the same for all, without a cookie, in a frame that anyone may hold."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone

from parvis.agenda.days import by_day
from parvis.agenda.models import Event, Showing
from parvis.agenda.views.agenda import zone_asked
from parvis.publications.models import Publication
from parvis.territory.current import current

SHOWN, TIMES = 12, 3


def embed(request: HttpRequest) -> HttpResponse:
    """What comes next: ?zone= and ?categorie=. Nothing of the visitor is read, nor kept."""
    territory = current()
    if territory is None:
        raise Http404
    zone = zone_asked(request.GET.get("zone", "")) or territory.root
    category = request.GET.get("categorie", "")
    coming = Showing.objects.visible_to(None).in_zone(zone).upcoming(timezone.now())
    chosen = coming.of_category(category) if category in Event.Category.values else coming
    days = by_day(chosen.in_rows()[:SHOWN], timezone.localdate())
    # Without the request: what depends on who reads cannot come in.
    return framed(HttpResponse(render_to_string("agenda/embed.html", {"zone": zone, "days": days})))


def of_event(_request: HttpRequest, number: int) -> HttpResponse:
    """One event: what it is, when, where and by whom, as anyone may read it."""
    publication = get_object_or_404(Publication.objects.visible_to(None).of_kind("event").shown(), pk=number)
    now = timezone.now()
    every = list(publication.event.occurrences.all())
    for time in every:
        time.event = publication.event
    coming = [time for time in every if time.closes_at > now]
    context = {"publication": publication, "event": publication.event, "times": (coming or every[-1:])[:TIMES]}
    return framed(HttpResponse(render_to_string("agenda/embed_event.html", context)))


def framed(response: HttpResponse) -> HttpResponse:
    """An answer that any page may hold in a frame: here only."""
    vars(response)["_csp_replace"] = {"frame-ancestors": ["*"]}
    vars(response)["xframe_options_exempt"] = True
    return response
