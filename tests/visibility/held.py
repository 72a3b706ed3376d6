"""The places of the world where events are held, in each state; and someone who may not come to one of them."""

from datetime import timedelta

from django.utils import timezone

from parvis.agenda import actions as agenda
from parvis.agenda.actions.sources import add_source
from parvis.agenda.jobs import read_source
from parvis.agenda.models import Event, Venue
from parvis.core.models import JournalEntry
from tests.visibility.world import World, words


def hold(world: World) -> None:
    """What the author announced is held at the place they proposed."""
    author, moderator, bois = world.persons["author"], world.persons["moderator"], world.land.bois
    for key, state in (("open", "online"), ("verified", "online"), ("waiting", "pending"), ("same", "merged")):
        fact = world.canary("venue", key, state=state, by="author", place="bois")
        venue = agenda.propose_venue(by=author, name=f"Salle {words(fact)}", commune=bois, access="mi")
        world.venues[key] = venue
    agenda.verify_venue(world.venues["verified"], by=moderator)
    agenda.merge_venues(world.venues["same"], into=world.venues["open"], by=moderator)
    # As if no moderator had let its author through before.
    Venue.objects.filter(pk=world.venues["waiting"].pk).update(opened_at=None)
    Event.objects.update(held_at=world.venues["open"])
    turn_down(world)
    bring(world)
    share(world)


def share(world: World) -> None:
    """Another association organises one event too; a third is invited and did not answer."""
    event, voices, persons = world.publications["event-online"].event, world.voices, world.persons
    asked = agenda.invite_to_organise(event, voices["verified"], by=persons["author"])
    agenda.accept_to_organise(asked, by=persons["listed"])
    agenda.invite_to_organise(event, voices["masked"], by=persons["author"])


def turn_down(world: World) -> None:
    """Someone registers, and is told why they may not come: they alone read it."""
    time = world.publications["event-online"].event.occurrences.get()
    agenda.attend(world.persons["listed"], time)
    why = world.canary("stated", "not kept", by="listed")
    asked = time.attendances.get(person=world.persons["listed"])
    agenda.refuse_attendee(asked, by=world.persons["author"], reason=f"Motif {why.token}")


def bring(world: World) -> None:
    """An association has a table of what it does elsewhere; it is read, and nothing came in yet."""
    by, voice, day = world.persons["author"], world.voices["lavoir"], timezone.localdate() + timedelta(days=9)
    table = f"titre;date;commune\nLessive;{day};Bois-le-Comte\nRepas;bientôt;Bois-le-Comte\n".encode()
    world.sources["lavoir"] = add_source(voice=voice, by=by, category="fete", content=table, name="lavoir.csv")
    read_source(JournalEntry.objects.get(verb="source.read_asked"))
