"""A conversation has two sides, each a voice: a person reads it while they speak in one of the two."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.people.models import Membership, Person, Voice
from parvis.people.models.voices import numbers_of


def sides_of(person: Person) -> "SideQuerySet":
    """The sides in which `person` speaks today: their own, and those of what they answer for."""
    return Side.objects.filter(voice__in=numbers_of(person, Membership.SPEAKING), voice__closed_at=None)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Conversations, asked in sentences; `visible_to` is their gate."""

    def visible_to(self, person: Person | None) -> "ConversationQuerySet":
        """Those of which `person` speaks for a side."""
        if person is None:
            return self.none()
        return self.filter(Exists(sides_of(person).filter(conversation=OuterRef("pk"))))


class Conversation(models.Model):
    """What two voices write to each other, in private. `pair` is theirs while there is no subject.

    To a service each request is a conversation of its own, with its subject.
    """

    subject = models.CharField(_("objet"), max_length=160, blank=True)
    pair = models.CharField(max_length=44, unique=True, null=True)  # noqa: DJ001 - one of each pair, many of none
    opened_at = models.DateTimeField(default=timezone.now)
    # Of its last line.
    position = models.BigIntegerField(default=0)

    objects = ConversationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.subject or str(self.pk)

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/messages/{self.pk}/"


class SideQuerySet(models.QuerySet["Side"]):
    """Sides, asked in sentences."""

    def taken(self) -> "SideQuerySet":
        """Those that began, or agreed to read."""
        return self.filter(accepted_at__isnull=False, declined_at=None)

    def asked(self) -> "SideQuerySet":
        """Those to whom a stranger writes, and who have not answered."""
        return self.filter(accepted_at=None, declined_at=None)

    def kept_by(self, person: Person) -> "SideQuerySet":
        """Without what `person` deleted for themselves, until something new is said."""
        left = Place.objects.filter(person=person, conversation=OuterRef("conversation"))
        return self.filter(~Exists(left.filter(forgotten__gte=OuterRef("position"))))


class Side(models.Model):
    """One of the two voices of a conversation. The voice goes with the account; what the other wrote stays theirs."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="sides", db_index=False)
    voice = models.ForeignKey(Voice, models.SET_NULL, related_name="+", null=True, db_index=False)
    began = models.BooleanField(default=False)
    accepted_at = models.DateTimeField(null=True)
    # Silently: the other side is told nothing of it.
    declined_at = models.DateTimeField(null=True)
    # Of the last line: the order of one's list.
    position = models.BigIntegerField(default=0)

    objects = SideQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["conversation", "voice"], name="side_once"),
            models.CheckConstraint(condition=Q(began=False) | Q(accepted_at__isnull=False), name="side_began"),
        )
        indexes = (models.Index(fields=["voice", "-position"], name="side_listed"),)

    def __str__(self) -> str:
        return f"{self.voice_id} in {self.conversation_id}"

    @property
    def heard_at(self) -> datetime | None:
        """When the last line was said."""
        return datetime.fromtimestamp(self.position >> 20, UTC) if self.position else None


class Place(models.Model):
    """How far someone read a conversation, and up to where they deleted it for themselves. Theirs alone (R-LAW-5)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="places")
    position = models.BigIntegerField(default=0)
    forgotten = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "conversation"], name="place_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.conversation_id}"


class ClosingQuerySet(models.QuerySet["Closing"]):
    """Closings, asked in sentences."""

    def current(self) -> "ClosingQuerySet":
        """Those that hold today."""
        return self.filter(until__gt=timezone.now())


class Closing(models.Model):
    """An organisation or an élu takes no message from someone for a while, for a reason that they are told (R-MOD-9).

    Kept six months after its end, for whoever contests it.
    """

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="+")
    other = models.ForeignKey(Voice, models.CASCADE, related_name="+")
    reason = models.TextField(_("motif"), max_length=1_000)
    by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    objects = ClosingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="closing_reasoned"),
            models.CheckConstraint(condition=~Q(voice=F("other")), name="closing_of_two"),
        )
        indexes = (models.Index(fields=["voice", "other", "-until"], name="closing_between"),)

    def __str__(self) -> str:
        return f"{self.voice_id} × {self.other_id}"
