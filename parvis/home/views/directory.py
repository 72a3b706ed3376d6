"""The directory: people and organisations found by profile in one click, then by place, theme and activity."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, F, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda.models import Showing
from parvis.home.counts import by_departement, by_kind, voices_by_departement, voices_by_kind, zones_by_kind
from parvis.home.kinds import PLURALS
from parvis.people.access import reader_of
from parvis.people.models import Person, Voice
from parvis.people.models.voices import UNOPENED, VoiceQuerySet
from parvis.territory.current import current
from parvis.territory.map import Chart, Disc, chart, drawing_of, shows_departements
from parvis.territory.models import Zone, ZoneLink

PER_PAGE = 20
# Km around one's commune, and days during which one is said to be active.
REACH, MONTH = 30, 30
# Discs of the map at most: communes, or every département.
DISCS, DEPARTEMENTS = 60, 110
# Zones of the address that are told by their code.
CODED = (Zone.Kind.DEPARTEMENT, Zone.Kind.CANTON, Zone.Kind.EPCI)
# Zones one chooses among, at most.
CHOICES = 500
# What narrows whom one finds, and how they are shown.
NARROWING = ("q", "commune", "departement", "canton", "epci", "theme", "actif", "cherche")
ASKED = ("type", *NARROWING, "tri", "vue")


def directory(request: HttpRequest) -> HttpResponse:
    """Profiles by type, place, theme, name and activity, in a list or on a map; everything is in the address."""
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ASKED}
    zones = zones_asked(asked)
    home = zones["commune"] or home_of(reader_of(request))
    near = home if asked["tri"] == "proximite" else None
    everywhere = Voice.objects.listed_in_directory()
    for kind in CODED:
        everywhere = narrowed(everywhere, asked[kind], zones[kind])
    themed = said(everywhere.named(asked["q"]) if asked["q"] else everywhere, asked)
    placed = themed.near(near, REACH) if near else narrowed(themed, asked["commune"], zones["commune"])
    found = of_theme(placed, asked)
    counts = by_kind(found) if near or any(asked[name] for name in NARROWING) else voices_by_kind()
    sort = asked["tri"] if near or asked["tri"] == "nom" else ""
    # Numbers alone: the last page of a country would read half a million whole rows to leave them out.
    pages = Paginator(in_order(of_type(found, asked), sort).values_list("pk", flat=True), PER_PAGE)
    # Counted with the others of its kind: a country is not counted twice.
    pages.count = counts.get(asked["type"], 0) if asked["type"] in PLURALS else sum(counts.values())
    page = pages.get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "asked": asked,
        "page": page,
        "tabs": tabs(counts, asked),
        "themes": themes(placed.themed(), asked),
        **choices(zones),
        "filters": filters(asked, zones, near),
        "commune_unknown": asked["commune"] if asked["commune"] and not zones["commune"] else "",
        "here": next((zone for zone in zones.values() if zone), None),
        "near": near,
        "sorts": sorts(asked, sort, home),
        "views": [("", address(asked, vue="")), ("carte", address(asked, vue="carte"))],
        "lines": lines(shown(list(page.object_list)), home),
    }
    if asked["vue"] == "carte":
        around = near or zones["commune"]
        everyone = of_theme(themed.near(around, REACH) if around else themed, asked)
        context["chart"] = chart_of(everyone, asked, around, around or context["here"], wider=bool(near))
    return render(request, "home/directory.html", context)


def said(voices: VoiceQuerySet, asked: dict[str, str]) -> VoiceQuerySet:
    """Of these, those who look for someone, those who were heard this month, when that is asked."""
    if asked["cherche"]:
        voices = voices.seeking()
    return voices.heard_since(timezone.now() - timedelta(days=MONTH)) if asked["actif"] else voices


def of_type(voices: VoiceQuerySet, asked: dict[str, str]) -> VoiceQuerySet:
    """Of these, those of the type asked."""
    return voices.filter(kind=asked["type"]) if asked["type"] in PLURALS else voices


def of_theme(voices: VoiceQuerySet, asked: dict[str, str]) -> VoiceQuerySet:
    """Of these, those of the theme asked."""
    return voices.themed().filter(theme=asked["theme"]) if asked["theme"] in Voice.Theme.values else voices


def narrowed(voices: VoiceQuerySet, words: str, zone: Zone | None) -> VoiceQuerySet:
    """Of these, those seated in the zone that `words` asked; none when there is no such zone."""
    if not words:
        return voices
    return voices.seated_in(zone) if zone else voices.none()


def shown(numbers: list[int]) -> list[Voice]:
    """The voices of these numbers, in this order."""
    voices = Voice.objects.shown().in_bulk(numbers)
    return [voices[number] for number in numbers if number in voices]


def home_of(person: Person | None) -> Zone | None:
    """The commune of whoever reads."""
    lives_in = person.lives_in if person else None
    return Zone.objects.drawn().filter(pk=lives_in[0]).first() if lives_in else None


def in_order(voices: VoiceQuerySet, sort: str) -> VoiceQuerySet:
    """Who was heard last first; or the nearest; or those who opened their space, then by name."""
    if sort == "proximite":
        return voices.order_by(F("away"), "-last_word", "search_name", "pk")
    if sort == "nom":
        return voices.order_by(UNOPENED.asc(), "search_name", "pk")
    return voices.order_by("-last_word", "search_name", "pk")


def zones_asked(asked: dict[str, str]) -> dict[str, Zone | None]:
    """The zones named in the address; None for what is not asked, or does not exist."""
    current_zones = Zone.objects.current().drawn()
    zones: dict[str, Zone | None] = {
        kind: current_zones.filter(kind=kind, code=asked[kind]).first() if asked[kind] else None for kind in CODED
    }
    communes = current_zones.of_kind(Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT)
    return {"commune": communes.named(asked["commune"]).first() if asked["commune"] else None} | zones


def address(asked: dict[str, str], **changed: str) -> str:
    """This page with some things changed; an empty value takes one away."""
    return "/annuaire/?" + urlencode({name: value for name, value in (asked | changed).items() if value})


def sorts(asked: dict[str, str], chosen: str, home: Zone | None) -> list[tuple[str, str, bool]]:
    """Each order, its address, whether it is the one of the page; by proximity when one knows of what."""
    orders = [("", _("Activité")), ("nom", _("Nom")), *([("proximite", _("Proximité"))] if home else [])]
    return [(label, address(asked, tri=key), key == chosen) for key, label in orders]


def chart_of(
    voices: VoiceQuerySet, asked: dict[str, str], around: Zone | None, inside: Zone | None, *, wider: bool
) -> Chart | None:
    """Where `voices` of the type asked sit, by commune; closer when a place is asked: that place, or all found.

    By département in the whole country.
    """
    territory = current()
    if territory is None:
        return None
    wide = shows_departements(territory.map_svg) and not around and not any(asked[kind] for kind in CODED)
    if wide and not any(asked[name] for name in NARROWING):
        everywhere = voices_by_departement()
        typed = [everywhere.get(asked["type"], {})] if asked["type"] in PLURALS else everywhere.values()
        counts = dict(sum(map(Counter, typed), Counter()))
    else:
        counts = counted(voices.filter(zone__isnull=False), "zone", asked)
        counts = by_departement(counts) if wide else counts
    kinds = [Zone.Kind.DEPARTEMENT] if wide else [Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT]
    # More than there are discs: the greatest may sit elsewhere, or where the drawing does not go.
    most = sorted(counts, key=lambda pk: (-counts[pk], pk))[: DISCS * 10]
    places = Zone.objects.filter(pk__in=most, kind__in=kinds)
    discs = [
        Disc(code, name, lon, lat, counts[pk], address(asked, **{"departement" if wide else "commune": code}, tri=""))
        for pk, code, name, lon, lat in places.values_list("pk", "code", "name", "lon", "lat")
        if lon is not None and lat is not None
    ]
    for disc in discs:
        disc.chosen = around is not None and disc.code == around.code
    centre = [(around.lon, around.lat)] if around and around.lon is not None and around.lat is not None else []
    if wider or any(asked[kind] for kind in CODED):
        centre += [(disc.lon, disc.lat) for disc in discs]
    return chart(drawing_of(territory, inside), discs, centre, DEPARTEMENTS if wide else DISCS)


def choices(zones: dict[str, Zone | None]) -> dict[str, list[Zone]]:
    """What one chooses a place in, of each kind; where there are several départements, that one first."""
    departement = zones[Zone.Kind.DEPARTEMENT]
    finer = Q(kind__in=[Zone.Kind.CANTON, Zone.Kind.EPCI])
    if zones_by_kind().get(Zone.Kind.DEPARTEMENT, 0) > 1:
        finer &= Q(pk__in=ZoneLink.objects.filter(whole=departement).values("part"))
    asked = Q(pk__in=[zone.pk for kind in CODED if (zone := zones[kind])])
    listed = Zone.objects.current().filter(Q(kind=Zone.Kind.DEPARTEMENT) | finer | asked).order_by("search_name")
    chosen: dict[str, list[Zone]] = {f"{kind}s": [] for kind in CODED}
    for zone in listed.drawn()[:CHOICES]:
        chosen[f"{zone.kind}s"].append(zone)
    return chosen


def tabs(counts: dict[str, int], asked: dict[str, str]) -> list[tuple[str, str, int, str]]:
    """Type, label, how many and address, « Tous » first; other filters are kept."""
    return [
        ("", "", sum(counts.values()), address(asked, type="")),
        *((kind, str(label), counts.get(kind, 0), address(asked, type=kind)) for kind, label in PLURALS.items()),
    ]


def themes(voices: VoiceQuerySet, asked: dict[str, str]) -> list[tuple[str, str, int]]:
    """Value, label and how many for each theme of `voices` of the type asked."""
    counts = counted(voices, "theme", asked)
    return [(value, str(label), counts[value]) for value, label in Voice.Theme.choices if value in counts]


def counted(voices: VoiceQuerySet, column: str, asked: dict[str, str]) -> dict[Any, int]:
    """How many of the type asked for each value of `column`.

    The statement counts every type: told which, a database leaves the index that answers alone for one that does not.
    """
    counts: dict[Any, int] = {}
    for value, kind, count in voices.order_by().values_list(column, "kind").annotate(count=Count("*")):
        if kind == asked["type"] or asked["type"] not in PLURALS:
            counts[value] = counts.get(value, 0) + count
    return counts


def filters(asked: dict[str, str], zones: dict[str, Zone | None], near: Zone | None) -> list[tuple[str, str]]:
    """What is asked beyond the type and the order, in words, with the address that takes it away."""
    zone = zones["commune"]
    commune = zone.name if zone else asked["commune"]
    around = _("À moins de %(reach)s km %(place)s") % {"reach": REACH, "place": near.of_place} if near else ""
    words: dict[str, str] = {
        "q": f"« {asked['q']} »",
        "commune": "" if near else commune,
        **{kind.value: named_zone(zones[kind], asked[kind]) for kind in CODED},
        "theme": str(dict(Voice.Theme.choices).get(asked["theme"], "")),
        "actif": _("Actifs ce mois-ci"),
        "cherche": _("Cherchent des bénévoles"),
    }
    shown = [
        (str(sentence), address(asked, **{name: ""})) for name, sentence in words.items() if asked[name] and sentence
    ]
    return [*([(around, address(asked, tri="", commune=""))] if near else []), *shown]


def named_zone(zone: Zone | None, code: str) -> str:
    """A zone as people call it; its code when it is unknown."""
    return zone.short_name if zone else code


@dataclass(frozen=True)
class Line:
    """A profile found: who, how much they announce and what comes next, how far from home in km (None: not known)."""

    voice: Voice
    upcoming: int
    showing: Showing | None
    away: int | None


def lines(voices: list[Voice], home: Zone | None) -> list[Line]:
    """Each of these voices with what it announces, all in two statements."""
    territory = current()
    if territory is None or not voices:
        return []
    speaker = "occurrence__event__publication__voice"
    upcoming = Showing.objects.in_zone(territory.root).upcoming(timezone.now()).filter(**{f"{speaker}__in": voices})
    counted = upcoming.order_by().values_list(speaker).annotate(count=Count("*"), soonest=Min("starts_at"))
    ahead = {voice: (count, soonest) for voice, count, soonest in counted}
    # Everyone's first, and a few others that begin at the same moment.
    firsts: dict[int, Showing] = {}
    for showing in upcoming.filter(starts_at__in={soonest for _count, soonest in ahead.values()}).shown():
        firsts.setdefault(showing.occurrence.event.publication.voice_id, showing)
    return [
        Line(voice, ahead.get(voice.pk, (0, None))[0], firsts.get(voice.pk), away(voice.zone, home)) for voice in voices
    ]


def away(seat: Zone | None, home: Zone | None) -> int | None:
    """Whole km between the middles of two communes, for those of our neighbourhood."""
    if home is None or seat is None or seat == home or seat.kind not in {Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT}:
        return None
    distance = seat.distance_to(home)
    return max(1, round(distance)) if distance is not None else None
