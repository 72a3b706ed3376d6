"""« Mes lieux »: where one lives, works, comes back to; how finely one says it; and what each place brings."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from parvis.core.once import submit_once
from parvis.people import actions, vault
from parvis.people.access import member_of, member_required
from parvis.people.actions import Where
from parvis.people.actions.places import MOST
from parvis.people.forms import CommuneForm, PlaceForm
from parvis.people.models import Person, Place, Reason, Subscription
from parvis.people.places import parted_from

Act = Callable[[Where], None]


@dataclass(frozen=True)
class Kept:
    """A place as its owner reads it: its name, and the subscriptions it brings."""

    place: Place
    name: str
    brings: list[Subscription]


@member_required
@require_http_methods(["GET", "POST"])
def places(request: HttpRequest) -> HttpResponse:
    """Every place, what it brings, and how to change it; a form to live in another commune. Nobody else sees it."""
    person = member_of(request)
    form = CommuneForm(request.POST if request.method == "POST" else None)
    form.fields["commune"].label = _("Votre nouvelle commune")
    if form.is_valid() and not form.unanswered and form.found:
        actions.settle(person, Where(form.found, form.canton))
        messages.success(
            request, _("Vous habitez %(place)s. Rien n’est gardé d’avant.") % {"place": form.found.in_place}
        )
        return redirect("places")
    kept = kept_by(person)
    home = kept[0].place if kept and kept[0].place.kind == Place.Kind.HOME else None
    context = {
        "places": kept,
        "home": home,
        "form": form,
        "parted": parted_from(home.zone) if home and home.to_say_again else [],
        "may_add": len(kept) < MOST,
        "most": MOST,
    }
    return render(request, "people/places.html", context)


def kept_by(person: Person, only: Place | None = None) -> list[Kept]:
    """The places of `person`, their home first; or one of them."""
    mine = Place.objects.filter(person=person).select_related("zone", "canton", "quartier")
    mine = mine.filter(pk=only.pk) if only else mine
    rows = list(mine.defer("zone__geometry", "canton__geometry", "quartier__geometry").order_by("pk")[:MOST])
    addresses = vault.addresses_of(person) if person.is_located else {}
    brought = Subscription.objects.filter(person=person).exclude(reason=Reason.FOLLOW)
    brought = brought.exclude(audience__coarse=True).select_related("audience__zone").defer("audience__zone__geometry")
    by_place: dict[int, list[Subscription]] = {}
    for one in brought.order_by("reason", "pk"):
        by_place.setdefault(one.source, []).append(one)
    kinds = list(Place.Kind.values)
    rows.sort(key=lambda place: kinds.index(place.kind))
    return [Kept(place, name_of(place, addresses), by_place.get(place.pk, [])) for place in rows]


def name_of(place: Place, addresses: dict[int, str]) -> str:
    """« 12 rue des Tisserands, Beauvais », « Argentine, Beauvais », « Beauvais »: as finely as it was said."""
    fine = addresses.get(place.pk, "") or (place.quartier.name if place.quartier else "")
    return f"{fine}, {place.zone.name}" if fine else place.zone.name


@sensitive_post_parameters("adresse", "adresse_choisie", "point")
@member_required
@require_http_methods(["GET", "POST"])
def add_place(request: HttpRequest) -> HttpResponse:
    """One more place; their home first, for who has none."""
    person = member_of(request)
    kinds = [kind for kind in Place.Kind.choices if kind[0] != Place.Kind.HOME or person.home is None]
    form = PlaceForm(request.POST if request.method == "POST" else None, kinds=kinds)

    def act(where: Where) -> None:
        actions.add_place(person, form.cleaned_data["kind"], where)

    return answer(request, form, act)


@sensitive_post_parameters("adresse", "adresse_choisie", "point")
@member_required
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, number: int) -> HttpResponse:
    """Say a place more or less finely, or another in its stead: nothing is kept of the former."""
    mine = own(request).filter(pk=number).first()
    initial = {"commune": mine.zone.name, "precision": mine.precision} if mine else {}
    form = PlaceForm(request.POST if request.method == "POST" else None, kinds=[], initial=initial)
    if mine and mine.precision == Place.Precision.EXACT and not form.is_bound:
        form.look_in(mine.zone)
    # Sent twice, the second finds the place already changed: it is answered as the first.
    if mine is None and not (form.is_valid() and form.where):
        raise Http404

    def act(where: Where) -> None:
        if mine is None:
            raise Http404
        actions.change_place(mine, where, by=member_of(request))

    return answer(request, form, act, mine)


def answer(request: HttpRequest, form: PlaceForm, act: Act, place: Place | None = None) -> HttpResponse:
    """The form, with one more question or its errors; once it is answered, the list."""
    where = form.where if form.is_valid() else None
    if where is not None:

        def once() -> str:
            act(where)
            return reverse("places")

        try:
            done = submit_once(member_of(request), form.cleaned_data["key"], once)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            changed, added = _("C’est changé. Rien n’est gardé d’avant."), _("Ce lieu est enregistré.")
            messages.success(request, changed if place else added)
            return redirect(done)
    status = 422 if form.errors else 200
    return render(request, "people/place.html", {"form": form, "place": place}, status=status)


@member_required
@require_http_methods(["GET", "POST"])
def remove_place(request: HttpRequest, number: int) -> HttpResponse:
    """Forget a place and what came with it, after asking once."""
    mine = get_object_or_404(own(request), pk=number)
    if request.method == "POST":
        actions.remove_place(mine, by=member_of(request))
        messages.success(request, _("Ce lieu est effacé, et tout ce qui venait avec."))
        return redirect("places")
    return render(request, "people/remove_place.html", {"kept": kept_by(member_of(request), mine)[0]})


def own(request: HttpRequest) -> QuerySet[Place]:
    """Their places; for anyone else they do not exist."""
    return Place.objects.filter(person=member_of(request)).select_related("zone").defer("zone__geometry")
