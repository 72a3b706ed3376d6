"""Forms of calendars kept elsewhere: add one, say how it is read, stop it."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.agenda.forms.events import organisers
from parvis.agenda.imports import MOST_BYTES
from parvis.agenda.imports.tables import FIELDS
from parvis.agenda.models import Event, Reading, Source
from parvis.core.once import OnceForm
from parvis.outbound import Unreachable, checked
from parvis.people.models import Person, Voice
from parvis.people.places import communes_named
from parvis.territory.models import Zone

ACCEPTED = ".ics,.ical,.csv,.json,.jsonld,text/calendar,text/csv,application/json"


class FileField(forms.FileField):
    """A file that is a calendar, as its bytes."""

    widget = forms.ClearableFileInput(attrs={"accept": ACCEPTED})

    def clean(self, *args: Any, **kwargs: Any) -> UploadedFile[bytes] | None:
        """None of it is read beyond what we take."""
        upload: UploadedFile[bytes] | None = super().clean(*args, **kwargs) or None
        if upload and (upload.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _("Ce fichier dépasse %(most)s Mo : coupez-le en plusieurs.") % {"most": MOST_BYTES // 10**6}
            )
        return upload


class ReadingForm(forms.Form):
    """Where the events of a calendar are and what they are, when they do not say it."""

    commune = forms.CharField(
        label=gettext_lazy("Commune par défaut"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Pour les événements qui ne disent pas où ils sont : un nom ou un code postal."),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Catégorie par défaut"),
        choices=Event.Category.choices,
        initial=Event.Category.ASSOCIATION,
        help_text=gettext_lazy("Pour ceux dont les mots n’en disent aucune."),
    )

    def clean_commune(self) -> Zone | None:
        """The commune that these words name."""
        words = self.cleaned_data["commune"].strip()
        if not words:
            return None
        found = communes_named(words)
        if len(found) != 1:
            several = ", ".join(zone.name for zone in found[:4])
            raise forms.ValidationError(
                _("Plusieurs communes correspondent (%(names)s) : donnez un nom entier ou un code INSEE.")
                % {"names": several}
                if found
                else _("Indiquez une commune ou un code postal du territoire.")
            )
        return found[0]


class SettleForm(ReadingForm):
    """The same, of a calendar already there; of a table, which column is what."""

    def __init__(self, source: Source, columns: list[str], guessed: dict[str, str], data: Any) -> None:
        super().__init__(data, initial={"commune": spoken(source.commune), "category": source.category})
        self.names = [f"column_{name}" for name in FIELDS] if columns else []
        said = source.columns or guessed
        for name, label in FIELDS.items() if columns else ():
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=label,
                choices=[("", _("Aucune")), *((column, column) for column in dict.fromkeys(columns) if column)],
                initial=said.get(name, ""),
                required=name in {"title", "start"},
            )

    @property
    def columns(self) -> dict[str, str]:
        """Which column is what."""
        return {name: self.cleaned_data[f"column_{name}"] for name in FIELDS if self.cleaned_data[f"column_{name}"]}

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """The fields that say which column is what."""
        return [self[name] for name in self.names]


class AddSourceForm(OnceForm, ReadingForm):
    """A calendar, at an address or in a file, and in whose name its events are announced."""

    field_order = ("key", "voice", "url", "file")

    voice = forms.ModelChoiceField(
        label=gettext_lazy("Qui organise"), queryset=Voice.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    url = forms.CharField(
        label=gettext_lazy("Adresse du calendrier"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Le lien « iCal » de votre agenda en ligne. Il est relu toutes les six heures."),
        widget=forms.URLInput(attrs={"inputmode": "url"}),
    )
    file = FileField(
        label=gettext_lazy("Ou un fichier"),
        required=False,
        help_text=gettext_lazy("iCalendar (.ics), tableau CSV, JSON d’OpenAgenda ou de DATAtourisme ; 5 Mo au plus."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        voices = importers(person).select_related("zone")
        voice = self.fields["voice"]
        assert isinstance(voice, forms.ModelChoiceField)
        voice.queryset = voices
        voice.error_messages["required"] = _("Choisissez au nom de qui ses événements sont annoncés.")
        self.alone = voices[0] if len(voices[:2]) == 1 else None
        if self.alone:
            voice.widget, self.initial["voice"] = forms.HiddenInput(), self.alone.pk
            seat = self.alone.zone
            self.initial["commune"] = seat.name if seat and seat.joinable else ""

    def clean_url(self) -> str:
        """An address of the web; « webcal » is how calendars call it."""
        address: str = self.cleaned_data["url"].strip()
        if not address:
            return ""
        if address.lower().startswith(("webcal://", "webcals://")):
            address = "https://" + address.partition("://")[2]
        try:
            checked(address)
        except Unreachable as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return address

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        data = super().clean() or {}
        if not self.errors and bool(data.get("url")) == bool(data.get("file")):
            self.add_error("url", _("Donnez une adresse, ou choisissez un fichier : l’un des deux."))
        return data


class NewFileForm(forms.Form):
    """A file in its new version."""

    file = FileField(label=gettext_lazy("Nouvelle version du fichier"))
    file.error_messages["required"] = gettext_lazy("Choisissez le fichier.")


class StopForm(forms.Form):
    """What becomes of the events of a calendar that is followed no more."""

    withdraw = forms.ChoiceField(
        label=gettext_lazy("Ses événements à venir"),
        choices=[
            ("", gettext_lazy("Les garder : ils restent à l’agenda, et vous les corrigez à la main.")),
            ("1", gettext_lazy("Les retirer de l’agenda ; ceux où des personnes ont dit aller sont annulés.")),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )


def spoken(commune: Zone | None) -> str:
    """A commune as one may write it and be understood: by its name, or by its code when others bear it."""
    if commune is None:
        return ""
    return commune.name if communes_named(commune.name) == [commune] else commune.code


def importers(person: Person) -> QuerySet[Voice]:
    """The voices in which `person` may import a calendar: those of organisations, and of élus."""
    return organisers(person).exclude(kind=Voice.Kind.HABITANT)


def keys_shown(reading: Reading | None) -> set[str]:
    """The entries that look like another event, in what was read last."""
    return {remark["key"] for remark in reading.remarks if remark.get("key")} if reading else set()
