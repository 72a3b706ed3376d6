"""One act, one entry, one job per effect, in one transaction."""

from collections.abc import Sequence
from typing import Any, Protocol

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string

from parvis.core.models import Job, JournalEntry


class Actor(Protocol):
    """Whoever acts: all the journal needs of a person is a number."""

    pk: Any


def last() -> int:
    """The number of the last act of all, 0 before the first: what is handed out says what it came after."""
    return JournalEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def record(verb: str, *, by: Actor | None, target: models.Model | None = None, **details: Any) -> JournalEntry:
    """Write the entry `verb` and queue its effects; call it inside the transaction of the act.

    `by` is None when the machine acts. `details` must be JSON, hold no text of a person and no place (R-PRIV).
    """
    with transaction.atomic():
        [entry] = _write(verb, by, [target], details)
    return entry


def record_many(verb: str, *, by: Actor | None, targets: Sequence[models.Model], **details: Any) -> None:
    """`record` for each of many targets, at once."""
    with transaction.atomic():
        _write(verb, by, targets, details)


def _write(
    verb: str, by: Actor | None, targets: Sequence[models.Model | None], details: dict[str, Any]
) -> list[JournalEntry]:
    """An entry for each target, and its jobs."""
    shows = verb not in import_string(settings.UNSEEN)
    settles = shows and verb.partition(".")[0] not in import_string(settings.SAYINGS)
    entries = JournalEntry.objects.bulk_create(
        JournalEntry(
            verb=verb,
            actor_id=by.pk if by else None,
            target_type=target._meta.model_name or "" if target else "",
            target_id=target.pk if target else None,
            details=details,
            shows=shows,
            settles=settles,
        )
        for target in targets
    )
    effects: dict[str, list[str]] = import_string(settings.EFFECTS)
    Job.objects.bulk_create(Job(entry=entry, effect=effect) for entry in entries for effect in effects.get(verb, ()))
    return entries
