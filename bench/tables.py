"""Rows straight into tables, on both databases, for worlds too large for actions."""

from datetime import datetime
from typing import Any

from django.db import connection, models


class Table:
    """Rows of one model that wait to be written; columns that are not named take the default of their field."""

    def __init__(self, model: type[models.Model], *names: str) -> None:
        fields = {name: one for one in model._meta.concrete_fields for name in (one.name, one.attname)}
        given = [fields[name] for name in names]
        others = [one for one in model._meta.concrete_fields if one not in given and not one.primary_key]
        self.rest = tuple(one.get_db_prep_save(one.get_default(), connection) for one in others)
        self.name, self.columns = model._meta.db_table, [one.column for one in (*given, *others)]
        self.model, self.rows, self.written = model, list[tuple[Any, ...]](), 0

    def add(self, *row: Any) -> None:
        """One more."""
        self.rows.append(row)

    def flush(self) -> None:
        """Write what waits: COPY on PostgreSQL."""
        columns = ", ".join(f'"{column}"' for column in self.columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{self.name}" ({columns}) FROM STDIN') as copy:
                    for row in self.rows:
                        copy.write_row(row + self.rest)
            else:
                marks = ", ".join("?" * len(self.columns))
                connection.connection.executemany(
                    f'INSERT INTO "{self.name}" ({columns}) VALUES ({marks})', (row + self.rest for row in self.rows)
                )
        self.written += len(self.rows)
        self.rows.clear()


def stored(at: datetime | None) -> Any:
    """A moment as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(at) if at else None


def first_free(model: type[models.Model]) -> int:
    """A number above all those taken."""
    return (models.QuerySet(model).aggregate(last=models.Max("pk"))["last"] or 0) + 1
