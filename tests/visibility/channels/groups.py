"""Groups: who finds them, who reads them, who changes them."""

from collections.abc import Callable, Iterator

from tests.visibility.channels.doors import GROUP, at, owing
from tests.visibility.harvest import Channel, Visit
from tests.visibility.model import GROUPS, Fact, Ground, Role, is_inside, may_know
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


def animates(role: Role, fact: Fact) -> bool:
    """Whether they look after it."""
    return GROUPS[fact.key][:1] == (role.key,)


def rows(world: World, path: str, what: str) -> Iterator[Visit]:
    """The address of each member, request or ban of each group: for whoever animates."""

    def opener(fact: Fact) -> Callable[[Role], bool]:
        return lambda role: animates(role, fact)

    for fact in groups(world):
        for row in getattr(world.groups[fact.key], what).all():
            yield Visit(path.format(world.groups[fact.key].pk, row.pk), opens=opener(fact))
    yield Visit(path.format(999_999, 1), opens=lambda _role: False)


GROUPS_CHANNELS = {
    "groups": Channel((Ground.PUBLIC, GROUP), directory),
    "create_group": Channel((Ground.OWN,), at("/groupes/creer/"), members_only=True),
    "group": Channel((Ground.PUBLIC, GROUP), pages),
    "group_settings": Channel(
        (Ground.PUBLIC, GROUP),
        lambda world: doors(world, "/groupes/{}/reglages/", animates),
        members_only=True,
        roles=TRYING,
    ),
    "archive_group": Channel(
        (), lambda world: doors(world, "/groupes/{}/archive/", animates), post_only=True, roles=TRYING
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
