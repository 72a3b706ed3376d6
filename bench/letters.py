"""How many letters are composed and queued in a second, for everyone of a world, and that each has one.

    PARVIS_DATA_DIR=… [DATABASE_URL=…] python -m bench.letters

Runs the very jobs of the worker on a world of bench.world, with its clock set to the last Thursday of it; nothing is
sent. Composed twice, as after a crash: the second time finds nothing to do.
"""

import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")

import django

django.setup()

from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.db.models import Max
from django.utils import timezone
from rich.console import Console
from rich.table import Table as Shown

from parvis.core.models import Job, JournalEntry
from parvis.letters import gazette
from parvis.letters.models import Issue
from parvis.people.models import Person
from parvis.publications.models import Publication


def compose_all() -> tuple[float, float]:
    """Run every turn of people until none is left; seconds by the clock and of CPU."""
    wall, cpu = time.monotonic(), time.process_time()
    gazette.begin()
    while job := Job.objects.filter(state=Job.State.WAITING, effect="parvis.letters.gazette.compose").first():
        gazette.compose(job.entry)
        Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    return time.monotonic() - wall, time.process_time() - cpu


def main() -> None:
    """Compose, count, print one table."""
    call_command("migrate", verbosity=0)
    last = Publication.objects.aggregate(last=Max("published_at"))["last"]
    thursday = last - timedelta(days=(last.weekday() - 3) % 7)
    moment = timezone.localtime(thursday).replace(hour=8)
    timezone.now = lambda: moment
    Issue.objects.all().delete()
    JournalEntry.objects.filter(verb__startswith="letters.").delete()
    people = Person.objects.filter(is_active=True).count()
    wall, cpu = compose_all()
    letters = Issue.objects.count()
    again, _cpu = compose_all()
    assert Issue.objects.count() == letters
    assert Issue.objects.values("person").distinct().count() == letters
    table = Shown("what", "figure", title=f"{connection.vendor}, {people:,} members")
    table.add_row("letters composed and queued", f"{letters:,}")
    table.add_row("a second, by the clock", f"{letters / wall:,.0f}")
    table.add_row("a second of CPU of this process", f"{letters / cpu:,.0f}")
    table.add_row("seconds", f"{wall:.0f}")
    table.add_row("composed again: seconds, letters more", f"{again:.1f}, 0")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
