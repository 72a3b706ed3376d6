"""« J’y vais », and no longer; on registration, a seat or a turn to wait for one."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda.models import Attendance, Event, Occurrence, Refusal, rounded
from parvis.core import journal, text
from parvis.people.farewell import Farewell
from parvis.people.models import Person
from parvis.publications.actions import Refused
from parvis.publications.models import Publication


def attend(person: Person, occurrence: Occurrence, *, answer: str = "") -> bool:
    """« J’y vais », at one time of an event; whether there was a seat, and not only a turn to wait for one.

    At someone's home one asks, and comes once accepted. Nothing the second time. Of two who ask for the last seat at
    once, one has it: they take turns at the row of the time. Raises `Refused` for what will not be or was.
    """
    event = occurrence.event
    if not Publication.objects.visible_to(person).filter(pk=event.pk).exists():
        raise Refused(_("Cet événement n’est plus en ligne."))
    if occurrence.is_off:
        raise Refused(_("Cet événement est annulé.") if event.is_cancelled else _("Cette date n’aura pas lieu."))
    if occurrence.closes_at <= timezone.now():
        raise Refused(_("Cette date est passée."))
    if Refusal.objects.filter(person=person, occurrence=occurrence).exists():
        raise Refused(_("L’organisateur n’a pas retenu votre inscription à cette date."))
    said = " ".join(text.clean(answer).split())[:300] if event.takes_registrations else ""
    with transaction.atomic():
        capacity = _seats(occurrence)
        known = Attendance.objects.filter(person=person, occurrence=occurrence).first()
        if known:
            return not known.waiting
        waiting = capacity is not None and _taken(occurrence) >= capacity
        asking = bool(event.home_address)
        one = {"person": person, "occurrence": occurrence, "waiting": waiting, "asking": asking, "answer": said}
        Attendance.objects.create(**one)
        journal.record("person.going", by=person, target=person)
        if asking:
            journal.record("attendance.asked", by=None, target=event)
        _recount(occurrence, arrived=1)
    return not waiting


def unattend(person: Person, occurrence: Occurrence) -> None:
    """« Je n’y vais plus », whatever became of the event; the first who waits has the seat."""
    with transaction.atomic():
        _seats(occurrence)
        if Attendance.objects.filter(person=person, occurrence=occurrence).delete()[0]:
            journal.record("person.not_going", by=person, target=person)
            seat_who_waits(occurrence)
            _recount(occurrence, arrived=-1)


@transaction.atomic
def accept_attendee(one: Attendance, *, by: Person) -> None:
    """Say yes to someone who asks to come to a home: they are told where it is. Nothing the second time."""
    _check_answerable(one, by)
    if Attendance.objects.filter(pk=one.pk, asking=True).update(asking=False):
        journal.record("attendance.accepted", by=by, target=one)


@transaction.atomic
def refuse_attendee(one: Attendance, *, by: Person, reason: str) -> None:
    """Say no to someone at one time, for a reason that they alone are told; the first who waits has the seat.

    Raises Refused without a reason.
    """
    _check_answerable(one, by)
    said = " ".join(text.clean(reason).split())[:300]
    if not said:
        raise Refused(_("Dites pourquoi : cette personne seule le lira."))
    occurrence = one.occurrence
    _seats(occurrence)
    if Attendance.objects.filter(pk=one.pk).delete()[0]:
        refusal = Refusal.objects.create(person=one.person, occurrence=occurrence, reason=said)
        journal.record("attendance.refused", by=by, target=refusal)
        seat_who_waits(occurrence)
        _recount(occurrence, arrived=-1)


def _check_answerable(one: Attendance, by: Person) -> None:
    if not Attendance.objects.answerable_by(by).filter(pk=one.pk).exists():
        raise Refused(_("Cette inscription n’est plus à vous de juger."))


def ask_again(event: Event, *, is_home: bool) -> None:
    """It is now at someone's home, or no longer: who goes has to be accepted, or has not (R-PRIV-12)."""
    Attendance.objects.filter(occurrence__event=event).update(asking=is_home)


def leave_seats(left: Farewell) -> None:
    """Who leaves for good goes nowhere any more."""
    for attendance in Attendance.objects.filter(person=left.person).select_related("occurrence"):
        unattend(left.person, attendance.occurrence)


def seat_who_waits(occurrence: Occurrence) -> int:
    """Give the seats that are free to those who wait, in their turn, and tell them; how many."""
    capacity = _seats(occurrence)
    waiting = Attendance.objects.filter(occurrence=occurrence).in_turn()
    room = max(capacity - _taken(occurrence), 0) if capacity is not None else None
    seated = list(waiting[:room] if room is not None else waiting)
    for one in seated:
        Attendance.objects.filter(pk=one.pk).update(waiting=False)
        journal.record("attendance.seated", by=None, target=one)
    return len(seated)


@transaction.atomic
def set_seats(event: Event, *, by: Person, takes_registrations: bool, capacity: int | None, question: str) -> Event:
    """Say whether one comes on registration, for how many at each time, and what one is asked. Raises Refused.

    More seats are given at once to those who wait; fewer take none away.
    """
    # One comes to someone's home on registration.
    takes_registrations = takes_registrations or bool(event.home_address)
    capacity = capacity if takes_registrations else None
    question = " ".join(text.clean(question).split())[:200] if takes_registrations else ""
    said = {"takes_registrations": takes_registrations, "capacity": capacity, "question": question}
    if all(getattr(event, name) == value for name, value in said.items()):
        return event
    Event.objects.filter(pk=event.pk).update(**said)
    for name, value in said.items():
        setattr(event, name, value)
    waited = Occurrence.objects.filter(event=event, attendances__waiting=True).distinct()
    for occurrence in waited:
        seat_who_waits(occurrence)
    journal.record("event.seats_set", by=by, target=event, capacity=capacity)
    return event


@transaction.atomic
def remind(occurrence: Occurrence, *, by: None) -> bool:
    """Let those who go be reminded, the day before, by the clock; whether it was not done yet."""
    due = Occurrence.objects.filter(pk=occurrence.pk, reminded_at=None).update(reminded_at=timezone.now())
    if due:
        journal.record("occurrence.nears", by=by, target=occurrence)
    return bool(due)


def _seats(occurrence: Occurrence) -> int | None:
    """How many seats there are. Who asks next waits until this transaction ends; SQLite has one writer anyway."""
    row = Occurrence.objects.select_for_update(of=("self",)).select_related("event").get(pk=occurrence.pk)
    return row.event.capacity if row.event.takes_registrations else None


def _taken(occurrence: Occurrence) -> int:
    return Attendance.objects.seated().filter(occurrence=occurrence).count()


def _recount(occurrence: Occurrence, *, arrived: int) -> None:
    """Let pages kept in memory fall when what they show changes; the entry says neither who nor where."""
    going = Attendance.objects.filter(occurrence=occurrence).count()
    capacity = occurrence.event.capacity
    full = capacity is not None and (going >= capacity) != (going - arrived >= capacity)
    if full or rounded(going) != rounded(going - arrived):
        journal.record("attendance.counted", by=None)
