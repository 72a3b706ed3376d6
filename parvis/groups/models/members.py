"""How one asks to enter a group, and how one is kept out."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.groups.models.groups import Group
from parvis.people.models import Person, Voice


class RequestQuerySet(models.QuerySet["Request"]):
    """Requests, asked in sentences."""

    def waiting(self) -> "RequestQuerySet":
        """Those nobody has answered, oldest first."""
        return self.filter(answered_at=None).order_by("at", "pk")


class Request(models.Model):
    """Someone asks to enter, says why, and is answered. Personal data: kept while they belong or wait (R-LAW-5)."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="requests")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="+")
    words = models.TextField(_("pourquoi"), max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True)
    accepted = models.BooleanField(null=True)
    answer = models.TextField(_("réponse"), max_length=500, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["group", "person"], condition=Q(answered_at=None), name="request_once"),
        )
        indexes = (models.Index(fields=["group", "person", "-at"], name="request_of"),)

    def __str__(self) -> str:
        return f"{self.person_id} → {self.group_id}"


class Ban(models.Model):
    """Someone may not come back, for a reason they are told. Personal data: as long as the group lives (R-LAW-5)."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="bans")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True)
    reason = models.TextField(_("motif"), max_length=1_000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["group", "person"], name="ban_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} × {self.group_id}"
