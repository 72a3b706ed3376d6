"""Reports, and the desk of those who decide."""

from collections.abc import Callable, Iterator

from django.core import signing

from parvis.moderation.views.reports import SALT
from tests.visibility.channels.doors import DECIDERS, GROUP, OWN, PUBLIC, QUEUE, READERS, owing, told
from tests.visibility.harvest import Channel, Visit
from tests.visibility.model import GROUPS, Fact, Role, is_own, is_public, is_queued, root
from tests.visibility.world import World

DESK = (QUEUE, PUBLIC, OWN, GROUP)


def decided_by(fact: Fact) -> Callable[[Role], bool]:
    """Those who answer for the place where it was said; never its author."""
    return lambda role: fact.place in role.moderates and {root(fact).state, fact.state}.isdisjoint({"draft", "review"})


def desk(world: World) -> Iterator[Visit]:
    """What waits, and what was reported; for anyone else it does not exist."""
    waiting = [*told(world, "event-pending", "post-newcomer", "post-faraway-pending")]
    waiting += [fact for fact in world.facts.values() if (fact.what, fact.state) == ("report", "open")]
    waiting += [fact for fact in world.facts.values() if (fact.what, fact.state) == ("said", "pending")]
    animators = {members[0] for members in GROUPS.values()}
    # An animator has a desk too: what waits for others, be it their own, is not on it.
    yield Visit(
        "/moderation/",
        must=lambda role: [fact for fact in waiting if is_queued(fact, role)],
        opens=lambda role: bool(role.moderates) or role.key in animators,
    )
    for key, group in world.groups.items():
        pending = [fact for fact in waiting if fact.what == "said" and fact.key.startswith(key)]
        yield Visit(f"/moderation/?groupe={group.pk}", must=owing(*pending), opens=heads(key))


def heads(group: str) -> Callable[[Role], bool]:
    """Those who animate a group."""
    return lambda role: GROUPS[group][0] == role.key


def publications_to_decide(world: World) -> Iterator[Visit]:
    """Every publication, as a thing to decide on."""
    for key, publication in world.publications.items():
        fact = world.fact("publication", key)
        yield Visit(f"/moderation/publication/{publication.pk}/", must=owing(fact), opens=decided_by(fact))


def replies_to_decide(world: World) -> Iterator[Visit]:
    """Every reply, as a thing to decide on."""
    for key, reply in world.replies.items():
        fact = world.fact("reply", key)
        yield Visit(f"/moderation/reponse/{reply.pk}/", must=owing(fact), opens=decided_by(fact))


def publications_to_report(world: World) -> Iterator[Visit]:
    """The form that reports each publication: one reports what one can read."""
    for key, publication in world.publications.items():
        yield Visit(f"/signaler/publication/{publication.pk}/", world.fact("publication", key))


def replies_to_report(world: World) -> Iterator[Visit]:
    """The form that reports each reply."""
    for key, reply in world.replies.items():
        yield Visit(f"/signaler/reponse/{reply.pk}/", world.fact("reply", key))


def profiles_to_decide(world: World) -> Iterator[Visit]:
    """What every voice wrote about itself, while the voice is public; never by one who speaks in it."""

    def opener(fact: Fact) -> Callable[[Role], bool]:
        shown = fact.on is not None and is_public(fact.on)
        return lambda role: shown and fact.place in role.moderates and not is_own(fact, role)

    for fact in presentations(world):
        yield Visit(f"/moderation/profil/{world.voices[fact.key].pk}/", must=owing(fact), opens=opener(fact))
    yield Visit(f"/moderation/profil/{world.voices['unopened'].pk}/", opens=lambda _role: False)


def profiles_to_report(world: World) -> Iterator[Visit]:
    """The form that reports what a voice wrote about itself; an élu nobody speaks for wrote nothing."""
    for fact in presentations(world):
        reader = reads_words(fact)
        yield Visit(f"/signaler/profil/{world.voices[fact.key].pk}/", must=owing(fact), opens=reader)
    yield Visit(f"/signaler/profil/{world.voices['unopened'].pk}/", opens=lambda _role: False)


def reads_words(fact: Fact) -> Callable[[Role], bool]:
    """Those who read it now: hidden, its members find it on their own pages only."""
    return lambda role: is_public(fact) or (fact.by == role.key and fact.state == "online")


def presentations(world: World) -> list[Fact]:
    """What voices wrote about themselves."""
    return [fact for fact in world.facts.values() if fact.what == "presentation"]


def receipts(world: World) -> Iterator[Visit]:
    """The receipt of a report, at its signed address and at others."""
    for report in world.reports.values():
        yield Visit(f"/signaler/recu/{signing.dumps(report.pk, salt=SALT)}/")
    yield Visit("/signaler/recu/1/", opens=lambda _role: False)


MODERATION = {
    # Exists in the demonstration and in development only.
    "mailbox": Channel((), lambda _world: [Visit("/courrier/", opens=lambda _role: False)]),
    # Exists in the demonstration only.
    "visit": Channel((), lambda _world: [Visit("/visite/", opens=lambda _role: False)]),
    "moderation": Channel(DESK, desk, members_only=True),
    "moderate_publication": Channel(DESK, publications_to_decide, members_only=True, roles=DECIDERS),
    "moderate_reply": Channel(DESK, replies_to_decide, members_only=True, roles=DECIDERS),
    "moderate_profile": Channel(DESK, profiles_to_decide, members_only=True, roles=DECIDERS),
    "report_profile": Channel((PUBLIC, OWN), profiles_to_report, roles=READERS),
    "report_publication": Channel((PUBLIC,), publications_to_report, roles=READERS),
    "report_reply": Channel((PUBLIC,), replies_to_report, roles=READERS),
    "report_receipt": Channel((PUBLIC,), receipts),
}
