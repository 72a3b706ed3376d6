"""Forms of the administration: decisions with a reason, roles, services."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parvis.core.once import OnceForm
from parvis.people.models import Person, Role, Voice
from parvis.people.names import clean_name
from parvis.territory.models import Zone


class ReasonForm(forms.Form):
    """Why: kept with the decision, and shown for a verification."""

    reason = forms.CharField(
        label=_("Raison"),
        max_length=300,
        help_text=_("Par exemple : « récépissé de préfecture présenté »."),
        error_messages={"required": _("Indiquez la raison de cette décision.")},
    )


class PersonField(forms.EmailField):
    """The account at an address: only the administration learns whether there is one."""

    default_error_messages = {"required": _("Indiquez l’adresse de son compte.")}

    def clean(self, value: Any) -> Any:
        email = super().clean(value)
        person = Person.objects.filter(email=email.lower(), is_active=True).first() if email else None
        if email and person is None:
            raise ValidationError(_("Aucun compte n’a cette adresse."))
        return person


class OpenSpaceForm(ReasonForm):
    """To whom a space goes."""

    person = PersonField(label=_("Adresse du compte de la personne"), max_length=254)
    field_order = ("person", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Ce que vous avez vérifié, et comment.")


class RoleForm(forms.Form):
    """Who gets which role; a moderator answers for a zone."""

    person = PersonField(label=_("Adresse du compte de la personne"), max_length=254)
    kind = forms.ChoiceField(label=_("Rôle"), choices=Role.Kind.choices, initial=Role.Kind.MODERATOR)
    zone = forms.CharField(
        label=_("Zone modérée"),
        max_length=120,
        required=False,
        help_text=_("Vide : tout le territoire. Sinon, le nom d’une commune, d’un canton ou d’une intercommunalité."),
    )

    def clean_zone(self) -> Zone | None:
        return zone_named(self.cleaned_data["zone"])


class ServiceForm(OnceForm):
    """A service of the institution."""

    name = forms.CharField(
        label=_("Nom du service"), max_length=160, error_messages={"required": _("Indiquez son nom.")}
    )
    zone = forms.CharField(
        label=_("Zone où il siège et à laquelle il s’adresse"),
        max_length=120,
        required=False,
        help_text=_("Vide : tout le territoire."),
    )
    summary = forms.CharField(
        label=_("En une phrase"),
        max_length=200,
        error_messages={"required": _("Dites en une phrase ce qu’il fait.")},
    )
    theme = forms.ChoiceField(label=_("Thème"), choices=Voice.Theme.choices, initial=Voice.Theme.VIE_LOCALE)
    owner = PersonField(
        label=_("Adresse du compte du responsable"), max_length=254, help_text=_("Il pourra ajouter d’autres membres.")
    )

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"], 160)

    def clean_zone(self) -> Zone | None:
        return zone_named(self.cleaned_data["zone"])


def zone_named(text: str) -> Zone | None:
    """The one zone of that name; None when empty; ValidationError when there is none, or several."""
    if not text.strip():
        return None
    found = list(Zone.objects.current().named(text)[:20])
    exact = [zone for zone in found if getattr(zone, "distance", None) == 0] or found
    if len(exact) != 1:
        names = ", ".join(f"{zone.short_name} ({zone.get_kind_display()})" for zone in exact[:6])
        raise ValidationError(
            _("Plusieurs zones répondent : %(names)s.") % {"names": names}
            if exact
            else _("Aucune zone ne porte ce nom.")
        )
    return exact[0]
