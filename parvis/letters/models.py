"""What was sent and must never be sent twice; how often someone wants a letter, and the issues they got."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from parvis.core.models import JournalEntry
from parvis.notifications.models import Choice, Kind, channels_of
from parvis.people.models import Person
from parvis.territory.models import Zone


class Letter(models.Model):
    """A notification to one person about one act, written before it is sent: whoever finds the row sends nothing.

    When the answer of the mail server is lost, the outcome is unknown, and stays so (R-REL-6).
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        SENDING = "sending", _("en cours d’envoi")
        SENT = "sent", _("envoyée")
        UNKNOWN = "unknown", _("sort inconnu")

    entry = models.ForeignKey(JournalEntry, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.SENDING)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["entry", "person"], name="letter_once"),)

    def __str__(self) -> str:
        return f"{self.entry_id} → {self.person_id}"


class Often(models.TextChoices):
    """How often the letter comes."""

    WEEKLY = "weekly", _("Chaque semaine, le jeudi matin")
    DAILY = "daily", _("Chaque matin où il y a du nouveau")
    NEVER = "never", _("Jamais")


class Rhythm(models.Model):
    """What someone chose: how often, and one commune instead of all their places and what they follow.

    Until one chooses: every week, of all one's places. Personal data: as long as their account (R-LAW-5).
    """

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    often = models.CharField(max_length=6, choices=Often.choices, default=Often.WEEKLY)
    zone = models.ForeignKey(Zone, models.SET_NULL, related_name="+", null=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.often}"


def digest_of(email: str) -> str:
    """What remains of an address that wants no letter: enough to know it again, too little to read it."""
    return salted_hmac("parvis.letters.refusal", email.lower(), algorithm="sha256").hexdigest()


class Refusal(models.Model):
    """An address that said no by the link of a letter: kept when its account goes and comes back (R-REL-22).

    Personal data, without a name: until the same address asks for the letter again (R-LAW-5).
    """

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.digest[:12]


def rhythm_of(person: Person) -> Rhythm:
    """What `person` chose, or what holds until they choose; not saved."""
    chosen = Rhythm.objects.select_related("zone__successor").filter(person=person).first()
    if chosen is not None:
        # A commune that joined another is read as the other.
        chosen.zone = chosen.zone and (chosen.zone.successor or chosen.zone)
        return chosen
    # People of the demonstration read no mail; those one may become chose.
    refused = person.is_demo or Refusal.objects.filter(digest=digest_of(person.email)).exists()
    return Rhythm(person=person, often=Often.NEVER if refused else Often.WEEKLY)


# What can wait for the morning.
PATIENT = frozenset({Kind.REPLY, Kind.MENTION, Kind.GROUP, Kind.CONTACT})


def at_once(kind: str, chosen: Choice | None, often: str) -> bool:
    """Whether mail about this kind leaves when it happens: what can wait is in a daily letter, unless one chose."""
    waits = chosen is None and often == Often.DAILY and kind in PATIENT
    return channels_of(kind, chosen)[1] and not waits


def mails_at_once(person: Person, kind: str) -> bool:
    """`at_once`, for one person as they chose."""
    chosen = Choice.objects.filter(person=person, kind=kind).first()
    return at_once(kind, chosen, rhythm_of(person).often)


def wanting(often: str) -> "models.QuerySet[Person]":
    """Those who want a letter that often, but for refusals, which are known by address alone."""
    chosen = Rhythm.objects.filter(person=OuterRef("pk"))
    wants = Q(Exists(chosen.filter(often=often)))
    if often == Often.WEEKLY:
        wants |= ~Q(Exists(chosen)) & Q(is_demo=False)
    return Person.objects.filter(wants, is_active=True)


class Issue(models.Model):
    """The letter of one person for one period: written in the transaction that queues it, so at most one (R-REL-6).

    `picked` holds numbers and not words: it is read through the gates, when it leaves and whenever it is opened
    (R-SEC-3). Personal data: sixty days, and no longer than the account (R-LAW-5).
    """

    class State(models.TextChoices):
        """What became of it."""

        QUEUED = "queued", _("en attente")
        SENDING = "sending", _("en cours d’envoi")
        SENT = "sent", _("envoyée")
        UNKNOWN = "unknown", _("sort inconnu")
        REFUSED = "refused", _("refusée par le serveur de courrier")
        # On the site alone: too late for its day, no longer wanted, or nothing is left to say.
        KEPT = "kept", _("sur le site seulement")

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    period = models.CharField(max_length=10)
    # The only day on which it may leave, so that no two leave on one (R-MOD-16).
    day = models.DateField()
    zone = models.ForeignKey(Zone, models.SET_NULL, related_name="+", null=True)
    picked = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    # The entry of the journal with which it was queued.
    entry = models.BigIntegerField(db_index=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "period"], name="issue_once"),
            models.UniqueConstraint(fields=["person", "day"], name="issue_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.period} → {self.person_id}"

    def get_absolute_url(self) -> str:
        """Where its reader reads it."""
        return f"/mon-espace/lettres/{self.period}/"
