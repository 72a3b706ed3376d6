"""Say that an event, or one of its times, is no longer as announced."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.agenda.actions import Span
from parvis.agenda.forms.events import LATE, moment
from parvis.agenda.models import Event, Occurrence

STATUS = Event.Status


class StatusForm(forms.Form):
    """Of an event as a whole."""

    status = forms.ChoiceField(
        label=gettext_lazy("Cet événement est"),
        choices=[
            (STATUS.PLANNED, gettext_lazy("Maintenu, comme annoncé")),
            (STATUS.MOVED, gettext_lazy("Déplacé : le lieu ou l’heure a changé")),
            (STATUS.POSTPONED, gettext_lazy("Reporté : la nouvelle date viendra")),
            (STATUS.FULL, gettext_lazy("Complet")),
            (STATUS.CANCELLED, gettext_lazy("Annulé, définitivement")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites ce qu’il en est.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Précision"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("« À cause du vent », « nouvelle date en mars » : elle paraît à côté."),
    )


class TimeForm(StatusForm):
    """Of one of its times, which may also change hour or place. `span` is when it moves to, None when it does not."""

    day = forms.DateField(label=gettext_lazy("Nouvelle date"), required=False)
    start = forms.TimeField(label=gettext_lazy("Nouvelle heure"), required=False)
    end = forms.TimeField(label=gettext_lazy("Nouvelle fin"), required=False)
    venue = forms.CharField(label=gettext_lazy("Autre lieu"), max_length=160, required=False)
    field_order = ("status", "day", "start", "end", "venue", "note")

    def __init__(self, occurrence: Occurrence, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.occurrence = occurrence
        self.span: Span | None = None
        status = self.fields["status"]
        assert isinstance(status, forms.ChoiceField)
        status.label = _("Cette date est")
        status.choices = [(value, STATUS_OF_A_TIME[value]) for value in STATUS_OF_A_TIME]

    def clean(self) -> dict[str, Any]:
        """Where it moves to."""
        data = super().clean() or {}
        if self.errors or data["status"] != STATUS.MOVED:
            return data
        if not any(data.get(name) for name in ("day", "start", "venue")):
            self.add_error("day", _("Donnez la nouvelle date, la nouvelle heure ou le nouveau lieu."))
        if data.get("day") or data.get("start") or data.get("end"):
            self.span = self.moved(data)
            if self.span.ends_at and self.span.ends_at < self.span.starts_at:
                self.add_error("end", _("La fin vient avant le début : choisissez une heure plus tardive."))
        return data

    def moved(self, data: dict[str, Any]) -> Span:
        """The new time: what is not given stays as it was."""
        one = self.occurrence
        day = data.get("day") or one.first_day
        if one.all_day:
            days = one.last_day - one.first_day + timedelta(days=1)
            return Span(
                moment(day, timezone.localtime(one.starts_at).time()), moment(day + days, LATE.min), all_day=True
            )
        opens = moment(day, data.get("start") or timezone.localtime(one.starts_at).time())
        if data.get("end"):
            closes = moment(day, data["end"])
            return Span(opens, closes + timedelta(days=1) if closes <= opens and data["end"] <= LATE else closes)
        return Span(opens, opens + (one.ends_at - one.starts_at) if one.ends_at else None)


STATUS_OF_A_TIME = {
    "": gettext_lazy("Maintenue, comme annoncée"),
    str(STATUS.MOVED): gettext_lazy("Déplacée : le lieu ou l’heure change"),
    str(STATUS.POSTPONED): gettext_lazy("Reportée : la nouvelle date viendra"),
    str(STATUS.FULL): gettext_lazy("Complète"),
    str(STATUS.CANCELLED): gettext_lazy("Annulée"),
}
