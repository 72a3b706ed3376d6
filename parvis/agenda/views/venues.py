"""The directory of places: what is held there, and what moderators do of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from parvis.agenda import actions, feeds
from parvis.agenda.days import by_day
from parvis.agenda.forms.venues import MergeForm, ProposeVenueForm, VenueForm, written
from parvis.agenda.likeness import likeness
from parvis.agenda.models import Event, Follow, Showing, Venue
from parvis.agenda.views.agenda import zone_asked
from parvis.agenda.views.feeds import TYPES, WRITERS
from parvis.agenda.views.maps import where_is
from parvis.core import text
from parvis.core.once import submit_once
from parvis.people.access import member_of, member_required, reader_of
from parvis.people.models import Person
from parvis.people.places import communes_named
from parvis.publications.actions import Refused
from parvis.publications.models import Publication
from parvis.territory.current import current

PER_PAGE, COMING, TO_CHECK = 40, 20, 20
# Places proposed as one types, others that one may be, and places among which these are looked for.
NAMED, OTHERS, LOOKED_AT = 40, 30, 5_000
# How alike the names of two places that may be one are, from 0 to 1.
ALIKE = 0.6


def venues(request: HttpRequest) -> HttpResponse:
    """Every place: ?q= by name, ?commune= and ?zone= by where it is, ?acces= by what it is made for."""
    if current() is None:
        raise Http404
    asked = {name: request.GET.get(name, "").strip()[:80].replace("\0", "") for name in ("q", "commune", "acces")}
    zone = zone_asked(request.GET.get("zone", ""))
    found = Venue.objects.visible_to(reader_of(request)).named(asked["q"])
    communes = communes_named(asked["commune"]) if asked["commune"] else []
    if asked["commune"]:
        found = found.filter(commune__in=[one.pk for one in communes])
    if zone:
        found = found.within(zone)
    need = asked["acces"] if asked["acces"] in Event.Need.values else ""
    found = found.accessible(need) if need else found
    page = Paginator(found.shown(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "asked": asked, "zone": zone, "need": need, "needs": Event.Need.choices}
    return render(request, "agenda/venues.html", context | {"unknown": bool(asked["commune"]) and not communes})


def venue(request: HttpRequest, number: int) -> HttpResponse:
    """One place and what is coming there. One that was merged leads to the one that stayed."""
    one = standing(request, number)
    if one.get_absolute_url() != request.path:
        return redirect(one, permanent=True)
    person = reader_of(request)
    coming = Showing.objects.visible_to(person).held_at(one.pk).upcoming(timezone.now())
    page = Paginator(coming.in_rows(), COMING).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "venue": one,
        "chart": where_is(one),
        "page": page,
        "days": by_day(page, timezone.localdate()),
        "may_change": person is not None and Venue.objects.changeable_by(person).filter(pk=one.pk).exists(),
        "moderated": person is not None and Venue.objects.under(person).filter(pk=one.pk).exists(),
        "followed": person is not None and Follow.objects.filter(person=person, venue=one).exists(),
    }
    return render(request, "agenda/venue.html", context)


def standing(request: HttpRequest, number: int) -> Venue:
    """The place of this number, or the one it is; 404 for whoever may not see it."""
    known = Venue.objects.filter(pk=number).values_list("merged_into", flat=True).first()
    return get_object_or_404(Venue.objects.visible_to(reader_of(request)).shown(), pk=known or number)


def feed(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """What is coming at a place, or was announced there last, for other programs."""
    one = standing(request, number)
    path = f"{one.get_absolute_url()}agenda.{kind}"
    if path != request.path:
        return redirect(path, permanent=True)
    name = _("Agenda : %(venue)s, %(commune)s") % {"venue": one.name, "commune": one.commune.name}
    if kind == "atom":
        said = Publication.objects.visible_to(None).of_kind("event").filter(event__held_at=one).order_by("-position")
        return HttpResponse(feeds.atom(name, path, said.shown()[: feeds.IN_ATOM]), content_type=TYPES[kind])
    coming = Showing.objects.visible_to(None).held_at(one.pk).upcoming(timezone.now())
    rows = coming.shown()[: feeds.IN_CALENDAR]
    return HttpResponse(WRITERS[kind](name, (row.occurrence for row in rows)), content_type=TYPES[kind])


@require_safe
def names(request: HttpRequest) -> HttpResponse:
    """Places of ?commune= whose name begins like ?lieu=, as options: a piece of page for the field's script."""
    communes = communes_named(request.GET.get("commune", "")[:80].replace("\0", ""))
    found = Venue.objects.visible_to(None).filter(commune__in=[one.pk for one in communes])
    known = found.named(request.GET.get("lieu", "")[:80].replace("\0", "")).shown()[:NAMED]
    return render(request, "agenda/venue_names.html", {"known_venues": known})


