"""One box that finds a commune, a profile, an event or a notice by its name."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.agenda.models import Venue
from parvis.people.models import Person, Voice
from parvis.publications.models import Publication
from parvis.territory.models import Zone

SHOWN = 12


def search(request: HttpRequest) -> HttpResponse:
    """The best of each kind for `q`; every list is short and leads to a complete one."""
    query = request.GET.get("q", "").strip().replace("\0", "")[:80]
    if not query:
        return render(request, "home/search.html", {"query": ""})
    person = request.user if isinstance(request.user, Person) else None
    said = Publication.objects.visible_to(person)
    for word in query.split()[:6]:
        said = said.filter(Q(title__icontains=word) | Q(body__icontains=word))
    results = {
        "zones": Zone.objects.current()
        .exclude(kind__in=[Zone.Kind.CIRCONSCRIPTION, Zone.Kind.TERRITOIRE])
        .named(query)[:SHOWN],
        "voices": Voice.objects.listed_in_directory().named(query).order_by("search_name").shown()[:SHOWN],
        "venues": Venue.objects.visible_to(person).named(query).shown()[:SHOWN],
        "publications": said.order_by("-position").shown()[:SHOWN],
    }
    return render(request, "home/search.html", {"query": query, **results, "found": any(results.values())})
