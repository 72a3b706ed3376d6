"""The zones that administrators draw: the list, drawing one, changing it, taking it away. For others, no such page."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.core.once import submit_once
from parvis.people.access import administrator_required, member_of
from parvis.publications import actions
from parvis.publications.actions.quartiers import held_by
from parvis.publications.forms import QuartierCommuneForm, QuartierForm
from parvis.publications.models import Publication
from parvis.territory.models import Zone
from parvis.territory.quartiers import COMMUNES, commune_of

PAGE = 20


@administrator_required
@require_safe
def quartiers(request: HttpRequest) -> HttpResponse:
    """Every zone of their own, by name, and the commune in which to draw another."""
    form = QuartierCommuneForm(request.GET if "commune" in request.GET else None)
    if form.is_valid() and form.found:
        return redirect("draw_quartier", form.found.code)
    query = request.GET.get("q", "")[:80]
    found = drawn()
    if query:
        found = found.filter(pk__in=Zone.objects.of_kind(Zone.Kind.QUARTIER).named(query).order_by().values("pk"))
    page = Paginator(found.defer("geometry").order_by("search_name", "pk"), PAGE).get_page(request.GET.get("page"))
    codes = {zone.code.partition("Q")[0] for zone in page.object_list}
    communes = {zone.code: zone for zone in Zone.objects.of_kind(*COMMUNES).filter(code__in=codes).drawn()}
    rows = [(zone, communes.get(zone.code.partition("Q")[0])) for zone in page.object_list]
    return render(request, "publications/quartiers.html", {"page": page, "rows": rows, "query": query, "form": form})


@administrator_required
@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest, insee: str) -> HttpResponse:
    """Draw one on the plan of a commune, or paste its contour."""
    communes = Zone.objects.current().of_kind(*COMMUNES).joinable()
    commune = get_object_or_404(communes.drawn(), code=insee)
    form = QuartierForm(request.POST if request.method == "POST" else None, commune=commune)

    def act() -> str:
        fields = {name: form.cleaned_data[name] for name in ("name", "nature")}
        actions.draw_quartier(commune, shape=form.drawn, by=member_of(request), **fields)
        return reverse("quartiers")

    return answer(request, form, act, commune)


@administrator_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Another name, another kind, another contour."""
    quartier = get_object_or_404(drawn(), pk=number)
    commune = commune_of(quartier)
    assert commune is not None
    form = QuartierForm(request.POST if request.method == "POST" else None, commune=commune, quartier=quartier)

    def act() -> str:
        fields = {name: form.cleaned_data[name] for name in ("name", "nature")}
        actions.change_quartier(quartier, shape=form.drawn, by=member_of(request), **fields)
        return reverse("quartiers")

    return answer(request, form, act, commune, quartier)


def answer(
    request: HttpRequest, form: QuartierForm, act: Callable[[], str], commune: Zone, quartier: Zone | None = None
) -> HttpResponse:
    """The form with its errors; once it is sent, the list."""
    if form.is_valid():
        try:
            done = submit_once(member_of(request), form.cleaned_data["key"], act)
        except ValidationError as refusal:
            form.add_error("name", refusal)
        else:
            said = _("%(name)s est changé.") if quartier else _("%(name)s est dessiné : on peut s’y adresser.")
            messages.success(request, said % {"name": form.cleaned_data["name"]})
            return redirect(done)
    context = {"form": form, "commune": commune, "quartier": quartier}
    return render(request, "publications/quartier.html", context, status=422 if form.errors else 200)


@administrator_required
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Say what goes with it, then take it away."""
    quartier = get_object_or_404(drawn().defer("geometry"), pk=number)
    if request.method == "POST":
        try:
            actions.remove_quartier(quartier, by=member_of(request))
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("remove_quartier", number)
        messages.success(request, _("%(name)s est supprimé. Ce qui a été dit garde son nom.") % {"name": quartier.name})
        return redirect("quartiers")
    context = {
        "quartier": quartier,
        "commune": commune_of(quartier),
        "held": held_by(quartier),
        "said": Publication.objects.registered().filter(targetings__zone=quartier).count(),
    }
    return render(request, "publications/remove_quartier.html", context)


def drawn() -> QuerySet[Zone]:
    """Those that stand today."""
    return Zone.objects.current().of_kind(Zone.Kind.QUARTIER)
