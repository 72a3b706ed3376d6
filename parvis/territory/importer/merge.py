"""Writes what changed and only that: the same files twice leave every row as it was."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
Wanted = dict[tuple[Any, ...], dict[str, Any]]
BATCH = 500


def merge(rows: QuerySet[M], key: tuple[str, ...], wanted: Wanted, *, delete: bool = True, version: str = "") -> int:
    """Make `rows` those of `wanted` (fields by key); how many were created, changed or deleted.

    Without `delete`, rows that nothing wants stay as they are. `version` names a field that counts changes.
    """
    found = {tuple(getattr(row, name) for name in key): row for row in rows}
    created = [
        rows.model(**dict(zip(key, name, strict=True)), **fields)
        for name, fields in wanted.items()
        if name not in found
    ]
    rows.bulk_create(created, batch_size=BATCH)
    changed = {name: _moved(row, wanted[name]) for name, row in found.items() if name in wanted}
    changed = {name: fields for name, fields in changed.items() if fields}
    if changed:
        names = sorted({name for fields in changed.values() for name in fields})
        if version:
            names.append(version)
            for name in changed:
                setattr(found[name], version, getattr(found[name], version) + 1)
        rows.bulk_update([found[name] for name in changed], names, batch_size=BATCH)
    gone = [row.pk for name, row in found.items() if name not in wanted] if delete else []
    for start in range(0, len(gone), BATCH):
        rows.filter(pk__in=gone[start : start + BATCH]).delete()
    return len(created) + len(changed) + len(gone)


def _moved(row: Model, fields: dict[str, Any]) -> list[str]:
    """Give `row` the values of `fields`; the names of those that were others."""
    moved = [name for name, value in fields.items() if _plain(getattr(row, name)) != value]
    for name in moved:
        setattr(row, name, fields[name])
    return moved


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
