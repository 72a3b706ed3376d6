"""The rows and the badge: written once, grouped, counted again whenever something comes or is read."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import models, transaction
from django.db.models import Count, F
from django.utils import timezone

from parvis.notifications.finding import found_of, things_of
from parvis.notifications.models import MOST, Notification
from parvis.people.farewell import Farewell
from parvis.people.models import Person


def write(row: Notification) -> tuple[Notification, bool]:
    """Keep `row`, or count it in the one that waits to be read; whether it is a new one. Nothing the second time."""
    same = Notification.objects.unread().filter(
        person=row.person_id, what=row.what, subject_type=row.subject_type, subject=row.subject
    )
    there = same.first()
    if there is None:
        with transaction.atomic():
            # Told already, and read since.
            if Notification.objects.filter(person=row.person_id, what=row.what, entry=row.entry).exists():
                return row, False
            row.save(force_insert=True)
        return row, True
    same.filter(entry__lt=row.entry).update(
        count=F("count") + 1, at=row.at, voice=row.voice_id, item=row.item, item_type=row.item_type, entry=row.entry
    )
    return there, False


def count_again(people: Collection[int]) -> None:
    """Set the badge of each of these people."""
    if not people:
        return
    unread = Notification.objects.unread().filter(person__in=people, shown=True).order_by()
    counts = dict(unread.values_list("person").annotate(Count("pk")))
    for number in people:
        count = min(counts.get(number, 0), MOST)
        Person.objects.filter(pk=number).exclude(news=count).update(news=count)


def read(person: Person, row: Notification | None = None) -> None:
    """Note that `person` has read one of theirs, or all of them. Left out of the journal: theirs alone to know."""
    mine = Notification.objects.unread().filter(person=person)
    if (mine.filter(pk=row.pk) if row else mine).update(read_at=timezone.now()):
        count_again([person.pk])


def read_there(person: Person, thing: models.Model) -> None:
    """Whoever reads a thing where it stands has read what was told of it."""
    if Notification.objects.unread().about(thing).filter(person=person).update(read_at=timezone.now()):
        count_again([person.pk])


def drop_unreadable(rows: Iterable[Notification], person: Person) -> None:
    """Delete what leads `person` nowhere any more, and set their badge."""
    rows = list(rows)
    things = things_of(person, rows)
    gone = [row.pk for row in rows if found_of(row, things) is None]
    Notification.objects.filter(pk__in=gone).delete()
    count_again([person.pk])


def drop_of(left: Farewell) -> None:
    """Delete what others were told of someone who leaves for good, and set their badges."""
    rows = Notification.objects.filter(voice=left.voice) if left.voice else Notification.objects.none()
    people = set(rows.values_list("person", flat=True))
    rows.delete()
    count_again(people)


def forget_before(read: datetime, written: datetime, most: int) -> int:
    """Delete what was read, and what was written, before these moments: so many at most; how many."""
    old = models.Q(read_at__lt=read) | models.Q(at__lt=written)
    rows = Notification.objects.filter(old).order_by("at").values_list("pk", "person", "read_at")[:most]
    numbers = {number: (person, seen) for number, person, seen in rows}
    count = Notification.objects.filter(pk__in=numbers).delete()[0]
    count_again({person for person, seen in numbers.values() if seen is None})
    return count
