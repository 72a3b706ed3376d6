"""The home page of a member: what concerns them, newest first, each card with its reason.

It is asked for more often than any other page and differs for everyone, so it is put together: the shell and the
cards are moulds, what is common to the people of a place is kept until an act or the next minute, and the rest takes
two statements: session and person, then the feed with its counts. Asked for again before anyone acted, it comes
from `door`.
"""

import time
from dataclasses import dataclass
from typing import cast

from django.contrib.messages import get_messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape

from parvis.agenda.days import by_day
from parvis.agenda.models import Showing
from parvis.core.kept import piece
from parvis.core.mould import Mould, hole, mould
from parvis.core.statements import NOW, Statement, prepared
from parvis.core.tokens import token_of
from parvis.groups.models import Group
from parvis.home.context import everywhere
from parvis.people.models import Mandate, Person, Voice
from parvis.people.places import parted_from
from parvis.people.sessions import SessionStore
from parvis.publications.cards import draw_feed
from parvis.publications.feed import Feed, feed_for
from parvis.publications.kinds import KINDS
from parvis.publications.models import Publication
from parvis.publications.models.publications import LAST_POSITION, position_asked
from parvis.publications.waiting import waiting_for
from parvis.territory.models import Territory, Zone, ZoneLink

HOUR = 3600
NEAR = 8
# Groups and associations of which a home tells.
MINE, SUGGESTED = 5, 3
TOKEN = hole("csrf_token").encode()


def member(request: HttpRequest, person: Person, territory: Territory) -> HttpResponse:
    """The page of `person`; ?genre= keeps one kind, ?avant= is the cursor of an older page."""
    kind = request.GET.get("genre", "")
    kind = kind if kind in KINDS else ""
    before = position_asked(request.GET.get("avant", ""))
    told, session = _messages(request), cast("SessionStore", request.session)
    feed = feed_for(person, kind=kind or None, before=before)
    parts = _drawn(person, territory, feed, kind, told, session).split(TOKEN)
    # No cache keeps it (R-SEC-23), and each time it has a token of its own.
    response = HttpResponse(token_of(request).join(parts), headers={"Cache-Control": "private, no-store"})
    # For `door`; but a message is said once, and older pages are asked for once.
    if not told and before == LAST_POSITION:
        vars(response)["own"] = parts
    return response


def _drawn(
    person: Person, territory: Territory, feed: Feed, kind: str, messages: bytes, session: SessionStore
) -> bytes:
    """The page, but for the token: TOKEN stands where it goes."""
    here = _here(person.lives_in, territory, session.settled)
    waiting = waiting_for(person) if person.is_moderator else 0
    return _shell(person, territory, waiting).fill(
        **_who(person),
        csrf_token=TOKEN,
        messages=messages,
        places=here.places + _parted(person),
        heading=here.heading,
        tabs=_tabs(kind).fill(**{key: tally.encode() for key, tally in feed.tallies.items()}),
        feed=_feed(feed, person, kind),
        pending=_pending(person, feed.mine, waiting),
        near=_near(here.nearby, territory, session.stamp),
        circles=_circles(person, here, session.settled),
        elus=here.elus,
    )


@dataclass(frozen=True)
class Voiceless:
    """Stands for the voice of a member in the shell; an account made by the operator may have none."""

    kind: str = "habitant"
    initials: str = hole("initials")
    is_collective: bool = False

    def get_absolute_url(self) -> str:
        """The address of their page."""
        return hole("own_page")


def _shell(person: Person, territory: Territory, waiting: int) -> Mould:
    """The page without what is the member's own, but for their badges."""
    voiced, moderator = _voice(person) is not None, person.is_moderator

    def draw() -> tuple[Mould, float]:
        holes = ("messages", "places", "heading", "tabs", "feed", "pending", "near", "circles", "elus", "csrf_token")
        context = {name: hole(name) for name in holes} | {
            "me": {"name": hole("name")},
            "my_voice": Voiceless() if voiced else None,
            "is_moderator": moderator,
            "waiting": waiting,
            "news": person.news,
        }
        return mould("home/member.html", everywhere(_HOME) | {"request": _HOME} | context), time.time() + HOUR

    return piece(("member", territory.version, voiced, moderator, waiting, person.news), draw)


