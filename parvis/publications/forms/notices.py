"""The form of a notice, and that of the second person who reads it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.once import OnceForm
from parvis.people.models import Person
from parvis.publications.actions.composing import NOTICE_LASTS, too_late
from parvis.publications.forms.aiming import AimForm, exact, named, zones_named
from parvis.publications.forms.writing import PictureForm, VersionForm, VoicedForm, WordsForm
from parvis.publications.models import Publication, Purpose
from parvis.territory.models import Zone

__all__ = ["NoticeForm", "RetargetForm", "SecondForm", "exact", "named", "zones_named"]

# How long a notice stays if one changes nothing, and what fits on one line of a card.
USUAL, TITLE = timedelta(days=30), 90


class NoticeForm(VoicedForm, AimForm, WordsForm, PictureForm):
    """A notice of a service to zones by name, or to a zone on the plan."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("Motif"),
        choices=Purpose.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Liste fermée : pas d’avis ciblé pour la promotion ni pour un message politique."),
        error_messages={
            "required": gettext_lazy("Choisissez un motif."),
            "invalid_choice": gettext_lazy("Choisissez l’un des quatre motifs."),
        },
    )
    is_alert = forms.BooleanField(
        label=gettext_lazy("C’est une alerte : un danger pour les personnes ou les biens"),
        help_text=gettext_lazy("Elle part aussitôt par courriel à toutes les personnes concernées."),
        required=False,
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Expire le"),
        help_text=gettext_lazy("90 jours au plus. Ensuite, l’avis quitte les fils et les pages."),
        error_messages={
            "required": gettext_lazy("Indiquez jusqu’à quand l’avis reste affiché."),
            "invalid": gettext_lazy("Écrivez une date, par exemple 24/12/2026."),
        },
    )
    answerable = forms.BooleanField(
        label=gettext_lazy("Autoriser les réponses"),
        help_text=gettext_lazy("Elles arrivent au service, pas dans le fil."),
        required=False,
    )

    drop_image = forms.BooleanField(label=gettext_lazy("Retirer cette image"), required=False)

    def __init__(
        self,
        *args: Any,
        person: Person,
        found: list[Zone] | None = None,
        keeps_image: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, person=person, kind="notice", **kwargs)
        self.keeps_image = keeps_image
        title = self.fields["title"]
        title.help_text = _("Dites quoi et quand, en %(count)s signes au plus.") % {"count": TITLE}
        title.widget = forms.Textarea(attrs={"rows": 2, "maxlength": TITLE})
        self.fields["body"].widget.attrs["rows"] = 5
        self.fields["expires_on"].initial = timezone.localdate() + USUAL
        self.offer(self.chosen_voice, found or [], person)

    def clean_title(self) -> str:
        """One line or two of a card."""
        title: str = self.cleaned_data["title"]
        if len(title) > TITLE:
            raise forms.ValidationError(
                _("Raccourcissez le titre : %(count)s signes sur %(most)s.") % {"count": len(title), "most": TITLE}
            )
        return title

    def clean_expires_on(self) -> date:
        """A day to come, not too far."""
        day: date = self.cleaned_data["expires_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choisissez une date à venir."))
        if day > timezone.localdate() + NOTICE_LASTS:
            raise forms.ValidationError(too_late(timezone.now()))
        return day

    def clean(self) -> dict[str, Any] | None:
        """Whom it is for; and someone else of the service when that is finer than a commune."""
        cleaned = super().clean()
        kept = self.keeps_image and not self.cleaned_data.get("drop_image")
        if kept and not self.cleaned_data.get("image_alt") and "image_alt" not in self.errors:
            self.add_error("image_alt", _("Décrivez l’image en quelques mots."))
        # Even when the voice is wrong, so that everything to correct is said at once.
        self.aimed()
        return cleaned

    @property
    def expires_at(self) -> datetime:
        """The end of the last day."""
        return datetime.combine(self.cleaned_data["expires_on"], time(23, 59, 59), timezone.get_current_timezone())


class RetargetForm(OnceForm, AimForm):
    """Another zone for a notice online; the form carries the version one read."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, publication: Publication, person: Person, found: list[Zone] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.publication, self.present = publication, publication.version
        self.initial.setdefault("version", publication.version)
        self.offer(publication.voice, found or [], person)

    def clean(self) -> dict[str, Any] | None:
        """Whom it is for now."""
        cleaned = super().clean()
        self.aimed()
        return cleaned

    def read_again(self) -> None:
        """Let what was typed be sent again, once one has read the notice as it is now."""
        assert isinstance(self.data, MultiValueDict)
        self.data = self.data.copy()
        self.data["version"] = str(self.present)


class SecondForm(VersionForm):
    """What the second person decides; the form carries the version they read."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Votre décision"),
        choices=[
            ("approve", gettext_lazy("Faire partir l’avis")),
            ("return", gettext_lazy("Le renvoyer à son auteur")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez : faire partir l’avis, ou le renvoyer.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Raison, si vous le renvoyez"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Son auteur la lit, et retrouve son brouillon tel qu’il l’a écrit."),
    )

    def __init__(self, publication: Publication, data: Any = None) -> None:
        super().__init__(data)
        self.guard(publication)

    def clean(self) -> dict[str, Any]:
        """One says why one sends back."""
        cleaned = super().clean()
        if cleaned.get("verdict") == "return" and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Écrivez pourquoi vous renvoyez cet avis : son auteur le lira."))
        return cleaned
