"""What is new to someone, one row for each thing however often it happened; and what they chose to be told."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.people.models import Mute, Person, Voice

# Counted no further: a badge says « 99+ ».
MOST = 100


class Kind(models.TextChoices):
    """What one chooses to be told, by channel."""

    MESSAGE = "message", _("Messages reçus")
    REPLY = "reply", _("Réponses à ce que vous écrivez")
    MENTION = "mention", _("Messages où l’on vous nomme")
    GROUP = "group", _("Groupes : demandes, invitations, décisions")
    EVENT = "event", _("Événements où vous allez, événements et lieux que vous suivez")
    CONTACT = "contact", _("Demandes de contact")
    SERVICE = "service", _("Avis à relire avant l’envoi")
    DECISION = "decision", _("Décisions de la modération")


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications, asked in sentences."""

    def to(self, person: Person) -> "NotificationQuerySet":
        """Those of `person`, newest first, but of those they no longer want to read."""
        left_out = Mute.objects.filter(person=person).values("voice")
        mine = self.filter(person=person, shown=True).exclude(voice__in=left_out)
        return mine.order_by("-at", "-pk")

    def unread(self) -> "NotificationQuerySet":
        """Those nobody has read yet."""
        return self.filter(read_at=None)

    def about(self, thing: models.Model) -> "NotificationQuerySet":
        """Those that lead to `thing`."""
        return self.filter(subject_type=str(thing._meta.model_name), subject=thing.pk)

    def not_mailed(self, person: Person) -> "NotificationQuerySet":
        """What is new to `person` and was told by no mail: what a letter that gathers may tell."""
        return self.to(person).unread().filter(mailed=False)


class Notification(models.Model):
    """Something happened to a thing that someone cares about: `count` times since they last looked.

    `what` names the sentence (see `wording`), `subject` the thing it leads to, `item` the last that happened, by number
    since they are of many kinds: whoever may no longer read them is told nothing. Personal data: a month once read,
    three at most, and no longer than the account (R-LAW-5).
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="notifications", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    what = models.CharField(max_length=16)
    subject_type = models.CharField(max_length=16)
    subject = models.BigIntegerField()
    item_type = models.CharField(max_length=16, blank=True)
    item = models.BigIntegerField(null=True)
    # Who did the last of it.
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="+", null=True, db_index=False)
    count = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    read_at = models.DateTimeField(null=True)
    # Told on the site; else by mail alone.
    shown = models.BooleanField(default=True)
    mailed = models.BooleanField(default=False)
    # The last entry of the journal that it tells: one that comes twice, or late, changes nothing.
    entry = models.BigIntegerField()

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "what", "subject_type", "subject"],
                name="notification_once",
                condition=Q(read_at=None),
            ),
        )
        indexes = (
            models.Index(fields=["person", "-at"], name="notification_page"),
            models.Index(fields=["person"], name="notification_unread", condition=Q(read_at=None, shown=True)),
            models.Index(fields=["subject_type", "subject"], name="notification_about"),
            models.Index(fields=["item_type", "item"], name="notification_item"),
        )

    def __str__(self) -> str:
        return f"{self.what} → {self.person_id}"


class Choice(models.Model):
    """What someone chose to be told of one kind, by channel. Personal data: as long as their account (R-LAW-5)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    site = models.BooleanField()
    mail = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "kind"], name="choice_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


# Until one chooses: on the site, and by mail. A decision is always told by both: it has reasons (R-LAW-19).
SITE_ONLY = frozenset({Kind.CONTACT})
ALWAYS = frozenset({Kind.DECISION})


def channels_of(kind: str, chosen: Choice | None) -> tuple[bool, bool]:
    """Whether to tell this kind on the site, and by mail."""
    if kind in ALWAYS:
        return True, True
    if chosen is not None:
        return chosen.site, chosen.mail
    return True, kind not in SITE_ONLY


def wanting(people: Any, kind: str) -> dict[int, tuple[bool, bool]]:
    """The channels of each of these people, by number, for one kind; one statement whatever their count."""
    chosen = {one.person_id: one for one in Choice.objects.filter(person__in=people, kind=kind)}
    return {number: channels_of(kind, chosen.get(number)) for number in people}


def wants_mail(person: Person, kind: str) -> bool:
    """Whether `person` takes mail of this kind."""
    return wanting([person.pk], kind)[person.pk][1]
