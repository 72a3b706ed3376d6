"""Who knows whom in the world, and who is kept away; in the end, once everything was said."""

from datetime import timedelta

from django.utils import timezone

from parvis.core.models import JournalEntry
from parvis.letters.gazette import queue
from parvis.letters.periods import daily
from parvis.notifications import jobs
from parvis.notifications.telling import TELLERS
from parvis.people import actions as people
from parvis.people.models import Mandate
from tests.visibility.world import World


def tie(world: World) -> None:
    """Two contacts, a request, someone kept away in silence, and someone by an élu, who says why (R-MOD-9)."""
    persons, voices = world.persons, world.voices
    people.ask_contact(persons["author"], voices["neighbour"])
    people.accept_contact(persons["neighbour"], voices["author"])
    people.ask_contact(persons["newcomer"], voices["neighbour"])
    people.block(persons["member"], voices["faraway"])
    Mandate.objects.create(voice=voices["opened"], kind=Mandate.Kind.MUNICIPAL, zone=world.land.bois)
    stated = world.canary("stated", "listed", by="faraway")
    people.block(persons["listed"], voices["faraway"], f"Motif {stated.token}")


def tell(world: World) -> None:
    """Everything that happened is told on the site, to whoever may know it."""
    for entry in JournalEntry.objects.filter(verb__in=TELLERS).order_by("pk"):
        jobs.tell(entry)
    assert world.persons["author"].notifications.exists()


def compose(world: World) -> None:
    """Everyone's letter of this day, which says what is said on it: queued."""
    period = daily(timezone.localdate() + timedelta(days=1))
    queue(list(world.persons.values()), period)
