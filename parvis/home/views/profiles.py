"""The page of a voice: who it is, what it says, what it prepares."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from parvis.agenda.days import by_day
from parvis.agenda.models import Showing
from parvis.people.access import reader_of
from parvis.people.models import Person, Voice
from parvis.people.ties import to_voice
from parvis.publications.models import Publication
from parvis.publications.rights import profiles_under
from parvis.territory import hours
from parvis.territory.current import current
from parvis.territory.models import TownHall

PER_PAGE = 10


def profile(request: HttpRequest, kind: str, slug: str, number: int) -> HttpResponse:
    """An association, an élu, a service or a group."""
    person = reader_of(request)
    voice = get_object_or_404(Voice.objects.visible_to(person).filter(kind=kind).shown(), pk=number)
    if voice.slug != slug:
        return redirect(voice, permanent=True)
    return show(request, voice, person)


def inhabitant(request: HttpRequest, number: int) -> HttpResponse:
    """An inhabitant who chose to be listed or who spoke in public; anyone else does not exist."""
    person = reader_of(request)
    habitants = Voice.objects.visible_to(person).filter(kind=Voice.Kind.HABITANT)
    return show(request, get_object_or_404(habitants.shown(), pk=number), person)


def show(request: HttpRequest, voice: Voice, person: Person | None) -> HttpResponse:
    """The page of `voice`, the same for every type, with what each type has."""
    territory = current()
    if territory is None:
        raise Http404
    said = Publication.objects.visible_to(person).filter(voice=voice).order_by("-position").shown()
    coming = Showing.objects.visible_to(person).in_zone(territory.root).upcoming(timezone.now())
    soon = list(coming.organised_by(voice).shown()[:6])
    said = said.exclude(pk__in=[showing.occurrence.event_id for showing in soon])
    own_words = voice.hidden_at is not None and Voice.objects.spoken_by(person).filter(pk=voice.pk).exists()
    context: dict[str, Any] = {
        "voice": voice,
        "told": voice if own_words else voice.presentation,
        # Why it is hidden, for those who speak in it.
        "hidden": voice.decisions.filter(verdict="hide").first() if own_words else None,
        "moderated": person is not None and profiles_under(person).filter(pk=voice.pk).exists(),
        "page": Paginator(said, PER_PAGE).get_page(request.GET.get("page")),
        "days": by_day(soon, timezone.localdate()),
        "mandates": voice.mandates.select_related("zone").order_by("ended_on", "rank", "began_on")[:20],
        "mine": Voice.objects.managed_by(person).filter(pk=voice.pk).exists(),
        **to_voice(person, voice),
    }
    if voice.town_hall_of_id:
        town_hall = TownHall.objects.filter(zone=voice.town_hall_of_id).first()
        context |= {"town_hall": town_hall, "opening": hours.opening(town_hall, timezone.now()) if town_hall else None}
        context["week"] = hours.schedule(town_hall) if town_hall else []
    return render(request, "home/profile.html", context)
