"""Who organises an event with the voice that announced it."""

from collections.abc import Collection

from django.db import models
from django.utils import timezone

from parvis.agenda.models.events import Event
from parvis.people.models import Person, Voice
from parvis.publications.models import Publication

# Voices beside the one that announced it.
MOST_WITH = 10


class CoOrganiserQuerySet(models.QuerySet["CoOrganiser"]):
    """Those who organise with another, asked in sentences."""

    def accepted(self) -> "CoOrganiserQuerySet":
        """Those who said yes: they are named, and the event stands on their own agenda."""
        return self.filter(accepted_at__isnull=False).order_by("accepted_at", "pk")

    def answerable_by(self, person: Person) -> "CoOrganiserQuerySet":
        """Those of the voices in which `person` speaks: theirs to accept, to decline or to leave."""
        return self.filter(voice__in=Voice.objects.spoken_by(person))

    def named_by_event(self, events: Collection[int]) -> dict[int, list[str]]:
        """The names of those who said yes, by the number of their event; one statement for many events."""
        found: dict[int, list[str]] = {}
        rows = self.accepted().filter(event__in=events) if events else self.none()
        for event, name in rows.values_list("event", "voice__name"):
            found.setdefault(event, []).append(name)
        return found

    def shown(self) -> "CoOrganiserQuerySet":
        """With the voice of each, in the same statement."""
        return self.select_related("voice__zone").defer("voice__zone__geometry")


class CoOrganiser(models.Model):
    """A voice invited to organise an event with the one that announced it, and when it said yes.

    The words stay those of who announced it, who alone corrects, moves, cancels and invites. Those who speak in a voice
    that said yes read who registered since then, and answer them: whoever registers is told so.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="co_organisers", db_index=False)
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="co_organised")
    asked_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True)

    objects = CoOrganiserQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "voice"], name="co_organiser_once"),)

    def __str__(self) -> str:
        return f"{self.event_id} {self.voice_id}"


def organising_too(publication: Publication) -> list[Voice]:
    """The voices that said yes to organising it: those who follow them receive it too."""
    rows = CoOrganiser.objects.accepted().filter(event=publication.pk).select_related("voice")
    return [row.voice for row in rows]
