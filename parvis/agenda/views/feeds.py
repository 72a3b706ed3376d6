"""Feeds of the agenda: the territory, each zone, each category, one event. They are the same for everyone."""

from collections.abc import Callable, Iterable

from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda import exports, feeds
from parvis.agenda.models import CoOrganiser, Event, Merged, Occurrence, Showing
from parvis.people.access import reader_of
from parvis.people.models import Voice
from parvis.people.models.voices import PATHS as VOICE_PATHS
from parvis.publications.models import Publication
from parvis.territory.current import current
from parvis.territory.models import PATHS, Zone

TYPES = {
    "ics": "text/calendar; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
WRITERS: dict[str, Callable[[str, Iterable[Occurrence]], bytes]] = {
    "ics": feeds.calendar,
    "json": exports.openagenda,
    "csv": exports.table,
}


def everywhere(request: HttpRequest, kind: str) -> HttpResponse:
    """The agenda of the whole territory; `kind` is "ics", "atom", "json" or "csv"."""
    territory = current()
    if territory is None:
        raise Http404
    return feed_of(request, territory.root, kind)


def of_zone(request: HttpRequest, path: str, code: str, kind: str) -> HttpResponse:
    """The agenda of one zone, found by the first part of its address and its code."""
    kinds = [key for key, first in PATHS.items() if first == path]
    # A new commune, whose kind comes first in the alphabet, may have the code of a former one.
    zones = Zone.objects.addressed(kinds, code).filter(is_context=False).drawn()
    # One that joined another has given it its address.
    zone = zones.order_by(F("successor").asc(nulls_last=True), "kind").first()
    if zone is None:
        raise Http404
    if zone.successor_id:
        home = Zone.objects.drawn().get(pk=zone.successor_id).get_absolute_url()
        asked = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
        return redirect(f"{home}agenda.{kind}{asked}", permanent=True)
    return feed_of(request, zone, kind)


def feed_of(request: HttpRequest, zone: Zone, kind: str) -> HttpResponse:
    """The feed of `zone`: what is next as a calendar, what was last announced as Atom; ?categorie= keeps one."""
    category = request.GET.get("categorie", "")
    if category and category not in Event.Category.values:
        raise Http404
    name = _("Agenda %(place)s") % {"place": zone.of_place}
    name = f"{name}, {Event.Category(category).label}" if category else name
    if kind == "atom":
        said = Publication.objects.visible_to(None).of_kind("event").listed_in(zone).shown()
        chosen = said.filter(event__category=category) if category else said
        path = request.get_full_path() if category else request.path
        return HttpResponse(feeds.atom(name, path, chosen[: feeds.IN_ATOM]), content_type=TYPES[kind])
    coming = Showing.objects.visible_to(None).in_zone(zone).upcoming(timezone.now())
    chosen_ones = coming.of_category(category) if category else coming
    rows = chosen_ones.shown()[: feeds.IN_CALENDAR]
    return HttpResponse(WRITERS[kind](name, (row.occurrence for row in rows)), content_type=TYPES[kind])


def of_voice(request: HttpRequest, path: str, number: int, kind: str) -> HttpResponse:
    """What one organisation announces, found by the first part of its address and its number."""
    kinds = [key for key, first in VOICE_PATHS.items() if first == path]
    voice = get_object_or_404(Voice.objects.visible_to(None), kind__in=kinds, pk=number)
    name = _("Agenda : %(voice)s") % {"voice": voice.name}
    shared = CoOrganiser.objects.accepted().filter(voice=voice).order_by().values("event")
    said = Publication.objects.visible_to(None).of_kind("event").filter(Q(voice=voice) | Q(pk__in=shared))
    if kind == "atom":
        newest = said.order_by("-position").shown()[: feeds.IN_ATOM]
        return HttpResponse(feeds.atom(name, request.path, newest), content_type=TYPES[kind])
    coming = Showing.objects.visible_to(None).announced_by(voice).upcoming(timezone.now())
    rows = coming.shown()[: feeds.IN_CALENDAR]
    return HttpResponse(WRITERS[kind](name, (row.occurrence for row in rows)), content_type=TYPES[kind])


def of_event(request: HttpRequest, number: int) -> HttpResponse:
    """One event, to add to one's own calendar."""
    gate = Publication.objects.visible_to(reader_of(request)).of_kind("event")
    events = Event.objects.select_related("publication__voice", "commune", "held_at")
    event = events.filter(publication__in=gate.filter(pk=number)).first()
    if event is None:
        # One that turned out to be another leads there, in calendars too.
        into = Merged.objects.standing().filter(event=number).values("into")
        kept = get_object_or_404(gate, pk__in=into)
        return redirect(f"{kept.get_absolute_url().rstrip('/')}.ics", permanent=True)
    rows = list(Occurrence.objects.filter(event=event)[: feeds.IN_CALENDAR])
    for row in rows:
        row.event = event
    response = HttpResponse(feeds.calendar(event.publication.title, rows), content_type=TYPES["ics"])
    response["Content-Disposition"] = f'attachment; filename="{event.publication.slug or "evenement"}.ics"'
    return response
