"""Forms of signing up, signing in and settings."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.people.forms.communes import CommuneForm
from parvis.people.models import Person, Voice
from parvis.people.names import clean_name

EMAIL = _("Adresse électronique")
EMAIL_ERRORS = {
    "required": _("Indiquez une adresse électronique."),
    "invalid": _("Cette adresse n’est pas complète : il y faut un « @ » et une fin, par exemple « .fr »."),
}


def email_field(label: Any = EMAIL, help_text: Any = "") -> forms.EmailField:
    """An address one can be written to, in lower case once checked."""
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    return forms.EmailField(
        label=label, help_text=help_text, max_length=254, error_messages=EMAIL_ERRORS, widget=widget
    )


class SignUpForm(CommuneForm):
    """Three fields and one box (R-LAW-2, R-LAW-4)."""

    name = forms.CharField(
        label=_("Nom affiché"),
        max_length=80,
        help_text=_("Votre nom, ou celui sous lequel on vous connaît ici."),
        error_messages={"required": _("Indiquez le nom qui sera affiché.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = email_field(help_text=_("Elle n’est jamais montrée. Un code y est envoyé."))
    accepted = forms.BooleanField(
        error_messages={"required": _("Pour ouvrir un compte, cochez cette case.")},
    )

    field_order = ("name", "commune", "email", "accepted")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = gettext("J’ai %(age)s ans ou plus et j’accepte la charte.")
        self.fields["accepted"].label = words % {"age": settings.MIN_AGE}
        self.fields["accepted"].help_text = format_html('<a href="/charte/">{}</a>', gettext("Lire la charte"))

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class LoginForm(allauth.LoginForm):
    """An address and a password, for those who set one; the others get a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = email_field()
        self.fields["password"] = forms.CharField(
            label=_("Mot de passe"),
            strip=False,
            max_length=200,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            error_messages={"required": _("Indiquez votre mot de passe, ou demandez un code.")},
        )
        self.order_fields(["login", "password"])

    def _setup_password_field(self) -> None:
        """Ours is added above: allauth takes it away where no password is asked at sign-up."""


class LoginCodeForm(allauth.RequestLoginCodeForm):
    """The address to send a code to, in the words of the other forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = email_field()


class CodeForm(forms.Form):
    """The code that was mailed."""

    code = forms.CharField(
        label=_("Code à huit chiffres"),
        max_length=20,
        error_messages={"required": _("Indiquez le code reçu.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class EmailForm(CodeForm):
    """A new address, allowed by a code sent to the present one (R-SEC-14)."""

    email = email_field(label=_("Nouvelle adresse électronique"))

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class PasswordForm(CodeForm):
    """A password, allowed by a code: whoever holds the mailbox holds the account anyway (R-SEC-14)."""

    password = forms.CharField(
        label=_("Nouveau mot de passe"),
        strip=False,
        max_length=200,
        help_text=_("Douze signes au moins. Plusieurs mots qui ne se suivent pas valent mieux qu’un seul, compliqué."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Indiquez un mot de passe.")},
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)
        return password


class EraseForm(CodeForm):
    """What becomes of one’s words once one has left, allowed by a code (R-SEC-14, R-LAW-8)."""

    words = forms.ChoiceField(
        label=_("Ce que vous avez dit en public et dans les groupes"),
        choices=[
            ("erase", _("L’effacer, avec les réponses reçues")),
            ("keep", _("Le laisser, sans votre nom\u00a0: «\u00a0Compte supprimé\u00a0»")),
        ],
        initial="erase",
        error_messages={"required": _("Choisissez ce que deviennent vos publications.")},
        widget=forms.RadioSelect,
    )


class SettingsForm(forms.Form):
    """What one may change of oneself."""

    name = forms.CharField(
        label=_("Nom affiché"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    gender = forms.ChoiceField(
        label=_("Le mot qui vous désigne"),
        choices=[("", _("Habitant·e")), *((value, {"f": _("Habitante"), "m": _("Habitant")}[value]) for value in "fm")],
        required=False,
        widget=forms.RadioSelect,
    )
    listed = forms.BooleanField(
        label=_("Figurer dans l’annuaire des habitants"),
        required=False,
        help_text=_("Avec votre nom et votre commune. Sans cela, votre page n’est visible que si vous publiez."),
    )
    takes_followers = forms.BooleanField(
        label=_("On peut suivre ce que vous publiez"),
        required=False,
        help_text=_("En votre nom. Sans cela, personne ne vous suit, et qui vous suivait ne vous suit plus."),
    )

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    @staticmethod
    def of(person: Person, voice: Voice | None) -> dict[str, Any]:
        """What the form shows first."""
        return {
            "name": person.name,
            "gender": voice.gender if voice else "",
            "listed": bool(voice and voice.listed),
            "takes_followers": person.takes_followers,
        }
