"""« J’y vais », and no longer."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda.models import Attendance, Occurrence, rounded
from parvis.core import journal
from parvis.people.models import Person
from parvis.publications.actions import Refused
from parvis.publications.models import Publication


def attend(person: Person, occurrence: Occurrence) -> None:
    """« J’y vais », at one time of an event. Nothing the second time. Raises `Refused` for what will not be or was."""
    event = occurrence.event
    if not Publication.objects.visible_to(person).filter(pk=event.pk).exists():
        raise Refused(_("Cet événement n’est plus en ligne."))
    if occurrence.is_off:
        raise Refused(_("Cet événement est annulé.") if event.is_cancelled else _("Cette date n’aura pas lieu."))
    if occurrence.closes_at <= timezone.now():
        raise Refused(_("Cette date est passée."))
    with transaction.atomic():
        if Attendance.objects.get_or_create(person=person, occurrence=occurrence)[1]:
            journal.record("person.going", by=person, target=person)
            _recount(occurrence, arrived=1)


def unattend(person: Person, occurrence: Occurrence) -> None:
    """« Je n’y vais plus », whatever became of the event."""
    with transaction.atomic():
        if Attendance.objects.filter(person=person, occurrence=occurrence).delete()[0]:
            journal.record("person.not_going", by=person, target=person)
            _recount(occurrence, arrived=-1)


def _recount(occurrence: Occurrence, *, arrived: int) -> None:
    """Let pages kept in memory fall when the number shown changes; the entry says neither who nor where."""
    going = Attendance.objects.filter(occurrence=occurrence).count()
    if rounded(going) != rounded(going - arrived):
        journal.record("attendance.counted", by=None)
