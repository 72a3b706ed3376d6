"""Who is concerned by a notice: places by their names, or a zone on the plan, in whichever way one can point at it."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.text import fold, number
from parvis.people.models import Person, Voice
from parvis.people.places import SHORT
from parvis.publications import targets
from parvis.publications.rights import MAX_ZONES, Refused, check_target, is_fine, others_of, zones_open_to
from parvis.publications.targets import Target
from parvis.territory.geometry import NotAShape, check_shape, shape_from_geojson
from parvis.territory.models import Address, Parcel, Street, Zone
from parvis.territory.parcels import read_parcels

# Zones offered after a search; beyond, the name was too vague.
MOST = 12
ON_PLAN = "plan"
# The fields a draft keeps: all that is typed, but a picture, which a browser does not give back.
KEPT_APART = {"key", "image", "drop_image", "version"}
KINDS = [
    (Zone.Kind.COMMUNE, gettext_lazy("Commune")),
    (Zone.Kind.CANTON, gettext_lazy("Canton")),
    (Zone.Kind.EPCI, gettext_lazy("Intercommunalité")),
    (Zone.Kind.QUARTIER, gettext_lazy("Quartier")),
    (ON_PLAN, gettext_lazy("Zone sur le plan")),
]
# Whoever asks for one kind of zone may also mean what stands in its stead.
ASKED = {Zone.Kind.COMMUNE: (Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT)}
WIDEST, FARTHEST = 500, 2_000
USUAL_MARGIN, USUAL_RADIUS = 30, 200


class ZonesInput(forms.CheckboxSelectMultiple):
    """Marks what is finer than a commune: the page asks for a second person when one of these is ticked."""

    fine: Collection[int] = ()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.fine:
            option["attrs"]["data-fine"] = True
        return option


class ZonesField(forms.ModelMultipleChoiceField[Zone]):
    """Zones to tick."""

    def clean(self, value: Any) -> Any:
        if value and len(plausible(value)) < len(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)

    def label_from_instance(self, obj: Zone) -> str:
        return named(obj)


class AimForm(forms.Form):
    """Places by name, or a zone on the plan: drawn (`shape`), listed (`parcels`), a street, or around an address.

    Once checked, `target` is that zone; None for places by name, or when something is wrong.
    """

    aim = forms.ChoiceField(
        label=gettext_lazy("Type de zone"),
        choices=KINDS,
        initial=Zone.Kind.COMMUNE,
        required=False,
        widget=forms.RadioSelect,
    )
    zones = ZonesField(
        label=gettext_lazy("Zones concernées"),
        queryset=Zone.objects.none(),
        required=False,
        widget=ZonesInput,
        error_messages={
            "invalid_choice": gettext_lazy("Une des zones est hors du périmètre de ce service : retirez-la."),
        },
    )
    search = forms.CharField(
        label=gettext_lazy("Chercher une zone"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Un nom ou un code postal."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    commune = forms.CharField(
        label=gettext_lazy("Commune"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Son nom, son code postal ou son code INSEE : le plan s’ouvre sur elle."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    shape = forms.CharField(required=False, widget=forms.HiddenInput)
    parcels = forms.CharField(
        label=gettext_lazy("Références cadastrales"),
        required=False,
        help_text=gettext_lazy("Une par ligne, par exemple « AB 12 » ou « 60057 000 AB 12 »."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    street = forms.CharField(
        label=gettext_lazy("Une rue entière"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Par exemple « rue des Tisserands »."),
    )
    centre = forms.CharField(
        label=gettext_lazy("Autour d’une adresse"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Par exemple « 12 rue des Tisserands »."),
    )
    radius = forms.IntegerField(
        label=gettext_lazy("Rayon, en mètres"), min_value=20, max_value=FARTHEST, initial=USUAL_RADIUS, required=False
    )
    margin = forms.IntegerField(
        label=gettext_lazy("Marge autour de la zone, en mètres"),
        min_value=0,
        max_value=WIDEST,
        initial=USUAL_MARGIN,
        required=False,
        widget=forms.NumberInput(attrs={"step": 10, "class": "input"}),
        error_messages={
            "min_value": gettext_lazy("La marge va de 0 à 500 mètres."),
            "max_value": gettext_lazy("La marge va de 0 à 500 mètres."),
            "invalid": gettext_lazy("Écrivez la marge en mètres, de 0 à 500."),
        },
    )
    second = forms.ModelChoiceField[Person](
        label=gettext_lazy("Seconde personne"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=None,
        help_text=gettext_lazy(
            "Obligatoire pour toute zone plus fine que la commune. L’avis part quand elle l’a validé ; "
            "les deux noms restent au journal."
        ),
        error_messages={"invalid_choice": gettext_lazy("Choisissez une personne du service.")},
    )
    # Wrong in what they say of where: what a preview tells, the rest being still to write.
    AIMED = ("aim", "zones", "commune", "shape", "parcels", "street", "centre", "radius", "margin")
    # One of several is needed: of none does one say that it is optional.
    one_of = frozenset({*AIMED, "search", "second"})
    target: Target | None = None
    # Nobody else of the service could read it first.
    is_alone = False

    def offer(self, voice: Voice, found: Iterable[Zone], person: Person) -> None:
        """Set who may read it with `person`, and the zones one may tick.

        Those that are, those just found, and all the reach of `voice`.
        """
        self.speaking = voice
        second = self.fields["second"]
        assert isinstance(second, forms.ModelChoiceField)
        second.queryset = others_of(voice, person)
        self.is_alone = not second.queryset.exists()
        reach = zones_open_to(voice)
        field = self.fields["zones"]
        assert isinstance(field, ZonesField)
        assert isinstance(field.widget, ZonesInput)
        field.queryset = reach
        whole = voice.scope_id or voice.zone_id
        ticked = plausible(self["zones"].value() or [])[:100]
        numbers = dict.fromkeys([*map(int, ticked), *(zone.pk for zone in found), whole or 0])
        offered = reach.defer("geometry").in_bulk(list(numbers))
        field.choices = [(number, named(offered[number])) for number in numbers if number in offered]
        field.widget.fine = [number for number, zone in offered.items() if is_fine([zone], None)]

    @property
    def ticked(self) -> list[Zone]:
        """The zones ticked so far, with their contours."""
        field = self.fields["zones"]
        assert isinstance(field, ZonesField)
        numbers = plausible(self["zones"].value() or [])[:MAX_ZONES]
        if field.queryset is None or not numbers:
            return []
        return list(field.queryset.filter(pk__in=numbers).order_by("search_name"))

    @property
    def is_on_plan(self) -> bool:
        """Whether one chose, so far, a zone on the plan."""
        return bool(self["aim"].value() == ON_PLAN)

    @property
    def is_fine(self) -> bool:
        """Whether it is finer than a commune, so far as one knows."""
        return is_fine(list(self.cleaned_data.get("zones") or []), self.target)

    def commune_said(self) -> Zone | None:
        """The commune on which the plan opens, if one alone is meant so far."""
        found = communes_named(self.speaking, str(self["commune"].value() or ""))
        return found[0] if len(found) == 1 else None

    def forgive(self) -> None:
        """Keep only what is wrong with where: the rest is still being written."""
        for name in [name for name in self.errors if name not in {*self.AIMED, "__all__"}]:
            del self.errors[name]
        # A plan that was just opened is empty.
        if self.has_error("commune", "nothing"):
            del self.errors["commune"]

    def typed(self) -> dict[str, Any]:
        """What a draft keeps, as it was typed."""
        sent = {name: self[name].data for name in self.fields if name not in KEPT_APART}
        return {name: value for name, value in sent.items() if value is not None}

    def aimed(self) -> None:
        """Work out `target`, and who must read it first, or add the errors; called while the form is checked."""
        self._aim()
        if self.is_fine and not self.is_alone and "second" not in self.errors and not self.cleaned_data.get("second"):
            self.add_error("second", _("Choisissez la personne qui relit avec vous."))

    def _aim(self) -> None:
        data = self.cleaned_data
        if data.get("aim") != ON_PLAN:
            if not data.get("zones") and "zones" not in self.errors:
                self.add_error("zones", _("Choisissez au moins une zone."))
            return
        ways = [name for name in ("shape", "parcels", "street", "centre") if data.get(name, "").strip()]
        commune = self._commune(data.get("commune", ""))
        if commune is None or any(name in self.errors for name in self.AIMED):
            return
        if len(ways) != 1:
            self.add_error("commune", _several() if ways else forms.ValidationError(_nothing(), code="nothing"))
            return
        try:
            target = getattr(self, f"_by_{ways[0]}")(commune, data["margin"] or 0)
            if target:
                # Nothing is shown or estimated of what this service may not address.
                check_target(self.speaking, target)
            self.target = target
        except NotAShape as error:
            self.add_error(None if ways[0] == "shape" else ways[0], str(error))
        except Refused as error:
            self.add_error(None, error)

    def _commune(self, words: str) -> Zone | None:
        found = communes_named(self.speaking, words)
        if len(found) == 1:
            return found[0]
        listed = ", ".join(f"{zone.name} ({zone.code})" for zone in found)
        self.add_error("commune", _("Plusieurs communes répondent : écrivez le code de l’une, %s.") % listed if found
                       else _("Indiquez une commune du périmètre du service : un nom ou un code postal."))  # fmt: skip
        return None

    def _by_shape(self, commune: Zone, margin: int) -> Target:
        drawn = shape_from_geojson(self.cleaned_data["shape"], targets.MOST_DRAWN)
        return targets.of_drawing(drawn, margin, commune)

    def _by_parcels(self, commune: Zone, margin: int) -> Target | None:
        parcels, problems = read_parcels(self.cleaned_data["parcels"], commune)
        for problem in problems[:20]:
            self.add_error("parcels", problem)
        if problems or not parcels:
            return None
        whole = Parcel.objects.coded([parcel.code for parcel in parcels])
        return targets.of_parcels(list(whole), margin, commune)

    def _by_street(self, commune: Zone, margin: int) -> Target | None:
        words = self.cleaned_data["street"]
        found = list(Street.objects.in_commune(commune).named(words)[:MOST])
        found = [street for street in found if street.search_name == fold(words)] or found
        if len(found) == 1:
            return targets.of_street(found[0], margin)
        self._unsure("street", commune, [str(street) for street in found])
        return None

    def _by_centre(self, commune: Zone, _margin: int) -> Target | None:
        found = list(Address.objects.in_commune(commune).named(self.cleaned_data["centre"])[:MOST])
        found = [one for one in found if not one.suffix] if len(found) > 1 else found
        if len(found) == 1:
            radius = self.cleaned_data["radius"] or USUAL_RADIUS
            target = targets.of_circle(found[0].lon, found[0].lat, radius, commune)
            check_shape(target.shape)
            return target
        self._unsure("centre", commune, [str(one) for one in found])
        return None

    def _unsure(self, name: str, commune: Zone, found: list[str]) -> None:
        """Say that nothing answers, or what does."""
        if found:
            self.add_error(name, _("Écrivez lequel : %s.") % ", ".join(found))
        elif not Street.objects.in_commune(commune).exists():
            sentence = _("Les adresses de %s ne sont pas connues ici : dessinez la zone ou donnez des parcelles.")
            self.add_error(name, sentence % commune.name)
        else:
            self.add_error(name, _("Rien ne porte ce nom à %s : vérifiez l’orthographe.") % commune.name)


def communes_named(voice: Voice, words: str) -> list[Zone]:
    """The communes in the reach of `voice` that one may mean by a name or a code; its own when one says nothing."""
    reach = zones_open_to(voice).of_kind(Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT).defer("geometry")
    if not words.strip():
        return list(reach.filter(pk=voice.zone_id or 0)[:1])
    found = list(reach.filter(code=words.strip().upper())[:1]) or list(reach.named(fold_short(words))[:MOST])
    return exact(found, words) or found


def plausible(values: Iterable[Any]) -> list[str]:
    """Those that may be the number of a row: SQLite and PostgreSQL fail on a number too large for them."""
    texts = [str(value) for value in values]
    return [text for text in texts if number(text)]


def fold_short(words: str) -> str:
    """What someone typed, its short words made long: « st » is « saint »."""
    return " ".join(SHORT.get(word, word) for word in fold(words).split())


def zones_named(voice: Voice, words: str, aim: str = "") -> list[Zone]:
    """The zones in the reach of `voice` that bear a name or a postal code; MOST at most, the likeliest first."""
    zones = zones_open_to(voice).named(fold_short(words)).defer("geometry")
    if aim in Zone.Kind.values:
        asked = list(zones.of_kind(*ASKED.get(Zone.Kind(aim), (aim,)))[:MOST])
        if asked:
            return asked
    return list(zones[:MOST])


def exact(zones: list[Zone], words: str) -> list[Zone]:
    """The only one found, or the only one so named: what needs no second question."""
    same = [zone for zone in zones if zone.search_name == fold(words)]
    if len(zones) == 1 or len(same) == 1:
        return same or zones
    return []


def named(zone: Zone) -> str:
    """« Beauvais (commune) », « Canton de Chantilly », « CC Thelloise », « Oise (département) »."""
    if zone.kind in {Zone.Kind.CANTON, Zone.Kind.EPCI}:
        return zone.short_name
    return f"{zone.name} ({zone.get_kind_display()})"


def _several() -> str:
    return _("Choisissez une seule façon : un dessin, des parcelles, une rue ou une adresse. Effacez les autres.")


def _nothing() -> str:
    return _("Dites où : dessinez sur le plan, ou donnez des parcelles, une rue ou une adresse.")
