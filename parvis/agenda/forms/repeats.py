"""« Toutes les semaines, le mardi, jusqu’au 29 juin, sauf pendant les vacances »: a rule, asked in a few fields."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.agenda.actions import Repeat
from parvis.agenda.models import Series
from parvis.agenda.recurrence import MOST, MOST_COUNT, WEEKDAYS, Rule, days_of, in_words

# How many spans of days one may leave out.
MOST_SPANS = 60
CHOICES = [
    ("", gettext_lazy("Ne se répète pas")),
    ("DAILY", gettext_lazy("Tous les jours")),
    ("WEEKLY", gettext_lazy("Toutes les semaines")),
    ("MONTHLY", gettext_lazy("Tous les mois, à la même date")),
    ("RANK", gettext_lazy("Tous les mois, le même jour de la semaine (le 2e mardi, par exemple)")),
    ("LAST", gettext_lazy("Tous les mois, le dernier de ce jour (le dernier vendredi, par exemple)")),
    ("YEARLY", gettext_lazy("Tous les ans")),
]
DAYS = [
    gettext_lazy("lundi"),
    gettext_lazy("mardi"),
    gettext_lazy("mercredi"),
    gettext_lazy("jeudi"),
    gettext_lazy("vendredi"),
    gettext_lazy("samedi"),
    gettext_lazy("dimanche"),
]


class RepeatFields(forms.Form):
    """How an event comes back, from the day of its first time."""

    repeat = forms.ChoiceField(label=gettext_lazy("Répétition"), choices=CHOICES, required=False)
    interval = forms.IntegerField(
        label=gettext_lazy("Une fois sur"),
        min_value=1,
        max_value=12,
        required=False,
        help_text=gettext_lazy("2 : une semaine, un mois ou un an sur deux."),
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Jours de la semaine"),
        choices=list(zip(WEEKDAYS, DAYS, strict=True)),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Pour ce qui revient chaque semaine. Sans choix : le jour de la première date."),
    )
    repeat_until = forms.DateField(label=gettext_lazy("Jusqu’au (dernière date)"), required=False)
    repeat_count = forms.IntegerField(
        label=gettext_lazy("Ou : nombre de fois"), min_value=1, max_value=MOST_COUNT, required=False
    )
    excluded = forms.CharField(
        label=gettext_lazy("Sauf"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Des dates ou des périodes, séparées par des virgules : 11/11/2026, du 19/12/2026 au 03/01/2027."
        ),
    )

    @property
    def repeats(self) -> bool:
        """Whether it comes back: its fields are shown open."""
        return bool(self["repeat"].value()) or any(self[name].errors for name in RepeatFields.base_fields)

    def clean_excluded(self) -> list[tuple[date, date]]:
        """Spans of days, each in order."""
        spans = days_of(self.cleaned_data["excluded"])
        if len(spans) > MOST_SPANS or any(last < first for first, last in spans):
            raise ValidationError(
                _("Chaque période va d’une date à une date plus tardive ; soixante périodes au plus.")
            )
        return spans

    def repeat_from(self, first: date, data: dict[str, Any]) -> Repeat | None:
        """What the fields say, once each is valid; errors are put on the field to correct."""
        if not data.get("repeat"):
            return None
        if data.get("repeat_until") and data["repeat_until"] < first:
            self.add_error("repeat_until", _("La dernière date vient avant la première."))
            return None
        if data.get("repeat_until") and data.get("repeat_count"):
            self.add_error("repeat_count", _("Donnez une dernière date ou un nombre de fois, pas les deux."))
            return None
        try:
            rule = rule_of(first, data)
        except ValidationError as refusal:
            self.add_error("repeat", refusal)
            return None
        spans = data.get("excluded") or []
        last = max((span[1] for span in spans), default=first)
        falls = rule.dates(first, last, most=MOST * 5)
        return Repeat(
            rule, tuple(day for day in falls if any(opens <= day <= closes for opens, closes in spans))[:MOST]
        )


def rule_of(first: date, data: dict[str, Any]) -> Rule:
    """The rule of the fields, from its first day, which it always falls on."""
    name = WEEKDAYS[first.weekday()]
    days: tuple[str, ...] = ()
    match data["repeat"]:
        case "WEEKLY":
            chosen = {name, *data.get("weekdays", ())}
            days = tuple(day for day in WEEKDAYS if day in chosen)
        case "RANK":
            days = (f"{(first.day - 1) // 7 + 1}{name}",)
        case "LAST":
            days = (f"-1{name}",)
    frequency = "MONTHLY" if data["repeat"] in {"RANK", "LAST"} else data["repeat"]
    return Rule(frequency, data.get("interval") or 1, days, data.get("repeat_until"), data.get("repeat_count"))


def fields_of(series: Series) -> dict[str, Any]:
    """What the form of a series begins with."""
    rule = series.said
    choice = rule.frequency
    if choice == "MONTHLY" and rule.days:
        choice = "LAST" if rule.days[0].startswith("-1") else "RANK"
    return {
        "repeat": choice,
        "interval": rule.interval,
        "weekdays": list(rule.days) if choice == "WEEKLY" else [],
        "repeat_until": rule.until,
        "repeat_count": rule.count,
        "excluded": in_words(series.excluded_days),
    }
