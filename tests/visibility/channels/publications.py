"""Notices, posts, replies, pictures and what changes them."""

from collections.abc import Callable, Iterator

from parvis.territory.models import Zone
from tests.visibility.channels.doors import (
    ADMIN,
    LIVING,
    OWN,
    PUBLIC,
    READERS,
    TEAM,
    THING,
    WRITERS,
    at,
    owing,
    own,
    publications,
    told,
)
from tests.visibility.channels.people import administers, for_administrators
from tests.visibility.harvest import LOGIN, Channel, Visit
from tests.visibility.model import Fact, Role
from tests.visibility.world import World


def notices(world: World) -> Iterator[Visit]:
    """The list of notices, for everyone and for a place."""
    yield Visit("/avis/", must=owing(*told(world, "notice-online")))
    yield Visit("/avis/?zone=commune-99002", must=owing(*told(world, "notice-online")))
    yield Visit("/avis/?zone=commune-98001", opens=lambda _role: False)


def pictures(world: World) -> Iterator[Visit]:
    """The file of every picture: hidden with what it illustrates (R-SEC-5)."""
    for key, publication in world.publications.items():
        yield Visit(publication.image.url, world.fact("image", key))
    yield Visit("/media/images/2026/01/absente.webp", opens=lambda _role: False)


def own_replies(world: World) -> Iterator[Visit]:
    """The page that withdraws each reply, for those who wrote it."""
    for key, reply in world.replies.items():
        fact = world.fact("reply", key)
        if fact.state in {"pending", "online"}:
            yield Visit(f"/reponses/{reply.pk}/retirer/", fact)
        else:
            yield Visit(f"/reponses/{reply.pk}/retirer/", opens=lambda _role: False)


def answering(world: World) -> Iterator[Visit]:
    """Where answers are sent: who follows the address finds the post again, or nothing."""
    for key, publication in world.publications.items():
        if key.startswith("post") or key == "event-online":
            yield Visit(f"/publications/{publication.pk}/repondre/", world.fact("publication", key))


def anything(world: World, path: str) -> Iterator[Visit]:
    """Each publication, whatever its kind: anyone with an account and who may read it has something to do there."""
    for key, publication in world.publications.items():
        yield Visit(path.format(publication.pk), world.fact("publication", key))
    yield Visit(path.format(999_999), opens=lambda _role: False)


def to_countersign(world: World) -> Iterator[Visit]:
    """What waits for a second person: whoever else speaks for the service, and never its author (R-PRIV-9)."""

    def opener(fact: Fact) -> Callable[[Role], bool]:
        return lambda role: fact.state == "review" and role.key == "deputy"

    for key, publication in world.publications.items():
        fact = world.fact("publication", key)
        owed = owing(*[fact] if fact.state == "review" else [])
        yield Visit(f"/publications/{publication.pk}/relire/", must=owed, opens=opener(fact))


def register(world: World, path: str) -> Iterator[Visit]:
    """What went out to a part of the territory: its words, while anyone may read them."""
    yield Visit(path)
    yield Visit(f"{path}?zone=commune-99002&motif=travaux")
    yield Visit(f"{path}?zone=commune-98001", opens=lambda _role: False)


def nobodys_draft(_world: World) -> Iterator[Visit]:
    """What throws a draft away, where there is none."""
    yield Visit("/brouillons/999999/jeter/", opens=lambda _role: False)


def quartiers_of_ours(world: World, path: str) -> Iterator[Visit]:
    """A zone that administrators drew: they alone change it; a commune is none."""
    for zone in Zone.objects.filter(kind="quartier"):
        yield Visit(path.format(zone.pk), opens=administers)
    yield Visit(path.format(world.land.bois.pk), opens=lambda _role: False)


PUBLICATIONS = {
    "quartiers": Channel((ADMIN, PUBLIC), for_administrators("/administration/quartiers/"), members_only=True),
    "draw_quartier": Channel(
        (ADMIN, PUBLIC), for_administrators("/administration/quartiers/dessiner/99002/"), members_only=True
    ),
    "change_quartier": Channel(
        (ADMIN, PUBLIC), lambda world: quartiers_of_ours(world, "/administration/quartiers/{}/"), members_only=True
    ),
    "remove_quartier": Channel(
        (ADMIN, PUBLIC),
        lambda world: quartiers_of_ours(world, "/administration/quartiers/{}/supprimer/"),
        members_only=True,
    ),
    "register": Channel((PUBLIC,), lambda world: register(world, "/avis/registre/")),
    "register_csv": Channel((PUBLIC,), lambda world: register(world, "/avis/registre.csv")),
    "second": Channel((OWN, TEAM), to_countersign, members_only=True),
    "manage": Channel((PUBLIC,), lambda world: anything(world, "/fil/{}/"), members_only=True),
    "saved": Channel((PUBLIC,), at("/enregistres/"), members_only=True),
    "save": Channel((PUBLIC,), lambda world: anything(world, "/enregistres/{}/"), post_only=True),
    "forget_unreadable": Channel((), at("/enregistres/indisponibles/"), post_only=True),
    "notices": Channel((PUBLIC,), notices),
    "notice": Channel(
        THING,
        lambda world: [*publications(world, "notice", "/avis/x-{}/"), *publications(world, "notice", "/avis/{}/")],
    ),
    "notices_atom": Channel((PUBLIC,), lambda world: [Visit("/avis.atom", must=owing(*told(world, "notice-online")))]),
    "post": Channel(THING, lambda world: publications(world, "post", "/publications/{}/")),
    "reply": Channel(
        THING, answering, members_only=True, roles=READERS, leads_to=("/publications/", "/agenda/", LOGIN)
    ),
    "correct": Channel(
        (OWN,),
        lambda world: [
            visit for kind in ("notice", "post") for visit in own(world, kind, "/publications/{}/corriger/", *LIVING)
        ],
        members_only=True,
        roles=WRITERS,
    ),
    "retarget": Channel(
        (OWN, TEAM),
        lambda world: own(world, "notice", "/publications/{}/zone/", "review", "online", "expired"),
        members_only=True,
        leads_to=("/avis/", LOGIN),
    ),
    "withdraw": Channel(
        (OWN,),
        lambda world: own(world, "", "/publications/{}/retirer/", *LIVING),
        members_only=True,
        roles=WRITERS,
    ),
    "withdraw_reply": Channel((OWN,), own_replies, members_only=True, roles=WRITERS),
    "publish": Channel((OWN,), at("/publier/"), members_only=True),
    "drop_draft": Channel((), nobodys_draft, post_only=True),
    "publish_notice": Channel((OWN, TEAM), at("/publier/avis/"), members_only=True),
    "publish_post": Channel((OWN,), at("/publier/publication/"), members_only=True),
    "picture": Channel(THING, pictures, roles=READERS),
}
