"""The agenda and its feeds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from django.utils import timezone

from tests.visibility.channels.doors import (
    LIVING,
    OWN,
    PUBLIC,
    QUEUE,
    SEATED,
    THING,
    TOLD,
    WRITERS,
    at,
    owing,
    own,
    publications,
    told,
)
from tests.visibility.harvest import Channel, Visit
from tests.visibility.model import Fact, Role
from tests.visibility.world import World


def agenda(world: World) -> Iterator[Visit]:
    """The day of the events, everywhere and in one commune."""
    event = world.publications["event-online"].event
    day = timezone.localtime(event.occurrences.get().starts_at).date()
    yield Visit(f"/agenda/?jour={day}&zone=commune-99003&autour=1", must=owing(*told(world, "event-online")))
    for zone in ("", "&zone=commune-99002"):
        yield Visit(f"/agenda/?jour={day}{zone}", must=owing(*told(world, "event-online")))
        yield Visit(f"/agenda/?semaine={day:%G-W%V}{zone}", must=owing(*told(world, "event-online")))
        yield Visit(f"/agenda/?mois={day:%Y-%m}{zone}")


def papers(world: World) -> Iterator[Visit]:
    """The printed week of the events, everywhere and in one commune."""
    event = world.publications["event-online"].event
    day = timezone.localtime(event.occurrences.get().starts_at).date()
    for zone in ("", "&zone=commune-99002"):
        yield Visit(f"/agenda/semaine/?semaine={day:%G-W%V}{zone}", must=owing(*told(world, "event-online")))


def calendars(world: World) -> Iterator[Visit]:
    """The feeds of zones."""
    for kind in ("ics", "atom", "json", "csv"):
        yield Visit(f"/communes/x-99002/agenda.{kind}", must=owing(*told(world, "event-online")))
        yield Visit(f"/cantons/x-9902/agenda.{kind}")
        yield Visit(f"/communes/x-98001/agenda.{kind}", opens=lambda _role: False)


def voice_feeds(world: World) -> Iterator[Visit]:
    """What each organisation announces; that of one nobody may see is not there."""
    for kind in ("ics", "atom", "json", "csv"):
        number = world.voices["lavoir"].pk
        yield Visit(f"/associations/x-{number}/agenda.{kind}", must=owing(*told(world, "event-online")))
    yield Visit("/associations/x-999999/agenda.ics", opens=lambda _role: False)


def one_feed(*addresses: str) -> Callable[[World], Iterable[Visit]]:
    """Feeds that owe the events online."""
    return lambda world: [Visit(address, must=owing(*told(world, "event-online"))) for address in addresses]


def presences(world: World) -> Iterator[Visit]:
    """Each time of each event: where one goes is said of what one may read."""
    for key, publication in world.publications.items():
        if key.startswith("event"):
            for time in publication.event.occurrences.all():
                yield Visit(f"/agenda/presence/{time.pk}/", world.fact("publication", key))
    yield Visit("/agenda/presence/999999/", opens=lambda _role: False)


def registered(world: World) -> Iterator[Visit]:
    """Who comes to each event: by name, to those who announced it and to nobody else."""
    seated = world.fact("profile", "neighbour")
    for key, publication in world.publications.items():
        if key.startswith("event"):
            fact = world.fact("publication", key)
            owed = owing(*[seated] if key == "event-online" else [])
            yield Visit(f"/agenda/{publication.pk}/inscriptions/", fact, must=owed, opens=opener(fact))


def times(world: World) -> Iterator[Visit]:
    """The form that moves each time of each event, for those who announced it."""
    for key, publication in world.publications.items():
        if key.startswith("event"):
            fact = world.fact("publication", key)
            opens = opener(fact)
            for time in publication.event.occurrences.all():
                yield Visit(f"/agenda/date/{time.pk}/", fact, opens=opens)
    yield Visit("/agenda/date/999999/", opens=lambda _role: False)


def calendars_kept(world: World) -> Iterator[Visit]:
    """The calendars that each organisation imports: for those who speak in its voice."""
    for key, source in world.sources.items():
        yield Visit(source.get_absolute_url(), opens=speaker(key))
    yield Visit("/mon-espace/calendriers/999999/", opens=lambda _role: False)


def venues(world: World) -> Iterator[Visit]:
    """The page of each place; one that was another leads there."""
    for key, venue in world.venues.items():
        fact = world.fact("venue", "open" if key == "same" else key)
        owed = [fact, *(told(world, "event-online") if fact.key == "open" else [])]
        yield Visit(f"/lieux/x-{venue.pk}/", fact, must=owing(*owed))
    yield Visit("/lieux/x-999999/", opens=lambda _role: False)


def venue_feeds(world: World) -> Iterator[Visit]:
    """What is held at a place, to whoever may see the place."""
    for kind in ("ics", "atom", "json", "csv"):
        yield Visit(f"/lieux/x-{world.venues['open'].pk}/agenda.{kind}", must=owing(*told(world, "event-online")))
        waiting = world.fact("venue", "waiting")
        yield Visit(f"/lieux/x-{world.venues['waiting'].pk}/agenda.{kind}", waiting)


def venue_doors(path: str, *, proposer: bool) -> Callable[[World], Iterator[Visit]]:
    """A page that changes a place: for those who moderate there, and perhaps for who proposed it, until verified."""

    def visits(world: World) -> Iterator[Visit]:
        for key, venue in world.venues.items():
            own = proposer and key in {"open", "waiting"}
            yield Visit(path.format(venue.pk), opens=decider(own=own, gone=key == "same"))

    return visits


def decider(*, own: bool, gone: bool) -> Callable[[Role], bool]:
    """Those who moderate in Bois-le-Comte; the author too of what is their own; nobody of what is gone."""
    return lambda role: not gone and ("bois" in role.moderates or (own and role.key == "author"))


def speaker(key: str) -> Callable[[Role], bool]:
    """Those who speak in the voice called `key`."""
    return lambda role: key in role.speaks


def opener(fact: Fact) -> Callable[[Role], bool]:
    """Those who speak in its voice, while it can change."""
    return lambda role: fact.by in role.speaks and fact.state in LIVING


def followed(world: World) -> Iterator[Visit]:
    """What one follows and may still read."""
    yield Visit("/mon-agenda/", must=lambda role: told(world, "event-online") if role.key == "faraway" else [])


def own_feeds(world: World) -> Iterator[Visit]:
    """The calendar of each event: not what is said under it."""
    for visit in publications(world, "event", "/agenda/x-{}.ics"):
        yield replace(visit, must=owing(*[visit.subject] if visit.subject else []))


def embeds(world: World) -> Iterator[Visit]:
    """Each event in the page of another site, the same for all: what a visitor reads."""
    for key, publication in world.publications.items():
        fact = world.fact("publication", key)
        if fact.kind == "event":
            shown = fact.state == "online"
            yield Visit(f"/embed/agenda/{publication.pk}/", must=owing(*[fact] if shown else []), opens=among(shown))
    yield Visit("/embed/agenda/999999/", opens=among(False))


def among(shown: bool) -> Callable[[Role], bool]:
    """Everyone, or nobody."""
    return lambda _role: shown


AGENDA = {
    "answer_attendance": Channel((PUBLIC,), at("/agenda/inscription/999999/"), post_only=True),
    "co_organisers": Channel(
        (OWN, PUBLIC),
        lambda world: own(world, "event", "/agenda/{}/co-organisateurs/", *LIVING),
        members_only=True,
        roles=WRITERS,
    ),
    "answer_organising": Channel((PUBLIC,), at("/agenda/co-organisation/999999/"), post_only=True),
    "attend": Channel((PUBLIC,), presences, post_only=True),
    "agenda": Channel((PUBLIC,), agenda),
    "paper": Channel((PUBLIC,), papers),
    "event": Channel((*THING, TOLD), lambda world: publications(world, "event", "/agenda/x-{}/")),
    "event_ics": Channel((PUBLIC,), own_feeds),
    "correct_event": Channel(
        (OWN, PUBLIC),
        lambda world: own(world, "event", "/agenda/{}/corriger/", *LIVING),
        members_only=True,
        roles=WRITERS,
    ),
    "cancel_event": Channel(
        (OWN,),
        lambda world: own(world, "event", "/agenda/{}/annuler/", *LIVING),
        members_only=True,
        roles=WRITERS,
    ),
    "event_status": Channel(
        (OWN,),
        lambda world: own(world, "event", "/agenda/{}/etat/", *LIVING),
        members_only=True,
        roles=WRITERS,
    ),
    "registrations": Channel(
        (OWN, SEATED),
        registered,
        members_only=True,
        roles=WRITERS,
    ),
    "event_time": Channel((OWN,), times, members_only=True, roles=WRITERS),
    "publish_event": Channel((OWN, PUBLIC), at("/publier/evenement/"), members_only=True),
    "agenda_ics": Channel((PUBLIC,), one_feed("/agenda.ics")),
    "agenda_atom": Channel((PUBLIC,), one_feed("/agenda.atom")),
    "agenda_json": Channel((PUBLIC,), one_feed("/agenda.json")),
    "agenda_csv": Channel((PUBLIC,), one_feed("/agenda.csv")),
    "sources": Channel((OWN,), at("/mon-espace/calendriers/"), members_only=True),
    "add_source": Channel((OWN,), at("/mon-espace/calendriers/ajouter/"), members_only=True),
    "source": Channel((OWN, PUBLIC), calendars_kept, members_only=True, roles=WRITERS),
    "my_calendar": Channel((OWN, PUBLIC), followed, members_only=True),
    "follow_event": Channel(
        (PUBLIC,), lambda world: publications(world, "event", "/agenda/{}/suivre/"), post_only=True
    ),
    "follow_venue": Channel(
        THING, lambda world: [Visit(f"/lieux/{one.pk}/suivre/") for one in world.venues.values()], post_only=True
    ),
    "event_embed": Channel((PUBLIC,), embeds),
    "my_calendar_ics": Channel((), lambda _world: [Visit(f"/mon-agenda/{'a' * 22}.ics", opens=lambda _role: False)]),
    "venues": Channel(
        THING,
        lambda world: [
            Visit("/lieux/", must=owing(world.fact("venue", "open"), world.fact("venue", "verified"))),
            Visit("/lieux/?commune=Bois-le-Comte&acces=mi", must=owing(world.fact("venue", "open"))),
            Visit("/lieux/?zone=commune-99006"),
        ],
    ),
    "venue": Channel(THING, venues),
    "venue_agenda": Channel(THING, venue_feeds),
    "venue_names": Channel((PUBLIC,), at("/lieux/noms/?commune=99002&lieu=salle")),
    "propose_venue": Channel((OWN,), at("/lieux/ajouter/"), members_only=True),
    "correct_venue": Channel(THING, venue_doors("/lieux/{}/corriger/", proposer=True), members_only=True),
    "merge_venue": Channel(THING, venue_doors("/lieux/{}/fusionner/", proposer=False)),
    "check_venues": Channel(
        (PUBLIC, QUEUE), lambda _world: [Visit("/moderation/lieux/", opens=lambda role: bool(role.moderates))]
    ),
    "duplicates": Channel(
        (PUBLIC, QUEUE), lambda _world: [Visit("/moderation/doublons/", opens=lambda role: bool(role.moderates))]
    ),
    "agenda_embed": Channel((PUBLIC,), one_feed("/embed/agenda/", "/embed/agenda/?zone=commune-99002")),
    "zone_agenda": Channel((PUBLIC,), calendars),
    "voice_agenda": Channel((PUBLIC,), voice_feeds),
}
