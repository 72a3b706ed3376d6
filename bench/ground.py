"""What parcels and zones cost at the size of a département: import, the plan of one commune, a point to its zones.

    export PARVIS_DATA_DIR=/somewhere/ground    # where `parvis init --territory 60` was run
    python -m bench.ground --parcels 1200000 --zones 50000

Parcels are squares of 22 m laid over the real communes; zones are polygons of 12 corners over them. The import runs in
a process of its own, whose peak of memory is read.
"""

import argparse
import gzip
import json
import math
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")

import django

django.setup()

import shapely
from django.conf import settings
from django.db.models import Count
from django.test import Client

from parvis.core.text import fold
from parvis.territory.actions import import_file
from parvis.territory.files.contours import placed
from parvis.territory.geometry import zones_at
from parvis.territory.geometry.index import _Memory
from parvis.territory.models import Parcel, Zone

SIDE = 0.0002
ASKED = 500


def main() -> int:
    """Measure what is asked, one line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parcels", type=int, default=0)
    parser.add_argument("--communes", type=int, help="lay the parcels over so many communes, instead of all")
    parser.add_argument("--zones", type=int, default=0)
    parser.add_argument("--file", type=Path, help="import this file and say the peak of memory")
    options = parser.parse_args()
    settings.ALLOWED_HOSTS.append("testserver")
    if options.file:
        load(options.file)
        return 0
    if options.parcels:
        parcels(options.parcels, options.communes)
    if Parcel.objects.exists():
        plan()
    if options.zones:
        zones(options.zones)
    return 0


def parcels(count: int, over: int | None) -> None:
    """Import so many parcels over so many communes, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "parcelles.json.gz"
        with gzip.open(path, "wt", compresslevel=1) as file:
            file.write('{"type":"FeatureCollection","features":[\n')
            for number, text in enumerate(features(count, over)):
                file.write((",\n" if number else "") + text)
            file.write("\n]}\n")
        print(f"{count} parcels in {path.stat().st_size / 1e6:.0f} MB compressed")
        subprocess.run([sys.executable, "-m", "bench.ground", "--file", str(path)], check=True)


def features(count: int, over: int | None) -> Iterator[str]:
    """Parcels of communes in turn, as many in each, in rows of a hundred."""
    communes = list(Zone.objects.current().of_kind(Zone.Kind.COMMUNE).drawn())[:over]
    each = math.ceil(count / len(communes))
    for commune in communes:
        for number in range(min(each, count)):
            west = (commune.lon or 0) + (number % 100 - 50) * SIDE
            south = (commune.lat or 0) + (number // 100 - each // 200) * SIDE
            corners = [(0, 0), (1, 0.02), (1.01, 0.5), (1, 1), (0.5, 1.01), (0, 1), (0.01, 0.5), (0, 0)]
            ring = [[round(west + x * SIDE * 0.98, 7), round(south + y * SIDE * 0.98, 7)] for x, y in corners]
            section = chr(65 + number // 9999)
            code = f"{commune.code}000A{section}{number % 9999 + 1:04}"
            named = {"id": code, "commune": commune.code, "prefixe": "000", "contenance": 480}
            geometry = {"type": "Polygon", "coordinates": [ring]}
            yield json.dumps({"type": "Feature", "id": code, "geometry": geometry, "properties": named})
        count -= each


def load(path: Path) -> None:
    """Import a file and say how long it took and how much memory."""
    for turn in ("first", "again, nothing changed"):
        started = time.monotonic()
        report = import_file("parcels", path, by=None, told=lambda _share: None)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        seconds = time.monotonic() - started
        told = f"{report.total} parcels, {report.refused.count} refused"
        print(f"import, {turn}: {told}, {seconds:.0f} s, peak {peak:.0f} MB")


def plan() -> None:
    """The plan of the commune with the most parcels."""
    counted = Parcel.objects.values("commune__code").annotate(count=Count("pk")).order_by("-count")[0]
    client, address = Client(headers={"accept-encoding": "gzip"}), f"/plan/{counted['commune__code']}/parcels.json"
    taken, worked, size = [], [], 0
    for _turn in range(11):
        started, busy = time.perf_counter(), time.process_time()
        size = len(client.get(address).content)
        taken.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    said = f"{statistics.median(taken):.0f} ms, at most {max(taken):.0f}; of CPU {statistics.median(worked):.0f}"
    print(f"plan of {min(counted['count'], 5000)} parcels: {said}; {size / 1000:.0f} KB sent")


def zones(count: int) -> None:
    """A point to its zones, among so many polygons."""
    chance = random.Random(1)
    communes = list(Zone.objects.current().of_kind(Zone.Kind.COMMUNE).drawn())
    missing = count - Zone.objects.current().count()
    made = []
    for number in range(missing):
        home = chance.choice(communes)
        lon, lat = (home.lon or 0) + chance.gauss(0, 0.02), (home.lat or 0) + chance.gauss(0, 0.02)
        size = chance.uniform(0.001, 0.01)
        turns = [2 * math.pi * step / 12 for step in range(12)]
        reach = [size * chance.uniform(0.6, 1) for _turn in turns]
        corners = [
            (lon + far * math.cos(turn), lat + far * math.sin(turn)) for far, turn in zip(reach, turns, strict=True)
        ]
        name = f"Quartier {number}"
        named = {"kind": Zone.Kind.QUARTIER, "nature": "quartier", "name": name, "slug": "x", "search_name": fold(name)}
        made.append(Zone(code=f"{home.code}Q{number}", **named, **placed(shapely.Polygon(corners))))
    Zone.objects.bulk_create(made, batch_size=500)
    _Memory.index = None
    started = time.perf_counter()
    zones_at(communes[0].lon or 0, communes[0].lat or 0)
    print(f"{Zone.objects.current().count()} zones: index made in {time.perf_counter() - started:.1f} s")
    taken, worked, found = [], [], 0
    for _turn in range(ASKED):
        home = chance.choice(communes)
        started, busy = time.perf_counter(), time.process_time()
        found += len(zones_at((home.lon or 0) + chance.gauss(0, 0.01), (home.lat or 0) + chance.gauss(0, 0.01)))
        taken.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    for name, times in (("ms", sorted(taken)), ("ms of CPU", sorted(worked))):
        median, worst = times[ASKED // 2], times[int(ASKED * 0.99)]
        print(f"a point to its {found / ASKED:.0f} zones: p50 {median:.2f}, p99 {worst:.2f} {name}")


if __name__ == "__main__":
    sys.exit(main())
