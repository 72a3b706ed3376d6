"""Forms of the directory of places: propose one, correct it, say which one it is."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.agenda.forms.sources import ReadingForm
from parvis.agenda.models import Event, Venue
from parvis.core.once import OnceForm
from parvis.territory.addresses import AddressSearch
from parvis.territory.geometry import NotAShape, check_point
from parvis.territory.models import Zone

# « 49.4179, 2.8261 », as maps give it: the latitude first.
POINT = re.compile(r"(-?\d{1,2}(?:[.,]\d{1,9})?)\s*[,; ]\s*(-?\d{1,3}(?:[.,]\d{1,9})?)", re.ASCII)


class VenueForm(forms.Form):
    """What a place says of itself."""

    name = forms.CharField(
        label=gettext_lazy("Nom du lieu"),
        max_length=160,
        help_text=gettext_lazy("Comme on le dit sur place : « Salle des fêtes », « Médiathèque du Pont »."),
        error_messages={"required": gettext_lazy("Donnez le nom du lieu.")},
    )
    address = forms.CharField(
        label=gettext_lazy("Adresse"), max_length=200, required=False, help_text=gettext_lazy("Sans la commune.")
    )
    position = forms.CharField(
        label=gettext_lazy("Position"),
        max_length=60,
        required=False,
        help_text=gettext_lazy(
            "Latitude et longitude, comme une carte les donne : « 49.4179, 2.8261 ». Sans elle, celle de l’adresse."
        ),
    )
    access = forms.MultipleChoiceField(
        label=gettext_lazy("Accessible en cas de"),
        choices=Event.Need.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Ce que le lieu a toujours : rampe, boucle magnétique, guidage au sol."),
    )

    def __init__(self, *args: Any, seat: Zone | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat = seat

    def clean_access(self) -> str:
        """Needs as we keep them."""
        return " ".join(self.cleaned_data["access"])

    def clean(self) -> dict[str, Any]:
        """With its `point` (longitude, latitude): the one given, else that of its address, else none."""
        data = super().clean() or {}
        commune = data.get("commune") or self.seat
        if self.errors or commune is None:
            return data
        data["point"] = self.point_given(data["position"].strip())
        if data["point"] is None and data["address"]:
            meant = AddressSearch(commune, data["address"]).meant
            data["point"] = (meant.lon, meant.lat) if meant else None
        return data

    def point_given(self, words: str) -> tuple[float, float] | None:
        """The point that these words say, in the territory."""
        if not words:
            return None
        found = POINT.fullmatch(words)
        if found is None:
            self.add_error("position", _("Donnez deux nombres : « 49.4179, 2.8261 »."))
            return None
        lat, lon = (float(part.replace(",", ".")) for part in found.groups())
        try:
            check_point(lon, lat)
        except NotAShape:
            self.add_error("position", _("Cette position est hors du territoire : la latitude vient d’abord."))
        return lon, lat


class ProposeVenueForm(OnceForm, VenueForm):
    """The same, and in which commune."""

    field_order = ("key", "name", "commune", "address")

    commune = forms.CharField(
        label=gettext_lazy("Commune"),
        max_length=80,
        help_text=gettext_lazy("Son nom ou son code postal."),
        error_messages={"required": gettext_lazy("Indiquez une commune ou un code postal.")},
    )
    clean_commune = ReadingForm.clean_commune


class MergeForm(forms.Form):
    """Which place it is in truth."""

    into = forms.ModelChoiceField(
        label=gettext_lazy("C’est le même lieu que"),
        queryset=Venue.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choisissez le lieu qui reste.")},
    )

    def __init__(self, others: list[Venue], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = self.fields["into"]
        assert isinstance(into, forms.ModelChoiceField)
        into.queryset = Venue.objects.filter(pk__in=[one.pk for one in others])
        into.choices = [(one.pk, said(one)) for one in others]


def said(venue: Venue) -> str:
    """« Salle des fêtes, 2 rue du Pont », and whether it is verified."""
    words = ", ".join(part for part in (venue.name, venue.address) if part)
    return f"{words} ({_('lieu vérifié')})" if venue.verified_at else words


def written(venue: Venue) -> dict[str, Any]:
    """What the form of a place begins with."""
    position = f"{venue.lat:.6f}, {venue.lon:.6f}" if venue.point else ""
    return {"name": venue.name, "address": venue.address, "position": position, "access": venue.needs}
