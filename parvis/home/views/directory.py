"""The directory: people and organisations found by profile in one click, then by place and theme."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Case, Count, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from parvis.agenda.models import Showing
from parvis.home.kinds import PLURALS
from parvis.people.models import Voice
from parvis.people.models.voices import VoiceQuerySet
from parvis.territory.current import current
from parvis.territory.models import Zone

PER_PAGE = 20


def directory(request: HttpRequest) -> HttpResponse:
    """Profiles by type, commune, canton, intercommunalité, theme and name; everything is in the address."""
    asked = {
        name: request.GET.get(name, "").strip()[:80] for name in ("type", "q", "commune", "canton", "epci", "theme")
    }
    zones = zones_asked(asked)
    placed = Voice.objects.listed_in_directory()
    for zone in zones:
        placed = placed.seated_in(zone) if zone else placed.none()
    named = placed.named(asked["q"]) if asked["q"] else placed
    typed = named.filter(kind=asked["type"]) if asked["type"] in PLURALS else named
    found = typed.filter(theme=asked["theme"]) if asked["theme"] in Voice.Theme.values else typed
    themed = named.filter(theme=asked["theme"]) if asked["theme"] in Voice.Theme.values else named
    page = Paginator(in_order(found).shown(), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "asked": asked,
        "page": page,
        "tabs": tabs(themed, asked),
        "themes": counted(typed.exclude(theme=""), "theme", dict(Voice.Theme.choices)),
        "cantons": Zone.objects.current().of_kind(Zone.Kind.CANTON).order_by("search_name")[:1000],
        "epcis": Zone.objects.current().of_kind(Zone.Kind.EPCI).order_by("search_name")[:1000],
        "filters": filters(asked),
        "commune_unknown": bool(asked["commune"]) and None in zones,
        "here": next((zone for zone in zones if zone), None),
        "cards": with_next_event(list(page.object_list)),
    }
    return render(request, "home/directory.html", context)


def in_order(voices: VoiceQuerySet) -> VoiceQuerySet:
    """Those who opened their space first, then by name."""
    return voices.order_by(Case(When(opened_at=None, then=1), default=0), "search_name", "pk")


def zones_asked(asked: dict[str, str]) -> list[Zone | None]:
    """The zones named in the address; None for one that does not exist."""
    zones: list[Zone | None] = []
    if asked["commune"]:
        everywhere = Zone.objects.current().of_kind(Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT)
        zones.append(everywhere.named(asked["commune"]).first())
    zones.extend(
        Zone.objects.current().filter(kind=kind, code=asked[kind]).first()
        for kind in (Zone.Kind.CANTON, Zone.Kind.EPCI)
        if asked[kind]
    )
    return zones


def tabs(voices: VoiceQuerySet, asked: dict[str, str]) -> list[tuple[str, str, int, str]]:
    """Type, label, how many and address, « Tous » first; other filters are kept."""
    counts = {key: count for key, _label, count in counted(voices, "kind", PLURALS)}
    kept = {name: value for name, value in asked.items() if value and name != "type"}
    total = ("", "", sum(counts.values()), "?" + urlencode(kept))
    return [
        total,
        *(
            (kind, str(label), counts.get(kind, 0), "?" + urlencode({"type": kind} | kept))
            for kind, label in PLURALS.items()
        ),
    ]


def counted(voices: VoiceQuerySet, column: str, labels: dict[Any, Any]) -> list[tuple[str, str, int]]:
    """Value, label and how many for each value of `column`, in the order of `labels`."""
    counts = dict(voices.order_by().values_list(column).annotate(count=Count("pk")))
    return [(value, str(label), counts[value]) for value, label in labels.items() if value in counts]


def filters(asked: dict[str, str]) -> list[tuple[str, str]]:
    """What is asked beyond the type, in words, with the address that takes it away."""
    words = {
        "q": "« {} »",
        "commune": "{}",
        "canton": "{}",
        "epci": "{}",
        "theme": "{}",
    }
    shown = []
    for name, sentence in words.items():
        if asked[name]:
            kept = {key: value for key, value in asked.items() if value and key != name}
            shown.append((sentence.format(in_words(name, asked[name])), "?" + urlencode(kept)))
    return shown


def in_words(name: str, value: str) -> str:
    """A value of the address as people say it."""
    if name == "theme":
        return str(dict(Voice.Theme.choices).get(value, value))
    if name in {"canton", "epci"}:
        zone = Zone.objects.filter(kind=name, code=value).first()
        return zone.short_name if zone else value
    return value


def with_next_event(voices: list[Voice]) -> list[tuple[Voice, Showing | None]]:
    """Each of these voices with its next event, all in one statement."""
    territory = current()
    if territory is None:
        return []
    upcoming = Showing.objects.in_zone(territory.root).upcoming(timezone.now())
    soonest: dict[int, Showing] = {}
    for showing in upcoming.filter(occurrence__event__publication__voice__in=voices).shown()[:100]:
        soonest.setdefault(showing.occurrence.event.publication.voice_id, showing)
    return [(voice, soonest.get(voice.pk)) for voice in voices]
