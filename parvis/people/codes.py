"""One-time codes by mail: eight digits, ten minutes, five tries. Kept in the session, hashed, and nowhere else.

A code that waits is named by its purpose, so that one never opens another door. An address that must not learn
whether it is known gets a wait without a code: it looks the same and nothing opens it (R-SEC-16).
"""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import gettext as _

LIFE_SECONDS: int = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
TRIES: int = settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS


class CodeSpent(ValidationError):
    """Too many tries, or too late: another code must be asked for."""


def new_code() -> str:
    """« 1234 5678 »: easy to read in a mail and to type on a telephone."""
    digits = get_random_string(8, "0123456789")
    return f"{digits[:4]} {digits[4:]}"


def send(request: HttpRequest, purpose: str, email: str, template: str, **data: Any) -> None:
    """Mail a code to `email` with `template`, and keep `data` until it comes back; ValidationError when too often."""
    code = new_code()
    expect(request, purpose, email, code, **data)
    get_adapter(request).send_mail(template, email, {"code": code})


def expect(request: HttpRequest, purpose: str, email: str, code: str = "", **data: Any) -> None:
    """Wait for `code`; for none at all when it is empty."""
    if not ratelimit.consume(request, action="request_login_code", key=email.lower()):
        raise ValidationError(_("Trop de codes demandés pour cette adresse : attendez une minute."))
    request.session[_key(purpose)] = {
        "email": email,
        "hash": _hash(purpose, code) if code else "",
        "until": time.time() + LIFE_SECONDS,
        "tries": 0,
        "data": data,
    }


def waiting(request: HttpRequest, purpose: str) -> dict[str, Any] | None:
    """What waits for a code: `email` and `data`; None when nothing does."""
    found: dict[str, Any] | None = request.session.get(_key(purpose))
    return found


def check(request: HttpRequest, purpose: str, typed: str) -> dict[str, Any]:
    """The data kept with the code, which is then used up. ValidationError when wrong, CodeSpent when over."""
    wait = waiting(request, purpose)
    if wait is None or time.time() > wait["until"]:
        forget(request, purpose)
        raise CodeSpent(_("Ce code a plus de dix minutes : demandez-en un autre."))
    digits = "".join(c for c in typed if c.isdigit())
    if wait["hash"] and constant_time_compare(_hash(purpose, digits), wait["hash"]):
        forget(request, purpose)
        return {"email": wait["email"], **wait["data"]}
    wait["tries"] += 1
    request.session[_key(purpose)] = wait
    if wait["tries"] >= TRIES:
        forget(request, purpose)
        raise CodeSpent(_("Cinq essais ont échoué : demandez un autre code."))
    raise ValidationError(_("Ce code n’est pas le bon. Vérifiez les huit chiffres du dernier message reçu."))


def forget(request: HttpRequest, purpose: str) -> None:
    """Wait no longer."""
    request.session.pop(_key(purpose), None)


def _key(purpose: str) -> str:
    return f"code:{purpose}"


def _hash(purpose: str, code: str) -> str:
    return salted_hmac(f"parvis.code.{purpose}", code.replace(" ", "")).hexdigest()
