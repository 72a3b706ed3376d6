"""A form sent twice acts once."""

import uuid
from collections.abc import Callable

from django import forms
from django.db import IntegrityError, transaction
from django.utils.datastructures import MultiValueDict

from parvis.core.journal import Actor
from parvis.core.models import Submission


class OnceForm(forms.Form):
    """Mixin for a form that creates something: carries a hidden key, new for each page shown.

    Once checked, the key stands for the page and for what was sent: someone who comes back with « Précédent »,
    writes something else and sends it says a second thing, which must not be lost.
    """

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=True)

    def clean_key(self) -> uuid.UUID:
        """The same for the same words, another for others."""
        said = self.data.lists() if isinstance(self.data, MultiValueDict) else self.data.items()
        words = sorted((name, str(values)) for name, values in said if name != "csrfmiddlewaretoken")
        files = sorted((name, str(file), getattr(file, "size", 0)) for name, file in self.files.items())
        return uuid.uuid5(self.cleaned_data["key"], str((words, files)))


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
