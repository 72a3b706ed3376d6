"""Every way this module changes the world: choosing what to be told. Reading is no act: see `keeping`."""

from collections.abc import Mapping

from django.db import transaction

from parvis.core import journal
from parvis.notifications.models import ALWAYS, Choice, Kind
from parvis.people.models import Person


@transaction.atomic
def choose(person: Person, channels: Mapping[str, tuple[bool, bool]]) -> None:
    """Say for each kind whether to be told on the site, and by mail. What has reasons is always told."""
    for kind, (site, mail) in channels.items():
        if kind in Kind.values and kind not in ALWAYS:
            Choice.objects.update_or_create(person=person, kind=kind, defaults={"site": site, "mail": mail})
    journal.record("person.channels_chosen", by=person, target=person)
