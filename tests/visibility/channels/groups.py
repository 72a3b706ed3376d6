"""Groups: who finds them, who reads them, who changes them."""

from collections.abc import Callable, Iterator

from tests.visibility.channels.doors import GROUP, at, owing
from tests.visibility.harvest import LOGIN, Channel, Visit
from tests.visibility.model import (
    GROUPS,
    Fact,
    Ground,
    Role,
    group_of,
    is_decided,
    is_inside,
    is_of_group,
    is_public,
    may_know,
)
from tests.visibility.model import animates as tends
from tests.visibility.world import World

# Doors that are the same to all who are not in a group: some of them try, for all.
TRYING = ("visitor", "neighbour", "faraway", "author", "member", "agent", "moderator", "administrator")


def groups(world: World) -> list[Fact]:
    """The name of each."""
    return [fact for fact in world.facts.values() if fact.what == "group"]


def directory(_world: World) -> Iterator[Visit]:
    """Public ones and those on request, for everyone; private ones for who is in."""
    found = [fact for fact in groups(_world) if fact.kind != "private"]
    yield Visit("/groupes/", must=owing(*found))
    yield Visit("/groupes/?theme=nature&pres=1")


def pages(world: World) -> Iterator[Visit]:
    """The page of every group, at an address that gives no word away."""
    for fact in groups(world):
        yield Visit(f"/groupes/x-{world.groups[fact.key].pk}/", fact, owing(fact))
    yield Visit("/groupes/x-999999/", opens=lambda _role: False)


def doors(world: World, path: str, may: Callable[[Role, Fact], bool]) -> Iterator[Visit]:
    """An address of each group, open to whom `may` says."""

    def opener(fact: Fact) -> Callable[[Role], bool]:
        return lambda role: may(role, fact)

    for fact in groups(world):
        yield Visit(path.format(world.groups[fact.key].pk), opens=opener(fact))
    yield Visit(path.format(999_999), opens=lambda _role: False)


def inside(role: Role, fact: Fact) -> bool:
    """Whether they are in the group."""
    return is_inside(fact.key, role)


def heads(role: Role, fact: Fact) -> bool:
    """Whether they look after it."""
    return GROUPS[fact.key][:1] == (role.key,)


def rows(world: World, path: str, what: str) -> Iterator[Visit]:
    """The address of each member, request or ban of each group: for whoever animates."""

    def opener(fact: Fact) -> Callable[[Role], bool]:
        return lambda role: heads(role, fact)

    for fact in groups(world):
        for row in getattr(world.groups[fact.key], what).all():
            yield Visit(path.format(world.groups[fact.key].pk, row.pk), opens=opener(fact))
    yield Visit(path.format(999_999, 1), opens=lambda _role: False)


def said(world: World, *states: str) -> list[Fact]:
    """What was said, in one of these states or in any."""
    return [fact for fact in world.facts.values() if fact.what == "said" and (not states or fact.state in states)]


def topics(world: World, path: str, must: bool = True) -> Iterator[Visit]:
    """An address of each topic: for who reads it."""
    for key, topic in world.topics.items():
        fact = world.fact("said", f"{key} topic")
        owed = [one for one in said(world, "online") if group_of(one) == key]
        owed += [one for one in world.facts.values() if one.what == "attached" and one.key.startswith(f"{key} topic")]
        yield Visit(path.format(topic.pk), fact, owing(*owed) if must else owing())
    yield Visit(path.format(999_999), opens=lambda _role: False)


def messages(world: World, path: str, may: Callable[[Role, Fact], bool]) -> Iterator[Visit]:
    """An address of each message, open to whom `may` says."""

    def opener(fact: Fact) -> Callable[[Role], bool]:
        return lambda role: may(role, fact)

    for key, message in world.messages.items():
        yield Visit(path.format(message.pk), opens=opener(world.fact("said", key)))
    yield Visit(path.format(999_999), opens=lambda _role: False)


def reads(role: Role, fact: Fact) -> bool:
    """Whether they may open it: what is online, their own, and what they look after."""
    return is_public(fact) or is_of_group(fact, role)


def reports(role: Role, fact: Fact) -> bool:
    """What one may report: what one reads that is online."""
    return fact.state == "online" and reads(role, fact)


def reacts(role: Role, fact: Fact) -> bool:
    """What one reacts to: what is online, from inside the group."""
    return fact.state == "online" and is_inside(group_of(fact), role)


def keeps(role: Role, fact: Fact) -> bool:
    """What one marks as the answer: every topic of the world is opened by whoever animates."""
    return fact.state == "online" and tends(role, fact)


def corrects(role: Role, fact: Fact) -> bool:
    """Whose words they may change: theirs, while they live."""
    return fact.by in role.speaks and fact.state in {"pending", "online"} and is_inside(group_of(fact), role)


def moves(role: Role, fact: Fact) -> bool:
    """What an animator may carry to another topic."""
    return tends(role, fact) and fact.state == "online" and not fact.key.endswith("topic")


