"""Forms of private messages: write, answer, close, choose who writes."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from parvis.conversations.actions.keeping import CLOSED_FOR
from parvis.conversations.models import Draft
from parvis.conversations.rights import voices_of
from parvis.core.once import OnceForm
from parvis.people.models import Person, Voice
from parvis.publications.forms.documents import AttachedForm
from parvis.publications.forms.writing import VoicedForm


class BodyForm(AttachedForm):
    """A message, and what goes with it; `kept` is the draft it begins with."""

    body = forms.CharField(
        label=_("Votre message"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Écrivez votre message.")},
    )

    def __init__(self, *args: Any, kept: Draft | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept


class AnswerForm(OnceForm, BodyForm):
    """The next words of a conversation; `seen` is how far its author had read (R-REL-10)."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # A colleague answered meanwhile, and the page shows it now.
    overtaken = False


class BeginForm(VoicedForm, BodyForm):
    """The first words to someone; with a subject when it is a request to a service."""

    subject = forms.CharField(
        label=_("Objet"),
        max_length=160,
        help_text=_("En une ligne : c’est ce que le service lit d’abord."),
        error_messages={"required": _("Donnez un objet à votre demande.")},
    )

    def __init__(self, *args: Any, person: Person, to: Voice, **kwargs: Any) -> None:
        # To a person, one writes in one's own name.
        super().__init__(*args, person=person, kind="own" if to.kind == Voice.Kind.HABITANT else "any", **kwargs)
        if to.kind != Voice.Kind.SERVICE:
            del self.fields["subject"]
        self.order_fields(["key", "voice", "subject", "body", "image", "image_alt", "documents"])

    @staticmethod
    def voices_of(person: Person, kind: str) -> QuerySet[Voice]:
        offered = voices_of(person)
        return offered.filter(person=person) if kind == "own" else offered


class CloseForm(forms.Form):
    """Why, and for how long, an organisation takes no message from someone."""

    days = forms.TypedChoiceField(
        label=_("Pendant"), choices=[(days, _("%(days)s jours") % {"days": days}) for days in CLOSED_FOR], coerce=int
    )
    reason = forms.CharField(
        label=_("Motif"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Envoyé à la personne tel quel, avec la façon de contester."),
        error_messages={"required": _("Écrivez pourquoi : la personne reçoit ce motif.")},
    )


class WritersForm(forms.Form):
    """Who may write to one, and what they see."""

    writers = forms.ChoiceField(
        label=_("Qui peut vous écrire"),
        choices=Person.Writers.choices,
        widget=forms.RadioSelect,
        help_text=_("Qui ne fait pas partie de vos contacts arrive dans vos demandes, jamais parmi vos messages."),
    )
    shows_reading = forms.BooleanField(
        label=_("Dire à vos correspondants que vous avez lu leur message"),
        required=False,
        help_text=_("Personne ne le sait tant que vous ne l’avez pas choisi."),
    )
