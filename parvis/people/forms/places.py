"""Asking where a place of life is, as finely as one wants and no more: a commune, a quartier, or an address."""

import re
from typing import Any

import shapely
from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.core.once import OnceForm
from parvis.people.actions import Where
from parvis.people.forms.communes import CommuneForm
from parvis.people.models import Place
from parvis.people.places import quartiers_of
from parvis.territory.addresses import LONGEST, AddressSearch, chosen
from parvis.territory.geometry import NotAShape, check_point
from parvis.territory.models import Address, Zone

# What the plan writes: longitude and latitude.
POINT = re.compile(r"(-?\d{1,3}(?:\.\d{1,9})?),(-?\d{1,2}(?:\.\d{1,9})?)")
# Contours are simplified: so many degrees out of one may be in the commune.
NEAR = 0.015


class PlaceForm(CommuneForm, OnceForm):
    """What the place is to them, its commune, and how finely they want to say it; one more question at a time.

    Once valid and answered, `where` is the answer.
    """

    precision = forms.ChoiceField(
        label=_("Avec quelle précision ?"),
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
    point = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    field_order = ("kind", "commune", "zone", "canton", "precision", "quartier")

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].label = _("Commune")
        self.quartier: Zone | None = None
        self.door: Address | None = None
        self.placed: tuple[float, float] | None = None
        # Where one looks for the address, once the commune is known.
        self.search: AddressSearch | None = None
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
        if self.placed is not None:
            return Where(self.found, self.canton, point=self.placed, address=gettext("Point placé sur le plan"))
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
        answer = self._ask("quartier", _("Lequel ?"), [(code, zone.name) for code, zone in quartiers.items()])
        self.quartier = quartiers.get(answer or "")

    def look_in(self, commune: Zone) -> None:
        """Offer to look for an address there."""
        typed, taken = self.data.get("adresse", ""), self.data.get("adresse_choisie", "")
        self.search = AddressSearch(commune, typed[:LONGEST], chosen=taken)

    def _which_door(self) -> None:
        """The point on the plan, else the address that was chosen, or the only one that was meant; else one asks."""
        assert self.found
        self.look_in(self.found)
        assert self.search
        if point := self.cleaned_data.get("point"):
            self._place(point, self.found)
            return
        taken = chosen(self.search.chosen, self.found)
        meant = self.search.meant if "chercher" not in self.data else None
        self.door = taken if isinstance(taken, Address) else meant
        if self.door is None:
            self.unanswered = True

    def _place(self, point: str, commune: Zone) -> None:
        said = POINT.fullmatch(point)
        try:
            if said is None:
                raise NotAShape(_("Cette position n’est pas faite de deux nombres : placez-la de nouveau."))
            lon, lat = float(said[1]), float(said[2])
            check_point(lon, lat)
            contour = Zone.objects.values_list("geometry", flat=True).get(pk=commune.pk)
            if contour and shapely.from_wkb(bytes(contour)).distance(shapely.points(lon, lat)) > NEAR:
                raise NotAShape(gettext("Ce point n’est pas %s : placez-le dans la commune.") % commune.in_place)
        except NotAShape as wrong:
            self.add_error("point", str(wrong))
        else:
            self.placed = lon, lat
