"""Forms of the agenda: announce an event, correct it, find a place."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.core.files.base import ContentFile
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.agenda.actions import AHEAD, Details, Repeat, Span
from parvis.agenda.forms.repeats import RepeatFields
from parvis.agenda.likeness import lookalikes
from parvis.agenda.models import Event, Venue
from parvis.core.once import OnceForm
from parvis.people.models import Person, Voice
from parvis.people.places import MOST, communes_named
from parvis.publications.forms import VersionForm
from parvis.publications.images import reencode
from parvis.publications.rights import kinds_of_voice
from parvis.territory.models import Zone

# Further dates offered under the first one and at most, and how late a night may end on the next day.
MORE_DATES, MOST_MORE, LATE = 6, 59, time(6)
# Places proposed with a form.
KNOWN = 200
# What actions call details, field by field.
DETAILS = tuple(name for name in Details.__annotations__ if name != "origin")
# What a form says when one of these is missing: how to correct it.
ASKED = {
    "voice": gettext_lazy("Choisissez au nom de qui vous l’annoncez."),
    "title": gettext_lazy("Donnez un titre à l’événement."),
    "body": gettext_lazy("Dites en quelques phrases ce qui se passe."),
    "category": gettext_lazy("Choisissez une catégorie."),
    "day": gettext_lazy("Indiquez la date."),
    "start": gettext_lazy("Indiquez l’heure du début, ou cochez « Toute la journée »."),
    "venue": gettext_lazy("Indiquez le lieu : une salle, une place, une rue."),
    "commune_choice": gettext_lazy("Plusieurs communes correspondent : choisissez."),
    "commune": gettext_lazy("Indiquez une commune ou un code postal."),
}


class EventForm(RepeatFields):
    """What an event says of itself: words, times, place. `spans` and `comes_back` are the times, once it is valid."""

    title = forms.CharField(
        label=gettext_lazy("Titre"), max_length=160, help_text=gettext_lazy("Ce qui se passe, en une ligne.")
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Catégorie"), choices=[("", gettext_lazy("Choisir")), *Event.Category.choices]
    )
    body = forms.CharField(
        label=gettext_lazy("Texte"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy(
            "Une ligne vide sépare deux paragraphes ; **gras**, *italique* et [lien](https://…) sont possibles."
        ),
    )
    day = forms.DateField(label=gettext_lazy("Date"))
    start = forms.TimeField(label=gettext_lazy("Début"))
    end = forms.TimeField(label=gettext_lazy("Fin"), required=False)
    all_day = forms.BooleanField(label=gettext_lazy("Toute la journée"), required=False)
    last_day = forms.DateField(
        label=gettext_lazy("Jusqu’au"),
        required=False,
        help_text=gettext_lazy("Pour ce qui dure plusieurs jours d’affilée, comme une exposition."),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Comment y prendre part"),
        choices=[(value, capfirst(label)) for value, label in Event.Mode.choices],
        initial=Event.Mode.PLACE,
        widget=forms.RadioSelect,
        required=False,
    )
    online_url = forms.URLField(
        label=gettext_lazy("Adresse en ligne"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Pour ce qui se suit à distance."),
    )
    venue = forms.CharField(
        label=gettext_lazy("Lieu"),
        max_length=160,
        help_text=gettext_lazy("Salle des fêtes, place du marché… Les lieux connus de la commune sont proposés."),
        widget=forms.TextInput(attrs={"list": "known-venues", "autocomplete": "off", "data-venues": "/lieux/noms/"}),
    )
    address = forms.CharField(label=gettext_lazy("Adresse"), max_length=200, required=False)
    home_address = forms.CharField(
        label=gettext_lazy("Si c’est chez un particulier : son adresse"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Elle n’est montrée qu’aux personnes inscrites ; les autres ne voient que la commune."),
    )
    price = forms.CharField(
        label=gettext_lazy("Tarif"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("« Entrée libre », « 8 €, 5 € pour les moins de 12 ans »."),
    )
    is_free = forms.BooleanField(label=gettext_lazy("C’est gratuit"), required=False)
    conditions = forms.CharField(
        label=gettext_lazy("Conditions"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("« Sur réservation », « apportez une lampe »."),
    )
    min_age = forms.IntegerField(label=gettext_lazy("Dès (âge)"), min_value=0, max_value=120, required=False)
    max_age = forms.IntegerField(label=gettext_lazy("Jusqu’à (âge)"), min_value=0, max_value=120, required=False)
    access = forms.MultipleChoiceField(
        label=gettext_lazy("Accessible en cas de"),
        choices=Event.Need.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy(
            "Ce qui est vraiment prévu : rampe, boucle magnétique, langue des signes, texte simple."
        ),
    )
    keywords = forms.CharField(
        label=gettext_lazy("Mots-clés"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Séparés par des virgules."),
    )
    link = forms.URLField(
        label=gettext_lazy("Lien"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Billetterie ou page de l’événement."),
    )
    answerable = forms.BooleanField(
        label=gettext_lazy("Ouvrir les commentaires"),
        required=False,
        help_text=gettext_lazy(
            "Les personnes inscrites écrivent sous l’événement, et chacun les lit. Fermés, ceux déjà écrits restent."
        ),
    )
    link.validators.append(URLValidator(schemes=["http", "https"]))
    online_url.validators.append(URLValidator(schemes=["http", "https"]))

    def __init__(self, *args: Any, more: int = MORE_DATES, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spans: list[Span] = []
        self.comes_back: Repeat | None = None
        self.fields["start"].required = not self["all_day"].value()
        self.fields["venue"].required = self["mode"].value() != Event.Mode.ONLINE and not self["home_address"].value()
        for name, sentence in ASKED.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = sentence
        self.communes: list[int] = []
        self.more = [f"day_{number}" for number in range(2, min(more, MOST_MORE) + 2)]
        for number, name in enumerate(self.more, start=2):
            says = {"number": number}
            self.fields[name] = forms.DateField(label=_("Date n° %(number)s") % says, required=False)
            self.fields[f"start_{number}"] = forms.TimeField(label=_("Début n° %(number)s") % says, required=False)
            self.fields[f"end_{number}"] = forms.TimeField(label=_("Fin n° %(number)s") % says, required=False)

    @property
    def known_venues(self) -> list[Venue]:
        """The places of the directory in the communes it may be about."""
        return list(Venue.objects.visible_to(None).filter(commune__in=self.communes).shown()[:KNOWN])

    @property
    def more_dates(self) -> list[list[forms.BoundField]]:
        """The fields of the further times: day, start and end."""
        numbers = [name.removeprefix("day_") for name in self.more]
        return [[self[f"{part}_{number}"] for part in ("day", "start", "end")] for number in numbers]

    @property
    def has_more_dates(self) -> bool:
        """Whether one of them is filled: they are shown open."""
        return any(self[name].value() for name in self.more)

    def clean(self) -> dict[str, Any]:
        """Times that can be."""
        data = super().clean() or {}
        if (data.get("max_age") or 999) < (data.get("min_age") or 0):
            self.add_error("max_age", _("L’âge le plus grand vient après le plus petit."))
        if not self.errors:
            self.check_times(data)
        if not self.errors:
            first = self.span(data["day"], data)
            others = [self.other(name, data) for name in self.more if data.get(name)]
            self.comes_back = self.repeat_from(data["day"], data)
            ordered = sorted({span.starts_at: span for span in [*others, first]}.values())
            self.spans = [first, *(span for span in ordered if span != first)] if self.comes_back else ordered
        return data

    def clean_mode(self) -> str:
        """On the spot, when nothing else is said."""
        return str(self.cleaned_data["mode"] or Event.Mode.PLACE)

    def clean_access(self) -> str:
        """Needs as we keep them."""
        return " ".join(self.cleaned_data["access"])

    @property
    def details(self) -> Details:
        """What it says beside its words and times, as actions take it."""
        said = {name: self.cleaned_data[name] for name in DETAILS}
        if said["home_address"]:
            # Nothing of it may be read anywhere else (R-PRIV-12).
            said |= {"venue": _("Chez un particulier"), "address": ""}
        return cast("Details", said)

    def check_times(self, data: dict[str, Any]) -> None:
        """Say, on the field to correct, which time cannot be."""
        first, last, today = data["day"], data.get("last_day"), timezone.localdate()
        start, end = data.get("start"), data.get("end")
        for name in ["day", *self.more]:
            if data.get(name) and data[name] > today + AHEAD:
                self.add_error(name, _("Choisissez une date dans les deux ans qui viennent."))
        if last and last < first:
            self.add_error("last_day", _("La fin vient avant le début : choisissez une date plus tardive."))
        elif last and last - first > timedelta(days=365):
            self.add_error("last_day", _("Un événement dure un an au plus."))
        elif last and last > first and not end and not data["all_day"]:
            self.add_error("end", _("Indiquez l’heure de fin du dernier jour, ou cochez « Toute la journée »."))
        elif start and end and not data["all_day"] and end <= start and (last or first) == first and end > LATE:
            self.add_error("end", _("La fin vient avant le début : choisissez une heure plus tardive."))
        self.check_past(data, today)

    def check_past(self, data: dict[str, Any], today: date) -> None:
        """Refuse what is over."""
        for name in ["day", *self.more]:
            ends = data.get("last_day") if name == "day" else None
            again = name == "day" and data.get("repeat")
            if data.get(name) and (ends or data[name]) < today and not again:
                self.add_error(name, _("Cette date est passée : choisissez une date à venir."))

    def other(self, name: str, data: dict[str, Any]) -> Span:
        """A further time: at its own hours if it says some, else at those of the first."""
        number = name.removeprefix("day_")
        start, end = data.get(f"start_{number}"), data.get(f"end_{number}")
        return self.span(data[name], data | ({"start": start, "end": end, "last_day": None} if start else {}))

    def span(self, day: date, data: dict[str, Any]) -> Span:
        """The times of the event when its first day is `day`, in the territory's own time."""
        days = (data["last_day"] - data["day"]).days if data.get("last_day") else 0
        last = day + timedelta(days=days)
        if data["all_day"]:
            return Span(moment(day, time.min), moment(last + timedelta(days=1), time.min), all_day=True)
        start, end = data["start"], data.get("end")
        if end and days == 0 and end <= start:
            last += timedelta(days=1)
        return Span(moment(day, start), moment(last, end) if end else None)


