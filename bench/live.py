"""What open pages cost: so many streams at once, and how long until the last hears that there is something new.

    PARVIS_DATA_DIR=… REDIS_URL=redis://… python -m bench.live --streams 1000

In a world where bench.groups was run (any number of messages). `parvis live` runs in a process of its own, as it does
under `parvis serve`; the clients share this one, so that what is measured is the delay and their own work. Members are
signed in, SHARED streams each.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")

import django

django.setup()

import redis
from django.conf import settings
from django.test import Client
from rich.console import Console
from rich.table import Table as Shown

from bench.groups import EVERY_DAY
from parvis.core.live import channel
from parvis.groups.models import Topic
from parvis.people.models import Person

PORT, SHARED, TURNS = 8917, 4, 30
# Let granian, then rights that are looked at again, have a turn.
PAUSE = 0.5
# A stream that says nothing for so long is a failure.
PATIENCE = 60


async def main(streams: int) -> None:
    """Open them, say something new TURNS times, print one table."""
    topic, cookies = await asyncio.to_thread(prepared, streams)
    served = subprocess.Popen([sys.executable, "-m", "parvis.cli", "live", "--port", str(PORT)])
    try:
        await measured(topic, cookies, streams, served.pid)
    finally:
        served.terminate()
        served.wait(20)


def prepared(streams: int) -> tuple[Topic, list[str]]:
    """A topic that everyone may read, and the cookies of enough members."""
    topic = Topic.objects.select_related("group").get(title=EVERY_DAY)
    cookies = []
    for person in Person.objects.filter(is_active=True).order_by("pk")[: -(-streams // SHARED)]:
        client = Client()
        client.force_login(person)
        cookies.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return topic, cookies


async def measured(topic: Topic, cookies: list[str], streams: int, served: int) -> None:
    """Open the streams of a topic, time what they are told, and show it."""
    heard: asyncio.Queue[float] = asyncio.Queue()
    await answers()
    begun = time.monotonic()
    readers = [asyncio.create_task(follow(topic, cookies[rank % len(cookies)], heard)) for rank in range(streams)]
    async with asyncio.timeout(PATIENCE):
        for _stream in readers:
            await heard.get()
    opened = time.monotonic() - begun
    say, delays, last, before = redis.Redis.from_url(settings.REDIS_URL), [], [], cpu(served)
    for _turn in range(TURNS):
        said = time.monotonic()
        say.publish(channel(), f"sujet/{topic.pk}")
        async with asyncio.timeout(PATIENCE):
            turn = [(await heard.get() - said) * 1000 for _stream in readers]
        delays += turn
        last.append(max(turn))
        await asyncio.sleep(PAUSE)
    spent, memory = (cpu(served) - before) / TURNS * 1000, held(served)
    for reader in readers:
        reader.cancel()
    cuts = statistics.quantiles(delays, n=100)
    table = Shown("streams", "opened in, s", "p50 ms", "p99 ms", "last of a turn, median", "CPU of a turn, ms", "MB")
    figures = (opened, cuts[49], cuts[98], statistics.median(last), spent, memory)
    table.add_row(f"{streams:,}", *(f"{figure:.1f}" for figure in figures))
    Console(width=120).print(table)


async def answers() -> None:
    """Wait until the process takes connections and hears Redis."""
    for _try in range(600):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
            writer.write(b"GET /direct/sujet/1/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: session=nobody\r\n\r\n")
            status = await reader.readline()
            writer.close()
            if b" 404 " in status:
                return
        except OSError:
            pass
        await asyncio.sleep(0.1)
    raise SystemExit("parvis live does not answer")


async def follow(topic: Topic, cookie: str, heard: "asyncio.Queue[float]") -> None:
    """Open one stream; tell when it is open, then each time it says something new."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    name = settings.SESSION_COOKIE_NAME
    request = f"GET /direct/sujet/{topic.pk}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {name}={cookie}\r\n\r\n"
    writer.write(request.encode())
    status = await reader.readline()
    assert b" 200 " in status, status
    while line := await reader.readline():
        if line.startswith((b"retry:", b"data:")):
            heard.put_nowait(time.monotonic())
    raise SystemExit("a stream was cut")


def below(process: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    return [process, *(int(child) for child in children)]


def cpu(process: int) -> float:
    """Seconds of CPU of a process and its children."""
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in below(process)]
    return sum(int(field[11]) + int(field[12]) for field in fields) / os.sysconf("SC_CLK_TCK")


def held(process: int) -> float:
    """Their memory, in MB."""
    lines = [line for one in below(process) for line in Path(f"/proc/{one}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--streams", type=int, default=1_000)
    asyncio.run(main(parser.parse_args().streams))