def _home_request() -> HttpRequest:
    request = HttpRequest()
    request.path = "/"
    return request


_HOME = _home_request()


def _who(person: Person) -> dict[str, bytes]:
    voice = _voice(person)
    return {
        "name": escape(person.name).encode(),
        "initials": escape(voice.initials).encode() if voice else b"",
        "own_page": voice.get_absolute_url().encode() if voice else b"",
    }


def _voice(person: Person) -> Voice | None:
    return cast("Voice | None", getattr(person, "voice", None))


def _messages(request: HttpRequest) -> bytes:
    told = list(get_messages(request))
    return render_to_string("ui/messages.html", {"messages": told}).encode() if told else b""


def _tabs(kind: str) -> Mould:
    """« Tout », then each kind with how many."""

    def draw() -> tuple[Mould, float]:
        tabs = [(key, one.plural, hole(key)) for key, one in KINDS.items()]
        return mould("home/member/tabs.html", {"tabs": tabs, "kind": kind}), time.time() + HOUR

    return piece(("member tabs", kind), draw)


def _feed(feed: Feed, person: Person, kind: str) -> bytes:
    cards = draw_feed(feed.cards, person)
    goes_on = feed.next_before is not None
    shape = "cards" if cards else "cut" if goes_on else "empty"

    def draw() -> tuple[Mould, float]:
        context = {"shape": shape, "kind": kind, "goes_on": goes_on, "cards": hole("cards"), "before": hole("before")}
        return mould("home/member/feed.html", context), time.time() + HOUR

    return piece(("member feed", shape, kind, goes_on), draw).fill(cards=cards, before=str(feed.next_before).encode())


def _pending(person: Person, numbers: list[int], waiting: int) -> bytes:
    """What waits for them, and what of theirs, of these `numbers`, waits for someone else or was turned down."""
    if not (numbers or waiting):
        return b""
    mine = Publication.objects.written_by(person).filter(pk__in=numbers).order_by("-created_at")
    context = {"mine": mine if numbers else [], "waiting": waiting, "reader": person.pk}
    return render_to_string("home/member/pending.html", context).encode()


@dataclass(frozen=True)
class Here:
    """What is common to all the people of a place."""

    heading: bytes
    places: bytes
    elus: bytes
    nearby: Zone
    home: Zone


def _here(lives_in: tuple[int, int | None] | None, territory: Territory, settled: int) -> Here:
    """`lives_in` holds the numbers of a commune and of a canton; None: everywhere."""

    def draw() -> tuple[Here, float]:
        zone, canton, nearby = places(lives_in) if lives_in else (None, None, territory.root)
        context = {"zone": zone, "canton": canton, "nearby": nearby, "territory": territory}
        here = Here(
            heading=render_to_string("home/member/heading.html", context).encode(),
            places=render_to_string("home/member/places.html", context).encode() if zone else b"",
            elus=render_to_string("home/member/elus.html", {"elus": elus_of(zone, canton)}).encode() if zone else b"",
            nearby=nearby,
            home=zone or nearby,
        )
        return here, time.time() + HOUR

    return piece(("here", lives_in, territory.version, settled), draw)


def _parted(person: Person) -> bytes:
    """The question to whoever lives in a commune that was split, until they answer."""
    home = person.home if person.seen_split else None
    if home is None:
        return b""
    context = {"commune": home.zone, "parted": parted_from(home.zone), "csrf_token": hole("csrf_token")}
    return render_to_string("home/member/parted.html", context).encode()


