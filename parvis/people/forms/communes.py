"""Asking for a commune without a list of seven hundred and without a script."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.people.places import MOST, cantons_of, communes_named
from parvis.territory.models import Zone

# More choices than this go in a list that unfolds.
FEW = 12


class CommuneForm(forms.Form):
    """A commune, by its name or postal code; then, when it must be asked, which one and which of its cantons.

    A form can be valid and `unanswered`: nothing is wrong, and one more question stands among its fields.
    After that, `found` is the commune and `canton` the canton that was said.
    """

    commune = forms.CharField(
        label=_("Votre commune"),
        max_length=120,
        help_text=_("Son nom ou son code postal."),
        error_messages={"required": _("Indiquez une commune ou un code postal.")},
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    asks_canton = True
    # A browser would insist on an answer to a question that another name makes void.
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unanswered = False
        self.found: Zone | None = None
        self.canton: Zone | None = None

    @property
    def commune_fields(self) -> list[BoundField]:
        """The fields about the commune: the text, and the questions it raised."""
        return [self[name] for name in ("commune", "zone", "canton") if name in self.fields]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if text := self.cleaned_data.get("commune"):
            self.found = self._which(communes_named(text))
        if self.found and self.asks_canton:
            self.canton = self._which_canton(list(cantons_of(self.found)))
        return cleaned

    def _which(self, found: list[Zone]) -> Zone | None:
        if not found:
            self.add_error("commune", _("Aucune commune du territoire ne porte ce nom ni ce code postal."))
        elif len(found) > MOST:
            self.add_error("commune", _("Trop de communes répondent à ces lettres : écrivez le nom entier."))
        if not found or len(found) > MOST:
            return None
        if len(found) == 1:
            return found[0]
        choices = {zone.code: zone for zone in found}
        answer = self._ask("zone", _("Laquelle de ces communes ?"), [(zone.code, zone.name) for zone in found])
        return choices.get(answer or "")

    def _which_canton(self, cantons: list[Zone]) -> Zone | None:
        if len(cantons) < 2:
            return cantons[0] if cantons else None
        choices = {zone.code: zone for zone in cantons}
        labels = [(zone.code, zone.name) for zone in cantons] + [("", gettext("Je ne sais pas"))]
        answer = self._ask(
            "canton", _("Votre commune est partagée entre plusieurs cantons. Lequel est le vôtre ?"), labels
        )
        return choices.get(answer or "")

    def _ask(self, name: str, label: Any, choices: list[tuple[str, str]]) -> str | None:
        """Show a question among the fields; its answer, or None when it was not given yet."""
        widget = forms.RadioSelect() if len(choices) <= FEW else forms.Select()
        shown = choices if len(choices) <= FEW else [("", gettext("Choisissez")), *choices]
        self.fields[name] = forms.ChoiceField(label=label, choices=shown, widget=widget)
        answer = self.data.get(self.add_prefix(name))
        if answer not in dict(choices):
            self.unanswered = True
            return None
        return str(answer)


class ScopeForm(CommuneForm):
    """A commune, and how far around it something reaches."""

    scope = forms.ChoiceField(
        choices=[
            ("commune", _("Cette commune")),
            ("epci", _("Son intercommunalité")),
            ("territory", _("Tout le territoire")),
        ],
        initial="commune",
        widget=forms.RadioSelect,
    )
    asks_canton = False

    def scope_zone(self, root: Zone | None) -> Zone | None:
        """The zone it reaches; its commune when the wider one does not exist."""
        if self.found is None or self.cleaned_data["scope"] == "commune":
            return self.found
        if self.cleaned_data["scope"] == "territory":
            return root
        return Zone.objects.current().of_kind(Zone.Kind.EPCI).containing(self.found).first() or self.found