class CorrectEventForm(VersionForm, EventForm):
    """Other words, times or place for an event."""

    def __init__(self, event: Event, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.guard(event.publication)
        self.communes = [event.commune_id]
        self.fields["venue"].widget.attrs["data-commune"] = event.commune.code


def moment(day: date, hour: time) -> datetime:
    """An instant, from what a clock in the territory shows."""
    return datetime.combine(day, hour, timezone.get_current_timezone())


class AnnounceForm(OnceForm, EventForm):
    """Announce an event: in which voice, where, and perhaps with an image."""

    # What is wrong is said in the order of the page.
    field_order = ("key", "voice")

    voice = forms.ModelChoiceField(
        label=gettext_lazy("Qui organise"),
        queryset=Voice.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    commune = forms.CharField(
        label=gettext_lazy("Commune"), max_length=80, help_text=gettext_lazy("Son nom ou son code postal.")
    )
    different = forms.BooleanField(label=gettext_lazy("C’est un autre événement"), required=False)
    commune_choice = forms.ChoiceField(label=gettext_lazy("Quelle commune"), required=False, widget=forms.RadioSelect)
    image = forms.FileField(
        label=gettext_lazy("Image"),
        required=False,
        help_text=gettext_lazy("JPEG, PNG ou WebP. Les données cachées, dont le lieu de prise de vue, sont retirées."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    image_alt = forms.CharField(
        label=gettext_lazy("Description de l’image"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Pour les personnes qui ne la voient pas."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        voices = organisers(person).select_related("zone")
        voice = self.fields["voice"]
        assert isinstance(voice, forms.ModelChoiceField)
        voice.queryset = voices
        self.alone = voices[0] if len(voices[:2]) == 1 else None
        if self.alone:
            voice.widget, self.initial["voice"] = forms.HiddenInput(), self.alone.pk
            seat = self.alone.zone
            self.fields["commune"].initial = seat.name if seat and seat.joinable else ""
        self.found: list[Zone] = []
        self.alike: list[Event] = []
        if self.is_bound and (words := self["commune"].value()):
            self.found = communes_named(str(words)[:80])
        seats = [one.pk for one in self.found] or [one.zone_id for one in voices if one.zone_id]
        self.communes = seats[:MOST]
        choice = self.fields["commune_choice"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(str(zone.pk), named(zone)) for zone in self.found[:MOST]]
        choice.required = self.is_ambiguous

    @property
    def is_ambiguous(self) -> bool:
        """Whether the words given for the commune name several."""
        return len(self.found) > 1

    def clean(self) -> dict[str, Any]:
        """The commune, among those its name or postal code may mean, and an image with its description."""
        data = super().clean()
        chosen = data.get("commune_choice")
        if "commune" in data:
            if len(self.found) == 1:
                data["commune"] = self.found[0]
            elif chosen:
                data["commune"] = next(zone for zone in self.found if str(zone.pk) == chosen)
            elif not self.found:
                self.add_error("commune", _("Indiquez une commune ou un code postal du territoire."))
        if not self.errors and not data.get("different"):
            self.alike = lookalikes(data["title"], data["commune"], self.spans[0].day)
            if self.alike:
                self.add_error(
                    "different", _("Il est peut-être déjà à l’agenda : regardez, puis cochez si c’en est un autre.")
                )
        if data.get("image") and not data.get("image_alt"):
            self.add_error("image_alt", _("Décrivez l’image en quelques mots."))
        return data

    def clean_image(self) -> ContentFile[bytes] | None:
        """The image as we keep it: drawn again, without what it hid."""
        upload = self.cleaned_data.get("image")
        return reencode(upload) if upload else None


def organisers(person: Person) -> QuerySet[Voice]:
    """The voices in which `person` may announce an event."""
    return Voice.objects.spoken_by(person).filter(kind__in=kinds_of_voice("event")).order_by("kind", "search_name")


def named(zone: Zone) -> str:
    """« Senlis (60300) »: two communes may bear one name."""
    return f"{zone.name} ({zone.postal_code or zone.code})"