def places(lives_in: tuple[int, int | None]) -> tuple[Zone, Zone | None, Zone]:
    """The commune of someone, their canton if they said it, and where the events they go to are: their EPCI."""
    commune, canton = lives_in
    epci = Zone.objects.current().of_kind(Zone.Kind.EPCI).containing(Zone(pk=commune))
    found = Zone.objects.filter(Q(pk__in=[commune, canton or commune]) | Q(pk__in=epci.values("pk"))).defer("geometry")
    zones = {zone.pk: zone for zone in found}
    home = zones[commune]
    nearby = next((zone for zone in zones.values() if zone.kind == Zone.Kind.EPCI), home)
    return home, zones.get(canton) if canton else None, nearby


def elus_of(commune: Zone, canton: Zone | None) -> list[Mandate]:
    """The maire, the conseillers of the canton and the député who represent the people of `commune`."""
    zones = Zone.objects.touching(commune)
    chosen = [canton.pk] if canton else zones.of_kind(Zone.Kind.CANTON).values("pk")
    deputy = zones.of_kind(Zone.Kind.CIRCONSCRIPTION).values("pk")
    near = Q(zone=commune) | Q(zone__in=chosen) | Q(zone__in=deputy)
    heads, others = Q(kind__in=["municipal", "fictif"], rank=1), Q(kind__in=["departemental", "depute"])
    mandates = Mandate.objects.current().filter(near, heads | others).in_protocol_order()
    found = list(mandates.select_related("voice__zone", "zone").defer("voice__zone__geometry", "zone__geometry")[:24])
    first = [mandate for mandate in found if mandate.kind in {"municipal", "fictif"}]
    return [*first[:2], *[mandate for mandate in found if mandate not in first][:6]]


COMING = Statement(
    lambda zone: Showing.objects.visible_to(None, NOW).filter(zone=zone).upcoming(NOW).versions()[:NEAR], zone=int
)


def _near(nearby: Zone, territory: Territory, moment: int) -> bytes:
    """The next events around, the same for everyone there: drawn once for each version of what they show."""
    minute, today = int(time.time() // 60), timezone.localdate()

    def ask() -> tuple[tuple[tuple[int, int], ...], float]:
        return tuple(COMING.run(zone=nearby.pk)), (minute + 1) * 60

    # An act that changes none of them costs a statement, not a drawing.
    coming = piece(("coming", nearby.pk, moment, minute), ask)

    def draw() -> tuple[bytes, float]:
        showings = Showing.objects.visible_to(None).filter(pk__in=[number for number, _version in coming])
        with prepared():
            days = by_day(showings.order_by("starts_at", "occurrence_id").shown(), today)
        return render_to_string("home/member/near.html", {"nearby": nearby, "days": days}).encode(), time.time() + HOUR

    return piece(("near", nearby.pk, territory.version, today, coming), draw)


def _circles(person: Person, here: Here, settled: int) -> bytes:
    """Their groups, the last heard first; for who is in none, groups and associations of around, the same for all."""
    if person.is_in_a_group:
        mine = Group.objects.joined_by(person).shown().order_by("-position")[:MINE]
        return render_to_string("home/member/circles.html", {"mine": list(mine)}).encode()

    def draw() -> tuple[bytes, float]:
        groups = Group.objects.found().filter(archived_at=None, voice__scope__in=_wholes(here.nearby)).shown()
        associations = Voice.objects.listed_in_directory().filter(kind=Voice.Kind.ASSOCIATION, zone=here.home)
        context = {
            "groups": list(groups[:SUGGESTED]),
            "associations": list(associations.shown().order_by("-last_word", "search_name")[:SUGGESTED]),
        }
        # Who spoke last may come first a little later; drawn anew each minute, it cost ten times the rest of the page.
        return render_to_string("home/member/circles.html", context).encode(), time.time() + HOUR

    return piece(("circles", here.home.pk, settled), draw)


def _wholes(zone: Zone) -> list[int]:
    """`zone` and all that contains or lies in it."""
    links = ZoneLink.objects.filter(Q(part=zone) | Q(whole=zone)).values_list("part", "whole")
    return sorted({number for pair in links for number in pair})
