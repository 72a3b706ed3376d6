"""Keeping what someone began to write, for the modules in which people write to each other."""

from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from parvis.core import journal, text
from parvis.people.models import Person
from parvis.publications.models import Begun

T = TypeVar("T", bound=Begun)


@transaction.atomic
def keep_begun(rows: "models.Manager[T]", *, by: Person, where: dict[str, Any], **words: str) -> T | None:
    """Keep `words` (field -> text), one draft of `by` for each `where`; an empty one is forgotten.

    Whoever calls it has looked at rights.
    """
    field: Any = rows.model._meta.get_field
    fields: dict[str, Any] = {name: text.clean(said)[: field(name).max_length] for name, said in words.items()}
    if not any(said.strip() for said in fields.values()):
        rows.filter(person=by, **where).delete()
        return None
    draft, is_new = rows.update_or_create(person=by, **where, defaults=fields | {"at": timezone.now()})
    if is_new:
        journal.record("person.draft_kept", by=by, target=by)
    return draft
