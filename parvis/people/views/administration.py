"""What administrators decide: verifications, spaces, roles, services. For anyone else these pages do not exist."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.core.once import submit_once
from parvis.people import actions
from parvis.people.access import administrator_required, member_of
from parvis.people.forms import OpenSpaceForm, ReasonForm, RoleForm, ServiceForm
from parvis.people.models import Person, Role, Voice
from parvis.territory.models import Territory, Zone

PAGE = 20


@administrator_required
@require_safe
def administration(request: HttpRequest) -> HttpResponse:
    """Organisations that wait for a verification, oldest first; then those already verified."""
    waiting = Voice.objects.filter(closed_at=None, kind=Voice.Kind.ASSOCIATION).shown()
    done = request.GET.get("etat") == "verifiees"
    waiting = waiting.filter(verified_at__isnull=not done).order_by("-verified_at" if done else "created_at", "pk")
    if query := request.GET.get("q", "")[:80]:
        waiting = waiting.holding(query)
    page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    return render(request, "people/administration.html", {"page": page, "done": done, "query": query})


@administrator_required
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, number: int) -> HttpResponse:
    """Verify an organisation, or take its verification back, with a reason."""
    by = member_of(request)
    kinds = (Voice.Kind.ASSOCIATION, Voice.Kind.SERVICE)
    voice = get_object_or_404(Voice.objects.filter(kind__in=kinds, closed_at=None).shown(), pk=number)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        act = actions.unverify if "unverify" in request.POST else actions.verify
        if _try(form, lambda: act(voice, by=by, reason=form.cleaned_data["reason"])):
            messages.success(request, _("La décision est enregistrée."))
            return redirect("administration")
    owners = Person.objects.filter(memberships__voice=voice, memberships__role="owner")[:10]
    return render(request, "people/verify.html", {"form": form, "voice": voice, "owners": owners})


@administrator_required
@require_safe
def spaces(request: HttpRequest) -> HttpResponse:
    """Élus and town halls known from the registers that nobody speaks for yet."""
    closed = Voice.objects.filter(opened_at=None, closed_at=None).filter(
        Q(kind=Voice.Kind.ELU) | Q(town_hall_of__isnull=False)
    )
    query = request.GET.get("q", "")[:80]
    page = Paginator(closed.holding(query).shown().order_by("search_name", "pk"), PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "people/spaces.html", {"page": page, "query": query})


@administrator_required
@require_http_methods(["GET", "POST"])
def open_space(request: HttpRequest, number: int) -> HttpResponse:
    """Hand a space to an account, with a reason."""
    by = member_of(request)
    voice = get_object_or_404(Voice.objects.filter(opened_at=None, closed_at=None).shown(), pk=number)
    form = OpenSpaceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        person, reason = form.cleaned_data["person"], form.cleaned_data["reason"]
        if _try(form, lambda: actions.open_space(voice, by=by, person=person, reason=reason)):
            messages.success(request, _("L’espace est ouvert."))
            return redirect(voice.get_absolute_url())
    return render(request, "people/open_space.html", {"form": form, "voice": voice})


@administrator_required
@require_http_methods(["GET", "POST"])
def roles(request: HttpRequest) -> HttpResponse:
    """Who administers and who moderates where; naming someone."""
    by = member_of(request)
    form = RoleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        kind, zone = form.cleaned_data["kind"], form.cleaned_data["zone"]
        zone = None if kind == Role.Kind.ADMINISTRATOR else zone or _root()
        if _try(form, lambda: actions.grant_role(form.cleaned_data["person"], kind, zone=zone, by=by)):
            messages.success(request, _("Le rôle est donné."))
            return redirect("roles")
    rows = Role.objects.current().select_related("person", "zone").order_by("kind", "zone__search_name", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "people/roles.html", {"form": form, "page": page})


@administrator_required
@require_POST
def end_role(request: HttpRequest, number: int) -> HttpResponse:
    """Take a role back."""
    role = get_object_or_404(Role.objects.current(), pk=number)
    try:
        actions.end_role(role, by=member_of(request))
        messages.success(request, _("Le rôle est retiré."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("roles")


@administrator_required
@require_http_methods(["GET", "POST"])
def services(request: HttpRequest) -> HttpResponse:
    """The services of the institution; creating one."""
    by = member_of(request)
    form = ServiceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        address = ""

        def create() -> str:
            zone = form.cleaned_data["zone"] or _root()
            made = {name: form.cleaned_data[name] for name in ("name", "summary", "theme", "owner")}
            return actions.create_service(by=by, zone=zone, **made).get_absolute_url()

        try:
            address = submit_once(by, form.cleaned_data["key"], create)
            messages.success(request, _("Le service est créé."))
            return redirect(address)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    rows = (
        Voice.objects.filter(kind=Voice.Kind.SERVICE, town_hall_of=None, closed_at=None).shown().order_by("search_name")
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "people/services.html", {"form": form, "page": page})


def _root() -> Zone:
    return Territory.objects.select_related("root").get().root


def _try(form: ReasonForm | RoleForm, act: Callable[[], object]) -> bool:
    """Whether `act` went through; what refuses it is shown with the form."""
    try:
        act()
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True
