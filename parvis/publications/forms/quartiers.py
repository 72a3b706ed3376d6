"""The form of a zone that an administrator draws: its commune, what it is, and its contour, on the plan or pasted."""

from typing import Any

import shapely
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from parvis.core.once import OnceForm
from parvis.core.text import clean, fold, typo
from parvis.people.forms import CommuneForm
from parvis.territory.geometry import NotAShape, shape_from_geojson, square_metres
from parvis.territory.models import Zone
from parvis.territory.quartiers import SLIVER, shares_in

# Square metres. Whatever is smaller would name the people who live there (R-PRIV-4).
SMALLEST = 10_000


class QuartierCommuneForm(CommuneForm):
    """The commune in which one is about to draw."""

    asks_canton = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].label = _("Commune")


class QuartierForm(OnceForm):
    """Name, kind and contour; once checked, `drawn` is the shape."""

    name = forms.CharField(
        label=gettext_lazy("Nom"),
        max_length=80,
        help_text=gettext_lazy("Comme on le dit sur place : « Les Tisserands »."),
        error_messages={"required": gettext_lazy("Donnez-lui un nom.")},
    )
    nature = forms.ChoiceField(label=gettext_lazy("C’est"), choices=Zone.Nature.choices, initial=Zone.Nature.QUARTIER)
    shape = forms.CharField(
        label=gettext_lazy("Contour, en GeoJSON"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Le plan l’écrit quand vous dessinez. Vous pouvez aussi coller ici ce qu’un autre outil a dessiné "
            "(une surface, en WGS 84, longitude d’abord)."
        ),
        error_messages={"required": gettext_lazy("Dessinez le contour sur le plan, ou collez-le en GeoJSON.")},
    )
    field_order = ("name", "nature", "shape")

    def __init__(self, *args: Any, commune: Zone, quartier: Zone | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commune = commune
        self.drawn: BaseGeometry = Polygon()
        if quartier is not None:
            contour = shapely.to_geojson(shapely.from_wkb(bytes(quartier.geometry or b"")))
            self.initial = {"name": quartier.name, "nature": quartier.nature, "shape": contour}

    def clean_name(self) -> str:
        """In French spaces, with at least a letter or a digit."""
        name = typo(" ".join(clean(self.cleaned_data["name"]).split()))
        if not fold(name):
            raise forms.ValidationError(_("Écrivez ce nom avec des lettres."))
        return name

    def clean_shape(self) -> str:
        """A surface of the commune, not too small."""
        text: str = self.cleaned_data["shape"]
        try:
            shape = shape_from_geojson(text)
            if not shape.area:
                raise NotAShape(_("Une ligne n’a pas de surface : dessinez le contour entier."))
        except NotAShape as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        if square_metres(shape) < SMALLEST:
            raise forms.ValidationError(_("C’est trop petit : un quartier fait un hectare au moins."))
        if shares_in(shape, [self.commune]).get(self.commune.pk, 0) <= SLIVER:
            raise forms.ValidationError(
                _("Ce contour n’est pas %(place)s : dessinez-le sur le plan de sa commune.")
                % {"place": self.commune.in_place}
            )
        self.drawn = shape
        return text
