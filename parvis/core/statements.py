"""Statements compiled once and run many times: what a page that many ask for cannot pay at each request."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, NamedTuple, TypeAlias

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.module_loading import import_string

# Stands for the moment at which a statement is run.
NOW = datetime(1871, 3, 18, 4, 5, 6, 789, tzinfo=UTC)
# Marks are told from real values by what nobody would ask for.
NUMBER, WORD = -7_000_000_000_000_000, "\ue000mark "


class Compiled(NamedTuple):
    """What the database is asked, and how its answers become Python's."""

    sql: str
    # With the marks of the database's own driver.
    native: str
    params: list[Any]
    # Where among the parameters each argument goes, and the type that the database wants there; where the moment goes.
    slots: list[tuple[int, str, type]]
    moments: list[int]
    convert: Callable[[list[Any]], list[Any]]


# A queryset of values, or SQL and its parameters.
Asked: TypeAlias = "models.QuerySet[Any, Any] | tuple[str, list[Any]]"


class Statement:
    """The rows of a queryset of values, or of SQL, that depends on arguments and on the moment.

    `build` is called once for each kind of database, with a mark for each argument, `int` or `str`; it says `NOW`
    where it would say the present, and must ask the same thing whatever the arguments are.
    """

    def __init__(self, build: Callable[..., Asked], **arguments: type[int] | type[str]) -> None:
        self.build = build
        self.marks: dict[str, int | str] = {
            name: NUMBER - rank if kind is int else WORD + name for rank, (name, kind) in enumerate(arguments.items())
        }
        self._compiled: dict[str, Compiled] = {}

    def run(self, **values: int | str) -> list[Any]:
        """The rows for `values`, as Python's own types."""
        database = connections[DEFAULT_DB_ALIAS]
        compiled = self._compiled.get(database.vendor) or self._compile()
        given = compiled.params.copy()
        for place, name, kind in compiled.slots:
            given[place] = kind(values[name])
        if compiled.moments:
            moment = database.ops.adapt_datetimefield_value(timezone.now())
            for place in compiled.moments:
                given[place] = moment
        # Who watches the statements is shown them as Django writes them.
        if database.queries_logged or database.execute_wrappers:
            with database.cursor() as cursor:
                cursor.execute(compiled.sql, given)
                return compiled.convert(cursor.fetchall())
        cursor = driver_of(database)
        with database.wrap_database_errors:
            return compiled.convert(cursor.execute(compiled.native, given).fetchall())

    def _compile(self) -> Compiled:
        asked = self.build(**self.marks)
        if isinstance(asked, tuple):
            (sql, params), convert = asked, _as_they_are
        else:
            compiler = asked.query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
            convert = partial(_converted, compiler, converters) if converters else _as_they_are
        now = connection.ops.adapt_datetimefield_value(NOW)
        names = {mark: name for name, mark in self.marks.items()}
        slots = [(place, names[one], type(one)) for place, one in enumerate(params) if _is_mark(one, names)]
        moments = [place for place, one in enumerate(params) if one == now]
        native = sql % tuple("?" * len(params)) if connection.vendor == "sqlite" else sql
        # Words of Django's choices are words to a driver that does not know them.
        plain = [str(one) if isinstance(one, str) else one for one in params]
        compiled = self._compiled[connection.vendor] = Compiled(sql, native, plain, slots, moments, convert)
        return compiled


@contextmanager
def prepared() -> Iterator[None]:
    """Have PostgreSQL prepare the querysets read within: to plan a join of nine tables costs more than to read it.

    For those that compare columns with values, whose types the database can tell.
    """
    if connection.vendor == "sqlite":
        yield
        return
    connection.ensure_connection()
    driver = connection.connection
    usual, driver.cursor_factory = driver.cursor_factory, _bound()
    try:
        yield
    finally:
        driver.cursor_factory = usual


def in_one(querysets: "Iterable[models.QuerySet[Any, Any]]") -> RawSQL:
    """The rows of several querysets of values, each with its own order and limit; Django's `union` takes neither.

    For `pk__in`.
    """
    return merged([asked.query.sql_with_params() for asked in querysets])


def merged(statements: Sequence[tuple[str, Sequence[Any]]]) -> RawSQL:
    """The rows of several statements with their parameters, all of the same columns."""
    sql = " UNION ".join(
        f"SELECT * FROM ({sql}) way{rank}"  # noqa: S608 - our own statements
        for rank, (sql, _params) in enumerate(statements)
    )
    return RawSQL(sql, [param for _sql, params in statements for param in params])  # noqa: S611


def condition(queryset: "models.QuerySet[Any, Any]") -> tuple[str, list[Any]]:
    """The condition of `queryset` on its table, for a statement of ours that joins the table under its own name."""
    compiler = queryset.query.get_compiler(connection=connection)
    sql, params = compiler.compile(queryset.query.where)
    return sql, list(params)


def driver_of(database: BaseDatabaseWrapper) -> Any:
    """A cursor of the database's own driver: it is given statements as they are, and PostgreSQL prepares them."""
    database.close_if_health_check_failed()
    database.ensure_connection()
    if database.vendor == "sqlite":
        return database.connection.cursor()
    return _bound()(database.connection)


@cache
def _bound() -> Any:
    """The cursor whose statements are prepared. Not imported for SQLite, which would carry all of psycopg."""
    return import_string("django.db.backends.postgresql.base.ServerBindingCursor")


def _as_they_are(rows: list[Any]) -> list[Any]:
    return rows


def _converted(compiler: Any, converters: dict[int, Any], rows: list[Any]) -> list[Any]:
    return list(compiler.apply_converters(rows, converters))


def _is_mark(value: Any, names: dict[int | str, str]) -> bool:
    return isinstance(value, int | str) and value in names
