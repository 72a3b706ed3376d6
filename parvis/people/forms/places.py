"""Asking where a place of life is, as finely as one wants and no more: a commune, a quartier, or an address."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from parvis.core.once import OnceForm
from parvis.people.actions import Where
from parvis.people.forms.communes import CommuneForm
from parvis.people.models import Place
from parvis.people.places import quartiers_of
from parvis.territory.models import Address, Zone

# Doors offered for one search: with more, what was typed was too vague.
MOST = 20


class PlaceForm(CommuneForm, OnceForm):
    """What the place is to them, its commune, and how finely they want to say it; one more question at a time.

    Once valid and answered, `where` is the answer.
    """

    precision = forms.ChoiceField(
        label=_("Avec quelle précision ?"),
        choices=[
            (Place.Precision.COMMUNE, _("La commune suffit")),
            (Place.Precision.QUARTIER, _("Le quartier")),
            (Place.Precision.EXACT, _("L’adresse exacte")),
        ],
        initial=Place.Precision.COMMUNE,
        widget=forms.RadioSelect,
        help_text=_(
            "L’adresse exacte sert à recevoir ce qui concerne votre rue ou votre parcelle : elle reste dans un coffre "
            "que personne ne consulte, ni les services ni l’administration, et vous l’effacez quand vous voulez."
        ),
    )
    address = forms.CharField(
        label=_("Adresse"),
        max_length=120,
        required=False,
        help_text=_("Le numéro et le début du nom de la rue : « 12 rue des tis ». Rien ne sort de ce site."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    field_order = ("kind", "commune", "zone", "canton", "precision", "quartier", "address", "door")

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].label = _("Commune")
        self.quartier: Zone | None = None
        self.door: Address | None = None
        if kinds:
            self.fields["kind"] = forms.ChoiceField(label=_("Ce lieu est"), choices=kinds, widget=forms.RadioSelect)

    @property
    def shown_fields(self) -> list[BoundField]:
        """Every field in the order of the questions."""
        return [self[name] for name in self.field_order if name in self.fields]

    @property
    def where(self) -> Where | None:
        """The place that was said; None while a question waits."""
        if self.unanswered or self.errors or self.found is None:
            return None
        if self.door is not None:
            return Where(self.found, self.canton, point=self.door.standing_point(), address=str(self.door))
        return Where(self.found, self.canton, self.quartier)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        match self.cleaned_data.get("precision"):
            case Place.Precision.QUARTIER if self.found:
                self._which_quartier()
            case Place.Precision.EXACT if self.found:
                self._which_door()
        return cleaned

    def _which_quartier(self) -> None:
        assert self.found
        quartiers = {zone.code: zone for zone in quartiers_of(self.found)}
        if not quartiers:
            self.add_error("precision", _("Aucun quartier n’est connu dans cette commune : la commune suffit."))
            return
        answer = self._ask("quartier", _("Lequel ?"), [(code, zone.name) for code, zone in quartiers.items()])
        self.quartier = quartiers.get(answer or "")

    def _which_door(self) -> None:
        assert self.found
        known = Address.objects.in_commune(self.found)
        text = str(self.cleaned_data.get("address") or "")
        if not known.exists():
            self.add_error("precision", _("Les adresses de cette commune ne sont pas connues ici : la commune suffit."))
        elif not text.strip():
            self.add_error("address", _("Indiquez le numéro et la rue."))
        elif not (doors := list(known.named(text)[: MOST + 1])):
            self.add_error("address", _("Aucune adresse de cette commune ne commence ainsi."))
        elif len(doors) > MOST:
            self.add_error("address", _("Trop d’adresses commencent ainsi : ajoutez le numéro ou un mot."))
        elif len(doors) == 1 or str(doors[0]).casefold() == text.strip().casefold():
            self.door = doors[0]
        else:
            choices = {str(door.pk): door for door in doors}
            answer = self._ask("door", _("Laquelle ?"), [(pk, str(door)) for pk, door in choices.items()])
            self.door = choices.get(answer or "")
