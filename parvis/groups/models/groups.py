"""A group is an organisation (a `people.Voice`) with rules of its own: who enters, who writes, what is read first."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.people.models import Audience, Block, Person, Subscription, Voice
from parvis.publications.models.publications import moderated_by

# Where the row of a group stands, seen from one of its own things.
Path = str


def belongs(person: Person, group: Path = "") -> Exists:
    """Whether `person` belongs to the group at `group`: what the gate reads is the grant of a subscription."""
    grants = Subscription.objects.filter(person=person, grants=True, audience=OuterRef(f"{group}audience"))
    return Exists(grants)


class GroupQuerySet(models.QuerySet["Group"]):
    """Groups, asked in sentences; `visible_to` is the gate of what a group says of itself."""

    def visible_to(self, person: Person | None) -> "GroupQuerySet":
        """Those whose presentation `person` may read: all but the private ones they are neither in nor invited to."""
        there = self.filter(voice__closed_at=None)
        known = ~Q(access=Group.Access.PRIVATE)
        if person is None:
            return there.filter(known)
        invited = Invitation.objects.reaching(person).filter(group=OuterRef("pk"))
        return there.filter(known | Q(belongs(person)) | Q(Exists(invited)))

    def read_by(self, person: Person | None) -> "GroupQuerySet":
        """Those whose discussions `person` may read: the public ones, and theirs."""
        there = self.filter(voice__closed_at=None)
        open_to_all = Q(access=Group.Access.PUBLIC)
        return there.filter(open_to_all if person is None else open_to_all | Q(belongs(person)))

    def joined_by(self, person: Person) -> "GroupQuerySet":
        """Those `person` is a member of."""
        return self.filter(voice__closed_at=None, members__person=person)

    def animated_by(self, person: Person) -> "GroupQuerySet":
        """Those `person` is named to look after."""
        mine = Member.objects.filter(person=person, role=Member.Role.ANIMATOR)
        return self.filter(voice__closed_at=None, pk__in=mine.values("group"))

    def under(self, moderator: Person) -> "GroupQuerySet":
        """Those whose messages `moderator` may decide on: of their zones, or that they animate."""
        mine = Member.objects.filter(person=moderator, role=Member.Role.ANIMATOR)
        return self.filter(moderated_by(moderator, "voice__zone") | Q(pk__in=mine.values("group")))

    def found(self) -> "GroupQuerySet":
        """Those one comes across without knowing them, the last heard first."""
        # Not asked to be null: SQLite would begin by the index of all who are not closed, as long as a country.
        open_to = self.exclude(voice__closed_at__isnull=False)
        return open_to.exclude(access=Group.Access.PRIVATE).order_by("-position", "pk")

    def shown(self) -> "GroupQuerySet":
        """With what a card needs, in the same statement but for themes."""
        return self.select_related("voice__zone").defer("voice__zone__geometry").prefetch_related("themes")


class Group(models.Model):
    """The rules of a group; its name, place, main theme and words are those of its voice."""

    class Access(models.TextChoices):
        """Who reads it and how one enters."""

        PUBLIC = "public", _("Public")
        REQUEST = "request", _("Sur demande")
        PRIVATE = "private", _("Privé")

    class Mode(models.TextChoices):
        """Who writes, and what is read before it appears (R-MOD-2)."""

        INFORMATION = "information", _("Information")
        MODERATED = "moderated", _("Discussion modérée")
        FIRST = "first", _("Premier message relu")
        OPEN = "open", _("Discussion ouverte")

    voice = models.OneToOneField(Voice, models.CASCADE, primary_key=True, related_name="group")
    # Those who belong to it; the gate reads who does in `Subscription.grants`.
    audience = models.OneToOneField(Audience, models.PROTECT, related_name="group")
    access = models.CharField(_("accès"), max_length=8, choices=Access.choices, default=Access.PUBLIC)
    mode = models.CharField(_("discussion"), max_length=12, choices=Mode.choices, default=Mode.OPEN)
    # Minutes one waits between two messages; 0 when the pace is free (R-MOD-10).
    pace = models.PositiveSmallIntegerField(_("rythme"), default=0)
    rules = models.TextField(_("règles"), max_length=5_000, blank=True)
    rules_html = models.TextField(blank=True)
    # What a new member reads first.
    welcome = models.TextField(_("message d’accueil"), max_length=2_000, blank=True)
    welcome_html = models.TextField(blank=True)
    archived_at = models.DateTimeField(null=True)
    # Of its last message, else of its foundation: the order of directories.
    position = models.BigIntegerField(default=0)
    # Who is inside, counted again whenever someone comes or goes.
    habitants = models.PositiveIntegerField(default=0)
    associations = models.PositiveIntegerField(default=0)
    elus = models.PositiveIntegerField(default=0)
    services = models.PositiveIntegerField(default=0)
    founded_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = GroupQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["-position", "voice"], name="group_heard", condition=~Q(access="private")),)

    def __str__(self) -> str:
        return self.voice.name

    def get_absolute_url(self) -> str:
        """Its page; the slug decides nothing, the number does."""
        return self.voice.get_absolute_url()

    @property
    def last_heard(self) -> datetime | None:
        """When someone last said something in it."""
        seconds = self.position >> 20
        return datetime.fromtimestamp(seconds, UTC) if seconds > int(self.founded_at.timestamp()) else None

    @property
    def is_private(self) -> bool:
        """Whether nobody outside knows of it."""
        return self.access == Group.Access.PRIVATE

    @property
    def presentation(self) -> "Group | None":
        """Where pages read its rules and its welcome; None when a moderator hid them with the rest."""
        return None if self.voice.hidden_at else self


class GroupTheme(models.Model):
    """One of the themes of a group; the first is also that of its voice."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="themes")
    theme = models.CharField(max_length=12, choices=Voice.Theme.choices)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["group", "theme"], name="group_theme_once"),)
        indexes = (models.Index(fields=["theme", "group"], name="group_theme_found"),)

    def __str__(self) -> str:
        return self.get_theme_display()


