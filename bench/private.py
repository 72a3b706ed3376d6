"""What private messages and notifications cost as they grow.

    PARVIS_DATA_DIR=… [DATABASE_URL=…] python -m bench.private --lines 1000000 --fill
    PARVIS_DATA_DIR=… [DATABASE_URL=…] python -m bench.private

Writes conversations, lines and notifications straight into the tables of a world that has a territory and people
(bench.world or the demonstration), then asks for pages as a member, in this process: CPU of the whole request.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from rich.console import Console
from rich.table import Table as Shown

from bench.groups import EVERY_DAY, WORDS, cpu, page
from parvis.conversations.models import Conversation, Line, Place, Side
from parvis.notifications.keeping import count_again
from parvis.notifications.models import Notification
from parvis.people.models import Person, Voice
from parvis.publications.models import Reply
from parvis.publications.models.publications import position
from parvis.serve import prepare

LONG, SHORT, MINE, CHUNK = 10_000, 1_000, 200, 10_000
# Rows on the page of the member, and on everyone's.
OWN_NEWS, ALL_NEWS = 300, 200_000


def fill(lines: int) -> None:
    """So many lines; the member has a conversation of LONG lines, read by half, and MINE others."""
    people = list(Person.objects.filter(voice__isnull=False).select_related("voice").order_by("pk")[:400])
    person, others = people[0], people[1:]
    start, number = timezone.now() - timedelta(days=600), 0
    long = talk(person, others[0], LONG, start, EVERY_DAY)
    half = Line.objects.filter(conversation=long).order_by("pk").values_list("position", flat=True)[LONG // 2]
    Place.objects.update_or_create(person=person, conversation=long, defaults={"position": half})
    chance = random.Random(2)
    while LONG + SHORT * number < lines:
        number += 1
        first, second = (person, chance.choice(others)) if number <= MINE else chance.sample(others, 2)
        talk(first, second, SHORT, start + timedelta(minutes=number * 7))
    tell(person, others)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@transaction.atomic
def talk(one: Person, other: Person, count: int, at: datetime, subject: str = "") -> Conversation:
    """A conversation of so many lines; pairs repeat here, which no rule of a page minds."""
    made = Conversation.objects.create(opened_at=at, subject=subject)
    voices: list[Voice] = [one.voice, other.voice]
    last = Line.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for begin in range(0, count, CHUNK):
        rows = []
        for rank in range(begin, min(begin + CHUNK, count)):
            body, last = WORDS[rank % len(WORDS)], last + 1
            row = Line(pk=last, conversation=made, body=body, body_html=f"<p>{body}</p>", voice=voices[rank % 2])
            row.created_at, row.author = at + timedelta(seconds=30 * rank), (one, other)[rank % 2]
            row.position = position(row.created_at, last)
            rows.append(row)
        Line.objects.bulk_create(rows, batch_size=1_000)
    Conversation.objects.filter(pk=made.pk).update(position=rows[-1].position)
    for rank, voice in enumerate(voices):
        common = {"began": rank == 0, "accepted_at": at, "position": rows[-1].position}
        Side.objects.create(conversation=made, voice=voice, **common)
    return made


def tell(person: Person, others: list[Person]) -> None:
    """Something new to everyone, about replies that there are."""
    replies = list(Reply.objects.values_list("publication", "pk", "voice")[:200])
    now, rows = timezone.now(), []
    for number in range(ALL_NEWS):
        to = person if number < OWN_NEWS else others[number % len(others)]
        publication, reply, voice = replies[number % len(replies)]
        rows.append(
            Notification(
                person=to, kind="reply", what="reply", subject_type="publication", subject=publication, voice_id=voice,
                item_type="reply", item=reply, at=now - timedelta(seconds=number), entry=number,
                read_at=None if number < 40 else now,
            )
        )  # fmt: skip
    unread: set[tuple[int, int]] = set()
    kept = []
    for row in rows:
        pair = (row.person_id, row.subject)
        if row.read_at is None and pair in unread:
            row.read_at = now
        unread.add(pair)
        kept.append(row)
    Notification.objects.bulk_create(kept, batch_size=2_000)
    count_again([person.pk])


def main() -> None:
    """Fill, measure, print one table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--fill", action="store_true", help="write them, and measure nothing")
    options = parser.parse_args()
    settings.ALLOWED_HOSTS.append("testserver")
    prepare()
    if options.fill:
        start = time.monotonic()
        fill(options.lines)
        sys.stderr.write(f"filled in {time.monotonic() - start:.0f} s\n")
        return
    long = Conversation.objects.filter(subject=EVERY_DAY).order_by("-pk")[0]
    person = Person.objects.get(voice=long.sides.get(began=True).voice)
    member = Client()
    member.force_login(person)
    acts: dict[str, Callable[[], object]] = {
        "conversation of 10,000 lines, at its first unread": lambda: page(member, long.get_absolute_url()),
        "list of conversations": lambda: page(member, "/messages/"),
        "notifications": lambda: page(member, "/notifications/"),
        "a page with the badge (my contacts)": lambda: page(member, "/contacts/"),
        "the badge counted again": lambda: count_again([person.pk]),
    }
    told = f"{Line.objects.count():,} lines, {Notification.objects.count():,} notifications"
    table = Shown("ms of CPU", "median", "95 %", title=f"{connection.vendor}, {told}")
    for name, act in acts.items():
        median, high = cpu(act)
        table.add_row(name, f"{median:.1f}", f"{high:.1f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
