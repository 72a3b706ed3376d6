"""Notices to some houses: what waits for a second person, what is online, and who may read its answers (R-PRIV-10)."""

from datetime import timedelta

from django.utils import timezone
from shapely.geometry import box

from parvis.publications import actions
from parvis.publications.targets import Target
from tests.visibility.world import World, picture, words


def aim(world: World) -> None:
    """Notices to some houses: one that waits for the second person, one online and answered."""
    agent, deputy, land = world.persons["agent"], world.persons["deputy"], world.land
    houses = box(2.15, 49.15, 2.152, 49.151)
    for key, state in (("notice-review", "review"), ("notice-targeted", "online")):
        fact = world.canary("publication", key, kind="notice", state=state, by="routes", place="bois")
        image = world.canary("image", key, on=fact, place="bois")
        said = actions.compose(
            voice=world.voices["routes"],
            by=agent,
            kind="notice",
            place=land.bois,
            title=f"Titre {words(fact)}",
            body=f"Texte {words(fact)}",
            target=Target("rue", houses, houses, "quelques maisons", [land.bois], 20),
            purpose="travaux",
            answerable=True,
            expires_at=timezone.now() + timedelta(days=3),
            image=picture(),
            image_alt=image.token,
        )
        actions.submit(said, by=agent)
        if state == "online":
            actions.countersign(said, by=deputy)
            told = world.canary("answer_to_service", key, by="neighbour", place="bois", on=fact)
            by = world.persons["neighbour"]
            actions.reply(said, voice=world.voices["neighbour"], by=by, body=f"Réponse {told.token}")
        world.publications[key] = said
