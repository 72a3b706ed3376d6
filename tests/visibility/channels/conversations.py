"""Private messages: the two sides, and nobody else; moderators, what was reported and its neighbours."""

from collections.abc import Callable, Iterator

from tests.visibility.channels.doors import GROUP, KNOWN, OWN, PRIVATE, PUBLIC, QUEUE, at, owing, voices
from tests.visibility.channels.people import can_reach
from tests.visibility.harvest import LOGIN, Channel, Visit
from tests.visibility.model import PRIVATE as SIDES
from tests.visibility.model import Fact, Role, is_of_group, is_private
from tests.visibility.world import World

# Which sides are organisations, and close their door.
ORGANISATIONS = {"lavoir", "routes"}
SAID = (PRIVATE, PUBLIC)


def said(world: World, key: str) -> list[Fact]:
    """What one reads in a conversation, and what goes with it."""
    lines = [fact for fact in world.facts.values() if fact.what == "private" and fact.kind == key]
    return [fact for fact in lines if fact.state == "online"]


def inside(key: str) -> Callable[[Role], bool]:
    """Those who speak for one of its sides."""
    return lambda role: bool(role.speaks & {*SIDES[key]})


def conversations(world: World, path: str, *, must: bool = False) -> Iterator[Visit]:
    """An address of each conversation, for its two sides."""
    for key, one in world.conversations.items():
        yield Visit(path.format(one.pk), must=owing(*said(world, key) if must else ()), opens=inside(key))
    yield Visit(path.format(999_999), opens=lambda _role: False)


def closed(world: World) -> Iterator[Visit]:
    """Where an organisation closes its door: for those who speak in it."""

    def opener(key: str) -> Callable[[Role], bool]:
        return lambda role: bool(role.speaks & {*SIDES[key]} & ORGANISATIONS)

    for key, one in world.conversations.items():
        yield Visit(f"/messages/{one.pk}/fermer/", opens=opener(key))


def lists(world: World) -> Iterator[Visit]:
    """One's conversations, and those of strangers apart."""
    last = [world.fact("private", key) for key in ("assoc 2", "service 2")]
    request = world.fact("private", "request 1")
    yield Visit("/messages/", must=lambda role: [fact for fact in last if is_private(fact, role)])
    yield Visit("/messages/?liste=demandes", must=lambda role: [request] if role.key == "neighbour" else [])


def lines(world: World, path: str, may: Callable[[Role, Fact], bool]) -> Iterator[Visit]:
    """An address of each line, open to whom `may` says."""

    def opener(fact: Fact) -> Callable[[Role], bool]:
        return lambda role: may(role, fact)

    for key, line in world.lines.items():
        yield Visit(path.format(line.pk), opens=opener(world.fact("private", key)))
    yield Visit(path.format(999_999), opens=lambda _role: False)


def takes_back(role: Role, fact: Fact) -> bool:
    """What one wrote oneself."""
    return fact.state == "online" and fact.by == role.key


def reports(role: Role, fact: Fact) -> bool:
    """What one received."""
    return is_private(fact, role) and fact.by != role.key


def decides(role: Role, fact: Fact) -> bool:
    """What was reported alone; its neighbours are read with it, and have no page."""
    return fact.key == "pair 4" and "bois" in role.moderates and not is_private(fact, role)


def files(world: World) -> Iterator[Visit]:
    """Every file: read with its line, and no address of its own (R-SEC-5)."""
    for line in world.lines.values():
        for file in line.files.all():
            fact = next(one for one in world.facts.values() if one.token == file.name[:7])
            yield Visit(f"/messages/fichiers/{file.pk}/", fact)
    yield Visit("/messages/fichiers/999999/", opens=lambda _role: False)


def reaches(role: Role, fact: Fact) -> bool:
    """To whom one may think of writing: whom one may see or know, and those of one's groups."""
    return fact.state != "closed" and (can_reach(role, fact) or is_mate(role, fact))


def is_mate(role: Role, fact: Fact) -> bool:
    """Whether they are in a group together."""
    return fact.kind == "habitant" and is_of_group(fact, role) and fact.key not in {"faraway", "colleague"}


# Doors of single lines: some of those with and without a place in a conversation try, for all.
TRYING = ("visitor", "faraway", "neighbour", "author", "agent", "moderator")
CONVERSATIONS = {
    "messages": Channel(SAID, lists, members_only=True),
    "begin": Channel(
        (PUBLIC, OWN, KNOWN, GROUP, PRIVATE),
        lambda world: voices(world, "/messages/nouveau/?a={}", reaches),
        members_only=True,
        leads_to=("/messages/", LOGIN),
    ),
    "conversation": Channel(
        SAID, lambda world: conversations(world, "/messages/{}/?depuis=0", must=True), members_only=True
    ),
    "answer": Channel(
        SAID,
        lambda world: conversations(world, "/messages/{}/repondre/"),
        members_only=True,
        leads_to=("/messages/", LOGIN),
    ),
    "read_conversation": Channel((), lambda world: conversations(world, "/messages/{}/lu/"), post_only=True),
    "conversation_news": Channel((), lambda world: conversations(world, "/messages/{}/nouveautes/?depuis=1")),
    "act_on_conversation": Channel((), lambda world: conversations(world, "/messages/{}/agir/"), post_only=True),
    "close_conversation": Channel(SAID, closed, members_only=True),
    "withdraw_line": Channel(
        SAID, lambda world: lines(world, "/messages/lignes/{}/retirer/", takes_back), members_only=True, roles=TRYING
    ),
    "conversation_file": Channel(SAID, files),
    "writers": Channel((), at("/reglages/messages/"), members_only=True),
    "moderate_line": Channel(
        (QUEUE, PUBLIC), lambda world: lines(world, "/moderation/message-prive/{}/", decides), roles=TRYING
    ),
    "report_line": Channel(SAID, lambda world: lines(world, "/signaler/message-prive/{}/", reports), roles=TRYING),
}
