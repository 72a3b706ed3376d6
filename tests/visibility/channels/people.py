"""Accounts, organisations, administration."""

from collections.abc import Callable, Iterable, Iterator

from parvis.people.models import Membership, Subscription
from parvis.territory.models import Zone
from tests.visibility.channels.doors import (
    ACCOUNT,
    ADMIN,
    DECIDERS,
    KNOWN,
    MANAGE,
    OWN,
    PUBLIC,
    WRITERS,
    at,
    voices,
)
from tests.visibility.harvest import LOGIN, Channel, Visit
from tests.visibility.model import Fact, Role, is_known, is_own, is_public
from tests.visibility.world import World


def owns(role: Role, fact: Fact) -> bool:
    """Whether they may change the page of this voice."""
    return fact.state != "closed" and (fact.by == role.key or fact.by in role.owns)


def owns_organisation(role: Role, fact: Fact) -> bool:
    """Whether they manage the members of this organisation."""
    return fact.kind != "habitant" and owns(role, fact)


def administers(role: Role, _fact: Fact | None = None) -> bool:
    """Whether they administer the site."""
    return role.administers


def verifiable(role: Role, fact: Fact) -> bool:
    """What an administrator verifies."""
    return role.administers and fact.kind in {"association", "service"} and fact.state != "closed"


def for_administrators(*addresses: str) -> Callable[[World], Iterable[Visit]]:
    """Pages that do not exist for anyone else."""
    return lambda _world: [Visit(address, opens=administers) for address in addresses]


def for_nobody(*addresses: str) -> Callable[[World], Iterable[Visit]]:
    """Pages that a signature opens, and nothing else."""
    return lambda _world: [Visit(address, opens=lambda _role: False) for address in addresses]


def members(world: World) -> Iterator[Visit]:
    """Every membership there is: its owners change it, and its member may part."""

    def opener(row: Membership) -> Callable[[Role], bool]:
        keys = {voice.pk: key for key, voice in world.voices.items()}
        parts = {person.pk: key for key, person in world.persons.items()}
        return lambda role: keys[row.voice_id] in role.owns or parts[row.person_id] == role.key

    for row in Membership.objects.exclude(voice__kind="groupe"):
        yield Visit(f"/organisations/{row.voice_id}/membres/{row.pk}/", opens=opener(row))
    # Those who animate a group are managed on its page.
    for row in Membership.objects.filter(voice__kind="groupe"):
        yield Visit(f"/organisations/{row.voice_id}/membres/{row.pk}/", opens=lambda _role: False)


def subscriptions(world: World) -> Iterator[Visit]:
    """A subscription of someone else's."""
    for row in Subscription.objects.filter(person=world.persons["listed"])[:2]:
        yield Visit(f"/mes-lieux/abonnements/{row.pk}/", opens=lambda _role: False)


def homes(world: World, path: str) -> Iterator[Visit]:
    """The place of someone: for them alone."""

    def opener(key: str) -> Callable[[Role], bool]:
        return lambda role: role.key == key

    for key in ("neighbour", "faraway", "moderator"):
        home = world.persons[key].home
        assert home
        yield Visit(path.format(home.pk), opens=opener(key))


def lived_in(world: World) -> Iterator[Visit]:
    """Their own address is what one wrote, and what nobody else reads anywhere."""
    home = world.fact("home", "neighbour")
    yield Visit("/mes-lieux/", must=lambda role: [home] if role.key == home.by else [])


def cantons(world: World) -> Iterator[Visit]:
    """What is not a commune of the territory cannot be followed."""
    for zone in Zone.objects.filter(joinable=False)[:3]:
        yield Visit(f"/suivre/communes/{zone.pk}/", opens=lambda _role: False)


def can_follow(role: Role, fact: Fact) -> bool:
    """Whom one may follow: whom one may see."""
    return is_public(fact) or is_own(fact, role)


def can_reach(role: Role, fact: Fact) -> bool:
    """Whose contact one may ask to be, or answer: whom one may see, and who asked."""
    return fact.state != "closed" and (can_follow(role, fact) or is_known(fact, role))


def can_keep_away(role: Role, fact: Fact) -> bool:
    """From whom one may be left alone: neither a service nor an élu (R-MOD-9), nor oneself."""
    return can_reach(role, fact) and fact.kind in {"habitant", "association"} and fact.key != role.key


