"""Creating an association, and who acts for an organisation."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.core import journal
from parvis.core.once import submit_once
from parvis.people import actions
from parvis.people.access import member_of, member_required
from parvis.people.forms import AssociationForm, MemberForm, MemberRoleForm
from parvis.people.models import Block, Membership, Person, Voice
from parvis.territory.models import Territory

# A person has no members, and those of a group are managed on its page.
WITHOUT = (Voice.Kind.HABITANT, Voice.Kind.GROUPE)
INVITATION, INVITATION_LASTS = "parvis.people.invitation", timedelta(days=7)


@member_required
@require_http_methods(["GET", "POST"])
def create_association(request: HttpRequest) -> HttpResponse:
    """A page for an association; a staff decision verifies it later."""
    person = member_of(request)
    form = AssociationForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and not form.unanswered:
        try:
            address = submit_once(person, form.cleaned_data["key"], lambda: _create(person, form))
            messages.success(request, _("La page est ouverte. L’équipe du site doit encore vérifier l’association."))
            return redirect(address)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "people/create_association.html", {"form": form})


def _create(person: Person, form: AssociationForm) -> str:
    territory = Territory.objects.select_related("root").first()
    assert form.found is not None
    voice = actions.create_association(
        by=person,
        name=form.cleaned_data["name"],
        zone=form.found,
        scope=form.scope_zone(territory.root if territory else None),
        **form.profile,
    )
    return voice.get_absolute_url()


@member_required
@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, number: int) -> HttpResponse:
    """Who acts for an organisation, with which role; adding someone by their address."""
    person = member_of(request)
    organisations = Voice.objects.managed_by(person).exclude(kind__in=WITHOUT).shown()
    voice = get_object_or_404(organisations, pk=number)
    form = MemberForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _invite(request, voice, form.cleaned_data["email"], form.cleaned_data["role"])
            return redirect("members", voice.pk)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    rows = Membership.objects.filter(voice=voice).select_related("person").order_by("since", "pk")
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    context = {"form": form, "voice": voice, "page": page, "roles": Membership.Role.choices, "me": person}
    return render(request, "people/members.html", context)


def _invite(request: HttpRequest, voice: Voice, email: str, role: str) -> None:
    """One mail and one answer, whether or not an account holds the address (R-SEC-16); nobody is in unasked."""
    by = member_of(request)
    if not ratelimit.consume(request, action="manage_email", user=by):
        raise ValidationError(_("Trop d’invitations en peu de temps : attendez une minute."))
    asked = Person.objects.filter(email=email).first()
    # Whoever was blocked is not told.
    is_kept_away = asked is not None and Block.objects.against(asked, by, voice).exists()
    said = {"voice": voice.pk, "by": by.pk, "email": email, "role": role, "since": journal.last()}
    token = signing.dumps(said, salt=INVITATION)
    context = {"voice": voice, "by": by, "path": reverse("invitation", args=[token])}
    if not is_kept_away:
        get_adapter(request).send_mail("account/email/invitation", email, context)
    messages.success(
        request,
        _("C’est fait : une proposition part à %(email)s. Cette personne sera membre dès qu’elle l’aura acceptée.")
        % {"email": email},
    )


@member_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept to be a member: for the account of the address alone, while the inviter still manages (R-SEC-18)."""
    person = member_of(request)
    try:
        said = signing.loads(token, salt=INVITATION, max_age=INVITATION_LASTS)
    except signing.BadSignature as error:
        raise Http404 from error
    by = get_object_or_404(Person, pk=said["by"], is_active=True)
    voice = get_object_or_404(Voice.objects.managed_by(by).shown(), pk=said["voice"])
    if person.email != said["email"]:
        raise Http404
    if request.method == "POST":
        try:
            actions.accept_invitation(voice, by=by, person=person, role=said["role"], since=said.get("since", 0))
            messages.success(request, _("Vous faites partie de « %(name)s ».") % {"name": voice.name})
            return redirect(voice.get_absolute_url())
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
    context = {"voice": voice, "by": by, "role": Membership.Role(said["role"]).label}
    return render(request, "people/invitation.html", context)


@member_required
@require_POST
def change_member(request: HttpRequest, number: int, member: int) -> HttpResponse:
    """Another role, or none: `remove` parts. A member may part by themselves."""
    person = member_of(request)
    managed = Membership.objects.filter(voice__in=Voice.objects.managed_by(person)) | person.memberships.all()
    row = get_object_or_404(
        managed.exclude(voice__kind__in=WITHOUT).select_related("voice").distinct(), pk=member, voice=number
    )
    try:
        if request.POST.get("remove"):
            actions.remove_member(row, by=person)
            messages.success(request, _("Cette personne n’en fait plus partie."))
        else:
            form = MemberRoleForm(request.POST)
            if form.is_valid():
                actions.change_role(row, by=person, role=form.cleaned_data["role"])
                messages.success(request, _("Le rôle est changé."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    still = Voice.objects.managed_by(person).filter(pk=number).exists()
    return redirect("members", number) if still else redirect("settings")
