"""What was decided on a message, and why: the statement of reasons that its author reads (R-LAW-19)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.groups.models.topics import Message
from parvis.people.models import Person
from parvis.publications.models import Decision


class Ruling(models.Model):
    """One decision on one message, by an animator or a moderator; `publications.Decision` for what is said here."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=Decision.Verdict.choices)
    rule = models.CharField(_("règle de la charte"), max_length=12, choices=Decision.Rule.choices, blank=True)
    reason = models.TextField(_("motif communiqué à l’auteur"), max_length=1_000, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict__in=["approve", "restore"]) | ~Q(reason="") & ~Q(rule=""), name="ruling_reasoned"
            ),
        )

    def __str__(self) -> str:
        return f"{self.verdict} {self.message_id}"
