"""What the discussions of groups cost as messages grow, and a topic of 10,000 replies opened at its first unread.

    PARVIS_DATA_DIR=… [DATABASE_URL=…] python -m bench.groups --messages 1000000 --fill
    PARVIS_DATA_DIR=… [DATABASE_URL=…] python -m bench.groups

Writes groups, topics and messages straight into the tables of a world that has a territory and people (bench.world or
the demonstration), then asks for pages as a member, in this process: CPU of the whole request, template and all.
"""

import argparse
import os
import random
import statistics
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

from parvis.groups import actions
from parvis.groups.models import Group, Message, Reading, Topic
from parvis.groups.unread import unread
from parvis.people.models import Membership, Person, Voice
from parvis.publications.models.publications import position
from parvis.serve import prepare
from parvis.territory.models import Zone

LONG, PER_TOPIC, PER_GROUP = 10_000, 100, 5_000
CHUNK, TIMES = 10_000, 60
EVERY_DAY = "Le sujet de tous les jours"
# Groups the member is in.
MINE = 8
WORDS = (
    "Merci pour ces nouvelles.",
    "Je peux passer samedi matin avec la remorque.",
    "Qui garde la clé de la salle ?",
    "Le devis est arrivé, il est plus bas que prévu.",
    "D’accord avec ce qui précède, sauf sur la date.",
)


def fill(messages: int) -> None:
    """So many messages; in the first group, a topic of LONG replies, and a member who read half of everything."""
    person = Person.objects.filter(voice__isnull=False, places__isnull=False, trusted_at__isnull=False).first()
    person = person or Person.objects.filter(voice__isnull=False, places__isnull=False)[0]
    Person.objects.filter(pk=person.pk).update(trusted_at=timezone.now())
    person.refresh_from_db()
    voice, zone = Voice.objects.get(person=person), Zone.objects.get(pk=person.lives_in[0] if person.lives_in else 0)
    chance, at = random.Random(1), timezone.now() - timedelta(days=700)
    groups = [made(person, voice, zone, number) for number in range(max(2, messages // PER_GROUP))]
    filled(groups[0], person, voice, LONG, EVERY_DAY, at)
    left = messages - Message.objects.count()
    while left > 0:
        group = groups[chance.randrange(len(groups))]
        title = f"Sujet numéro {left}"
        filled(group, person, voice, min(PER_TOPIC, left), title, at + timedelta(minutes=chance.randrange(900_000)))
        left -= PER_TOPIC
    for topic in groups[0].topics.all()[:200]:
        half = topic.messages.order_by("position").values_list("position", flat=True)[topic.reply_count // 2]
        Reading.objects.update_or_create(person=person, topic=topic, defaults={"position": half})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def made(person: Person, voice: Voice, zone: Zone, number: int) -> Group:
    """One group; only the first few are animated by the member, as one may not animate them all."""
    with transaction.atomic():
        Group.objects.filter(members__person=person).update(archived_at=timezone.now())
        name, summary = f"Cercle {number}", "On y parle de tout."
        made = actions.found(by=person, voice=voice, name=name, zone=zone, themes=["vie-locale"], summary=summary)
        Group.objects.update(archived_at=None)
        if number >= MINE:
            made.members.all().delete()
            made.audience.subscriptions.all().delete()
            Membership.objects.filter(voice=made.pk).delete()
    return made


@transaction.atomic
def filled(group: Group, person: Person, voice: Voice, count: int, title: str, at: datetime) -> Topic:
    """A topic and its messages, one each five minutes."""
    common = {"author": person, "voice": voice}
    topic = Topic.objects.create(group=group, title=title, opened_at=at, reply_count=count - 1, **common)
    last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for start in range(0, count, CHUNK):
        rows = []
        for rank in range(start, min(start + CHUNK, count)):
            last, body = last + 1, WORDS[rank % len(WORDS)]
            row = Message(pk=last, topic=topic, body=body, **common, body_html=f"<p>{body}</p>")
            row.opens, row.created_at = rank == 0, at + timedelta(minutes=5 * rank)
            row.position = position(row.created_at, last)
            rows.append(row)
        Message.objects.bulk_create(rows, batch_size=1_000)
    Topic.objects.filter(pk=topic.pk).update(position=rows[-1].position)
    Group.objects.filter(pk=group.pk).update(position=max(group.position, rows[-1].position or 0))
    topic.refresh_from_db()
    return topic


def cpu(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of CPU: median and 95th percentile, once warm."""
    for _turn in range(5):
        act()
    times = []
    for _turn in range(TIMES):
        start = time.process_time()
        act()
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


def main() -> None:
    """Fill, measure, print one table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--fill", action="store_true", help="write them, and measure nothing")
    options = parser.parse_args()
    settings.ALLOWED_HOSTS.append("testserver")
    prepare()
    if options.fill:
        start = time.monotonic()
        fill(options.messages)
        sys.stderr.write(f"filled in {time.monotonic() - start:.0f} s\n")
        return
    long = Topic.objects.select_related("group__voice").get(title=EVERY_DAY)
    person, group = long.author, long.group
    assert person is not None
    member, visitor = Client(), Client()
    member.force_login(person)
    shown = list(Topic.objects.visible_to(person).filter(group=group).order_by("-position")[:20])
    news = f"/groupes/sujets/{long.pk}/nouveautes/?depuis={long.position}"
    acts: dict[str, Callable[[], object]] = {
        "topic of 10,000 replies, at its first unread": lambda: page(member, long.get_absolute_url()),
        "page of a group, as a member": lambda: page(member, group.get_absolute_url()),
        "directory of groups, as a member": lambda: page(member, "/groupes/"),
        "anything new in a topic?": lambda: page(member, news),
        "unread counts of 20 topics": lambda: unread(person, shown),
        "the topic, to a visitor": lambda: page(visitor, f"{long.get_absolute_url()}?depuis={random.randrange(9)}"),
    }
    count = Message.objects.count()
    table = Shown("ms of CPU", "median", "95 %", title=f"{connection.vendor}, {count:,} messages")
    for name, act in acts.items():
        median, high = cpu(act)
        table.add_row(name, f"{median:.1f}", f"{high:.1f}")
    Console(width=100).print(table)


def page(client: Client, address: str) -> None:
    """Ask for a page, and insist that it is there."""
    assert client.get(address).status_code == 200, address


if __name__ == "__main__":
    main()