@member_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Add a place to the directory."""
    person = member_of(request)
    try:
        actions.require_proposer(person)
    except Refused:
        return render(request, "agenda/no_organisation.html")
    asked = {name: request.GET.get(name, "")[:80] for name in ("name", "commune")}
    form = ProposeVenueForm(request.POST or None, initial=asked)
    if form.is_valid():
        try:
            address = submit_once(person, form.cleaned_data["key"], lambda: proposed(form, person))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, thanks(address))
            return redirect(address)
    return render(request, "agenda/venue_form.html", {"form": form}, status=422 if form.is_bound else 200)


def proposed(form: ProposeVenueForm, person: Person) -> str:
    """Add what the form says; the address of the place."""
    said = {name: form.cleaned_data[name] for name in ("name", "commune", "address", "access", "point")}
    return actions.propose_venue(by=person, **said).get_absolute_url()


def thanks(address: str) -> str:
    """What happened to the place at `address`."""
    number = int(address.rstrip("/").rpartition("/")[2].rpartition("-")[2])
    if Venue.objects.visible_to(None).filter(pk=number).exists():
        return _("Ce lieu est dans l’annuaire. La modération le vérifiera.")
    return _("Ce lieu est proposé : il paraîtra quand la modération l’aura vérifié.")


@member_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """Say otherwise what a place is."""
    person = member_of(request)
    one = get_object_or_404(Venue.objects.changeable_by(person).shown(), pk=number)
    form = VenueForm(request.POST or None, initial=written(one), seat=one.commune)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("name", "address", "access", "point")}
        try:
            actions.correct_venue(one, by=person, **said)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("C’est corrigé."))
            return redirect(one)
    return render(request, "agenda/venue_form.html", {"form": form, "venue": one}, status=422 if form.is_bound else 200)


def moderator_of(request: HttpRequest) -> Person:
    """Who moderates somewhere; for anyone else the page does not exist."""
    person = reader_of(request)
    if person is None or not person.is_moderator:
        raise Http404
    return person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The places that a moderator has to verify, the oldest first, and what is done of one of them."""
    moderator = moderator_of(request)
    if request.method == "POST":
        one = get_object_or_404(Venue.objects.under(moderator), pk=text.number(request.POST.get("venue", "")))
        match request.POST.get("action"):
            case "verify":
                actions.verify_venue(one, by=moderator)
                messages.success(request, _("« %(name)s » est un lieu vérifié.") % {"name": one.name})
            case "remove":
                actions.remove_venue(one, by=moderator)
                messages.success(request, _("« %(name)s » n’est plus dans l’annuaire.") % {"name": one.name})
            case _:
                raise Http404
        return redirect("check_venues")
    page = Paginator(Venue.objects.to_check(moderator).select_related("commune"), TO_CHECK).get_page(
        request.GET.get("page")
    )
    others = others_of(*page)
    rows = [(one, [other for other in others[one.pk] if alike(one, other)][:2]) for one in page]
    return render(request, "agenda/check_venues.html", {"page": page, "rows": rows})


def others_of(*ones: Venue) -> dict[int, list[Venue]]:
    """The other places of the commune of each, by its number, the likest first; asked at once."""
    rows = Venue.objects.filter(commune__in={one.commune_id for one in ones}, merged_into=None).order_by("pk")
    there = list(rows[:LOOKED_AT])
    return {
        one.pk: sorted(
            (row for row in there if row.commune_id == one.commune_id and row.pk != one.pk),
            key=lambda row: -likeness(one.search_name, row.search_name),
        )
        for one in ones
    }


def alike(one: Venue, other: Venue) -> bool:
    """Whether two places of one commune may be one."""
    return likeness(one.search_name, other.search_name) >= ALIKE


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, number: int) -> HttpResponse:
    """Ask which other place it is, then merge it with that one."""
    moderator = moderator_of(request)
    one = get_object_or_404(Venue.objects.under(moderator).shown(), pk=number)
    others = others_of(one)[one.pk][:OTHERS]
    form = MergeForm(others, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            into = actions.merge_venues(one, into=form.cleaned_data["into"], by=moderator)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("C’est le même lieu : ses événements et son adresse mènent ici."))
            return redirect(into)
    held = Event.objects.filter(held_at=one).count()
    context = {"venue": one, "form": form, "others": others, "held": held}
    return render(request, "agenda/merge_venue.html", context, status=422 if form.is_bound else 200)
