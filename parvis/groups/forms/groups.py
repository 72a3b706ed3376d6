"""Forms of groups: found one, change it, enter, invite."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from parvis.core.once import OnceForm
from parvis.groups.models import Group
from parvis.groups.rights import voices_of
from parvis.people.forms.accounts import email_field
from parvis.people.forms.communes import ScopeForm
from parvis.people.models import Person, Voice
from parvis.people.names import clean_name
from parvis.publications.forms.writing import MARKDOWN, VoicedForm

ACCESSES = [
    (Group.Access.PUBLIC, _("Public : chacun lit, toute personne inscrite peut y entrer")),
    (Group.Access.REQUEST, _("Sur demande : sa page est publique, ses discussions sont réservées aux membres")),
    (Group.Access.PRIVATE, _("Privé : seules les personnes invitées savent qu’il existe")),
]
MODES = [
    (Group.Mode.OPEN, _("Discussion ouverte : les messages paraissent tout de suite, l’animation modère après")),
    (Group.Mode.FIRST, _("Premier message relu : l’animation lit le premier message de chaque membre")),
    (Group.Mode.MODERATED, _("Discussion modérée : l’animation lit chaque message avant qu’il paraisse")),
    (Group.Mode.INFORMATION, _("Information : seule l’animation écrit, les membres lisent")),
]
PACES = [
    (0, _("Libre")),
    (1, _("Un message par minute et par personne")),
    (5, _("Un message toutes les cinq minutes")),
    (15, _("Un message tous les quarts d’heure")),
    (60, _("Un message par heure")),
]


class MemberVoicedForm(VoicedForm):
    """Something said in one of the voices in which one enters groups."""

    @staticmethod
    def voices_of(person: Person, kind: str) -> QuerySet[Voice]:  # noqa: ARG004 - every kind is said by the same
        return voices_of(person)


class RulesForm(forms.Form):
    """What a group says of itself, and its rules."""

    themes = forms.MultipleChoiceField(
        label=_("Thèmes"),
        choices=Voice.Theme.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Un à trois."),
        error_messages={"required": _("Choisissez un à trois thèmes.")},
    )
    summary = forms.CharField(
        label=_("En une phrase"),
        max_length=200,
        help_text=_("Ce que montrent l’annuaire et les listes."),
        error_messages={"required": _("Dites en une phrase de quoi l’on y parle.")},
    )
    body = forms.CharField(
        label=_("Présentation"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=MARKDOWN,
    )
    access = forms.ChoiceField(
        label=_("Qui lit, qui entre"), choices=ACCESSES, widget=forms.RadioSelect, initial=Group.Access.PUBLIC
    )
    mode = forms.ChoiceField(
        label=_("Qui écrit, qui relit"), choices=MODES, widget=forms.RadioSelect, initial=Group.Mode.OPEN
    )
    pace = forms.TypedChoiceField(
        label=_("Rythme"),
        choices=PACES,
        coerce=int,
        initial=0,
        help_text=_("Un rythme lent calme une discussion vive. Il ne s’applique pas à l’animation."),
    )
    rules = forms.CharField(
        label=_("Règles du groupe"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Elles s’ajoutent à la charte. On les lit avant d’entrer."),
    )
    welcome = forms.CharField(
        label=_("Message d’accueil"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ce que lit un membre qui vient d’entrer."),
    )

    @property
    def told(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in RulesForm.base_fields}


class GroupForm(MemberVoicedForm, ScopeForm, RulesForm):
    """A new group: who founds it, its name, its place, its rules."""

    name = forms.CharField(
        label=_("Nom du groupe"), max_length=160, error_messages={"required": _("Donnez un nom au groupe.")}
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, kind="group", **kwargs)
        self.fields["voice"].label = _("Vous l’animez comme")
        self.fields["commune"].label = _("Commune")
        self.fields["scope"].label = _("Il concerne")

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"], 160)


class SettingsForm(RulesForm):
    """Other rules; `version` is the one its author read, so that nobody writes over what they have not (R-REL-10)."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, group: Group, data: Any = None) -> None:
        voice, themes = group.voice, [row.theme for row in group.themes.all()]
        said = {name: getattr(group, name) for name in ("access", "mode", "pace", "rules", "welcome", "version")}
        super().__init__(data, initial=said | {"themes": themes, "summary": voice.summary, "body": voice.body})


class EnterForm(MemberVoicedForm):
    """In which voice one enters and, on request, why."""

    words = forms.CharField(
        label=_("Pourquoi rejoindre ce groupe"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lu par l’animation seule."),
    )

    def __init__(self, *args: Any, person: Person, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, person=person, kind="group", **kwargs)
        self.fields["voice"].label = _("Vous entrez comme")
        if group.access != Group.Access.REQUEST:
            del self.fields["words"]


class InviteForm(OnceForm):
    """Someone to invite, by the address of their account."""

    email = email_field(help_text=_("La personne qui a cette adresse trouvera l’invitation en se connectant."))


class WordsForm(forms.Form):
    """A reason, given to whoever it is about."""

    words = forms.CharField(required=False, max_length=1_000)
