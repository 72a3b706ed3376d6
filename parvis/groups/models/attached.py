"""What goes with a message: files and a poll. Whoever reads the message reads them, and nobody else (R-SEC-5)."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.groups.models.topics import Message
from parvis.people.models import Person
from parvis.publications.models import Attached

# No answer is told in detail under so many people (R-PRIV-5), nor finer than by so many per cent.
FEWEST, STEP = 11, 5


class FileQuerySet(models.QuerySet["File"]):
    """Files, asked in sentences; their gate is that of their message."""

    def open_to(self, person: Person | None) -> "FileQuerySet":
        """Those of messages `person` may read."""
        return self.filter(Exists(Message.objects.open_to(person).filter(pk=OuterRef("message"))))


class File(Attached):
    """A picture or a document of a message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="files")
    file = models.FileField(upload_to="groups/%Y/%m")

    objects = FileQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        """Where it is asked for."""
        return f"/groupes/fichiers/{self.pk}/"


class Poll(models.Model):
    """A question with choices, until a day. Nobody sees who chose what."""

    class Shown(models.TextChoices):
        """When those who answered read the result."""

        VOTED = "voted", _("après avoir répondu")
        ENDED = "ended", _("une fois le sondage clos")

    message = models.OneToOneField(Message, models.CASCADE, related_name="poll")
    question = models.CharField(_("question"), max_length=200)
    multiple = models.BooleanField(_("plusieurs réponses possibles"), default=False)
    shown = models.CharField(_("résultat visible"), max_length=5, choices=Shown.choices, default=Shown.VOTED)
    ends_at = models.DateTimeField(_("jusqu’au"))

    def __str__(self) -> str:
        return self.question

    @property
    def is_over(self) -> bool:
        """Whether nobody answers any more."""
        return self.ends_at <= timezone.now()


class Choice(models.Model):
    """One of the answers of a poll."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="choices")
    words = models.CharField(max_length=120)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.words


class Ballot(models.Model):
    """Someone answered a poll; they may change their mind until it ends. Personal data, theirs alone (R-LAW-5)."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="ballots")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    choices = models.ManyToManyField(Choice, related_name="ballots")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["poll", "person"], name="ballot_once"),)

    def __str__(self) -> str:
        return f"{self.poll_id}"


def shares(poll: Poll) -> dict[int, int] | None:
    """How many per cent chose each, to the nearest STEP; None under FEWEST answers (R-PRIV-5, R-PRIV-18)."""
    voters = poll.ballots.count()
    if voters < FEWEST:
        return None
    counted = poll.choices.annotate(count=models.Count("ballots")).values_list("pk", "count")
    return {number: round(100 * count / voters / STEP) * STEP for number, count in counted}
