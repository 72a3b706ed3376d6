"""Whether one comes on registration, and what one is asked."""

from django import forms
from django.utils.translation import gettext_lazy


class SeatsForm(forms.Form):
    """Free or with so many seats, and one question."""

    takes_registrations = forms.BooleanField(
        label=gettext_lazy("On vient sur inscription"),
        required=False,
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Places à chaque date"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=gettext_lazy("Sans nombre, chacun a une place. Au-delà, on attend son tour."),
    )
    question = forms.CharField(
        label=gettext_lazy("Une question à poser"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("« Combien d’enfants ? ». Ne demandez que ce dont vous vous servirez."),
    )
