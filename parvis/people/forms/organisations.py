"""Forms of organisations: creating an association, its profile, its members."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.core.once import OnceForm
from parvis.people.forms.accounts import email_field
from parvis.people.forms.communes import ScopeForm
from parvis.people.models import Membership, Voice
from parvis.people.names import clean_name

THEMES = [("", _("Choisissez un thème")), *Voice.Theme.choices]
# What a profile shows, by type: an élu has no theme, an inhabitant neither theme nor public address.
SHOWN = {
    Voice.Kind.HABITANT: ("summary", "body", "website"),
    Voice.Kind.ELU: ("summary", "body", "website", "phone", "email"),
    Voice.Kind.SERVICE: ("summary", "body", "theme", "website", "phone", "email"),
    Voice.Kind.ASSOCIATION: ("summary", "body", "theme", "seeks", "website", "phone", "email"),
}


class ProfileFields(forms.Form):
    """What a public page says of itself."""

    summary = forms.CharField(
        label=_("En une phrase"),
        max_length=200,
        required=False,
        help_text=_("Ce que montrent l’annuaire et les listes."),
    )
    body = forms.CharField(
        label=_("Présentation"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Une ligne vide sépare deux paragraphes ; un tiret en début de ligne fait une liste."),
    )
    theme = forms.ChoiceField(label=_("Thème"), choices=THEMES, required=False)
    seeks = forms.CharField(
        label=_("Ce que vous cherchez"),
        max_length=200,
        required=False,
        help_text=_("Par exemple : « des bénévoles le samedi »."),
    )
    website = forms.URLField(
        label=_("Site"),
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Cette adresse n’est pas complète, par exemple « https://exemple.fr ».")},
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    phone = forms.CharField(label=_("Téléphone public"), max_length=40, required=False)
    email = forms.EmailField(label=_("Adresse électronique publique"), max_length=254, required=False)


class ProfileForm(ProfileFields):
    """The profile of a voice, with the fields of its type."""

    def __init__(self, voice: Voice, data: Any = None) -> None:
        shown = SHOWN[Voice.Kind(voice.kind)]
        super().__init__(data, initial={name: getattr(voice, name) for name in shown})
        for name in set(self.fields) - set(shown):
            del self.fields[name]


class AssociationForm(OnceForm, ScopeForm, ProfileFields):
    """A new association: its name, its seat, what it does and how far it speaks."""

    name = forms.CharField(
        label=_("Nom de l’association"), max_length=160, error_messages={"required": _("Indiquez son nom.")}
    )
    field_order = ("name", "commune", "theme", "summary", "body", "scope", "seeks", "website", "phone", "email", "key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].label = _("Commune du siège")
        self.fields["scope"].label = _("Elle s’adresse à")
        for name, message in (
            ("theme", _("Choisissez un thème.")),
            ("summary", _("Dites en une phrase ce qu’elle fait.")),
        ):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = message

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"], 160)

    @property
    def profile(self) -> dict[str, str]:
        """The profile fields, ready for the action."""
        return {name: self.cleaned_data[name] for name in ProfileFields.base_fields}


class MemberForm(forms.Form):
    """Someone to add, by the address of their account."""

    email = email_field(
        help_text=_(
            "Un message lui propose de vous rejoindre. Si elle n’a pas encore de compte, elle pourra en ouvrir un."
        )
    )
    role = forms.ChoiceField(label=_("Rôle"), choices=Membership.Role.choices, initial=Membership.Role.EDITOR)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class MemberRoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(label=_("Rôle"), choices=Membership.Role.choices)