class MemberQuerySet(models.QuerySet["Member"]):
    """Members, asked in sentences; `visible_to` is their gate."""

    def visible_to(self, person: Person | None) -> "MemberQuerySet":
        """Those whom `person` may see listed: the members of their own groups."""
        if person is None:
            return self.none()
        return self.filter(belongs(person, "group__"), group__voice__closed_at=None)

    def animators(self) -> "MemberQuerySet":
        """Those who look after a group, in person: named on its page."""
        return self.filter(role=Member.Role.ANIMATOR)

    def shown(self) -> "MemberQuerySet":
        """With what a signature needs, animators first."""
        return self.select_related("voice__zone").defer("voice__zone__geometry").order_by("role", "pk")


class Member(models.Model):
    """Someone in a group, in the voice in which they entered."""

    class Role(models.TextChoices):
        """What they do there; in this order in lists."""

        ANIMATOR = "animator", _("animation")
        MEMBER = "member", _("membre")

    group = models.ForeignKey(Group, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.CASCADE, related_name="groups")
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="+")
    role = models.CharField(_("rôle"), max_length=8, choices=Role.choices, default=Role.MEMBER)
    since = models.DateTimeField(default=timezone.now)
    # Their first message was let through (see Mode.FIRST).
    trusted_at = models.DateTimeField(null=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["group", "person"], name="member_once"),)
        indexes = (models.Index(fields=["group", "role", "id"], name="member_listed"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.group_id}"

    @property
    def may_write(self) -> bool:
        """Whether the group lets them write."""
        return not self.group.archived_at and (self.is_animator or self.group.mode != Group.Mode.INFORMATION)

    @property
    def is_animator(self) -> bool:
        """Whether they look after the group."""
        return self.role == Member.Role.ANIMATOR


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, asked in sentences."""

    def open(self) -> "InvitationQuerySet":
        """Those that can still be accepted: unanswered, recent, from someone who still animates (R-SEC-18)."""
        animates = Member.objects.animators().filter(group=OuterRef("group"), person=OuterRef("by"))
        return self.filter(Exists(animates), closed_at=None, expires_at__gt=timezone.now())

    def reaching(self, person: Person) -> "InvitationQuerySet":
        """Those that `person` finds: open, and not from someone they blocked, who is not told."""
        blocked = Block.objects.filter(person=person, voice__person=OuterRef("by"))
        return self.open().filter(~Exists(blocked), email=person.email)


class Invitation(models.Model):
    """A place kept for whoever owns an address, by one animator: another may keep one too, lest the first was blocked.

    Personal data: gone with the answer, or thirty days (R-LAW-5).
    """

    group = models.ForeignKey(Group, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("adresse électronique"))
    by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["group", "email", "by"], condition=Q(closed_at=None), name="invitation_once"
            ),
        )
        indexes = (models.Index(fields=["email"], name="invitation_to", condition=Q(closed_at=None)),)

    def __str__(self) -> str:
        return f"{self.group_id} {self.at:%Y-%m-%d}"
