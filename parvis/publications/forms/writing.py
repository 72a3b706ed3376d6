"""Forms to publish a post, to correct what was published, to answer; and what the form of a notice is made of."""

from datetime import timedelta
from typing import Any, Protocol

from django import forms
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.once import OnceForm
from parvis.people.forms import CommuneForm
from parvis.people.models import Person, Voice
from parvis.publications.images import reencode
from parvis.publications.models import Publication
from parvis.publications.rights import KINDS_OF_VOICE

# Zones offered after a search; beyond, the name was too vague.
MOST = 12
# How long a notice stays if one changes nothing.
USUAL = timedelta(days=30)
MARKDOWN = gettext_lazy(
    "Une ligne vide sépare deux paragraphes ; **gras**, *italique* et [lien](https://…) sont possibles."
)


def voices_for(person: Person, kind: str) -> QuerySet[Voice]:
    """The voices in which `person` may publish this kind; an inhabitant's own first."""
    spoken = Voice.objects.spoken_by(person).in_office()
    return spoken.filter(kind__in=KINDS_OF_VOICE[kind]).order_by("-person", "search_name")


class VoiceField(forms.ModelChoiceField[Voice]):
    """In which voice one speaks; hidden when there is only one."""

    def label_from_instance(self, obj: Voice) -> str:
        return f"{obj.name} ({obj.badge_text})"


class VoicedForm(OnceForm):
    """Something said in a voice; once made, `alone` is the only voice there is, or None."""

    voice = VoiceField(
        label=gettext_lazy("Vous écrivez au nom de"),
        queryset=Voice.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choisissez au nom de qui vous écrivez.")},
    )

    def __init__(self, *args: Any, person: Person, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.voices_of(person, kind)
        self.voices = list(offered[:50])
        field = self.fields["voice"]
        assert isinstance(field, VoiceField)
        field.queryset = offered
        self.alone = self.voices[0] if len(self.voices) == 1 else None
        if self.alone:
            field.widget, self.initial["voice"] = forms.HiddenInput(), self.alone.pk
        if self.voices:
            field.initial = self.voices[0].pk

    @staticmethod
    def voices_of(person: Person, kind: str) -> QuerySet[Voice]:
        """Those one chooses among."""
        return voices_for(person, kind)

    @property
    def chosen_voice(self) -> Voice:
        """The voice chosen so far, else the first."""
        value = str(self["voice"].value())
        return next((voice for voice in self.voices if str(voice.pk) == value), self.voices[0])


class WordsForm(forms.Form):
    """A title and a text."""

    title = forms.CharField(
        label=gettext_lazy("Titre"),
        max_length=160,
        error_messages={"required": gettext_lazy("Donnez un titre.")},
    )
    body = forms.CharField(
        label=gettext_lazy("Texte"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=MARKDOWN,
        error_messages={"required": gettext_lazy("Écrivez un texte.")},
    )


class PictureForm(forms.Form):
    """An image and its description."""

    image = forms.FileField(
        label=gettext_lazy("Image"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG ou WebP, 8 Mo au plus. Les données cachées, dont le lieu de la prise de vue, sont retirées."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    image_alt = forms.CharField(
        label=gettext_lazy("Description de l’image"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Ce qu’on y voit, pour les personnes qui ne la voient pas."),
    )

    def clean_image(self) -> ContentFile[bytes] | None:
        """The image as we keep it."""
        upload = self.cleaned_data.get("image")
        return reencode(upload) if upload else None

    def clean(self) -> dict[str, Any] | None:
        """An image goes with its description."""
        cleaned = super().clean()
        if self.cleaned_data.get("image") and not self.cleaned_data.get("image_alt"):
            self.add_error("image_alt", _("Décrivez l’image en quelques mots."))
        return cleaned

    @property
    def lost_image(self) -> bool:
        """Whether an image was sent with a form that comes back: a browser does not keep it."""
        return bool(self.files.get("image"))


class PostForm(VoicedForm, WordsForm, CommuneForm, PictureForm):
    """A post to the inhabitants of a commune: one's own for an inhabitant, any for an organisation."""

    asks_canton = False

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, kind="post", **kwargs)
        self.fields["title"].required = False
        self.fields["body"].widget.attrs["rows"] = 6
        commune = self.fields["commune"]
        commune.required = False
        commune.label = _("Commune")
        commune.help_text = _("Pour une organisation, si ce n’est pas celle de son siège : un nom ou un code postal.")
        self.chooses_commune = any(voice.is_collective for voice in self.voices)
        if not self.chooses_commune:
            del self.fields["commune"]

    def clean(self) -> dict[str, Any] | None:
        """Only an organisation says which commune."""
        cleaned = super().clean()
        voice = self.cleaned_data.get("voice")
        if voice and not voice.is_collective and self.cleaned_data.get("commune"):
            self.add_error("commune", _("Laissez ce champ vide : une personne s’adresse à sa commune."))
        return cleaned


class Versioned(Protocol):
    """What is changed, and counts its changes."""

    version: int


class VersionForm(forms.Form):
    """Mixin for a form that changes something said: refuses to write over what someone else changed meanwhile.

    `is_stale` says that it did: the page shows the present text, and the same form sent again is taken (R-REL-10).
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    is_stale = False

    def guard(self, publication: Versioned) -> None:
        """Remember which text is being changed."""
        self.initial["version"] = publication.version
        seen = self.data.get("version")
        if seen and str(seen) != str(publication.version):
            self.is_stale = True
            self.data = {**dict(self.data.items()), "version": publication.version}

    def clean(self) -> dict[str, Any]:
        """Nothing is written over before it was read."""
        cleaned = super().clean() or {}
        if self.is_stale:
            self.add_error(
                None,
                _("Ce texte a été corrigé entre-temps : lisez-le ci-dessous, reprenez le vôtre, puis renvoyez-le."),
            )
        return cleaned


class CorrectForm(VersionForm, WordsForm):
    """Other words for what was published."""

    def __init__(self, publication: Publication, data: Any = None) -> None:
        super().__init__(data, initial={"title": publication.title, "body": publication.body})
        self.guard(publication)
        self.fields["title"].required = publication.kind != Publication.Kind.POST


class ReplyForm(VoicedForm):
    """An answer under a publication: to an event, a comment."""

    body = forms.CharField(
        label=gettext_lazy("Votre réponse"),
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Écrivez votre réponse.")},
    )

    def __init__(self, data: Any = None, *, person: Person, on: Publication) -> None:
        # Who may publish may answer; the page of an event has other forms.
        super().__init__(data, person=person, kind="post", auto_id="reply_%s")
        if on.kind == Publication.Kind.EVENT:
            body = self.fields["body"]
            body.label, body.error_messages["required"] = _("Votre commentaire"), _("Écrivez votre commentaire.")
