"""Notices to some houses: what waits for a second person, what is online, and who may read its answers (R-PRIV-10)."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from shapely.geometry import box

from parvis.people import actions as people
from parvis.people.actions import Where
from parvis.publications import actions
from parvis.publications.models import Publication
from parvis.publications.targets import Target
from tests.visibility.harvest import HOME, POINT
from tests.visibility.model import Fact
from tests.visibility.square import STREET
from tests.visibility.world import World, picture, words


def aim(world: World) -> None:
    """Notices to some houses: one that waits, one online and answered, one sent back; and an alert to a commune."""
    agent, deputy, land = world.persons["agent"], world.persons["deputy"], world.land
    settle(world)
    by, shape = world.persons["administrator"], box(2.17, 49.17, 2.19, 49.19)
    actions.draw_quartier(land.bois, name="Le Lavoir", nature="quartier", shape=shape, by=by)
    houses = STREET
    for key, state in (
        ("notice-review", "review"),
        ("notice-targeted", "online"),
        ("notice-returned", "draft"),
        ("notice-alert", "online"),
    ):
        fact = world.canary("publication", key, kind="notice", state=state, by="routes", place="bois")
        where: dict[str, Any] = {"target": Target("rue", houses, houses, "quelques maisons", [land.bois], 20)}
        if key == "notice-alert":
            where = {"zones": [land.bois], "is_alert": True}
        said = actions.compose(
            voice=world.voices["routes"],
            by=agent,
            kind="notice",
            place=land.bois,
            title=f"Titre {words(fact)}",
            body=f"Texte {words(fact)}",
            purpose="travaux",
            answerable=True,
            expires_at=timezone.now() + timedelta(days=3),
            image=picture(),
            image_alt=world.canary("image", key, on=fact, place="bois").token,
            **where,
        )
        actions.submit(said, by=agent, second=deputy)
        if state == "draft":
            actions.send_back(said, by=deputy, reason="À préciser.")
            continue
        world.publications[key] = said
        if key == "notice-targeted":
            answer(world, actions.countersign(said, by=deputy), fact)


def settle(world: World) -> None:
    """The neighbour gave an exact address in the street: its words are theirs alone, its point is nobody's."""
    told = world.canary("home", "neighbour", by="neighbour")
    world.facts[POINT] = Fact("point", "neighbour", POINT)
    where = Where(world.land.bois, point=(HOME.lon, HOME.lat), address=f"3 impasse {told.token}")
    people.settle(world.persons["neighbour"], where)


def answer(world: World, said: Publication, fact: Fact) -> None:
    """An inhabitant writes to the service."""
    told = world.canary("answer_to_service", fact.key, by="neighbour", place="bois", on=fact)
    by = world.persons["neighbour"]
    actions.reply(said, voice=world.voices["neighbour"], by=by, body=f"Réponse {told.token}")
