"""allauth's hooks, all in one place."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from parvis.people.codes import new_code


class AccountAdapter(DefaultAccountAdapter):
    """How accounts behave here: our codes, our words, and no message that the page already says."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Ce compte est fermé."),
        "email_password_mismatch": _("L’adresse ou le mot de passe ne sont pas les bons."),
        "incorrect_code": _("Ce code n’est pas le bon. Vérifiez les huit chiffres du dernier message reçu."),
        "too_many_login_attempts": _("Trop d’essais : attendez quelques minutes, puis demandez un nouveau code."),
        "rate_limited": _("Trop de codes demandés : attendez une minute."),
    }

    def generate_login_code(self) -> str:
        """Codes to sign in look like codes to sign up."""
        return new_code()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links in mail lead to our own address, whatever host the request named."""
        super().send_mail(template_prefix, email, {"site": settings.SITE_URL} | context)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only what goes wrong is said in a message."""
        template = message_template if message else None
        super().add_message(request, level, template, message_context, extra_tags, message)
