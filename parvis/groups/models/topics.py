"""What is said in a group: topics, and the messages of each in the order in which they appeared."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from parvis.groups.models.groups import Group, Member, belongs
from parvis.people.models import Person, Voice
from parvis.publications.models import Begun, State
from parvis.publications.models.publications import moderated_by, voiced_by


def animated_by(person: Person, group: str) -> Q:
    """Rows whose group, at `group`, `person` looks after."""
    return Q(Exists(Member.objects.animators().filter(person=person, group=OuterRef(group))))


class TopicQuerySet(models.QuerySet["Topic"]):
    """Topics, asked in sentences; `visible_to` is their gate."""

    def visible_to(self, person: Person | None) -> "TopicQuerySet":
        """Those online in groups whose discussions `person` (None: a visitor) may read."""
        public = Q(group__access=Group.Access.PUBLIC)
        mine = public if person is None else public | Q(belongs(person, "group__"))
        return self.filter(mine, state=State.ONLINE, group__voice__closed_at=None)

    def open_to(self, person: Person | None) -> "TopicQuerySet":
        """`visible_to`, plus what their voices opened and what they look after, for the page of one."""
        if person is None:
            return self.visible_to(None)
        reads = Exists(Group.objects.read_by(person).filter(pk=OuterRef("group")))
        own = voiced_by(person) | animated_by(person, "group")
        return self.filter(Q(reads), Q(state=State.ONLINE) | own).exclude(state=State.WITHDRAWN)

    def listed(self) -> "TopicQuerySet":
        """Pinned first, then the last heard."""
        return self.order_by("-pinned", "-position")

    def shown(self) -> "TopicQuerySet":
        """With what a row needs."""
        return self.select_related("voice__zone", "group__voice").defer("voice__zone__geometry")


class Topic(models.Model):
    """Something talked about. Its first message says what; its state is that message's."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="topics", db_index=False)
    author = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True)
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="+")
    title = models.CharField(_("titre"), max_length=160)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ONLINE)
    pinned = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(_("raison"), max_length=300, blank=True)
    # The message that answers it, chosen by whoever opened it or an animator.
    answer = models.ForeignKey("Message", models.SET_NULL, related_name="+", null=True)
    opened_at = models.DateTimeField(default=timezone.now)
    # Of its last message online: the order of lists, and what « new » is told by.
    position = models.BigIntegerField(default=0)
    # Messages online but the first.
    reply_count = models.PositiveIntegerField(default=0)

    objects = TopicQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["group", "state", "-pinned", "-position"], name="topic_listed"),
            models.Index(
                fields=["group", "-opened_at"], name="topic_unanswered", condition=Q(state="online", reply_count=0)
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page; the slug decides nothing."""
        return f"/groupes/sujets/{slugify(self.title)[:80].strip('-') or 'sujet'}-{self.pk}/"

    @property
    def heard_at(self) -> datetime | None:
        """When its last message appeared."""
        return datetime.fromtimestamp(self.position >> 20, UTC) if self.position else None


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages, asked in sentences; `visible_to` is their gate, and that of their files and polls."""

    def visible_to(self, person: Person | None) -> "MessageQuerySet":
        """Those online in a topic `person` may read."""
        topic = Topic.objects.visible_to(person).filter(pk=OuterRef("topic"))
        return self.filter(Exists(topic), state=State.ONLINE)

    def open_to(self, person: Person | None) -> "MessageQuerySet":
        """`visible_to`, plus their own and what they look after, of topics open to them."""
        if person is None:
            return self.visible_to(None)
        topic = Exists(Topic.objects.open_to(person).filter(pk=OuterRef("topic")))
        own = voiced_by(person) | animated_by(person, "topic__group")
        return self.filter(Q(topic), Q(state=State.ONLINE) | own).exclude(state=State.WITHDRAWN)

    def written_by(self, person: Person) -> "MessageQuerySet":
        """Those of every voice `person` speaks in."""
        return self.filter(voiced_by(person))

    def under(self, moderator: Person) -> "MessageQuerySet":
        """Those that `moderator` may decide on: of groups they animate, or of their zones; never their own (R-MOD-8).

        Of a group that not everyone reads, those of their zones are only those that someone reported.
        """
        theirs = animated_by(moderator, "topic__group")
        public = Q(topic__group__access=Group.Access.PUBLIC) | Q(reported_at__isnull=False)
        zones = moderated_by(moderator, "topic__group__voice__zone") & public
        return self.filter(theirs | zones).exclude(author=moderator).exclude(voiced_by(moderator))

    def awaiting(self, moderator: Person) -> "MessageQuerySet":
        """Those that wait for the decision of `moderator`."""
        return self.under(moderator).filter(state=State.PENDING)

    def in_order(self) -> "MessageQuerySet":
        """As they appeared."""
        return self.order_by("position", "pk")

    def shown(self) -> "MessageQuerySet":
        """With what its page needs, in the same statement but for the files."""
        joined = self.select_related("voice__zone", "quoted__voice", "poll").defer("voice__zone__geometry")
        return joined.prefetch_related("files")


class Message(models.Model):
    """One message of a topic, by a voice. `position` is when it appeared; null until it does."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="messages", db_index=False)
    author = models.ForeignKey(Person, models.SET_NULL, related_name="group_messages", null=True)
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ONLINE)
    position = models.BigIntegerField(null=True)
    opens = models.BooleanField(default=False)
    quoted = models.ForeignKey("self", models.SET_NULL, related_name="+", null=True)
    body = models.TextField(_("message"), max_length=10_000)
    body_html = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["topic", "position"], name="message_read", condition=Q(state="online")),
            models.Index(fields=["topic", "id"], name="message_unread", condition=~Q(state="online")),
            models.Index(fields=["voice", "-created_at"], name="message_of_voice"),
            models.Index(fields=["author", "-created_at"], name="message_pace"),
            models.Index(fields=["state", "created_at"], name="message_waiting", condition=Q(state="pending")),
        )

    def __str__(self) -> str:
        return self.body[:60]

    def get_absolute_url(self) -> str:
        """Where it stands in its topic."""
        return f"/groupes/messages/{self.pk}/"


class Revision(models.Model):
    """What a message said before a correction: anyone who reads the message reads it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="revisions")
    at = models.DateTimeField(default=timezone.now)
    body_html = models.TextField()

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.message_id} {self.at:%Y-%m-%d}"


class Mention(models.Model):
    """Someone in the group is named in a message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="mentions")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["message", "person"], name="mention_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.message_id}"


class Reading(models.Model):
    """How far someone read a topic: theirs alone, never a receipt. Gone with their account (R-LAW-5)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+")
    position = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "topic"], name="reading_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.topic_id}"


class Draft(Begun):
    """What someone began to write in a group."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="+")
    # None: a topic to open.
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+", null=True)
    title = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "topic"], name="draft_once"),
            models.UniqueConstraint(fields=["person", "group"], condition=Q(topic=None), name="draft_to_open_once"),
        )


class Reaction(models.Model):
    """A word one adds to a message in one click. Nobody sees a score; its author alone learns that there are some."""

    class Kind(models.TextChoices):
        """Three, and no dislike."""

        THANKS = "thanks", _("Merci")
        AGREE = "agree", _("D’accord")
        IN = "in", _("J’en suis")

    message = models.ForeignKey(Message, models.CASCADE, related_name="reactions")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["message", "person"], name="reaction_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"
