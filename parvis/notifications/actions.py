"""Every way this module changes the world: choosing what to be told. Reading is no act: see `keeping`."""

from collections.abc import Mapping

from django.db import transaction

from parvis.core import journal
from parvis.notifications.models import ALWAYS, Choice, Kind, channels_of
from parvis.people.models import Person


@transaction.atomic
def choose(person: Person, channels: Mapping[str, tuple[bool, bool]]) -> None:
    """Say for each kind whether to be told on the site, and by mail. What has reasons is always told."""
    for kind, (site, mail) in channels.items():
        if kind in Kind.values and kind not in ALWAYS:
            Choice.objects.update_or_create(person=person, kind=kind, defaults={"site": site, "mail": mail})
    journal.record("person.channels_chosen", by=person, target=person)


@transaction.atomic
def stop_mail(person: Person, kind: str) -> None:
    """End mail of one kind, as the link of a mail asks: nothing the second time. Nobody is signed in."""
    if kind not in Kind.values or kind in ALWAYS:
        return
    chosen = Choice.objects.filter(person=person, kind=kind).first()
    site, mail = channels_of(kind, chosen)
    if mail:
        Choice.objects.update_or_create(person=person, kind=kind, defaults={"site": site, "mail": False})
        journal.record("person.channels_chosen", by=None, target=person)
