"""Writes what changed and only that: the same files twice leave every row as it was.

A country has hundreds of thousands of rows: those of the table are read one by one, and made or changed by batches.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from types import NoneType
from typing import Any, TypeVar

from django.db import connection
from django.db.models import AutoField, F, Model, QuerySet

M = TypeVar("M", bound=Model)
T = TypeVar("T")
Wanted = dict[tuple[Any, ...], dict[str, Any]]
# Told of a change: the key of the row, the field, its former and its new value. A row that came or went is told as
# the field "", true once it is there.
Watch = Callable[[tuple[Any, ...], str, Any, Any], None]
BATCH = 500
# Of one statement: SQLite takes 32,766.
MOST_VALUES = 16_000
# The indexes of a table that no constraint needs, and how each is made.
INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
    "postgresql": """
SELECT found.relname, pg_get_indexdef(found.oid)
FROM pg_index JOIN pg_class AS found ON found.oid = pg_index.indexrelid
WHERE pg_index.indrelid = CAST(%s AS regclass)
AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = found.oid)
""",
}
# Kilobytes, as SQLite counts them.
ROOM = -60_000
# Types that both databases take as they are.
PLAIN = {str, int, float, bool, NoneType}


def merge(
    rows: QuerySet[M],
    key: tuple[str, ...],
    wanted: Wanted,
    *,
    delete: bool = True,
    version: str = "",
    watch: Watch | None = None,
) -> int:
    """Make `rows` those of `wanted` (fields by key, the same for all); how many were created, changed or deleted.

    Without `delete`, rows that nothing wants stay as they are. `version` names a field that counts changes.
    """
    names = list(next(iter(wanted.values()), {}))
    seen: set[tuple[Any, ...]] = set()
    changed: list[M] = []
    gone: dict[Any, tuple[Any, ...]] = {}
    for pk, *values in rows.values_list("pk", *key, *names).iterator(chunk_size=BATCH):
        name = tuple(values[: len(key)])
        if name not in wanted:
            gone[pk] = name
            continue
        seen.add(name)
        held = [_plain(value) for value in values[len(key) :]]
        if held != list(wanted[name].values()):
            counted = {version: F(version) + 1} if version else {}
            changed.append(rows.model(pk=pk, **wanted[name], **counted))
            _tell_fields(name, held, wanted[name], watch)
    if not delete:
        gone = {}
    if watch:
        _tell_rows((name for name in wanted if name not in seen), gone.values(), watch)
    insert(rows.model, (*key, *names), ((*name, *wanted[name].values()) for name in wanted if name not in seen))
    for some in batches(changed, BATCH):
        rows.bulk_update(some, [*names, version] if version else names)
    for pks in batches(gone, BATCH):
        rows.filter(pk__in=pks).delete()
    return len(wanted) - len(seen) + len(changed) + len(gone)


def _tell_fields(name: tuple[Any, ...], held: list[Any], wanted: dict[str, Any], watch: Watch | None) -> None:
    for (field, new), old in zip(wanted.items(), held, strict=True):
        if watch and old != new:
            watch(name, field, old, new)


def _tell_rows(new: Iterable[tuple[Any, ...]], gone: Iterable[tuple[Any, ...]], watch: Watch) -> None:
    for name in new:
        watch(name, "", False, True)
    for name in gone:
        watch(name, "", True, False)


def insert(model: type[Model], names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write new rows, given as the values of the columns `names`; the other columns get their defaults.

    What bulk_create does, without an object for each of the million rows of a country; PostgreSQL copies them.
    """
    fields = [field for field in model._meta.local_concrete_fields if not isinstance(field, AutoField)]
    given = {field.attname: field for field in fields}
    rest = [field for field in fields if field.attname not in names]
    defaults = [field.get_db_prep_save(field.get_default(), connection) for field in rest]
    prepare = [given[name].get_db_prep_save for name in names]
    columns = [str(given[name].column) for name in names] + [str(field.column) for field in rest]
    table, listed = connection.ops.quote_name(model._meta.db_table), ", ".join(map(connection.ops.quote_name, columns))
    prepared = (
        [value if type(value) in PLAIN else ready(value, connection) for value, ready in zip(row, prepare, strict=True)]
        + defaults
        for row in rows
    )
    # Most often nothing is new.
    if (first := next(prepared, None)) is None:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
                for values in chain([first], prepared):
                    copy.write_row(values)
            return
        line = f"({', '.join(['%s'] * len(columns))})"
        for batch in batches(chain([first], prepared), max(1, MOST_VALUES // len(columns))):
            lines = ", ".join([line] * len(batch))
            statement = f"INSERT INTO {table} ({listed}) VALUES {lines}"  # noqa: S608 - our own columns
            cursor.execute(statement, list(chain.from_iterable(batch)))


@contextmanager
def with_room() -> Iterator[None]:
    """Let SQLite keep in memory the indexes that names come to in no order; what it is in production otherwise."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        usual = int(cursor.fetchone()[0])
        cursor.execute(f"PRAGMA cache_size = {ROOM}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {usual}")


@contextmanager
def indexed_after(*tables: type[Model]) -> Iterator[None]:
    """Make the indexes of `tables`, if they are all empty, once they are filled: in one pass and not at each row."""
    if any(QuerySet(table).exists() for table in tables):
        yield
        return
    with connection.cursor() as cursor:
        found: list[tuple[str, str]] = []
        for table in tables:
            cursor.execute(INDEXES[connection.vendor], [table._meta.db_table])
            found += cursor.fetchall()
        for name, _sql in found:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    yield
    if connection.vendor == "postgresql":
        # It indexes no table of which something is still to be checked.
        connection.check_constraints()
    with connection.cursor() as cursor:
        for _name, sql in found:
            cursor.execute(sql)


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """`things`, `size` at a time."""
    left = iter(things)
    while batch := list(islice(left, size)):
        yield batch


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
