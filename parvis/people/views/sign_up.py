"""Signing up: three fields, then a code. Until the code comes back nothing exists but a session of one hour."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from parvis.people import actions, codes
from parvis.people.access import reader_of, safe_next
from parvis.people.forms import CodeForm, SignUpForm
from parvis.people.models import Person
from parvis.territory.models import Zone

PURPOSE = "sign-up"
# What someone typed is forgotten when they never come back with the code.
PENDING_SECONDS = 3600


@never_cache
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for a name, a commune, an address. The answer is the same whether or not the address is known (R-SEC-16)."""
    if reader_of(request) is not None:
        return redirect(safe_next(request))
    if request.method == "POST" and (limited := ratelimit.consume_or_429(request, action="signup")):
        return limited
    form = SignUpForm(request.POST if request.method == "POST" else None, initial=_initial(request))
    if form.is_valid() and not form.unanswered:
        try:
            _send_code(request, form)
            return redirect("confirm_sign_up")
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = {"form": form, "next": safe_next(request), "min_age": settings.MIN_AGE, "dpo": settings.DPO_CONTACT}
    return render(request, "account/signup.html", context)


def _initial(request: HttpRequest) -> dict[str, Any]:
    """The commune of `?commune=60057`, and what was typed before a code went stale."""
    kept = request.session.get("typed", {}) if request.session.session_key else {}
    zone = Zone.objects.current().joinable().filter(code=request.GET.get("commune", "")[:20]).first()
    return kept | ({"commune": zone.name} if zone else {})


def _send_code(request: HttpRequest, form: SignUpForm) -> None:
    """One mail in both cases: a code to a new address, a word to a known one."""
    email, found = form.cleaned_data["email"], form.found
    assert found is not None
    data = {
        "name": form.cleaned_data["name"],
        "commune": found.pk,
        "canton": form.canton.pk if form.canton else None,
        "next": safe_next(request),
    }
    request.session.set_expiry(PENDING_SECONDS)
    request.session["typed"] = {"name": data["name"], "commune": found.name, "email": email}
    if Person.objects.filter(email=email).exists():
        codes.expect(request, PURPOSE, email, **data)
        get_adapter(request).send_mail("account/email/account_already_exists", email, {})
    else:
        codes.send(request, PURPOSE, email, "account/email/sign_up_code", **data)


@never_cache
@require_http_methods(["GET", "POST"])
def confirm_sign_up(request: HttpRequest) -> HttpResponse:
    """The code comes back: the account is made, and its owner is in."""
    wait = codes.waiting(request, PURPOSE)
    if reader_of(request) is not None or wait is None:
        return redirect("account_signup" if wait is None else "/")
    if request.method == "POST" and (limited := ratelimit.consume_or_429(request, action="signup")):
        return limited
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _open(request, codes.check(request, PURPOSE, form.cleaned_data["code"]))
        except codes.CodeSpent as over:
            messages.error(request, over.messages[0])
            return redirect("account_signup")
        except ValidationError as wrong:
            form.add_error("code", wrong)
    return render(request, "account/confirm_sign_up.html", {"verify_form": form, "email": wait["email"]})


def _open(request: HttpRequest, data: dict[str, Any]) -> HttpResponseRedirect:
    canton = Zone.objects.get(pk=data["canton"]) if data["canton"] else None
    commune = Zone.objects.get(pk=data["commune"])
    person = actions.open_account(email=data["email"], name=data["name"], commune=commune, canton=canton)
    request.session.pop("typed", None)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.set_expiry(settings.SESSION_COOKIE_AGE)
    messages.success(request, _("Votre compte est ouvert. Bienvenue, %(name)s.") % {"name": person.name})
    return redirect(data["next"])
