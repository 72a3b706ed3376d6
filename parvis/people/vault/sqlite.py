"""The vault on SQLite: tables beside the others, since a file has one owner."""

import json
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

import shapely
from django.db import connection, transaction
from shapely.geometry import Polygon

from parvis.people.vault.outlines import Box, rings, units

# Matches written in one transaction: SQLite has one writer.
AT_ONCE = 1_000
# Rows read before asking again whether that is enough.
READ = 5_000
BANDS = (11, 50, 200, 1_000)
# Columns of the ground, some 150 metres wide, counted from far west so that none is negative; as its index has them.
WIDE, EASTWARD = 20_000, 3_600_000_000
COLUMN = f"(x + {EASTWARD}) / {WIDE}"


class SQLite:
    """What the tables `vault_…` hold."""

    def remember(self, place: int, person: int, lon: float, lat: float, address: str, *, now: int) -> None:
        self.forget(place)
        x, y = units(lon), units(lat)
        _run("INSERT INTO vault_spot (place, person, x, y, address) VALUES (%s, %s, %s, %s, %s)",
             place, person, x, y, address)  # fmt: skip
        around = _run(
            """SELECT publication, position, until, rings FROM vault_part JOIN vault_shape USING (publication)
            WHERE west <= %s AND east >= %s AND south <= %s AND north >= %s AND until > %s""",
            x, x, y, y, now,
        )  # fmt: skip
        for publication, position, until, drawn in around:
            if shapely.intersects_xy(_polygon(drawn), x, y):
                _match(publication, position, until, [(place, x, y)])

    def forget(self, place: int) -> None:
        _run("DELETE FROM vault_match WHERE place = %s", place)
        _run("DELETE FROM vault_spot WHERE place = %s", place)

    def addresses_of(self, person: int) -> list[Any]:
        return _run("SELECT place, address FROM vault_spot WHERE person = %s", person)

    def lay(self, publication: int, shape: list[Polygon], position: int, until: int) -> None:
        self.take_back(publication)
        token = secrets.randbits(62)
        _run("INSERT INTO vault_shape (publication, position, until, token) VALUES (%s, %s, %s, %s)",
             publication, position, until, token)  # fmt: skip
        for part in shape:
            box = map(int, part.bounds)
            _run("INSERT INTO vault_part (west, south, east, north, publication, rings) VALUES"
                 " (%s, %s, %s, %s, %s, %s)",
                 *box, publication, json.dumps(rings(part)))  # fmt: skip

    def deliver(self, publication: int) -> None:
        laid = _run("SELECT position, until, token FROM vault_shape WHERE publication = %s", publication)
        for position, until, token in laid:
            drawn = _run("SELECT rings FROM vault_part WHERE publication = %s", publication)
            found = list({spot[:3]: None for (part,) in drawn for spot in _inside(_polygon(part))})
            for start in range(0, len(found), AT_ONCE):
                with transaction.atomic():
                    # Whoever drew it again, or took it off meanwhile, is obeyed.
                    if _run("SELECT 1 FROM vault_shape WHERE publication = %s AND token = %s", publication, token):
                        _match(publication, position, until, found[start : start + AT_ONCE])

    def take_back(self, publication: int) -> None:
        for table in ("vault_match", "vault_part", "vault_shape"):
            _run(f"DELETE FROM {table} WHERE publication = %s", publication)  # noqa: S608 - our own tables

    def pending_for(self, person: int, now: int, most: int) -> list[Any]:
        return _run(
            """SELECT position, publication, place FROM vault_match
            WHERE person = %s AND until > %s ORDER BY position DESC, place LIMIT %s""",
            person, now, most,
        )  # fmt: skip

    def reached_by(self, publication: int, after: int, most: int) -> list[Any]:
        return _run(
            "SELECT DISTINCT person FROM vault_match WHERE publication = %s AND person > %s ORDER BY person LIMIT %s",
            publication, after, most,
        )  # fmt: skip

    def within(self, shape: list[Polygon]) -> list[Any]:
        return list({spot[:1] for part in shape for spot in _inside(part)})

    def band(self, shape: list[Polygon]) -> int:
        people: set[int] = set()
        for part in shape:
            for spot in _inside(part):
                people.add(spot[3])
                if len(people) >= BANDS[-1]:
                    return len(BANDS)
        return sum(len(people) >= bound for bound in BANDS)

    def crowded(self, boxes: list[Box], least: list[int]) -> list[Any]:
        asked = [(*box, wanted, _columns(box)) for box, wanted in zip(boxes, least, strict=True)]
        # Column by column: by its width alone, each square would read all that lies north and south of it.
        return _run(
            f"""WITH asked AS (
              SELECT key rank, json_extract(value, '$[0]') west, json_extract(value, '$[1]') south,
                json_extract(value, '$[2]') east, json_extract(value, '$[3]') north,
                json_extract(value, '$[4]') wanted, json_extract(value, '$[5]') columns FROM json_each(%s))
            SELECT rank FROM asked WHERE (SELECT count(*) FROM (
              SELECT DISTINCT person FROM json_each(columns) CROSS JOIN vault_spot ON {COLUMN} = json_each.value
              WHERE x BETWEEN west AND east AND y BETWEEN south AND north LIMIT 16)) >= wanted""",  # noqa: S608
            json.dumps(asked),
        )  # fmt: skip

    def purge(self, now: int) -> None:
        for (publication,) in _run("SELECT publication FROM vault_shape WHERE until <= %s", now):
            self.take_back(publication)


def _columns(box: Box) -> list[int]:
    """The columns of the ground that a box lies in, its eastern edge left out."""
    west, _south, east, _north = box
    return list(range((west + EASTWARD) // WIDE, (east - 1 + EASTWARD) // WIDE + 1))


def _inside(part: Polygon) -> Iterator[tuple[int, int, int, int]]:
    """The place, the point and the person of whoever is inside."""
    shapely.prepare(part)
    west, south, east, north = map(int, part.bounds)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, x, y, person FROM vault_spot WHERE x BETWEEN %s AND %s AND y BETWEEN %s AND %s",
            [west, east, south, north],
        )
        while rows := cursor.fetchmany(READ):
            _places, xs, ys, _people = zip(*rows, strict=True)
            held = shapely.intersects_xy(part, xs, ys)
            yield from (row for row, inside in zip(rows, held, strict=True) if inside)


def _match(publication: int, position: int, until: int, spots: Iterable[tuple[int, int, int]]) -> None:
    """Whoever moved since they were found is left out."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT OR IGNORE INTO vault_match (person, position, publication, place, until)
            SELECT person, %s, %s, place, %s FROM vault_spot WHERE place = %s AND x = %s AND y = %s""",
            [(position, publication, until, *spot) for spot in spots],
        )


def _polygon(drawn: str) -> Polygon:
    outline, *holes = json.loads(drawn)
    return Polygon(outline, holes)


def _run(sql: str, *values: int | str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
