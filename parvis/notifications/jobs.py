"""Told when the queue comes to it, to those who may still know: never when it was queued (R-SEC-3)."""

from datetime import timedelta

from django.utils import timezone

from parvis.core import journal
from parvis.core.models import JournalEntry
from parvis.notifications.finding import found_of, things_of
from parvis.notifications.keeping import count_again, drop_unreadable, forget_before, write
from parvis.notifications.models import Notification, wanting
from parvis.notifications.telling import TELLERS, News
from parvis.notifications.wording import WORDS
from parvis.people.models import Block, Mute, Person

# Read, and written, so long ago: forgotten, so many at once (R-LAW-5).
READ, WRITTEN, AT_ONCE = timedelta(days=30), timedelta(days=90), 2_000
# Rows looked at again when someone can no longer read something.
LOOKED_AT = 500


def tell(entry: JournalEntry) -> None:
    """Tell those whom the act of `entry` is news to."""
    told: set[int] = set()
    for news in TELLERS[entry.verb](entry):
        told |= _told(news, entry)
    count_again(told)


def _told(news: News, entry: JournalEntry) -> set[int]:
    """The numbers of those who had something new."""
    words = WORDS[news.what]
    people = {one.pk: one for one in Person.objects.filter(pk__in=news.to, is_active=True).exclude(pk=news.by or 0)}
    for number in _turned_away(news, people):
        people.pop(number, None)
    told = set()
    for number, (site, mail) in wanting(list(people), words.kind).items():
        row = _row(news, entry, people[number], shown=site)
        by_mail = mail and not words.own_mail
        if not (site or by_mail) or found_of(row, things_of(people[number], [row])) is None:
            continue
        row, is_new = write(row)
        told.add(number)
        if is_new and by_mail and row.pk:
            journal.record("notification.made", by=None, target=row)
    return told


def _row(news: News, entry: JournalEntry, person: Person, *, shown: bool) -> Notification:
    return Notification(
        person=person,
        kind=WORDS[news.what].kind,
        what=news.what,
        subject_type=str(news.subject._meta.model_name),
        subject=news.subject.pk,
        item_type=str(news.item._meta.model_name) if news.item else "",
        item=news.item.pk if news.item else None,
        voice=news.voice,
        at=entry.at,
        shown=shown,
        entry=entry.pk,
    )


def _turned_away(news: News, people: dict[int, Person]) -> set[int]:
    """Those who do not want to read whoever did it, nor be reached by them (R-MOD-9)."""
    if news.voice is None or not people:
        return set()
    muted = Mute.objects.filter(voice=news.voice, person__in=people).values_list("person", flat=True)
    # Under another name, it is the same person.
    blocked = Block.objects.filter(voice__person=news.by, person__in=people) if news.by else Block.objects.none()
    return {*muted, *blocked.values_list("person", flat=True)}


def settle(entry: JournalEntry) -> None:
    """Take away what leads nowhere any more: something was hidden or withdrawn, someone left or keeps someone away."""
    rows = Notification.objects.unread()
    if entry.target_type in {"publication", "reply", "message", "line", "venue"}:
        about = {"subject_type": entry.target_type, "subject": entry.target_id}
        last = {"item_type": entry.target_type, "item": entry.target_id}
        found = [*rows.filter(**about)[:LOOKED_AT], *rows.filter(**last)[:LOOKED_AT]]
    else:
        found = list(rows.filter(person=entry.details.get("person", entry.actor_id))[:LOOKED_AT])
    people = Person.objects.in_bulk({row.person_id for row in found})
    for number, person in people.items():
        mine = [row for row in found if row.person_id == number]
        away = set(Mute.objects.filter(person=person).values_list("voice", flat=True)) if person.leaves_out else set()
        Notification.objects.filter(pk__in=[row.pk for row in mine if row.voice_id in away]).delete()
        drop_unreadable((row for row in mine if row.voice_id not in away), person)


def forget() -> int:
    """Delete what is old, by the clock; how many."""
    now = timezone.now()
    return forget_before(now - READ, now - WRITTEN, AT_ONCE)
