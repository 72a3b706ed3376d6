"""Forms of discussions: open a topic, answer, correct, move."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.groups.actions.attaching import Question
from parvis.groups.forms.groups import MemberVoicedForm
from parvis.groups.friction import given_away
from parvis.groups.models import Draft, Message, Poll, Topic
from parvis.people.models import Person
from parvis.publications.forms.documents import AttachedForm
from parvis.publications.forms.writing import MARKDOWN, VersionForm
from parvis.publications.models import State

# Topics offered to receive a message.
OFFERED = 50


class MessageForm(MemberVoicedForm, AttachedForm):
    """A message in a topic; `kept` is the draft it begins with."""

    body = forms.CharField(
        label=gettext_lazy("Votre message"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("@ suivi d’un nom prévient un membre. **Gras**, *italique* et [lien](https://…)."),
        error_messages={"required": gettext_lazy("Écrivez votre message.")},
    )
    quoted = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Person, kept: Draft | None = None, **kwargs: Any) -> None:
        super().__init__(*args, person=person, kind="message", **kwargs)
        self.person, self.kept = person, kept
        # Shown once something of someone was found in the text.
        self.asks = False

    def clean_body(self) -> str:
        """The text; what it seems to give away of someone is asked about once (R-MOD-17)."""
        body: str = self.cleaned_data["body"]
        found = given_away(body)
        if found and not self.data.get("sure"):
            self.asks = True
            words = _("Ce texte contient %(what)s. Si cela concerne quelqu’un d’autre, retirez-le ; sinon, confirmez.")
            raise forms.ValidationError(words % {"what": ", ".join(found)})
        return body

    @property
    def quoted_message(self) -> Message | None:
        """What it answers, if its author may read it."""
        number = str(self["quoted"].value() or "")
        if not (number.isascii() and number.isdigit()):
            return None
        return Message.objects.visible_to(self.person).shown().filter(pk=number).first()


class TopicForm(MessageForm):
    """A topic: its title and its first message."""

    title = forms.CharField(
        label=gettext_lazy("Titre"),
        max_length=160,
        help_text=gettext_lazy("Une question ou une proposition, en une ligne."),
        error_messages={"required": gettext_lazy("Donnez un titre.")},
    )

    question = forms.CharField(label=gettext_lazy("Question du sondage"), max_length=200, required=False)
    choices = forms.CharField(
        label=gettext_lazy("Réponses proposées"),
        max_length=1_600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Une par ligne, deux à douze."),
    )
    multiple = forms.BooleanField(label=gettext_lazy("Plusieurs réponses possibles"), required=False)
    shown = forms.ChoiceField(label=gettext_lazy("Le résultat se lit"), choices=Poll.Shown.choices, required=False)
    ends_on = forms.DateField(label=gettext_lazy("Jusqu’au"), required=False)

    def clean(self) -> dict[str, Any] | None:
        """A poll has a question, answers and an end."""
        cleaned = super().clean()
        data = self.cleaned_data
        if data.get("question") or data.get("choices"):
            for name, words in (
                ("question", _("Écrivez la question.")),
                ("choices", _("Proposez au moins deux réponses.")),
                ("ends_on", _("Indiquez jusqu’à quand on répond.")),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return cleaned

    @property
    def poll(self) -> Question | None:
        """The poll, ready for the action."""
        data = self.cleaned_data
        if not data.get("question"):
            return None
        ends_at = datetime.combine(data["ends_on"], time(23, 59), timezone.get_current_timezone())
        shown = data["shown"] or Poll.Shown.VOTED
        return Question(data["question"], data["choices"].splitlines(), ends_at, data["multiple"], shown)


class EditForm(VersionForm):
    """Other words for a message."""

    body = forms.CharField(
        label=gettext_lazy("Votre message"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=MARKDOWN,
        error_messages={"required": gettext_lazy("Écrivez votre message.")},
    )

    def __init__(self, message: Message, data: Any = None) -> None:
        super().__init__(data, initial={"body": message.body})
        self.guard(message)


class TopicField(forms.ModelChoiceField[Topic]):
    """A topic of the group."""

    def label_from_instance(self, obj: Topic) -> str:
        return obj.title


class MoveForm(forms.Form):
    """Where a message goes: a topic of the group, or a new one with a title."""

    topic = TopicField(
        label=gettext_lazy("Dans un sujet du groupe"),
        queryset=Topic.objects.none(),
        required=False,
        empty_label=gettext_lazy("Un nouveau sujet"),
    )
    title = forms.CharField(label=gettext_lazy("Titre du nouveau sujet"), max_length=160, required=False)
    following = forms.BooleanField(label=gettext_lazy("Avec les messages qui suivent"), required=False)

    def __init__(self, message: Message, data: Any = None) -> None:
        super().__init__(data)
        others = Topic.objects.filter(group=message.topic.group_id, state=State.ONLINE).exclude(pk=message.topic_id)
        offered = list(others.order_by("-position").values_list("pk", flat=True)[:OFFERED])
        field = self.fields["topic"]
        assert isinstance(field, TopicField)
        field.queryset = Topic.objects.filter(pk__in=offered).order_by("-position")

    def clean(self) -> dict[str, Any] | None:
        """A topic or a title."""
        cleaned = super().clean()
        if not self.cleaned_data.get("topic") and not self.cleaned_data.get("title"):
            self.add_error("title", _("Donnez un titre au nouveau sujet, ou choisissez un sujet du groupe."))
        return cleaned
