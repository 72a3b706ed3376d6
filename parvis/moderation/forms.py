"""Forms of moderation: report, decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.once import OnceForm
from parvis.moderation.actions import KEEP, verdicts_on
from parvis.moderation.models import Item
from parvis.people.models import Person
from parvis.publications.models import Decision, Reply

RULES = [("", gettext_lazy("Choisir une règle")), *Decision.Rule.choices]
# Verdicts that must be explained to the author (R-LAW-19).
REASONED = (Decision.Verdict.REFUSE, Decision.Verdict.HIDE)


class ReportForm(OnceForm):
    """What is wrong with something one reads. No account is needed; the address serves the answer alone."""

    rule = forms.ChoiceField(
        label=gettext_lazy("Règle en cause"),
        choices=RULES,
        error_messages={"required": gettext_lazy("Choisissez la règle qui n’est pas respectée.")},
    )
    explanation = forms.CharField(
        label=gettext_lazy("Ce qui pose problème"),
        max_length=2_000,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Citez le passage et dites pourquoi. L’auteur ne saura pas qui l’a signalé."),
        error_messages={"required": gettext_lazy("Dites ce qui pose problème.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Votre adresse électronique"),
        required=False,
        help_text=gettext_lazy("Pour recevoir un accusé de réception et la décision, rien d’autre."),
    )
    # Left empty by people, who do not see it; filled by machines (R-SEC-19).
    site = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: Any, person: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person:
            del self.fields["email"]

    @property
    def is_from_a_machine(self) -> bool:
        """Whether the field nobody sees was filled."""
        return bool(self.data.get("site"))


class DecisionForm(OnceForm):
    """A decision on one thing; `verdict` is the button pressed."""

    verdict = forms.ChoiceField(
        choices=[*Decision.Verdict.choices, (KEEP, gettext_lazy("maintien"))],
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("Choisissez une décision.")},
    )
    # Which text was on the page: what its author changed since then was not read.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    rule = forms.ChoiceField(
        label=gettext_lazy("Règle de la charte"),
        choices=RULES,
        error_messages={"required": gettext_lazy("Choisissez la règle en cause.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Envoyé à l’auteur tel quel, avec la règle et la façon de contester."),
        error_messages={"required": gettext_lazy("Écrivez le motif : l’auteur doit pouvoir comprendre et corriger.")},
    )

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.current = None if isinstance(item, Reply) else item.version
        # A refusal says which rule and why; the other decisions need no word.
        if self.is_bound and self.data.get("verdict") not in REASONED:
            self.fields["rule"].required = self.fields["reason"].required = False

    @property
    def verdicts(self) -> tuple[str, ...]:
        """What the state of the item allows."""
        return verdicts_on(self.item)

    def clean(self) -> dict[str, Any]:
        """Any decision is on the text as it is now."""
        data = super().clean() or {}
        if self.current is not None and data.get("version") not in {None, self.current}:
            self.add_error(None, _("Son auteur a corrigé ce texte entre-temps : relisez-le avant de décider."))
        return data
