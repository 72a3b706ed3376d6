"""The agenda by day, by week and by month, and on paper, filtered by category and by place."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from parvis.agenda.days import Month, Period, asked, asked_month, asked_weekend, by_day
from parvis.agenda.models import DayCount, Event, Showing, ShowingQuerySet
from parvis.agenda.views.choices import Choice, Links
from parvis.agenda.views.maps import mapped
from parvis.core.statements import prepared
from parvis.people.access import reader_of
from parvis.territory.current import current
from parvis.territory.models import PATHS, Zone

PER_PAGE = 40
# What one may look for: places that people know, and that hold events.
KINDS = (Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT, Zone.Kind.CANTON, Zone.Kind.EPCI)
FOUND = 12
# Titles a month shows for one day; beyond so many rendez-vous, it only says how many.
TITLES, MONTHLY = 2, 1000
ON_PAPER = 200


def agenda(request: HttpRequest) -> HttpResponse:
    """What is on: ?jour=, ?semaine=, ?weekend= or ?mois=, what `Choice` reads, ?zone=, or ?lieu= to look for one."""
    territory = current()
    if territory is None:
        raise Http404
    today = timezone.localdate()
    zone = zone_asked(request.GET.get("zone", "")) or territory.root
    choice = Choice.read(request.GET)
    if "mois" in request.GET:
        return of_month(request, Links(asked_month(request.GET["mois"], today), zone, choice, territory.root), today)
    period = period_asked(request.GET, today)
    links = Links(period, zone, choice, territory.root)
    words = request.GET.get("lieu", "").strip()[:80]
    found = list(places_named(words)[: FOUND + 1]) if words else []
    if len(found) == 1:
        return redirect(links.to(zone=found[0]))
    visible = Showing.objects.visible_to(reader_of(request))
    everything = visible.around(zone) if choice.near and zone.kind == Zone.Kind.COMMUNE else visible.in_zone(zone)
    on = choice.within(everything.between(period.first, period.last), period)
    chosen = on.of_category(choice.category) if choice.category else on
    categories = tallied(on, links, choice.category)
    count = sum(count for _label, count, _to, is_it in categories if is_it or not choice.category)
    page = paged(chosen, count, on_map=choice.on_map).get_page(request.GET.get("page"))
    days = by_day(page, period.first)
    context: dict[str, Any] = {
        "zone": zone,
        "everywhere": zone == territory.root,
        "period": period,
        "today": today,
        "words": words,
        "categories": categories,
        "category": choice.category,
        "page": page,
        "days": days,
        "next": None if page.paginator.count else following(everything, period, choice.category),
    }
    context |= mapped(days, zone) if choice.on_map else {}
    context |= {"places": [(place, links.to(zone=place)) for place in found[:FOUND]], "too_many": len(found) > FOUND}
    context["strip"] = [(day, links.day(day), not period.is_week and day == period.first) for day in period.week]
    return render(request, "agenda/agenda.html", context | links.narrow(today) | links.around(today))


def period_asked(query: QueryDict, today: date) -> Period:
    """The weekend, the day or the week of an address."""
    weekend = asked_weekend(query.get("weekend", ""), today)
    return weekend or asked(query.get("jour", ""), query.get("semaine", ""), today)


def paged(chosen: ShowingQuerySet, count: int, *, on_map: bool) -> Paginator[Showing]:
    """The pages of an agenda; how many rows there are is known, and not asked again."""
    pages = Paginator(chosen.in_rows_and_on_map() if on_map else chosen.in_rows(), PER_PAGE)
    vars(pages)["count"] = count
    return pages


def of_month(request: HttpRequest, links: Links[Month], today: date) -> HttpResponse:
    """A month: how much begins on each day, from counts that are kept, and what when one page can say it."""
    month, zone, category = links.period, links.zone, links.choice.category
    tallied_days = DayCount.objects.in_zone(zone).between(month.first, month.last).filter(count__gt=0)
    rows = list(tallied_days.values_list("day", "category", "count"))
    counts: Counter[date] = Counter()
    categories: Counter[str] = Counter()
    for day, kind, count in rows:
        categories[kind] += count
        if category in {"", kind}:
            counts[day] += count
    said = said_in(Showing.objects.visible_to(reader_of(request)).in_zone(zone), links, counts)
    weeks = [
        [(day, day.month == month.first.month, counts[day], said.get(day, []), links.day(day)) for day in week]
        for week in month.weeks
    ]
    context: dict[str, Any] = {
        "zone": zone,
        "everywhere": zone == links.root,
        "month": month,
        "today": today,
        "weeks": weeks,
        "total": counts.total(),
        "category": category,
        "categories": [
            (str(label), categories[value], links.to(category=value), value == category)
            for value, label in Event.Category.choices
            if categories[value] or value == category
        ],
    }
    return render(request, "agenda/month.html", context | links.around(today))


def said_in(everything: ShowingQuerySet, links: Links[Month], counts: Counter[date]) -> dict[date, list[Showing]]:
    """What begins first on each day of a month; nothing when there is more than a page can say."""
    if counts.total() > MONTHLY:
        return {}
    begins = everything.beginning(links.period.first, links.period.last)
    chosen = begins.of_category(links.choice.category) if links.choice.category else begins
    with prepared():
        return dict(by_day(chosen.firsts(TITLES).titled(), links.period.first))


def paper(request: HttpRequest) -> HttpResponse:
    """A week on paper, for a window or a kitchen: ?semaine= and ?zone=."""
    territory = current()
    if territory is None:
        raise Http404
    today = timezone.localdate()
    zone = zone_asked(request.GET.get("zone", "")) or territory.root
    week = asked("", request.GET.get("semaine", ""), today)
    week = Period(week.week[0], is_week=True)
    showings = Showing.objects.visible_to(reader_of(request)).in_zone(zone).between(week.first, week.last)
    listed = list(showings.in_rows()[: ON_PAPER + 1])
    links = Links(week, zone, Choice(), territory.root)
    context: dict[str, Any] = {
        "zone": zone,
        "period": week,
        "days": by_day(listed[:ON_PAPER], week.first),
        "cut": len(listed) > ON_PAPER,
        "week_link": links.to(),
    }
    return render(request, "agenda/paper.html", context)


def zone_asked(value: str) -> Zone | None:
    """The zone of « canton-6009 », or of a commune's code alone; None for nothing. Http404 for one we do not have."""
    if not value:
        return None
    kind, dash, code = value.partition("-")
    kinds = ([kind] if kind in PATHS else []) if dash else KINDS[:2]
    return get_object_or_404(Zone.objects.current(), kind__in=kinds, code=code if dash else kind)


def places_named(words: str) -> Any:
    """The communes, cantons and intercommunalités that `words` can mean, best first."""
    return Zone.objects.current().of_kind(*KINDS).named(words)


def tallied(on: ShowingQuerySet, links: Links[Period], category: str) -> list[tuple[str, int, str, bool]]:
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
