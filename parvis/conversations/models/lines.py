"""What is said in conversations: lines, their files, the receipt of what a service was sent, what was decided."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.conversations.models.conversations import Conversation, Place, sides_of
from parvis.people.models import Person, Voice
from parvis.publications.models import Attached, Begun, Decision, State
from parvis.publications.models.publications import moderated_by

# What a moderator reads before and after what was reported, and nothing else of a conversation.
AROUND = 2


class LineQuerySet(models.QuerySet["Line"]):
    """Lines, asked in sentences; `visible_to` is their gate, and that of their files."""

    def visible_to(self, person: Person | None) -> "LineQuerySet":
        """Those online in conversations of `person`, after what they deleted for themselves."""
        if person is None:
            return self.none()
        mine = Conversation.objects.visible_to(person).filter(pk=OuterRef("conversation"))
        left = Place.objects.filter(person=person, conversation=OuterRef("conversation"))
        return self.filter(Exists(mine), ~Exists(left.filter(forgotten__gte=OuterRef("position"))), state=State.ONLINE)

    def open_to(self, person: Person | None) -> "LineQuerySet":
        """`visible_to`, plus what they wrote themselves that a moderator hid."""
        if person is None:
            return self.none()
        mine = Conversation.objects.visible_to(person).filter(pk=OuterRef("conversation"))
        left = Place.objects.filter(person=person, conversation=OuterRef("conversation"))
        own = Q(state=State.HIDDEN, author=person)
        kept = self.filter(Exists(mine), ~Exists(left.filter(forgotten__gte=OuterRef("position"))))
        return kept.filter(Q(state=State.ONLINE) | own)

    def under(self, moderator: Person) -> "LineQuerySet":
        """Those that someone reported, by a voice of the zones of `moderator`; never of a conversation of theirs."""
        theirs = Exists(sides_of(moderator).filter(conversation=OuterRef("conversation")))
        told = self.filter(moderated_by(moderator, "voice__zone"), reported_at__isnull=False)
        return told.filter(~theirs).exclude(state=State.WITHDRAWN)

    def in_order(self) -> "LineQuerySet":
        """As they were said."""
        return self.order_by("position", "pk")

    def shown(self) -> "LineQuerySet":
        """With what its page needs, in the same statement but for the files."""
        joined = self.select_related("voice__zone", "receipt").defer("voice__zone__geometry")
        return joined.prefetch_related("files")


class Line(models.Model):
    """What someone wrote in a conversation, for one of its sides. Its words go with it; its author, with the account.

    Personal data: until both sides deleted it or have no account any more (R-LAW-5, R-LAW-8).
    """

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="lines", db_index=False)
    author = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True, db_index=False)
    voice = models.ForeignKey(Voice, models.SET_NULL, related_name="+", null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ONLINE)
    position = models.BigIntegerField(default=0)
    body = models.TextField(_("message"), max_length=10_000)
    body_html = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    reported_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = LineQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["conversation", "position"], name="line_read"),
            models.Index(fields=["author", "-created_at"], name="line_pace"),
            models.Index(fields=["reported_at"], name="line_reported", condition=Q(reported_at__isnull=False)),
        )

    def __str__(self) -> str:
        return self.body[:60]

    def get_absolute_url(self) -> str:
        """Where it stands in its conversation."""
        return f"/messages/{self.conversation_id}/?depuis={self.position}#message-{self.pk}"

    def around(self) -> "tuple[list[Line], list[Line]]":
        """The few lines before and after it that a moderator reads with it."""
        near = Line.objects.filter(conversation=self.conversation_id, state=State.ONLINE).exclude(pk=self.pk).shown()
        before = list(near.filter(position__lt=self.position).order_by("-position")[:AROUND])
        return before[::-1], list(near.filter(position__gt=self.position).in_order()[:AROUND])


class Receipt(models.Model):
    """A service was sent this, on this day, under this number (CRPA L.112-11, R-LAW-26). It goes with the line."""

    line = models.OneToOneField(Line, models.CASCADE, primary_key=True, related_name="receipt")
    service = models.ForeignKey(Voice, models.SET_NULL, related_name="+", null=True)
    reference = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.reference


class LineFileQuerySet(models.QuerySet["File"]):
    """Files, asked in sentences; their gate is that of their line."""

    def visible_to(self, person: Person | None) -> "LineFileQuerySet":
        """Those of lines `person` may read."""
        return self.filter(Exists(Line.objects.visible_to(person).filter(pk=OuterRef("line"))))


class File(Attached):
    """A picture or a document of a line."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="files")
    file = models.FileField(upload_to="conversations/%Y/%m")

    objects = LineFileQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        """Where it is asked for."""
        return f"/messages/fichiers/{self.pk}/"


class Ruling(models.Model):
    """What a moderator decided on a line that was reported, and why (R-LAW-19)."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=Decision.Verdict.choices)
    rule = models.CharField(_("règle de la charte"), max_length=12, choices=Decision.Rule.choices, blank=True)
    reason = models.TextField(_("motif communiqué à l’auteur"), max_length=1_000, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict="restore") | ~Q(reason="") & ~Q(rule=""), name="line_ruling_reasoned"
            ),
        )

    def __str__(self) -> str:
        return f"{self.verdict} {self.line_id}"


class Draft(Begun):
    """What someone began to write in a conversation or, to begin one, to a voice."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+", null=True)
    to = models.ForeignKey(Voice, models.CASCADE, related_name="+", null=True)
    subject = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "conversation"], name="line_draft_once"),
            models.UniqueConstraint(fields=["person", "to"], name="line_draft_to_once"),
            models.CheckConstraint(
                condition=Q(conversation=None, to__isnull=False) | Q(conversation__isnull=False, to=None),
                name="line_draft_somewhere",
            ),
        )
