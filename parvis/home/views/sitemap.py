"""The sitemap: places, organisations and élus, publications; never an inhabitant."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.agenda.models import Venue
from parvis.people.models import Voice
from parvis.publications.models import Publication
from parvis.territory.models import Zone

PER_FILE = 5_000


def zones() -> Any:
    """Places with a page."""
    return Zone.objects.current().paged().exclude(kind=Zone.Kind.TERRITOIRE).order_by("pk")


def voices() -> Any:
    """Profiles anyone can find, but for inhabitants (R-LAW-4)."""
    return Voice.objects.listed_in_directory().exclude(kind=Voice.Kind.HABITANT).order_by("pk")


def publications() -> Any:
    """What is online."""
    return Publication.objects.visible_to(None).order_by("pk")


def venues() -> Any:
    """Places where events are held."""
    return Venue.objects.visible_to(None).order_by("pk")


SECTIONS: dict[str, Callable[[], Any]] = {
    "zones": zones,
    "voices": voices,
    "publications": publications,
    "venues": venues,
}


def index(request: HttpRequest) -> HttpResponse:
    """The list of the files."""
    files = [
        f"{settings.SITE_URL}/sitemap-{name}-{number}.xml"
        for name, rows in SECTIONS.items()
        for number in range(1, -(-rows().count() // PER_FILE) + 1)
    ]
    return render(request, "home/sitemap_index.xml", {"files": files}, content_type="application/xml")


def section(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """One file of at most 5,000 addresses."""
    # No site has so many files, and no database counts further.
    if section not in SECTIONS or not 1 <= number <= 50_000:
        raise Http404
    rows = list(SECTIONS[section]()[(number - 1) * PER_FILE : number * PER_FILE])
    if not rows:
        raise Http404
    entries = [(settings.SITE_URL + row.get_absolute_url(), changed(row)) for row in rows]
    return render(request, "home/sitemap.xml", {"entries": entries}, content_type="application/xml")


def changed(row: Any) -> datetime | None:
    """When it last changed, if it says."""
    return getattr(row, "edited_at", None) or getattr(row, "published_at", None)
