"""What the agenda costs with years of it behind, its feed asked again and again, and a calendar of 2,000 events.

    PARVIS_DATA_DIR=… [DATABASE_URL=…] python -m bench.agenda --fill --days 1095
    PARVIS_DATA_DIR=… [DATABASE_URL=…] python -m bench.agenda
    PARVIS_DATA_DIR=… [DATABASE_URL=…] python -m bench.agenda --import 2000

`--fill` writes people and events of bench.world on an empty database: 50,000 in three years, one in ten of which comes
back twelve times, and as many a day in fewer `--days`: what is to come is the same, the past alone is shorter. The
figures are CPU of this process for a whole request, template and all: of a member, for whom no page is kept but rows
that were drawn before are, as for a visitor after an act; and of a visitor when nothing is kept.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone
from icalendar import Calendar, Event
from rich.console import Console
from rich.progress import Progress
from rich.table import Table as Shown

from bench.world import World
from parvis.agenda.actions import sources
from parvis.agenda.models import DayCount, Occurrence, Showing
from parvis.agenda.models import Event as EventRow
from parvis.core import kept
from parvis.initialise import initialise
from parvis.people.models import Membership, Person, Voice
from parvis.territory.models import Territory, Zone
from tests.worker import run_until_idle

PEOPLE, TIMES = 20_000, 9
# Of three years.
EVENTS, YEARS = 50_000, 1_095


def fill(days: int, console: Console) -> None:
    """A territory, its people, and what was announced in so many days until now."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Territory.objects.exists():
        initialise(["60"], console)
    world = World(PEOPLE, Progress(disable=True))
    with transaction.atomic():
        world.people()
        announce(world, EVENTS * days // YEARS, timedelta(days=days))
        world.settle()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def announce(world: World, events: int, span: timedelta) -> None:
    """So many events of associations, evenly over a `span` that ends now."""
    for rank in range(events):
        speaker, author, seat = world.some(world.organisations)
        world.publish("event", "association", speaker, author, [seat], world.now - span + span * (rank / events))
        if rank % 2_000 == 1_999:
            world.flush()
    for (zone, day, category), number in sorted(world.begins.items()):
        world.add(DayCount, zone, day, category, number)
    world.flush()
    EventRow.objects.annotate(turn=F("pk") % 3).filter(turn=0).update(is_free=True)
    EventRow.objects.annotate(turn=F("pk") % 5).filter(turn=0).update(access="mi")


def pages() -> dict[str, str]:
    """Name and address of each page."""
    commune = Zone.objects.current().of_kind(Zone.Kind.COMMUNE).order_by("-population")[0]
    epci = Zone.objects.current().of_kind(Zone.Kind.EPCI).order_by("-population")[0]
    today, near = timezone.localdate(), f"zone=commune-{commune.code}"
    month, week = f"mois={today:%Y-%m}", "semaine={}-W{:02}".format(*today.isocalendar()[:2])
    return {
        "robots.txt (constant)": "/robots.txt",
        "month, territory": f"/agenda/?{month}",
        "month, largest commune": f"/agenda/?{month}&{near}",
        "week, territory": f"/agenda/?{week}",
        "week, largest EPCI": f"/agenda/?{week}&zone=epci-{epci.code}",
        "week, largest commune": f"/agenda/?{week}&{near}",
        "day, territory": "/agenda/",
        "near: communes around too": f"/agenda/?{week}&{near}&autour=1",
        "week, one category": f"/agenda/?{week}&categorie=concert",
        "week, free": f"/agenda/?{week}&gratuit=1",
        "week, accessible": f"/agenda/?{week}&acces=mi",
        "tonight": f"/agenda/?jour={today}&soir=1",
        "week on a map, territory": f"/agenda/?{week}&vue=carte",
        "week on a map, largest commune": f"/agenda/?{week}&{near}&vue=carte",
        "week on paper": f"/agenda/semaine/?{week}",
    }


def nothing() -> None:
    """Leave what is kept in memory."""


def cost(ask: Callable[[], int], forget: Callable[[], None], times: int = TIMES) -> tuple[float, float]:
    """Median and worst of CPU milliseconds, when `forget` comes before each."""
    ask()
    spent = []
    for _turn in range(times):
        forget()
        began = time.process_time()
        ask()
        spent.append((time.process_time() - began) * 1_000)
    return statistics.median(spent), max(spent)


def table(title: str, addresses: dict[str, str]) -> Shown:
    """Each page with its cost, its statements and its size."""
    counts = f"{EventRow.objects.count():,} events, {Occurrence.objects.count():,} times, {connection.vendor}"
    heads = ("page", "as after an act, p50", "worst", "nothing kept, p50", "worst", "statements", "KB")
    shown = Shown(*heads, title=f"{title}, CPU ms: {counts}")
    client, member = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
    member.force_login(Person.objects.filter(voice__isnull=False, is_active=True)[0])
    for name, address in addresses.items():
        asked: list[str] = []

        def note(execute: Callable[..., object], sql: str, *rest: object, asked: list[str] = asked) -> object:
            asked.append(sql)
            return execute(sql, *rest)

        kept.forget()
        with connection.execute_wrapper(note):
            answer = client.get(address)
        assert answer.status_code == 200, address
        # Members have no page kept for them, only its rows: the same work as for a visitor once something happened.
        after = cost(lambda address=address: member.get(address).status_code, nothing)
        cold = cost(lambda address=address: client.get(address).status_code, kept.forget)
        size = f"{len(answer.content) / 1024:.0f}"
        shown.add_row(name, *(f"{one:.1f}" for one in (*after, *cold)), str(len(asked)), size)
    return shown


def feed() -> Shown:
    """The feed of the whole territory: rendered each time, from memory, and when one has it already."""
    client = Client(SERVER_NAME="127.0.0.1")
    answer = client.get("/agenda.ics")
    mark = {"HTTP_IF_NONE_MATCH": answer.headers["ETag"]}
    count = Showing.objects.filter(zone=Territory.objects.get().root_id).upcoming(timezone.now()).count()
    said = f"agenda.ics, 500 of {count:,} to come, {len(answer.content) / 1024:.0f} KB, {connection.vendor}"
    shown = Shown("asked", "CPU ms p50", "worst", "times fewer", title=said)
    whole = cost(lambda: client.get("/agenda.ics").status_code, kept.forget, times=8)
    memory = cost(lambda: client.get("/agenda.ics").status_code, nothing, times=200)
    same = cost(lambda: client.get("/agenda.ics", **mark).status_code, nothing, times=200)
    for name, (middle, worst) in (("rendered each time", whole), ("from memory", memory), ("unchanged, 304", same)):
        shown.add_row(name, f"{middle:.2f}", f"{worst:.2f}", f"{whole[0] / middle:.0f}")
    return shown


def calendar(count: int) -> bytes:
    """A calendar of so many events to come, one in ten of which comes back."""
    communes = list(Zone.objects.current().joinable().order_by("-population")[:200])
    document, now = Calendar(), timezone.localtime().replace(minute=0, second=0, microsecond=0)
    document.add("prodid", "-//bench//FR")
    document.add("version", "2.0")
    for number in range(count):
        one, begins = Event(), now + timedelta(days=1 + number % 300, hours=number % 7)
        one.add("uid", f"{number}@bench.invalid")
        one.add("summary", f"Rendez-vous {number:x} {'abcdefghijklm'[number % 13] * (number % 29 + 3)}")
        one.add("description", "Une phrase, puis une autre, et ce qu’il faut apporter. " * 8)
        one.add("dtstart", begins)
        one.add("dtend", begins + timedelta(hours=2))
        one.add("location", f"Salle des fêtes, {communes[number % len(communes)].name}")
        if number % 10 == 0:
            one.add("rrule", {"freq": "weekly", "count": 12})
        document.add_component(one)
    return bytes(document.to_ical())


def bring_in(count: int) -> Shown:
    """A calendar of so many events, from the file to the agenda, by the queue."""
    voice = Voice.objects.filter(kind="association", verified_at__isnull=False, memberships__role="owner").first()
    assert voice is not None
    member = Membership.objects.filter(voice=voice, role="owner")[0].person
    content = calendar(count)
    while run_until_idle():
        pass
    shown = Shown("step", "s", "CPU s", title=f"{count:,} events, {len(content) / 1024:.0f} KB, {connection.vendor}")
    before = EventRow.objects.count()
    source = sources.add_source(voice=voice, by=member, category="association", content=content, name="bench.ics")
    shown.add_row("read and compared", *timed(run_until_idle))
    sources.accept_source(source, by=member)
    shown.add_row("written, once accepted", *timed(run_until_idle))
    assert EventRow.objects.count() - before == count, source.latest and (source.latest.message, source.latest.counts)
    sources.refresh_source(source, by=member, content=content, name="bench.ics")
    shown.add_row("read again, unchanged", *timed(run_until_idle))
    return shown


def timed(act: Callable[[], object]) -> tuple[str, str]:
    """Seconds of clock and of CPU."""
    clock, cpu = time.perf_counter(), time.process_time()
    act()
    return f"{time.perf_counter() - clock:.1f}", f"{time.process_time() - cpu:.1f}"


def main() -> None:
    """Fill, or measure, or bring a calendar in."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fill", action="store_true")
    parser.add_argument("--days", type=int, default=YEARS)
    parser.add_argument("--import", dest="imported", type=int, default=0)
    options, console = parser.parse_args(), Console(width=110)
    if options.fill:
        fill(options.days, console)
    elif options.imported:
        console.print(bring_in(options.imported))
    else:
        console.print(table("pages", pages()))
        console.print(feed())


if __name__ == "__main__":
    main()
