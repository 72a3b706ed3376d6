"""Two events are one: one of them stays, the other leads to it; or they are two, and nobody asks again."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda.actions.following import move_follows
from parvis.agenda.models import Attendance, Event, Merged, Occurrence, ToldApart
from parvis.core import journal
from parvis.people.models import Person
from parvis.publications.actions import Refused, bring_replies, hide
from parvis.publications.models import Decision, Publication


@transaction.atomic
def merge_events(event: Event, *, into: Event, by: Person) -> Event:
    """Say that `event` is `into`, which stays as it is. Raises Refused and AlreadyDecided.

    Who announced the first is told why, as of any decision of a moderator, who can put it back. Its address leads to
    the other; its comments go there, and so do those who go, unless that would tell their name to someone they did not
    give it to: those stay where they were, and are told.
    """
    _check(event, into, by)
    said = _("C’est le même événement que « %(title)s », déjà à l’agenda : cette adresse y mène.")
    hide(event.publication, by=by, rule=Decision.Rule.OTHER, reason=said % {"title": into.publication.title})
    Merged.objects.filter(into=event).update(into=into)
    Merged.objects.update_or_create(event=event, defaults={"into": into, "by": by, "at": timezone.now()})
    bring_replies(event.publication, into.publication)
    if not into.takes_registrations or into.publication.voice_id == event.publication.voice_id:
        journal.record_many("attendance.moved", by=by, targets=_bring_who_goes(event, into))
    journal.record_many("follow.moved", by=by, targets=move_follows(event, into))
    journal.record("event.merged", by=by, target=event, into=into.pk)
    return into


@transaction.atomic
def tell_apart(event: Event, other: Event, *, by: Person) -> None:
    """Say that they are two. Nothing the second time."""
    _check(event, other, by)
    one, two = sorted((event.pk, other.pk))
    if ToldApart.objects.get_or_create(one_id=one, other_id=two)[1]:
        journal.record("event.told_apart", by=by, target=event, other=other.pk)


def _check(event: Event, other: Event, by: Person) -> None:
    theirs = Publication.objects.under(by).visible_to(None).filter(pk__in=[event.pk, other.pk])
    if event.pk == other.pk or theirs.count() != 2:
        raise Refused(_("Ces deux événements ne sont plus à vous de comparer : rechargez la page."))


def _bring_who_goes(event: Event, into: Event) -> list[Attendance]:
    """Bring who goes to each time to that of the same day, first come first seated; once each. Those brought."""
    brought: list[Attendance] = []
    days = {row.first_day: row for row in Occurrence.objects.filter(event=into).order_by("-starts_at")}
    for time in Occurrence.objects.filter(event=event, attendances__isnull=False).distinct():
        other = days.get(time.first_day)
        if other is None:
            continue
        there = Attendance.objects.filter(occurrence=other)
        taken = there.seated().count()
        coming = Attendance.objects.filter(occurrence=time).exclude(person__in=there.values("person"))
        rows = list(coming.order_by("waiting", "at", "pk"))
        for row in rows:
            row.occurrence, row.asking = other, bool(into.home_address)
            row.waiting = into.capacity is not None and taken >= into.capacity
            taken += not row.waiting
        Attendance.objects.bulk_update(rows, ["occurrence", "asking", "waiting"], batch_size=500)
        brought += rows
    return brought
