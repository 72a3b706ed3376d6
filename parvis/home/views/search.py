"""One box that finds a commune, a profile, an event or a notice by its name."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.agenda.models import Venue
from parvis.people.access import reader_of
from parvis.people.models import Voice
from parvis.publications.models import Publication
from parvis.territory.models import Zone, ZoneLink

SHOWN = 12
UNSOUGHT = (Zone.Kind.CIRCONSCRIPTION, Zone.Kind.TERRITOIRE)


def search(request: HttpRequest) -> HttpResponse:
    """The best of each kind for `q`; every list is short and leads to a complete one."""
    query = request.GET.get("q", "").strip()[:80]
    if not query:
        return render(request, "home/search.html", {"query": ""})
    person = reader_of(request)
    said = Publication.objects.visible_to(person)
    for word in query.split()[:6]:
        said = said.filter(Q(title__icontains=word) | Q(body__icontains=word))
    zones = Zone.objects.current()
    results = {
        "zones": told_apart(zones.exclude(kind__in=UNSOUGHT).named(query).drawn()[:SHOWN]),
        "voices": Voice.objects.listed_in_directory().named(query).order_by("search_name").shown()[:SHOWN],
        "venues": Venue.objects.visible_to(person).named(query).shown()[:SHOWN],
        "publications": said.order_by("-position").shown()[:SHOWN],
    }
    return render(request, "home/search.html", {"query": query, **results, "found": any(results.values())})


def told_apart(found: Iterable[Zone]) -> list[tuple[Zone, str]]:
    """Each of these and what tells it from another of the same name: its département, or what it is."""
    zones = list(found)
    names = Counter(zone.short_name for zone in zones)
    alike = [zone for zone in zones if names[zone.short_name] > 1]
    links = (
        ZoneLink.objects.filter(part__in=alike, whole__kind=Zone.Kind.DEPARTEMENT) if alike else ZoneLink.objects.none()
    )
    departements = dict(links.values_list("part", "whole__name"))
    towns = {zone.pk: departements.get(zone.pk, "") for zone in alike if zone.kind != Zone.Kind.DELEGUEE}
    kinds = {zone.pk: zone.get_kind_display() for zone in alike}
    return [(zone, towns.get(zone.pk) or kinds.get(zone.pk, "")) for zone in zones]