def known(world: World) -> Iterator[Visit]:
    """Whom one knows, and who asks."""
    keys = ("author", "newcomer")
    people = [world.fact("profile", key) for key in keys]
    yield Visit("/contacts/", must=lambda role: [fact for fact in people if is_known(fact, role)])
    faraway = world.fact("profile", "faraway")
    yield Visit("/contacts/?liste=bloques", must=lambda role: [faraway] if is_known(faraway, role) else [])


MINE = (ACCOUNT, OWN)
PEOPLE = {
    "account_signup": Channel((), at("/inscription/"), leads_to=("/",)),
    "confirm_sign_up": Channel((), at("/inscription/confirmer/"), leads_to=("/inscription/", "/")),
    "account_login": Channel((), at("/connexion/"), leads_to=("/",)),
    "account_request_login_code": Channel((), at("/connexion/recevoir-un-code/"), leads_to=("/",)),
    "account_confirm_login_code": Channel((), at("/connexion/code/"), leads_to=("/",)),
    "account_inactive": Channel((), at("/connexion/compte-ferme/")),
    "account_logout": Channel((), at("/deconnexion/"), leads_to=("/",)),
    "settings": Channel(MINE, at("/reglages/"), members_only=True),
    "change_email": Channel(MINE, at("/reglages/adresse/"), members_only=True),
    "confirm_email": Channel(
        MINE, at("/reglages/adresse/confirmer/"), members_only=True, leads_to=("/reglages/", LOGIN)
    ),
    "change_password": Channel(MINE, at("/reglages/mot-de-passe/"), members_only=True),
    "erase_account": Channel(MINE, at("/reglages/supprimer/"), members_only=True),
    "edit_profile": Channel(
        MINE, lambda world: voices(world, "/reglages/profil/{}/", owns), members_only=True, roles=WRITERS
    ),
    "places": Channel((ACCOUNT, PUBLIC, OWN), lived_in, members_only=True),
    "add_place": Channel((), at("/mes-lieux/ajouter/"), members_only=True),
    "place": Channel((ACCOUNT,), lambda world: homes(world, "/mes-lieux/{}/"), members_only=True),
    "remove_place": Channel((ACCOUNT,), lambda world: homes(world, "/mes-lieux/{}/effacer/"), members_only=True),
    "mute": Channel((), subscriptions, post_only=True),
    "following": Channel((PUBLIC, OWN), at("/mes-abonnements/", "/mes-abonnements/?liste=sourdine"), members_only=True),
    "contacts": Channel((KNOWN,), known, members_only=True),
    "contact": Channel((), lambda world: voices(world, "/contacts/{}/", can_reach), post_only=True),
    "block": Channel(
        (PUBLIC, OWN, KNOWN), lambda world: voices(world, "/contacts/{}/bloquer/", can_keep_away), members_only=True
    ),
    "follow_theme": Channel((), for_nobody("/suivre/themes/inconnu/"), post_only=True),
    "follow_commune": Channel((), cantons, post_only=True),
    "follow": Channel((), lambda world: voices(world, "/suivre/{}/", can_follow), post_only=True),
    "create_association": Channel((), at("/associations/creer/"), members_only=True),
    "members": Channel(
        (MANAGE, OWN),
        lambda world: voices(world, "/organisations/{}/membres/", owns_organisation),
        members_only=True,
        roles=WRITERS,
    ),
    "change_member": Channel((), members, post_only=True),
    "invitation": Channel((), for_nobody("/organisations/invitation/x:y:z/"), members_only=True),
    "administration": Channel((ADMIN, PUBLIC), for_administrators("/administration/"), members_only=True),
    "verify": Channel(
        (ADMIN, PUBLIC),
        lambda world: voices(world, "/administration/verifier/{}/", verifiable),
        members_only=True,
        roles=DECIDERS,
    ),
    "spaces": Channel((ADMIN, PUBLIC), for_administrators("/administration/espaces/"), members_only=True),
    "open_space": Channel(
        (ADMIN, PUBLIC),
        lambda world: voices(
            world, "/administration/espaces/{}/", lambda role, fact: role.administers and fact.key == "unopened"
        ),
        members_only=True,
        roles=DECIDERS,
    ),
    "roles": Channel((ADMIN, PUBLIC), for_administrators("/administration/roles/"), members_only=True),
    "end_role": Channel((), for_administrators("/administration/roles/1/"), post_only=True),
    "services": Channel((ADMIN, PUBLIC), for_administrators("/administration/services/"), members_only=True),
}
