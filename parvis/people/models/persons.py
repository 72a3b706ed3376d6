"""A person with an account: private, never shown. What the public sees is a voice."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from parvis.territory.models import Zone


class PersonManager(BaseUserManager["Person"]):
    """Persons, made with an e-mail address and perhaps a password."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """A person; without a password they sign in by code."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Someone with an account. Personal data: name and e-mail, kept while the account lives (R-LAW-5)."""

    class Writers(models.TextChoices):
        """Who may write to them in private; a stranger's words wait apart all the same."""

        ALL = "all", _("Toute personne inscrite")
        KNOWN = "known", _("Vos contacts, et les membres de vos groupes")
        CONTACTS = "contacts", _("Vos contacts seulement")
        NOBODY = "nobody", _("Personne")

    email = models.EmailField(_("adresse électronique"), unique=True)
    name = models.CharField(_("nom affiché"), max_length=80)
    locale = models.CharField(max_length=5, default="fr")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    charter_version = models.CharField(max_length=20, blank=True)
    charter_accepted_at = models.DateTimeField(null=True)
    # Set when a moderator first lets their words through: from then on posts go online at once.
    trusted_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)
    # Whether the vault holds a point of theirs: said here, so that a page asks the vault for those people alone.
    is_located = models.BooleanField(default=False)
    # How many things are new to them, as the badge says: kept by `notifications`, read with the session.
    news = models.PositiveSmallIntegerField(default=0)
    # Whether others may follow what they say in their own name.
    takes_followers = models.BooleanField(default=True)
    # Empty until they choose: see `conversations.rights.writers_of`.
    writers = models.CharField(max_length=8, choices=Writers.choices, blank=True)
    # Whether those who write to them see that they have read it.
    shows_reading = models.BooleanField(default=False)

    # Read with the session, for the length of a request.
    seen_moderating: bool | None = None
    seen_leaving_out: bool | None = None
    seen_inside: bool | None = None
    seen_home: tuple[int | None, int | None] | None = None
    seen_split = False

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """What a session must match to go on: it ends when the password or the address changes (R-SEC-14)."""
        return salted_hmac("session", f"{self.password} {self.email}", algorithm="sha256").hexdigest()

    @property
    def home(self) -> "Place | None":
        """Where they live, as they said it."""
        return self.places.select_related("zone", "canton").filter(kind=Place.Kind.HOME).first()

    @property
    def lives_in(self) -> "tuple[int, int | None] | None":
        """The numbers of their commune and of their canton, if they said it; None without a place."""
        seen = self.seen_home
        if seen is None:
            seen = self.places.filter(kind=Place.Kind.HOME).values_list("zone", "canton").first()
        commune, canton = seen or (None, None)
        return (commune, canton) if commune else None

    @property
    def is_administrator(self) -> bool:
        """Whether they hold the role of administrator today."""
        return self.roles.current().filter(kind=Role.Kind.ADMINISTRATOR).exists()

    @property
    def is_moderator(self) -> bool:
        """Whether they decide on what waits, somewhere at least."""
        return self.roles.current().exists() if self.seen_moderating is None else self.seen_moderating

    @property
    def is_in_a_group(self) -> bool:
        """Whether they are a member of a group."""
        if self.seen_inside is not None:
            return self.seen_inside
        # Reason.MEMBER, whose module stands on this one.
        return self.subscriptions.filter(reason=0).exists()

    @property
    def leaves_out(self) -> bool:
        """Whether they muted a voice or an audience."""
        if self.seen_leaving_out is not None:
            return self.seen_leaving_out
        return self.mutes.exists() or self.subscriptions.filter(muted=True).exists()


class Place(models.Model):
    """A place of someone's life, as finely as they chose to say it. Kept while they want it (R-LAW-5, R-PRIV-16).

    `zone` is its commune, `canton` the one they said is theirs when the commune straddles several, `quartier` the
    neighbourhood they gave. The point of an exact place is in the vault, and nowhere else.
    """

    class Kind(models.TextChoices):
        """What it is to them."""

        HOME = "home", _("Domicile")
        WORK = "work", _("Lieu de travail")
        FAMILY = "family", _("Famille")
        SECOND = "second", _("Résidence secondaire")

    class Precision(models.TextChoices):
        """How finely they said it."""

        COMMUNE = "commune", _("Commune")
        QUARTIER = "quartier", _("Quartier")
        EXACT = "exact", _("Adresse exacte")

    person = models.ForeignKey(Person, models.CASCADE, related_name="places")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.HOME)
    precision = models.CharField(max_length=8, choices=Precision.choices, default=Precision.COMMUNE)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="+")
    canton = models.ForeignKey(Zone, models.PROTECT, related_name="+", null=True, blank=True)
    # The commune was split since they said it: they stay in it until they say in which part they live.
    to_say_again = models.BooleanField(default=False)
    quartier = models.ForeignKey(Zone, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person"], condition=Q(kind="home"), name="place_home_once"),
            models.CheckConstraint(
                condition=Q(precision="quartier") ^ Q(quartier=None), name="place_quartier_of_precision"
            ),
        )

    def __str__(self) -> str:
        return self.zone.name


class RoleQuerySet(models.QuerySet["Role"]):
    """Roles, asked in sentences."""

    def current(self) -> "RoleQuerySet":
        """Those not ended."""
        return self.filter(ended_at=None)


class Role(models.Model):
    """Who administers, and who moderates where. An administrator moderates everywhere."""

    class Kind(models.TextChoices):
        """What the role allows."""

        ADMINISTRATOR = "administrator", _("administration")
        MODERATOR = "moderator", _("modération")

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="+", null=True, blank=True)
    granted_by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True)
    granted_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="administrator", zone=None) | Q(kind="moderator", zone__isnull=False),
                name="role_zone",
            ),
            models.UniqueConstraint(fields=["person", "kind", "zone"], condition=Q(ended_at=None), name="role_once"),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(ended_at=None, zone=None), name="role_once_everywhere"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.zone or ''}".strip()
