"""How often one wants the letter, and of which places."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from parvis.letters.models import Often, Rhythm
from parvis.people.models import Person, Place
from parvis.territory.models import Zone

EVERYWHERE = "partout"


class RhythmForm(forms.Form):
    """Two questions; a commune is one of those of their places."""

    often = forms.ChoiceField(label=_("Quand"), choices=Often.choices, widget=forms.RadioSelect)
    zone = forms.ChoiceField(label=_("Ce qu’elle raconte"), widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None, *, person: Person, chosen: Rhythm) -> None:
        super().__init__(data, initial={"often": chosen.often, "zone": str(chosen.zone_id or EVERYWHERE)})
        places = Place.objects.filter(person=person).select_related("zone").defer("zone__geometry").order_by("pk")
        self.zones: dict[str, Zone] = {str(place.zone_id): place.zone for place in places}
        # Of a place they left since, it goes on until they choose again.
        if chosen.zone is not None:
            self.zones.setdefault(str(chosen.zone_id), chosen.zone)
        communes = [(key, _("%(place)s seulement") % {"place": zone.name}) for key, zone in self.zones.items()]
        everywhere = (EVERYWHERE, _("Tous vos lieux, et ce que vous suivez"))
        field = self.fields["zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [everywhere, *communes]

    def clean_zone(self) -> Zone | None:
        """The commune itself; None for all one's places."""
        return self.zones.get(self.cleaned_data["zone"])
