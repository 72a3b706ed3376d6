"""The home page: the territory for a visitor, what concerns them for a member."""

from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from parvis.agenda.days import by_day
from parvis.agenda.models import Event, Showing, ShowingQuerySet
from parvis.home.kinds import PLURALS
from parvis.home.views.member import member
from parvis.people.access import reader_of
from parvis.people.models import Voice
from parvis.publications.models import Publication
from parvis.territory.current import current
from parvis.territory.map import with_counts
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
    root, today = territory.root, timezone.localdate()
    coming = Showing.objects.visible_to(None).in_zone(root).upcoming(timezone.now())
    week = coming.between(today, today + timedelta(days=WEEK - 1))
    themes = counted_themes(week)
    theme = request.GET.get("theme", "")
    chosen = week.of_category(theme) if theme in Event.Category.values else week
    days = by_day(list(chosen.shown()[:MOST]), today)
    counts = dict(week.order_by().values_list("occurrence__event__commune__code").annotate(count=Count("pk")))
    return {
        "today": today,
        "communes": Zone.objects.current().of_kind(Zone.Kind.COMMUNE).count(),
        "epcis": Zone.objects.current().of_kind(Zone.Kind.EPCI).count(),
        "examples": Zone.objects.current().of_kind(Zone.Kind.COMMUNE).order_by("-population")[:3],
        "themes": themes,
        "theme": theme,
        "week_count": sum(count for _key, _label, count in themes),
        "days": [(day, showings[:PER_DAY], len(showings[PER_DAY:])) for day, showings in days],
        "map": with_counts(territory.map_svg, counts),
        "places": len(counts),
        "doors": counted_kinds(),
        "notices": Publication.objects.visible_to(None).of_kind("notice").listed_in(root).shown()[:4],
        "posts": Publication.objects.visible_to(None).of_kind("post").listed_in(root).shown()[:8],
    }


def counted_kinds() -> list[tuple[str, str, int]]:
    """Each type of profile, its plural and how many one can find in the directory."""
    counts = dict(
        Voice.objects.listed_in_directory()
        .order_by()
        .values_list("kind")
        .annotate(Count("pk"))
        .values_list("kind", "pk__count")
    )
    return [(kind, str(label), counts.get(kind, 0)) for kind, label in PLURALS.items()]


def counted_themes(showings: ShowingQuerySet) -> list[tuple[str, str, int]]:
    """Each category of event among `showings`, its name and how many, most frequent first."""
    counts = showings.order_by().values_list("category").annotate(count=Count("pk")).order_by("-count", "category")
    return [(category, str(Event.Category(category).label), count) for category, count in counts]
