"""Letters: the gazette of a place is for everyone; one's own, for oneself alone, as far as they may still read."""

from collections.abc import Callable, Iterator

from parvis.letters import stopping
from parvis.letters.models import Issue
from tests.visibility.channels.doors import ACCOUNT, GROUP, OWN, PUBLIC, at, owing, told
from tests.visibility.harvest import Channel, Visit
from tests.visibility.model import Role
from tests.visibility.world import World


def gazettes(world: World) -> Iterator[Visit]:
    """What anyone reads of a commune."""
    said = told(world, "post-online", "event-online")
    yield Visit("/communes/x-99002/gazette/", must=owing(*said))
    yield Visit("/communes/x-99006/gazette/", must=owing(*told(world, "post-faraway")))
    yield Visit("/communes/x-98001/gazette/", opens=lambda _role: False)
    yield Visit("/communes/x-00000/gazette/", opens=lambda _role: False)


def letters(world: World) -> Iterator[Visit]:
    """One of each person's, which has the same address for all: none reads that of another."""
    had = {issue.person_id: issue for issue in Issue.objects.all()}
    people = {key: person.pk for key, person in world.persons.items()}

    def opens() -> Callable[[Role], bool]:
        return lambda role: people.get(role.key) in had

    shown = {"neighbour": told(world, "post-online")}
    for period in sorted({issue.period for issue in had.values()}):
        yield Visit(f"/mon-espace/lettres/{period}/", opens=opens(), must=lambda role: shown.get(role.key, []))
    yield Visit("/mon-espace/lettres/2020-W01/", opens=lambda _role: False)


def stops(world: World) -> Iterator[Visit]:
    """Whoever has the link; it says nothing of whose it is."""
    for key in ("neighbour", "author"):
        link = stopping.link(world.persons[key], stopping.LETTER)
        yield Visit("/" + link.split("/", 3)[3])
    yield Visit("/courriel/arret/" + "a" * 40 + "/", opens=lambda _role: False)


LETTERS = {
    "gazette": Channel((PUBLIC,), gazettes),
    "gazette_rules": Channel((), at("/aide/gazette/")),
    "letters": Channel((), at("/mon-espace/lettres/"), members_only=True),
    "letter": Channel((PUBLIC, OWN, GROUP), letters, members_only=True),
    "rhythm": Channel((ACCOUNT,), at("/reglages/lettre/"), members_only=True),
    "stop_mail": Channel((), stops),
}
