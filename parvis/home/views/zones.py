"""The page of a place: useful on the first day, with nobody signed up."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Subquery, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from parvis.agenda.days import by_day
from parvis.agenda.models import Showing
from parvis.core.statements import in_one, prepared
from parvis.people.access import reader_of
from parvis.people.models import Mandate, Voice
from parvis.people.models.voices import UNOPENED
from parvis.people.ties import to_commune
from parvis.publications.around import newest_around
from parvis.publications.views.reading import zone_asked
from parvis.territory import hours
from parvis.territory.current import current
from parvis.territory.map import with_counts
from parvis.territory.models import PostalCode, Zone, ZoneLink, ZoneQuerySet

COMMUNES = (Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT)
PARTS = (Zone.Kind.ARRONDISSEMENT, Zone.Kind.DELEGUEE, Zone.Kind.QUARTIER)
WIDE = (Zone.Kind.REGION, Zone.Kind.DEPARTEMENT)
ACROSS = (Zone.Kind.EPCI, Zone.Kind.CANTON, Zone.Kind.COMMUNE)
TRAIL = (Zone.Kind.REGION, Zone.Kind.DEPARTEMENT, Zone.Kind.EPCI, Zone.Kind.COMMUNE)
PER_PAGE = 60
LISTED = 24
MOST_FOUND = 200
ELUS = 12
ORGANISATIONS = 8
SAID = 5


def communes(request: HttpRequest) -> HttpResponse:
    """Every commune, of the territory or of the zone `dans`, or those that match `q`; when only one does, its page."""
    query = request.GET.get("q", "").strip()[:80]
    within = zone_asked(request.GET.get("dans", ""))
    found: list[Zone] | ZoneQuerySet
    if query:
        # An arrondissement is found by its name; in the list, its city leads to it.
        # All that are shown are read at once: to sort thousands by likeness is most of the work, of a count too.
        best = Zone.objects.current().of_kind(*COMMUNES).named(query).drawn().prefetch_related("postal_codes")
        found = list(best[:MOST_FOUND])
        if len(found) == 1:
            return redirect(found[0])
    else:
        everywhere = Zone.objects.current().of_kind(Zone.Kind.COMMUNE).order_by("search_name")
        listed = everywhere.overlapping(within) if within else everywhere
        found = listed.drawn().prefetch_related("postal_codes")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "home/communes.html", {"page": page, "query": query, "within": within})


def zone(request: HttpRequest, kinds: list[str], slug: str, code: str) -> HttpResponse:
    """A commune, canton, intercommunalité… with what happens there and who answers for it."""
    named = list(with_its_own(Zone.objects.addressed(kinds, code)))
    if not named:
        raise Http404
    if joined := next((one.successor_id for one in named if one.successor_id), None):
        return redirect(Zone.objects.drawn().get(pk=joined), permanent=True)
    # A new commune has the code of the former one where its town hall is: the name tells them, else the larger it is.
    found = min(named, key=lambda one: (one.slug != slug, one.kind == Zone.Kind.DELEGUEE))
    if found.slug != slug:
        return redirect(found, permanent=True)
    territory = current()
    root = territory.root if territory else None
    links = around_it(found, root)
    trail = trail_of(found, links, root)
    context: dict[str, Any] = {
        "zone": found,
        "trail": trail,
        "across": [link.whole for link in links if link.whole.kind in ACROSS and link.whole not in trail],
        "is_commune": found.kind in COMMUNES,
        "is_wide": found.kind in WIDE,
        "map": with_counts(drawn.svg, {}) if (drawn := getattr(found, "map", None)) else "",
        **to_commune(reader_of(request), found),
    }
    if found.is_context:
        return render(request, "home/zone_outside.html", context)
    wholes = [link.whole_id for link in links]
    context |= what_happens(found, wholes) | who_is_there(found) | parts_and_neighbours(found)
    # Who is there is then the most there is to read, and not a margin beside four sections that say nothing.
    context["is_quiet"] = not any(context[said] for said in ("days", "notices", "posts", "associations"))
    return render(request, "home/zone.html", context)


def with_its_own(zones: ZoneQuerySet) -> ZoneQuerySet:
    """With all that each zone has one of, in the same statement: town hall, map, postal code, number of communes."""
    parts = ZoneLink.objects.filter(
        whole=OuterRef("pk"), part__kind=Zone.Kind.COMMUNE, part__is_context=False, part__ended_on=None
    )
    codes = PostalCode.objects.filter(zone=OuterRef("pk")).order_by("code").values("code")
    return (
        zones.drawn()
        .select_related("town_hall", "town_hall_voice", "map")
        .annotate(
            first_postal_code=Subquery(codes[:1]),
            communes_count=Subquery(parts.order_by().values("whole").annotate(count=Count("pk")).values("count")),
        )
    )


def around_it(zone: Zone, root: Zone | None) -> list[ZoneLink]:
    """The links of `zone` to what contains it and to what it crosses; `ours` says what lies wholly within `root`."""
    inside = ZoneLink.objects.filter(part=OuterRef("whole"), whole=root, relation=ZoneLink.Relation.WITHIN)
    links = ZoneLink.objects.filter(part=zone).exclude(whole=zone).annotate(ours=Exists(inside))
    return list(links.select_related("whole").defer("whole__geometry").order_by("whole__kind", "whole__search_name"))


def trail_of(zone: Zone, links: list[ZoneLink], root: Zone | None) -> list[Zone]:
    """What one goes up to, widest first: from the territory down to the intercommunalité, or the city of a part.

    A canton is where one votes, beside the rest; what holds more than the territory is not on the way, nor is what has
    its name, as the région of Mayotte.
    """
    kinds = TRAIL if zone.kind in {*COMMUNES, *PARTS} else WIDE
    holding = [
        link.whole
        for link in links
        if vars(link)["ours"] and link.relation == ZoneLink.Relation.WITHIN and root and link.whole.name != root.name
    ]
    return [whole for kind in kinds for whole in holding if whole.kind == kind]


def what_happens(zone: Zone, wholes: list[int]) -> dict[str, Any]:
    """Notices, posts and events that reach the people of `zone`, which lies in the zones of numbers `wholes`."""
    said = newest_around(zone, wholes, ("notice", "post"), SAID)
    with prepared():
        showings = list(Showing.objects.visible_to(None).in_zone(zone).upcoming(timezone.now()).shown()[:9])
    return {
        "notices": said["notice"],
        "posts": said["post"],
        "days": by_day(showings[:8], timezone.localdate()),
        "more_events": len(showings) > 8,
    }


def who_is_there(zone: Zone) -> dict[str, Any]:
    """The town hall, the élus in order of protocol, the associations and services."""
    town_hall = getattr(zone, "town_hall", None)
    mandates = Mandate.objects.current().filter(zone=zone).select_related("voice").in_protocol_order()
    first = list(mandates.annotate(total=Window(Count("pk")))[:ELUS])
    seated = Voice.objects.listed_in_directory().seated_in(zone)
    # Said as an exclusion: told that it is null, SQLite would begin by the half million that are no town hall's.
    seated = seated.exclude(town_hall_of__gt=0).order_by(UNOPENED.asc(), "search_name")
    kinds = (Voice.Kind.ASSOCIATION, Voice.Kind.SERVICE)
    # One kind at a time, since both databases then read by zone and kind.
    first_of_each = in_one([seated.filter(kind=kind).values("pk")[:ORGANISATIONS] for kind in kinds])
    organisations = list(Voice.objects.filter(pk__in=first_of_each).order_by(UNOPENED.asc(), "search_name").shown())
    return {
        "town_hall": town_hall,
        "town_hall_voice": getattr(zone, "town_hall_voice", None),
        "opening": hours.opening(town_hall, timezone.localtime()) if town_hall else None,
        "week": hours.schedule(town_hall) if town_hall else [],
        "mandates": first,
        "mandates_count": getattr(first[0], "total", 0) if first else 0,
        "associations": [voice for voice in organisations if voice.kind == Voice.Kind.ASSOCIATION],
        "services": [voice for voice in organisations if voice.kind == Voice.Kind.SERVICE],
    }


def parts_and_neighbours(zone: Zone) -> dict[str, Any]:
    """Its neighbours, or what it is made of: départements of a région, EPCI of a département, communes of the rest."""
    if zone.kind in COMMUNES:
        neighbours = Zone.objects.filter(pk__in=zone.neighbours.values("other")).order_by("search_name")
        parts = list(parts_of(zone).drawn()[: 2 * LISTED])
        return {
            "neighbours": neighbours.drawn()[:LISTED],
            "parts": [part for part in parts if part.kind != Zone.Kind.QUARTIER],
            "quartiers": [part for part in parts if part.kind == Zone.Kind.QUARTIER],
        }
    inside = Zone.objects.overlapping(zone).filter(ended_on=None).drawn()
    towns = inside.of_kind(Zone.Kind.COMMUNE)
    if zone.kind in WIDE:
        finer = Zone.Kind.DEPARTEMENT if zone.kind == Zone.Kind.REGION else Zone.Kind.EPCI
        made_of = inside.of_kind(finer).order_by("search_name")[:PER_PAGE]
        ours = towns.filter(is_context=False)
        # Nobody counts the people of Mayotte: its communes have no number, and no order but that of their names.
        largest = list(ours.largest()[: LISTED + 1])
        if len(largest) > LISTED:
            return {"made_of": made_of, "largest": largest[:LISTED], "examples": largest[:3]}
        every = list(ours.order_by("search_name")[:MOST_FOUND])
        return {"made_of": made_of, "communes": every, "examples": (largest or every)[:3]}
    return {"communes": towns.order_by("is_context", "search_name")[:MOST_FOUND]}


def parts_of(zone: Zone) -> ZoneQuerySet:
    """Arrondissements, delegated communes and neighbourhoods of a commune."""
    return Zone.objects.current().overlapping(zone).of_kind(*PARTS).paged().exclude(pk=zone.pk).order_by("code")
