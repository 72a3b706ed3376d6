"""The agenda by day and by week, filtered by category and by place."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from parvis.agenda.days import Period, asked, by_day
from parvis.agenda.models import Event, Showing, ShowingQuerySet
from parvis.people.access import reader_of
from parvis.territory.current import current
from parvis.territory.models import Zone

PER_PAGE = 60
# What one may look for: places that people know, and that hold events.
KINDS = (Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT, Zone.Kind.CANTON, Zone.Kind.EPCI)
FOUND = 12


def agenda(request: HttpRequest) -> HttpResponse:
    """What is on: ?jour= or ?semaine=, ?categorie=, ?zone=, or ?lieu= to look for a zone by its name."""
    territory = current()
    if territory is None:
        raise Http404
    today = timezone.localdate()
    period = asked(request.GET.get("jour", ""), request.GET.get("semaine", ""), today)
    zone = zone_asked(request.GET.get("zone", "")) or territory.root
    category = request.GET.get("categorie", "")
    category = category if category in Event.Category.values else ""
    links = Links(period, zone, category, territory.root)
    words = request.GET.get("lieu", "").strip()[:80]
    found = list(places_named(words)[: FOUND + 1]) if words else []
    if len(found) == 1:
        return redirect(links.to(zone=found[0]))
    everything = Showing.objects.visible_to(reader_of(request)).in_zone(zone)
    on = everything.between(period.first, period.last)
    chosen = on.of_category(category) if category else on
    page = Paginator(chosen.shown(), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "zone": zone,
        "everywhere": zone == territory.root,
        "period": period,
        "today": today,
        "words": words,
        "places": [(place, links.to(zone=place)) for place in found[:FOUND]],
        "too_many": len(found) > FOUND,
        "categories": tallied(on, links, category),
        "category": category,
        "page": page,
        "days": by_day(page, period.first),
        "next": None if page.paginator.count else following(everything, period, category),
    }
    return render(request, "agenda/agenda.html", context | links.context(today))


def zone_asked(value: str) -> Zone | None:
    """The zone of « canton-6009 », or of a commune's code alone; None for nothing. Http404 for one we do not have."""
    if not value:
        return None
    kind, _dash, code = value.rpartition("-")
    kinds = [kind] if kind in KINDS else KINDS[:2] if not kind else []
    if not code.isalnum():
        raise Http404
    return get_object_or_404(Zone.objects.current(), kind__in=kinds, code=code)


def places_named(words: str) -> Any:
    """The communes, cantons and intercommunalités that `words` can mean, best first."""
    return Zone.objects.current().of_kind(*KINDS).named(words)


def tallied(on: ShowingQuerySet, links: "Links", category: str) -> list[tuple[str, int, str, bool]]:
    """Each category that has something on: its name, how many, its address and whether it is the one chosen."""
    counts = dict(on.order_by().values_list("category").annotate(count=Count("pk")))
    if category:
        counts.setdefault(category, 0)
    return [
        (str(label), counts[value], links.to(category=value), value == category)
        for value, label in Event.Category.choices
        if value in counts
    ]


def following(everything: ShowingQuerySet, period: Period, category: str) -> Showing | None:
    """The first thing on after an empty period."""
    later = everything.between(period.after.first, period.after.first + timedelta(days=366))
    return (later.of_category(category) if category else later).shown().first()


class Links:
    """Addresses of the same agenda with one thing changed."""

    def __init__(self, period: Period, zone: Zone, category: str, root: Zone) -> None:
        self.period, self.zone, self.category, self.root = period, zone, category, root

    def to(self, period: Period | None = None, zone: Zone | None = None, category: str | None = None) -> str:
        """The agenda as it is now, but for what is given."""
        period, zone = period or self.period, zone or self.zone
        category = self.category if category is None else category
        query = dict([period.query])
        if category:
            query["categorie"] = category
        if zone != self.root:
            query["zone"] = f"{zone.kind}-{zone.code}"
        return f"/agenda/?{urlencode(query)}"

    def context(self, today: Any) -> dict[str, Any]:
        """The addresses a page offers: days of the week, before, after, by day, by week, all categories, everywhere."""
        period = self.period
        monday = Period(period.week[0], is_week=True)
        seen = today if today in period.week else period.first
        kept = self.period.query
        return {
            "strip": [(day, self.to(Period(day)), not period.is_week and day == period.first) for day in period.week],
            "previous_link": self.to(period.before),
            "next_link": self.to(period.after),
            "day_link": self.to(Period(seen)),
            "week_link": self.to(monday),
            "today_link": self.to(Period(today)),
            "all_link": self.to(category=""),
            "everywhere_link": self.to(zone=self.root),
            "kept": [kept, ("categorie", self.category)] if self.category else [kept],
            "feed": "" if self.zone == self.root else self.zone.get_absolute_url().rstrip("/"),
        }
