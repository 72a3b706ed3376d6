"""What people put aside to read again: the journal says that something changed, never what (R-PRIV)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from parvis.core import journal
from parvis.people.models import Person
from parvis.publications.models import Publication, Saved


def save(person: Person, publication: Publication) -> None:
    """Put `publication` aside, if one may read it. Nothing the second time."""
    if not Publication.objects.visible_to(person).filter(pk=publication.pk).exists():
        raise PermissionDenied(_("Cette publication n’existe pas."))
    with transaction.atomic():
        if Saved.objects.get_or_create(person=person, publication=publication)[1]:
            journal.record("person.saved", by=person, target=person)


def unsave(person: Person, publication: Publication) -> None:
    """Take `publication` off, even once nobody reads it any more."""
    with transaction.atomic():
        if Saved.objects.filter(person=person, publication=publication).delete()[0]:
            journal.record("person.unsaved", by=person, target=person)


def forget_unreadable(person: Person) -> None:
    """Take off all that was withdrawn, hidden or expired since."""
    with transaction.atomic():
        if Saved.objects.unreadable_by(person).delete()[0]:
            journal.record("person.unsaved", by=person, target=person)
