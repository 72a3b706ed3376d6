"""Goes through the doors: every address known to the resolver, and the canaries that come back."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.visibility.model import Fact, Ground, Role, shows
from tests.visibility.square import SPOTS

# Narrow, so that a random token is hardly ever taken for one.
CANARY = re.compile(r"qz0\d{3}x", re.IGNORECASE)
# Where the neighbour lives, however it is written, and the word that stands for it: nobody may read it (R-PRIV-6).
HOME, POINT = SPOTS[0], "qz0999x"
WRITTEN = re.compile("|".join([*HOME.canaries()][1:]))
LOGIN = "/connexion/"


def nothing(role: Role) -> Iterable[Fact]:
    """A page that owes nothing."""
    return ()


@dataclass(frozen=True)
class Visit:
    """One address. `subject` is what it is about: who may not see it finds nothing there.

    `must` says what the page owes to a role, if that role may see it on the grounds of the channel; `opens`, to whom
    the door opens when that does not follow from the subject.
    """

    address: str
    subject: Fact | None = None
    must: Callable[[Role], Iterable[Fact]] = nothing
    opens: Callable[[Role], bool] | None = None
    # Where this address alone stands on other grounds than its channel.
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True)
class Channel:
    """What the addresses of one name may show, and whether a visitor has to sign in first."""

    grounds: tuple[Ground, ...]
    visits: Callable[[Any], Iterable[Visit]]
    members_only: bool = False
    # Answers to nothing but POST.
    post_only: bool = False
    # Where it may send those it has nothing for.
    leads_to: tuple[str, ...] = ()
    # Who tries it; everyone when empty.
    roles: tuple[str, ...] = ()


# The canaries that someone may meet on some grounds.
Rights = Callable[[tuple[Ground, ...]], set[str]]


@dataclass
class Harvest:
    """What one visit brought back."""

    status: int
    location: str
    canaries: set[str]
    # What went wrong inside, if anything.
    error: str = ""


def harvest(client: Client, address: str) -> Harvest:
    """Open `address`, follow it to its true form, and gather every canary met on the way."""
    met: set[str] = set()
    name = name_of(address)
    for _hop in range(4):
        response = client.get(address)
        location = response.headers.get("Location", "")
        met |= canaries(location) | canaries(said(response))
        if response.status_code not in {301, 302} or name_of(location) != name:
            break
        address = location
    raised = getattr(response, "exc_info", None)
    error = repr(raised[1]) if raised else ""
    return Harvest(response.status_code, location, met, error)


def said(response: Any) -> str:
    """The text of an answer, with the folded lines of a calendar put back together."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text: str = body.decode("utf-8", "replace")
    return text.replace("\r\n ", "")


def canaries(text: str) -> set[str]:
    """The canaries in a text."""
    return {found.lower() for found in CANARY.findall(text)} | ({POINT} if WRITTEN.search(text) else set())


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every pattern of the site: its route, and its name or nothing."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.name or ""
        else:
            yield from routes(pattern, route)


def name_of(address: str) -> str:
    """The name of the pattern that answers at `address`."""
    return resolve(address.partition("#")[0].partition("?")[0]).url_name or ""


def allowed(role: Role, grounds: Iterable[Ground], facts: Iterable[Fact]) -> set[str]:
    """The canaries that `role` may meet on these grounds; their own name stands at the top of every page."""
    return {
        fact.token
        for fact in facts
        if (fact.what == "profile" and fact.by == role.key) or any(shows(fact, role, ground) for ground in grounds)
    }


def may_enter(role: Role, channel: Channel, visit: Visit) -> bool:
    """Whether there is something for `role` behind the door."""
    if visit.opens is not None:
        return visit.opens(role)
    grounds = visit.grounds or channel.grounds
    return visit.subject is None or any(shows(visit.subject, role, ground) for ground in grounds)


def answers(role: Role, channel: Channel, visit: Visit) -> set[int]:
    """How the door may answer `role`: there is a page, there is none, one signs in first, or one must POST."""
    if channel.post_only:
        return {405, 404} | ({302} if role.key == "visitor" else set())
    if role.key == "visitor" and channel.members_only:
        return {302, 404}
    return ({200} if may_enter(role, channel, visit) else {404}) | ({302} if channel.leads_to else set())


def faults(
    client: Client, role: Role, channel: Channel, visit: Visit, facts: dict[str, Fact], rights: Rights
) -> Iterator[str]:
    """What is wrong with the answer, in sentences; nothing when it is as the model says."""
    got = harvest(client, visit.address)
    where = f"{visit.address} for {role.key}"
    may = rights(visit.grounds or channel.grounds)
    for token in sorted(got.canaries - may):
        yield f"{where} shows {facts[token].what} {facts[token].key} ({facts[token].state})"
    expected = answers(role, channel, visit)
    if got.status not in expected:
        yield f"{where} answers {got.status}, not {sorted(expected)} {got.error}"
    if got.status == 302 and not got.location.startswith(channel.leads_to or LOGIN):
        yield f"{where} leads to {got.location}"
    if got.status == 200:
        owed = [fact for fact in visit.must(role) if fact.token in may - got.canaries]
        yield from (f"{where} does not show {fact.what} {fact.key} ({fact.state})" for fact in owed)
