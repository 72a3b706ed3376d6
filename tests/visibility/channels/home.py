"""Pages that gather."""

from collections.abc import Iterator

from tests.visibility.channels.doors import CIRCLE, FOUND, OWN, PUBLIC, TEAM, at, owing, told
from tests.visibility.harvest import Channel, Visit
from tests.visibility.world import World, handle


def home(world: World) -> Iterator[Visit]:
    """The visitor's page shows what is new; a member's, what concerns where they live."""
    shown, nearby = told(world, "notice-online", "event-online"), told(world, "notice-online", "post-online")
    # A private group is named to those who are in it.
    owed = {"visitor": shown, "neighbour": nearby, "newcomer": [*nearby, world.fact("group", "secret")]}
    yield Visit("/", must=lambda role: owed.get(role.key, ()))
    yield Visit("/?genre=post")


def zones(world: World) -> Iterator[Visit]:
    """Places, with what reaches them."""
    said = told(world, "notice-online", "post-online", "event-online")
    yield Visit("/communes/x-99002/", must=owing(*said))
    yield Visit("/communes/x-99006/", must=owing(*told(world, "post-faraway")))
    yield Visit("/intercommunalites/x-999000001/", must=owing(*said))
    yield Visit("/departements/x-99/")
    yield Visit("/communes/x-98001/", world.fact("zone", "beyond"), owing(world.fact("zone", "beyond")))
    yield Visit("/communes/x-00000/", opens=lambda _role: False)


def directory(world: World) -> Iterator[Visit]:
    """Everyone who is found, type by type."""
    everyone = [fact for fact in world.facts.values() if fact.what == "profile"]
    for kind in ("association", "elu", "service", "habitant", "groupe"):
        yield Visit(f"/annuaire/?type={kind}", must=owing(*[fact for fact in everyone if fact.kind == kind]))
    yield Visit("/annuaire/")
    for asked in ("vue=carte", "tri=nom", "cherche=1&actif=1", "commune=99006&tri=proximite&vue=carte"):
        yield Visit(f"/annuaire/?{asked}")


def profiles(world: World, *, habitants: bool) -> Iterator[Visit]:
    """The page of every voice."""
    paths = {"association": "associations/x-", "elu": "elus/x-", "service": "services/x-", "habitant": "habitants/"}
    for key, voice in world.voices.items():
        fact = world.fact("profile", key)
        if (fact.kind == "habitant") == habitants:
            about = {"presentation", "contact"}
            owed = [fact, *(other for other in world.facts.values() if other.what in about and other.by == key)]
            yield Visit(f"/{paths[fact.kind]}{voice.pk}/", fact, owing(*owed))


def search(world: World) -> Iterator[Visit]:
    """Every thing, searched by a word of its own. An inhabitant who is not listed is not found by their name."""
    for fact in world.facts.values():
        if fact.what in {"profile", "publication", "reply", "zone"}:
            grounds = (FOUND,) if fact.what == "profile" else (PUBLIC,)
            owed = owing(fact) if fact.what in {"profile", "publication"} else owing()
            yield Visit(f"/recherche/?q={handle(fact)}", must=owed, grounds=grounds)


def sitemap(world: World) -> Iterator[Visit]:
    """Names all that anyone may come across, but no inhabitant."""
    online = [fact for fact in world.facts.values() if fact.what == "publication"]
    slugged = [fact for fact in online if fact.kind != "post"]
    listed = [fact for fact in world.facts.values() if fact.what == "profile" and fact.kind != "habitant"]
    yield Visit("/sitemap-publications-1.xml", must=owing(*slugged))
    yield Visit("/sitemap-voices-1.xml", must=owing(*listed))
    yield Visit("/sitemap-zones-1.xml")
    yield Visit("/sitemap-people-1.xml", opens=lambda _role: False)


HOME = {
    "home": Channel((PUBLIC, OWN, CIRCLE), home),
    "communes": Channel((), at("/communes/", "/communes/?q=ailleurs")),
    "zone": Channel((PUBLIC,), zones),
    "directory": Channel((FOUND,), directory),
    "profile": Channel((PUBLIC, OWN), lambda world: profiles(world, habitants=False)),
    "inhabitant": Channel((PUBLIC, OWN), lambda world: profiles(world, habitants=True)),
    "search": Channel((PUBLIC,), search, roles=("visitor", "author")),
    "my_space": Channel(
        (PUBLIC, OWN, TEAM),
        lambda world: [Visit("/mon-espace/", must=owing(*told(world, "post-refused", "event-pending")))],
        members_only=True,
    ),
    "help": Channel((), at("/aide/")),
    "charter": Channel((), at("/charte/")),
    "legal": Channel((), at("/mentions-legales/")),
    "accessibility": Channel((), at("/accessibilite/")),
    "feeds": Channel((), at("/flux/")),
    "robots": Channel((), at("/robots.txt")),
    "sitemap": Channel((), at("/sitemap.xml")),
    "sitemap_section": Channel((FOUND,), sitemap),
}
