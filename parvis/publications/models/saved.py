"""What someone keeps to read again: theirs alone, and never counted."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from parvis.people.models import Person
from parvis.publications.models.publications import Publication


class SavedQuerySet(models.QuerySet["Saved"]):
    """What is put aside, asked in sentences; the gate of publications decides what may still be read."""

    def readable_by(self, person: Person) -> "SavedQuerySet":
        """What `person` put aside and may still read, last put first."""
        readable = Publication.objects.visible_to(person).filter(pk=OuterRef("publication"))
        return self.filter(Exists(readable), person=person).order_by("-at", "-pk")

    def unreadable_by(self, person: Person) -> "SavedQuerySet":
        """What `person` put aside and nobody reads any more: withdrawn, hidden or expired."""
        readable = Publication.objects.visible_to(person).filter(pk=OuterRef("publication"))
        return self.filter(~Exists(readable), person=person)


class Saved(models.Model):
    """A publication someone put aside. Personal data: kept until they take it off, or close their account (R-LAW-5)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="saved", db_index=False)
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = SavedQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "publication"], name="saved_once"),)
        indexes = (models.Index(fields=["person", "-at", "-id"], name="saved_newest"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.publication_id}"
