"""Feeds of the agenda: the territory, each zone, one event. Each answers 304 when nothing changed."""

import hashlib

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from parvis.agenda import feeds
from parvis.agenda.models import Event, Occurrence, Showing
from parvis.publications.models import Publication
from parvis.territory.current import current
from parvis.territory.models import PATHS, Zone

TYPES = {"ics": "text/calendar; charset=utf-8", "atom": "application/atom+xml; charset=utf-8"}


def everywhere(request: HttpRequest, kind: str) -> HttpResponse:
    """The agenda of the whole territory; `kind` is "ics" or "atom"."""
    territory = current()
    if territory is None:
        raise Http404
    return feed_of(request, territory.root, kind)


def of_zone(request: HttpRequest, path: str, code: str, kind: str) -> HttpResponse:
    """The agenda of one zone, found by the first part of its address and its code."""
    kinds = [key for key, first in PATHS.items() if first == path]
    return feed_of(request, get_object_or_404(Zone.objects.current(), kind__in=kinds, code=code), kind)


def feed_of(request: HttpRequest, zone: Zone, kind: str) -> HttpResponse:
    """The feed of `zone`: what is next as a calendar, what was last announced as Atom."""
    if kind == "atom":
        said = Publication.objects.visible_to(None).of_kind("event").listed_in(zone).shown()
        body = feeds.atom(zone, request.path, said[: feeds.IN_ATOM])
        return conditional(request, hashlib.sha256(body).hexdigest(), kind, body)
    coming = Showing.objects.visible_to(None).in_zone(zone).upcoming(timezone.now())[: feeds.IN_CALENDAR]
    publication = "occurrence__event__publication"
    state = list(coming.values_list("pk", f"{publication}__version", f"{publication}__voice__version"))
    etag = hashlib.sha256(f"{settings.SITE_URL} {zone.pk} {state}".encode()).hexdigest()
    known = get_conditional_response(request, etag=quote_etag(etag))
    if known is not None and known.status_code == 304:
        return known
    name = _("Agenda %(place)s") % {"place": zone.of_place}
    return conditional(request, etag, kind, feeds.calendar(name, (row.occurrence for row in coming.shown())))


def of_event(request: HttpRequest, number: int) -> HttpResponse:
    """One event, to add to one's own calendar."""
    gate = Publication.objects.visible_to(None).of_kind("event")
    event = get_object_or_404(
        Event.objects.select_related("publication__voice", "commune"), publication__in=gate.filter(pk=number)
    )
    rows = list(Occurrence.objects.filter(event=event)[: feeds.IN_CALENDAR])
    for row in rows:
        row.event = event
    body = feeds.calendar(event.publication.title, rows)
    response = conditional(request, hashlib.sha256(body).hexdigest(), "ics", body)
    response["Content-Disposition"] = f'attachment; filename="{event.publication.slug or "evenement"}.ics"'
    return response


def conditional(request: HttpRequest, etag: str, kind: str, body: bytes) -> HttpResponse:
    """`body`, or 304 to whoever has it already. No Last-Modified: what was taken away would not move it."""
    response = HttpResponse(body, content_type=TYPES[kind])
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    response["ETag"] = quote_etag(etag)
    answered = get_conditional_response(request, etag=response["ETag"], response=response)
    assert isinstance(answered, HttpResponse)
    return answered