def decides(role: Role, fact: Fact) -> bool:
    """What one decides on; the title of what was reported is only read."""
    titled = fact.key.endswith("topic") and fact.kind != "public"
    return is_decided(fact, role) and (not titled or tends(role, fact)) and fact.by not in role.speaks


def files(world: World) -> Iterator[Visit]:
    """Every file: read with its message, and no address of its own (R-SEC-5)."""
    for key, message in world.messages.items():
        for file in message.files.all():
            yield Visit(f"/groupes/fichiers/{file.pk}/", world.fact("attached", f"{key} file"))
    yield Visit("/groupes/fichiers/999999/", opens=lambda _role: False)


def polls(world: World) -> Iterator[Visit]:
    """Where each poll is answered, by the members of the group alone."""

    def opener(key: str) -> Callable[[Role], bool]:
        return lambda role: is_inside(key, role)

    for key in world.topics:
        poll = world.messages[f"{key} topic"].poll
        yield Visit(f"/groupes/sondages/{poll.pk}/", opens=opener(key))


def tended(world: World) -> Iterator[Visit]:
    """Where each topic is pinned or closed, by whoever animates."""

    def opener(fact: Fact) -> Callable[[Role], bool]:
        return lambda role: tends(role, fact)

    for key, topic in world.topics.items():
        yield Visit(f"/groupes/sujets/{topic.pk}/animer/", opens=opener(world.fact("said", f"{key} topic")))
    yield Visit("/groupes/sujets/999999/animer/", opens=lambda _role: False)


READS = (Ground.PUBLIC, GROUP)
GROUPS_CHANNELS = {
    "topic": Channel(READS, lambda world: topics(world, "/groupes/sujets/x-{}/")),
    "reply_topic": Channel(
        READS,
        lambda world: topics(world, "/groupes/sujets/{}/repondre/", must=False),
        members_only=True,
        leads_to=("/groupes/sujets/", LOGIN),
        roles=TRYING,
    ),
    "read_topic": Channel(READS, lambda world: topics(world, "/groupes/sujets/{}/lu/", must=False), post_only=True),
    "topic_news": Channel(READS, lambda world: topics(world, "/groupes/sujets/{}/nouveautes/?depuis=1", must=False)),
    "tend_topic": Channel((), tended, post_only=True),
    "open_topic": Channel(
        READS, lambda world: doors(world, "/groupes/{}/sujets/ouvrir/", inside), members_only=True, roles=TRYING
    ),
    "message": Channel(
        READS, lambda world: messages(world, "/groupes/messages/{}/", reads), leads_to=("/groupes/sujets/",)
    ),
    "edit_message": Channel(
        READS,
        lambda world: messages(world, "/groupes/messages/{}/corriger/", corrects),
        members_only=True,
        roles=TRYING,
    ),
    "withdraw_message": Channel(
        READS, lambda world: messages(world, "/groupes/messages/{}/retirer/", corrects), members_only=True, roles=TRYING
    ),
    "react": Channel((), lambda world: messages(world, "/groupes/messages/{}/reagir/", reacts), post_only=True),
    "keep_answer": Channel((), lambda world: messages(world, "/groupes/messages/{}/retenir/", keeps), post_only=True),
    "move_message": Channel(
        READS, lambda world: messages(world, "/groupes/messages/{}/deplacer/", moves), members_only=True, roles=TRYING
    ),
    "file": Channel(READS, files),
    "vote": Channel((), polls, post_only=True),
    "moderate_message": Channel(
        (Ground.QUEUE, *READS),
        lambda world: messages(world, "/moderation/message/{}/", decides),
        members_only=True,
        roles=TRYING,
    ),
    "report_message": Channel(READS, lambda world: messages(world, "/signaler/message/{}/", reports), roles=TRYING),
    "groups": Channel((Ground.PUBLIC, GROUP), directory),
    "create_group": Channel((Ground.OWN,), at("/groupes/creer/"), members_only=True),
    "group": Channel((Ground.PUBLIC, GROUP), pages),
    "group_settings": Channel(
        (Ground.PUBLIC, GROUP),
        lambda world: doors(world, "/groupes/{}/reglages/", heads),
        members_only=True,
        roles=TRYING,
    ),
    "archive_group": Channel(
        (), lambda world: doors(world, "/groupes/{}/archive/", heads), post_only=True, roles=TRYING
    ),
    "enter_group": Channel(
        (), lambda world: doors(world, "/groupes/{}/entrer/", may_know), post_only=True, roles=TRYING
    ),
    "group_members": Channel(
        (Ground.PUBLIC, GROUP),
        lambda world: doors(world, "/groupes/{}/membres/", inside),
        members_only=True,
        roles=TRYING,
    ),
    "change_group_member": Channel((), lambda world: rows(world, "/groupes/{}/membres/{}/", "members"), post_only=True),
    "answer_request": Channel((), lambda world: rows(world, "/groupes/{}/demandes/{}/", "requests"), post_only=True),
    "unban": Channel((), lambda world: rows(world, "/groupes/{}/exclusions/{}/", "bans"), post_only=True),
}
