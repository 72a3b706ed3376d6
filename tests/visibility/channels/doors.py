"""How rows are written: addresses, to whom they open, what they owe."""

from collections.abc import Callable, Iterable, Iterator

from tests.visibility.harvest import Visit
from tests.visibility.model import Fact, Ground, Role, is_public
from tests.visibility.world import World

PUBLIC, FOUND, OWN, QUEUE = Ground.PUBLIC, Ground.FOUND, Ground.OWN, Ground.QUEUE
MANAGE, ADMIN, ACCOUNT, GROUP, TEAM = Ground.MANAGE, Ground.ADMIN, Ground.ACCOUNT, Ground.GROUP, Ground.TEAM
CIRCLE, SEATED, KNOWN, PRIVATE = Ground.CIRCLE, Ground.SEATED, Ground.KNOWN, Ground.PRIVATE
TOLD = Ground.TOLD
# Things one opens by their number: what anyone reads, what is theirs, what they answer for.
THING = (PUBLIC, OWN, QUEUE)
# Doors that are shut alike to all who have nothing to do with the thing: some of them try, for all.
WRITERS = ("visitor", "neighbour", "author", "colleague", "member", "agent", "administrator")
DECIDERS = ("visitor", "author", "moderator", "moderator_elsewhere", "administrator")
READERS = ("visitor", "faraway", "author", "moderator")
# What its author can still change.
LIVING = ("pending", "online", "expired", "review")


def at(*addresses: str) -> Callable[[World], Iterable[Visit]]:
    """Addresses that are about nothing in particular."""
    return lambda _world: [Visit(address) for address in addresses]


def owing(*facts: Fact) -> Callable[[Role], Iterable[Fact]]:
    """What a page owes to whoever may see it."""
    return lambda _role: facts


def told(world: World, *keys: str) -> list[Fact]:
    """The facts about these publications."""
    return [world.fact("publication", key) for key in keys]


def hanging(world: World, fact: Fact) -> list[Fact]:
    """A publication and what its page shows with it."""
    shown = [other for other in world.facts.values() if other.on is fact and other.what in {"reply", "former"}]
    return [fact, *(other for other in shown if is_public(fact) and other.state != "withdrawn")]


def publications(world: World, kind: str, path: str) -> Iterator[Visit]:
    """The page of every publication of `kind`, at an address that gives no word away."""
    for key, publication in world.publications.items():
        fact = world.fact("publication", key)
        if fact.kind == kind:
            yield Visit(path.format(publication.pk), fact, owing(*hanging(world, fact)))
    yield Visit(path.format(999_999), opens=lambda _role: False)


def own(world: World, kind: str, path: str, *states: str) -> Iterator[Visit]:
    """A page that changes a publication: for those who speak in its voice, while it is in one of `states`."""

    def opener(fact: Fact) -> Callable[[Role], bool]:
        return lambda role: fact.by in role.speaks and fact.state in states

    for key, publication in world.publications.items():
        fact = world.fact("publication", key)
        if not kind or fact.kind == kind:
            yield Visit(path.format(publication.pk), fact, opens=opener(fact))


def voices(world: World, path: str, may: Callable[[Role, Fact], bool]) -> Iterator[Visit]:
    """A page for each voice, open to whom `may` says."""

    def opener(fact: Fact) -> Callable[[Role], bool]:
        return lambda role: may(role, fact)

    for key, voice in world.voices.items():
        fact = world.fact("profile", key)
        yield Visit(path.format(voice.pk), opens=opener(fact))
