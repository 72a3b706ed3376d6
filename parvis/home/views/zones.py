"""The page of a place: useful on the first day, with nobody signed up."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from parvis.agenda.days import by_day
from parvis.agenda.models import Showing
from parvis.people.models import Mandate, Voice
from parvis.publications.models import Publication
from parvis.territory import hours
from parvis.territory.models import TownHall, Zone, ZoneQuerySet

COMMUNES = (Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT)
PER_PAGE = 60
LISTED = 24
ELUS = 12


def communes(request: HttpRequest) -> HttpResponse:
    """Every commune, or those that match `q`; straight to its page when there is only one."""
    query = request.GET.get("q", "").strip()[:80]
    everywhere = Zone.objects.current().of_kind(*COMMUNES)
    found: QuerySet[Zone] = everywhere.named(query) if query else everywhere.order_by("search_name")
    if query and len(only := found[:2]) == 1:
        return redirect(only[0])
    page = Paginator(found.prefetch_related("postal_codes"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "home/communes.html", {"page": page, "query": query})


def zone(request: HttpRequest, kinds: list[str], slug: str, code: str) -> HttpResponse:
    """A commune, canton, intercommunalité… with what happens there and who answers for it."""
    found = get_object_or_404(Zone.objects.filter(ended_on=None, kind__in=kinds), code=code)
    if found.slug != slug:
        return redirect(found, permanent=True)
    shown = (Zone.Kind.EPCI, Zone.Kind.CANTON, Zone.Kind.COMMUNE)
    others = Zone.objects.touching(found).of_kind(*shown).exclude(pk=found.pk).order_by("kind", "search_name")
    # What one goes up to: a commune is in its intercommunalité, and where it votes is said beside.
    above = Zone.objects.containing(found).of_kind(Zone.Kind.EPCI, Zone.Kind.COMMUNE).order_by("-kind")
    trail = list(above.exclude(pk=found.pk)) if found.kind != Zone.Kind.CANTON else []
    context: dict[str, Any] = {
        "zone": found,
        "trail": trail,
        "across": [other for other in others if other not in trail],
        "is_commune": found.kind in COMMUNES,
    }
    if found.is_context:
        return render(request, "home/zone_outside.html", context)
    return render(request, "home/zone.html", context | what_happens(found) | who_is_there(found) | around(found))


def what_happens(zone: Zone) -> dict[str, Any]:
    """Notices, posts and events that reach the people of `zone`."""
    said = Publication.objects.visible_to(None).concerning(zone).shown()
    showings = list(Showing.objects.visible_to(None).in_zone(zone).upcoming(timezone.now()).shown()[:9])
    return {
        "notices": said.of_kind("notice")[:5],
        "posts": said.of_kind("post")[:5],
        "days": by_day(showings[:8], timezone.localdate()),
        "more_events": len(showings) > 8,
    }


def who_is_there(zone: Zone) -> dict[str, Any]:
    """The town hall, the élus in order of protocol, the associations and services."""
    now = timezone.localtime()
    town_hall = TownHall.objects.filter(zone=zone).first()
    mandates = Mandate.objects.current().filter(zone=zone).select_related("voice__zone").in_protocol_order()
    seated = Voice.objects.listed_in_directory().seated_in(zone).shown()
    return {
        "town_hall": town_hall,
        "town_hall_voice": Voice.objects.filter(town_hall_of=zone).first(),
        "opening": hours.opening(town_hall, now) if town_hall else None,
        "week": hours.schedule(town_hall) if town_hall else [],
        "mandates": mandates[:ELUS],
        "mandates_count": mandates.count(),
        "associations": seated.filter(kind=Voice.Kind.ASSOCIATION).order_by("search_name")[:8],
        "services": seated.filter(kind=Voice.Kind.SERVICE, town_hall_of=None).order_by("search_name")[:6],
    }


def around(zone: Zone) -> dict[str, Any]:
    """Its neighbours, or the communes it is made of."""
    if zone.kind in COMMUNES:
        neighbours = Zone.objects.filter(pk__in=zone.neighbours.values("other")).order_by("search_name")
        return {"neighbours": neighbours[:LISTED], "parts": parts_of(zone)[:LISTED]}
    communes = Zone.objects.overlapping(zone).of_kind(Zone.Kind.COMMUNE).order_by("is_context", "search_name")
    return {"communes": communes[:200], "communes_count": communes.filter(is_context=False).count()}


def parts_of(zone: Zone) -> ZoneQuerySet:
    """Arrondissements and delegated communes of a commune."""
    finer = (Zone.Kind.ARRONDISSEMENT, Zone.Kind.DELEGUEE)
    return Zone.objects.inside(zone).of_kind(*finer).exclude(pk=zone.pk).order_by("code")
