"""Settings of one's account."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings as site
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from parvis.people import actions, codes
from parvis.people.access import member_of, member_required
from parvis.people.forms import CodeForm, EmailForm, EraseForm, PasswordForm, ProfileForm, SettingsForm
from parvis.people.models import Person, Voice

# One's own page is said apart, and a group is changed on its own.
ELSEWHERE = (Voice.Kind.HABITANT, Voice.Kind.GROUPE)
# What each code opens: leaving the present address, taking a new one, choosing a password, leaving for good.
LEAVE, EMAIL, PASSWORD, ERASE = "leave-email", "email", "password", "erase"


@member_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Name, word, directory; and the way to all other settings."""
    person = member_of(request)
    voice = Voice.objects.filter(person=person).first()
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=SettingsForm.of(person, voice))
    if form.is_valid():
        actions.change_settings(person, **form.cleaned_data)
        messages.success(request, _("Vos réglages sont enregistrés."))
        return redirect("settings")
    managed = Voice.objects.managed_by(person).exclude(kind__in=ELSEWHERE).order_by("search_name")[:50]
    context = {"form": form, "voice": voice, "managed": managed, "has_password": person.has_usable_password()}
    return render(request, "people/settings.html", context)


@member_required
@require_http_methods(["GET", "POST"])
def change_email(request: HttpRequest) -> HttpResponse:
    """First a code to the present address, then the new one and that code together (R-SEC-14)."""
    if answer := _first_step(request, LEAVE, "account/email/leave_address_code"):
        return answer
    form = EmailForm(request.POST if request.method == "POST" else None)
    if answer := _second_step(request, LEAVE, form, lambda _code: _send_to_new(request, form.cleaned_data["email"])):
        return answer
    context = {"form": form, "email": member_of(request).email, "waiting": codes.waiting(request, LEAVE)}
    return render(request, "people/change_email.html", context)


def _first_step(request: HttpRequest, purpose: str, template: str) -> HttpResponse | None:
    """A code to the present address, if it is asked for; so many posts a minute from one place (R-SEC-17)."""
    if request.method != "POST":
        return None
    if limited := ratelimit.consume_or_429(request, action="signup"):
        return limited
    if "send" not in request.POST:
        return None
    try:
        codes.send(request, purpose, member_of(request).email, template)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect(request.path)


def _second_step(
    request: HttpRequest, purpose: str, form: CodeForm, act: Callable[[dict[str, Any]], HttpResponse]
) -> HttpResponse | None:
    """What `act` answers to what waited for the code of `form`; None while there is something to correct."""
    if not (codes.waiting(request, purpose) and form.is_valid()):
        return None
    try:
        return act(codes.check(request, purpose, form.cleaned_data["code"]))
    except codes.CodeSpent as over:
        messages.error(request, over.messages[0])
        return redirect("change_email" if purpose == EMAIL else request.path)
    except ValidationError as refusal:
        # The code, or what others count on this person for.
        form.add_error("code" if codes.waiting(request, purpose) else None, refusal)
        return None


def _send_to_new(request: HttpRequest, email: str) -> HttpResponse:
    """A code to the new address: its owner is whoever reads it. The answer never says that it is taken."""
    try:
        if Person.objects.filter(email=email).exists():
            codes.expect(request, EMAIL, email)
            get_adapter(request).send_mail("account/email/account_already_exists", email, {})
        else:
            codes.send(request, EMAIL, email, "account/email/new_address_code")
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("change_email")
    return redirect("confirm_email")


@member_required
@require_http_methods(["GET", "POST"])
def confirm_email(request: HttpRequest) -> HttpResponse:
    """The code of the new address comes back; the former one is told, and the other sessions end."""
    person = member_of(request)
    wait = codes.waiting(request, EMAIL)
    if wait is None:
        return redirect("change_email")
    if limited := ratelimit.consume_or_429(request, action="signup") if request.method == "POST" else None:
        return limited

    def confirmed(code: dict[str, Any]) -> HttpResponse:
        former = person.email
        actions.change_email(person, code["email"])
        update_session_auth_hash(request, person)
        get_adapter(request).send_mail("account/email/address_changed", former, {"contact": site.CONTACT_EMAIL})
        messages.success(request, _("Votre adresse est changée. Vos autres appareils sont déconnectés."))
        return redirect("settings")

    form = CodeForm(request.POST if request.method == "POST" else None)
    if answer := _second_step(request, EMAIL, form, confirmed):
        return answer
    return render(request, "people/confirm_email.html", {"verify_form": form, "email": wait["email"]})


@sensitive_post_parameters("password", "code")
@member_required
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """First a code to one's own address, then the password and the code together."""
    person = member_of(request)

    def changed(_code: dict[str, Any]) -> HttpResponse:
        actions.set_password(person, form.cleaned_data["password"])
        update_session_auth_hash(request, person)
        messages.success(request, _("Votre mot de passe est enregistré. Vos autres appareils sont déconnectés."))
        return redirect("settings")

    if answer := _first_step(request, PASSWORD, "account/email/password_code"):
        return answer
    form = PasswordForm(person, request.POST if request.method == "POST" else None)
    if answer := _second_step(request, PASSWORD, form, changed):
        return answer
    context = {"form": form, "email": person.email, "waiting": codes.waiting(request, PASSWORD)}
    return render(request, "people/change_password.html", context | {"has_password": person.has_usable_password()})


@member_required
@require_http_methods(["GET", "POST"])
def erase_account(request: HttpRequest) -> HttpResponse:
    """What goes and what stays; a code to one’s own address, and the account is no more."""
    person = member_of(request)

    def erased(_code: dict[str, Any]) -> HttpResponse:
        email = person.email
        first = actions.erase_account(person, by=person, keeps=form.cleaned_data["words"] == "keep")
        logout(request)
        if first:
            get_adapter(request).send_mail("account/email/account_erased", email, {})
        messages.success(request, _("Votre compte est supprimé. Merci d’être passé·e."))
        return redirect("/")

    if answer := _first_step(request, ERASE, "account/email/erase_code"):
        return answer
    form = EraseForm(request.POST if request.method == "POST" else None)
    if answer := _second_step(request, ERASE, form, erased):
        return answer
    context = {"form": form, "email": person.email, "waiting": codes.waiting(request, ERASE)}
    return render(request, "people/erase_account.html", context)


@member_required
@require_http_methods(["GET", "POST"])
def edit_profile(request: HttpRequest, number: int) -> HttpResponse:
    """What one's page, or that of an organisation one manages, says of itself."""
    person = member_of(request)
    voice = get_object_or_404(Voice.objects.managed_by(person).exclude(kind=Voice.Kind.GROUPE).shown(), pk=number)
    form = ProfileForm(voice, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.update_profile(voice, by=person, **form.cleaned_data)
            messages.success(request, _("Le profil est à jour."))
            return redirect(voice.get_absolute_url())
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "people/edit_profile.html", {"form": form, "voice": voice})
