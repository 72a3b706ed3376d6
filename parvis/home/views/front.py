"""The home page: the territory for a visitor, what concerns them for a member."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from parvis.agenda.days import by_day
from parvis.agenda.models import Event, Showing, ShowingQuerySet
from parvis.home.counts import voices_by_kind, zones_by_kind
from parvis.home.kinds import PLURALS
from parvis.home.views.member import member
from parvis.people.access import reader_of
from parvis.publications.models import Publication
from parvis.territory.current import current
from parvis.territory.map import shows_departements, with_counts
from parvis.territory.models import Territory, Zone

WEEK = 7
# Events of the week read, and shown for each day.
MOST = 300
PER_DAY = 2


def home(request: HttpRequest) -> HttpResponse:
    """What the territory says today, or what concerns the person who is here."""
    territory = current()
    if territory is None:
        return render(request, "home/empty.html", status=503)
    person = reader_of(request)
    if person is not None:
        return member(request, person, territory)
    return render(request, "home/visitor.html", visitor(request, territory))


def visitor(request: HttpRequest, territory: Territory) -> dict[str, Any]:
    """What anyone sees: the week, the people, the latest notices."""
    root, today, zones = territory.root, timezone.localdate(), zones_by_kind()
    coming = Showing.objects.visible_to(None).in_zone(root).upcoming(timezone.now())
    week = coming.between(today, today + timedelta(days=WEEK - 1))
    themes, places = counted(week)
    theme = request.GET.get("theme", "")
    chosen = week.of_category(theme) if theme in Event.Category.values else week
    days = by_day(list(chosen.shown()[:MOST]), today)
    communes = Zone.objects.current().of_kind(Zone.Kind.COMMUNE).drawn()
    return {
        "today": today,
        "communes": zones.get(Zone.Kind.COMMUNE, 0),
        "epcis": zones.get(Zone.Kind.EPCI, 0),
        "examples": list(communes.largest()[:3]) or communes.order_by("search_name")[:3],
        "themes": themes,
        "theme": theme,
        "week_count": sum(count for _key, _label, count in themes),
        "days": [(day, showings[:PER_DAY], len(showings[PER_DAY:])) for day, showings in days],
        "map": with_counts(territory.map_svg, places),
        "overseas": off_the_map(territory.map_svg),
        "places": len(places),
        "doors": counted_kinds(),
        "notices": Publication.objects.visible_to(None).of_kind("notice").listed_in(root).shown()[:4],
        "posts": Publication.objects.visible_to(None).of_kind("post").listed_in(root).shown()[:8],
    }


def counted_kinds() -> list[tuple[str, str, int]]:
    """Each type of profile, its plural and how many one can find in the directory."""
    counts = voices_by_kind()
    return [(kind, str(label), counts.get(kind, 0)) for kind, label in PLURALS.items()]


def counted(showings: ShowingQuerySet) -> tuple[list[tuple[str, str, int]], dict[str, int]]:
    """How many of `showings` in each category, with its name and the most frequent first; and in each commune."""
    themes, places = Counter[str](), Counter[str]()
    rows = showings.order_by().values_list("category", "occurrence__event__commune__code")
    for category, commune, count in rows.annotate(count=Count("*")):
        themes[category] += count
        if commune:
            places[commune] += count
    most = sorted(themes, key=lambda category: (-themes[category], category))
    return [(category, str(Event.Category(category).label), themes[category]) for category in most], dict(places)


def off_the_map(svg: str) -> list[Zone]:
    """Where `svg` shows départements, those it does not reach: it would hold little but the ocean between."""
    if not shows_departements(svg):
        return []
    departements = Zone.objects.current().of_kind(Zone.Kind.DEPARTEMENT).order_by("code").drawn()
    return [zone for zone in departements if zone.get_absolute_url() not in svg]
