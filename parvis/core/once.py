"""A form sent twice acts once."""

import uuid
from collections.abc import Callable

from django import forms
from django.db import IntegrityError, transaction

from parvis.core.journal import Actor
from parvis.core.models import Submission


class OnceForm(forms.Form):
    """Mixin for a form that creates something: carries a hidden key, new for each page shown."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=True)


def submit_once(person: Actor | None, key: uuid.UUID, act: Callable[[], str]) -> str:
    """Run `act`, which returns an address, once per (person, key); the first address on any repeat (R-REL-5, F-14).

    The key is written in the same transaction as what `act` writes: both are kept or neither.
    """
    actor = person.pk if person else 0
    first = Submission.objects.filter(actor=actor, key=key).first()
    if first:
        return first.address
    try:
        with transaction.atomic():
            submission = Submission.objects.create(actor=actor, key=key, address="")
            submission.address = act()
            submission.save(update_fields=["address"])
    except IntegrityError:
        # Ours, if the first is there now; else the error of `act`.
        first = Submission.objects.filter(actor=actor, key=key).first()
        if first is None:
            raise
        return first.address
    return submission.address
