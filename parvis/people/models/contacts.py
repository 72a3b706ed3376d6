"""Whom one knows, by mutual consent, and by whom one no longer wants to be reached."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.people.models.persons import Person
from parvis.people.models.voices import Mandate, Membership, Voice


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts, asked in sentences."""

    def of(self, person: Person) -> "ContactQuerySet":
        """Those `person` knows, and who know them."""
        return self.filter(Q(asker=person) | Q(asked=person), accepted_at__isnull=False)

    def asked_to(self, person: Person) -> "ContactQuerySet":
        """Requests that `person` has not answered."""
        return self.filter(asked=person, accepted_at=None, declined_at=None)

    def asked_by(self, person: Person) -> "ContactQuerySet":
        """Requests of `person` that are not accepted: that one was declined is nobody's to know."""
        return self.filter(asker=person, accepted_at=None, withdrawn=False)

    def between(self, one: Person | int, other: Person | int) -> "ContactQuerySet":
        """What there is between two people: one row at most."""
        return self.filter(Q(asker=one, asked=other) | Q(asker=other, asked=one))


class Contact(models.Model):
    """Someone asked another to be of their contacts, who said yes, no, or nothing yet.

    A refusal is silent: the row stays for a while, so that it is not asked again. Personal data: gone with either
    account, refusals after six months (R-LAW-5).
    """

    asker = models.ForeignKey(Person, models.CASCADE, related_name="contacts_asked")
    asked = models.ForeignKey(Person, models.CASCADE, related_name="contacts_received")
    at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    # Whoever asked took it back, after it was declined: that is all they see of it.
    withdrawn = models.BooleanField(default=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(Least("asker", "asked"), Greatest("asker", "asked"), name="contact_once"),
            models.CheckConstraint(condition=~Q(asker=F("asked")), name="contact_of_two"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(declined_at=None, withdrawn=False), name="contact_answered_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.asker_id} – {self.asked_id}"


class BlockQuerySet(models.QuerySet["Block"]):
    """Blocks, asked in sentences."""

    def against(self, person: Person, author: Person | None, voice: Voice | None) -> "BlockQuerySet":
        """Those by which `person` does not want to be reached by `author`, in `voice`: in their own name, or in it."""
        own = Q(voice__person=author) if author else Q()
        return self.filter(own | Q(voice=voice), person=person)


class Block(models.Model):
    """A voice that can no longer reach someone: nor answer, name, write to, follow, or ask them to be of theirs.

    Silent, but for whoever holds a mandate: then it has a reason, and is told (R-MOD-9). Personal data: kept until they
    change their mind, and no longer than their account (R-LAW-5).
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="blocks")
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="+")
    reason = models.TextField(_("motif"), max_length=1_000, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "voice"], name="block_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} × {self.voice_id}"


def holds_office(person: Person) -> bool:
    """Whether they speak today for an élu in office: whom they turn away, they turn away as such too (R-MOD-9)."""
    mandates = Mandate.objects.current().filter(
        voice__memberships__person=person, voice__memberships__role__in=Membership.SPEAKING
    )
    return mandates.exists()
