"""What someone began to write, wherever it is: theirs alone."""

from django.db import models
from django.utils import timezone

from parvis.people.models import Person


class Begun(models.Model):
    """Words not sent yet. Personal data: gone once sent, or after thirty days (R-LAW-5)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    body = models.TextField(max_length=10_000, blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.body[:60]
