"""Events that turned out to be one and the same, and those that look it and are not."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from parvis.agenda.models.events import Event
from parvis.people.models import Person
from parvis.publications.models import State


class MergedQuerySet(models.QuerySet["Merged"]):
    """Events that were merged, asked in sentences."""

    def standing(self) -> "MergedQuerySet":
        """Those that no moderator put back since."""
        return self.filter(event__publication__state=State.HIDDEN)


class Merged(models.Model):
    """An event that was the same as another: its address leads there, and its row says where it came from."""

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="merged")
    into = models.ForeignKey(Event, models.CASCADE, related_name="merges")
    by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True)
    at = models.DateTimeField(default=timezone.now)

    objects = MergedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.event_id} = {self.into_id}"


class ToldApart(models.Model):
    """Two events that look alike and are two, as a moderator said; the lower number first."""

    one = models.ForeignKey(Event, models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Event, models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["one", "other"], name="told_apart_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="told_apart_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.one_id} ≠ {self.other_id}"
