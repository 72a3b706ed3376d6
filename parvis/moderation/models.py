"""What readers report; the decisions on it are `publications.Decision`."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.people.models import Person
from parvis.publications.models import Decision, Publication, Reply
from parvis.publications.models.publications import moderated_by


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports, asked in sentences."""

    def awaiting(self, moderator: Person) -> "ReportQuerySet":
        """Open ones on what `moderator` answers for."""
        mine = moderated_by(moderator, "publication__place") | moderated_by(moderator, "reply__publication__place")
        return self.filter(mine, closed_at=None).order_by("created_at")


class Report(models.Model):
    """Someone says a public thing breaks a rule (R-LAW-18). No account is needed; the e-mail is kept for the answer."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="reports", null=True)
    reply = models.ForeignKey(Reply, models.CASCADE, related_name="reports", null=True)
    rule = models.CharField(_("règle en cause"), max_length=12, choices=Decision.Rule.choices)
    explanation = models.TextField(_("ce qui pose problème"), max_length=2_000)
    reporter = models.ForeignKey(Person, models.SET_NULL, related_name="reports", null=True)
    email = models.EmailField(_("votre adresse électronique"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True)
    upheld = models.BooleanField(null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(publication=None, reply__isnull=False) | Q(publication__isnull=False, reply=None),
                name="report_on_one",
            ),
        )
        indexes = (models.Index(fields=["closed_at", "created_at"], name="report_open"),)

    def __str__(self) -> str:
        return self.explanation[:60]
