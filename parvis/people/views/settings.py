"""Settings of one's account."""

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
    person = member_of(request)
    if limited := _limited(request):
        return limited
    if request.method == "POST" and "send" in request.POST:
        return _send_own_code(request, LEAVE, "account/email/leave_address_code", "change_email")
    wait = codes.waiting(request, LEAVE)
    form = EmailForm(request.POST if request.method == "POST" else None)
    if wait and form.is_valid():
        try:
            codes.check(request, LEAVE, form.cleaned_data["code"])
        except codes.CodeSpent as over:
            messages.error(request, over.messages[0])
            return redirect("change_email")
        except ValidationError as wrong:
            form.add_error("code", wrong)
        else:
            return _send_to_new(request, form.cleaned_data["email"])
    return render(request, "people/change_email.html", {"form": form, "email": person.email, "waiting": wait})


def _limited(request: HttpRequest) -> HttpResponse | None:
    """As at sign-up: so many codes a minute may be typed from one place (R-SEC-17)."""
    return ratelimit.consume_or_429(request, action="signup") if request.method == "POST" else None


def _send_own_code(request: HttpRequest, purpose: str, template: str, page: str) -> HttpResponse:
    """A code to the present address, to be typed on `page`."""
    try:
        codes.send(request, purpose, member_of(request).email, template)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect(page)


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
    if limited := _limited(request):
        return limited
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        former = person.email
        try:
            actions.change_email(person, codes.check(request, EMAIL, form.cleaned_data["code"])["email"])
        except codes.CodeSpent as over:
            messages.error(request, over.messages[0])
            return redirect("change_email")
        except ValidationError as wrong:
            form.add_error("code", wrong)
        else:
            update_session_auth_hash(request, person)
            get_adapter(request).send_mail("account/email/address_changed", former, {"contact": site.CONTACT_EMAIL})
            messages.success(request, _("Votre adresse est changée. Vos autres appareils sont déconnectés."))
            return redirect("settings")
    return render(request, "people/confirm_email.html", {"verify_form": form, "email": wait["email"]})


@sensitive_post_parameters("password", "code")
@member_required
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """First a code to one's own address, then the password and the code together."""
    person = member_of(request)
    if limited := _limited(request):
        return limited
    if request.method == "POST" and "send" in request.POST:
        return _send_own_code(request, PASSWORD, "account/email/password_code", "change_password")
    wait = codes.waiting(request, PASSWORD)
    form = PasswordForm(person, request.POST if request.method == "POST" else None)
    if wait and form.is_valid():
        try:
            codes.check(request, PASSWORD, form.cleaned_data["code"])
        except codes.CodeSpent as over:
            messages.error(request, over.messages[0])
            return redirect("change_password")
        except ValidationError as wrong:
            form.add_error("code", wrong)
        else:
            actions.set_password(person, form.cleaned_data["password"])
            update_session_auth_hash(request, person)
            messages.success(request, _("Votre mot de passe est enregistré. Vos autres appareils sont déconnectés."))
            return redirect("settings")
    context = {"form": form, "email": person.email, "waiting": wait, "has_password": person.has_usable_password()}
    return render(request, "people/change_password.html", context)


@member_required
@require_http_methods(["GET", "POST"])
def erase_account(request: HttpRequest) -> HttpResponse:
    """What goes and what stays; a code to one’s own address, and the account is no more."""
    person = member_of(request)
    if limited := _limited(request):
        return limited
    if request.method == "POST" and "send" in request.POST:
        return _send_own_code(request, ERASE, "account/email/erase_code", "erase_account")
    wait = codes.waiting(request, ERASE)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if wait and form.is_valid():
        try:
            codes.check(request, ERASE, form.cleaned_data["code"])
            email = person.email
            actions.erase_account(person, by=person, keeps=form.cleaned_data["words"] == "keep")
        except codes.CodeSpent as over:
            messages.error(request, over.messages[0])
            return redirect("erase_account")
        except ValidationError as refusal:
            # The code, or what others count on them for.
            form.add_error("code" if codes.waiting(request, ERASE) else None, refusal)
        else:
            logout(request)
            get_adapter(request).send_mail("account/email/account_erased", email, {})
            messages.success(request, _("Votre compte est supprimé. Merci d’être passé·e."))
            return redirect("/")
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
