"""What was sent and must never be sent twice."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.core.models import JournalEntry
from parvis.people.models import Person


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
