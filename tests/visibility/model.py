"""Who may see what: the rules of the house, said again without reading its code (R-SEC-2).

A canary is a word that belongs to one thing only. This model says, from facts about that thing, whether a role may
meet it on a ground. A channel (an address, a feed, a mail) stands on one or more grounds.
"""

from dataclasses import dataclass, field
from enum import Enum, auto


class Ground(Enum):
    """Why a channel may show something."""

    PUBLIC = auto()  # anyone may read it
    FOUND = auto()  # anyone may come across it without knowing its address
    OWN = auto()  # it is theirs, or of a voice they speak in
    QUEUE = auto()  # they answer for the place where it was said
    MANAGE = auto()  # they manage the organisation it is about
    ADMIN = auto()  # they administer the site
    ACCOUNT = auto()  # it is of their own account
    GROUP = auto()  # they are in the group where it is said, or know of it
    TEAM = auto()  # they speak in the same voice
    TOLD = auto()  # they reported it, and are told what became of it
    CIRCLE = auto()  # it is the name of a group they are in
    PRIVATE = auto()  # they speak for one side of the conversation
    KNOWN = auto()  # they know each other, one asked the other, or they keep them away
    SEATED = auto()  # they speak for what it registered with


@dataclass(frozen=True)
class Fact:
    """What one canary is about. `by` is a voice or a person; `on` what it hangs on; `place` where it was said."""

    what: str
    key: str
    token: str
    kind: str = ""
    state: str = "online"
    by: str = ""
    place: str = ""
    on: "Fact | None" = None
    listed: bool = True
    spoke: bool = True


@dataclass(frozen=True)
class Role:
    """Someone who looks. `speaks` and `owns` are voices; `moderates` places."""

    key: str
    speaks: frozenset[str] = field(default=frozenset())
    owns: frozenset[str] = field(default=frozenset())
    moderates: frozenset[str] = field(default=frozenset())
    administers: bool = False
    # Whose words they decide on, and who decides on the same.
    reads: frozenset[str] = field(default=frozenset())


def is_public(fact: Fact) -> bool:
    """Whether a visitor may read it."""
    match fact.what:
        case "publication" | "venue":
            return fact.state == "online"
        case "reply" | "presentation":  # what a voice wrote about itself: a moderator may hide it
            return fact.state == "online" and fact.on is not None and is_public(fact.on)
        case "former" | "image" | "contact" | "attached":  # read with what it goes with
            return fact.on is not None and is_public(fact.on)
        case "profile":
            return fact.state != "closed" and (fact.kind != "habitant" or fact.listed or fact.spoke)
        case "zone":
            return True
        case "group" | "about group":  # its name and presentation; a private one is nobody's
            return fact.kind != "private"
        case "said":  # in a group, to those who read it
            return fact.kind == "public" and fact.state == "online"
        case _:  # an e-mail address, a report, the reason of a decision, who belongs to an organisation
            return False


def is_found(fact: Fact) -> bool:
    """Whether one comes across it: an inhabitant, only if they chose to be in the directory (R-PRIV-4)."""
    who = root(fact)
    return is_public(fact) and (who.what != "profile" or who.kind != "habitant" or who.listed)


def root(fact: Fact) -> Fact:
    """The publication that all this hangs on."""
    return root(fact.on) if fact.on else fact


def is_own(fact: Fact, role: Role) -> bool:
    """Whether the role said it, or speaks in the voice that did; a reason is for the one whose words it is about."""
    match fact.what:
        case "publication" | "reply" | "contact":
            return fact.by in role.speaks
        case "venue":
            return fact.by == role.key and fact.state != "merged"
        case "answer_to_service":
            return fact.by in role.speaks or (fact.on is not None and is_own(fact.on, role))
        case "former" | "image" | "reason" | "presentation":
            return fact.on is not None and is_own(fact.on, role)
        case "profile":
            return fact.by in role.speaks and fact.state != "closed"
        case "group":  # animators speak in its name outside, unless it is private
            return fact.kind != "private" and GROUPS[fact.key][:1] == (role.key,)
        case _:
            return False


def is_queued(fact: Fact, role: Role) -> bool:
    """Whether the role answers for it. What nobody sent yet is the business of those who write it alone."""
    if fact.what == "profile":
        return fact.by in role.reads
    if fact.what in {"said", "group"}:
        return is_decided(fact, role)
    if fact.on is not None and fact.on.what == "said":
        return fact.what in {"report", "reason"} and is_decided(fact.on, role)
    if fact.what == "private" or (fact.on is not None and fact.on.what == "private"):
        about = fact if fact.what == "private" else fact.on
        return about is not None and about.key in NEAR and "bois" in role.moderates and not is_private(about, role)
    if fact.what not in QUEUED or fact.state == "merged":
        return False
    return root(fact).state not in {"draft", "review"} and fact.place in role.moderates


def is_inside(group: str, role: Role) -> bool:
    """Whether they are a member of the group."""
    return role.key in GROUPS[group]


def may_know(role: Role, fact: Fact) -> bool:
    """Whether they may know that the group exists: everyone, but of a private one only those in it or invited."""
    return fact.kind != "private" or is_inside(fact.key, role) or role.key in INVITED.get(fact.key, ())


def group_of(fact: Fact) -> str:
    """The group in which it was said: the first word of its key."""
    return fact.key.partition(" ")[0]


def animates(role: Role, fact: Fact) -> bool:
    """Whether they look after the group in which it was said."""
    return GROUPS[group_of(fact)][:1] == (role.key,)


def is_decided(fact: Fact, role: Role) -> bool:
    """Whether they decide on what was said in a group: those who animate it, and of the place when it is public.

    Of other groups, those of the place read what was reported, with its title and the name of the group.
    """
    if fact.what == "group":
        return fact.key in {group_of(Fact("", key, "")) for key in REPORTED} and "bois" in role.moderates
    if fact.what != "said" or fact.by in role.speaks or fact.state == "withdrawn":
        return fact.what == "said" and fact.key in TITLES_OF_REPORTED and fact.place in role.moderates
    known = fact.kind == "public" or fact.key in REPORTED or fact.key in TITLES_OF_REPORTED
    return animates(role, fact) or (known and fact.place in role.moderates)


def is_said_to(fact: Fact, role: Role) -> bool:
    """What was said in a group: online to its members, else to its author and who animates; drafts to their author."""
    match fact.what:
        case "said":
            kept = fact.state != "withdrawn" and (fact.by in role.speaks or animates(role, fact))
            return is_inside(group_of(fact), role) and (fact.state == "online" or kept)
        case "attached" | "reason":
            return fact.on is not None and fact.on.what == "said" and is_said_to(fact.on, role)
        case "draft":
            return fact.by == role.key
        case _:
            return False


def is_of_group(fact: Fact, role: Role) -> bool:
    """Whether they are in the group that it is about, or invited and it is its presentation; members' own names too."""
    match fact.what:
        case "group" | "about group":
            return may_know(role, Fact("group", fact.by, "", kind=fact.kind)) if fact.by else may_know(role, fact)
        case "in group":  # of it, for its members alone
            return is_inside(fact.by, role)
        case "banned":  # why one may not come back
            return fact.by == role.key or (fact.on is not None and GROUPS[fact.on.key][:1] == (role.key,))
        case "email":  # whom animators invited
            invited = {key for group, keys in INVITED.items() if GROUPS[group][:1] == (role.key,) for key in keys}
            return fact.by in invited
        case "asks group":  # why someone asks to enter; whom animators invited and kept out
            return GROUPS[fact.by][:1] == (role.key,)
        case "profile":
            mates = {key for members in GROUPS.values() if role.key in members for key in members}
            asking = {key for group, keys in ASKING.items() if GROUPS[group][:1] == (role.key,) for key in keys}
            return fact.key in mates | asking
        case _:
            return is_said_to(fact, role)


def is_private(fact: Fact, role: Role) -> bool:
    """What is said between two voices, to those who speak in one of the two; and the name of the other."""
    if fact.what == "attached":
        return fact.on is not None and fact.on.what == "private" and is_private(fact.on, role)
    if fact.what == "profile":
        return any(fact.key in sides and role.speaks & {*sides} for sides in PRIVATE.values())
    if fact.what == "stated":  # why one side takes no message, to both
        return fact.key == "routes" and bool(role.speaks & {*PRIVATE["service"]})
    return fact.what == "private" and fact.state == "online" and bool(role.speaks & {*PRIVATE[fact.kind]})


def is_known(fact: Fact, role: Role) -> bool:
    """Whether there is something between the two: contacts, a request not answered, someone kept away."""
    return fact.what == "profile" and fact.key in KNOWN.get(role.key, ())


def is_circle(fact: Fact, role: Role) -> bool:
    """Whether it is the name of a group they are in."""
    return fact.what == "group" and is_inside(fact.key, role)


def is_named_to(fact: Fact, role: Role, people: dict[str, frozenset[str]]) -> bool:
    """Whether it is the name of one of those whom the voices they speak in know."""
    return fact.what == "profile" and any(fact.by in people.get(voice, ()) for voice in role.speaks)


def shows(fact: Fact, role: Role, ground: Ground) -> bool:
    """Whether `role` may meet `fact` on `ground`."""
    match ground:
        case Ground.PUBLIC:
            return is_public(fact)
        case Ground.FOUND:
            return is_found(fact)
        case Ground.OWN | Ground.QUEUE | Ground.GROUP | Ground.CIRCLE | Ground.KNOWN | Ground.PRIVATE:
            return ASKED[ground](fact, role)
        case Ground.MANAGE:
            return fact.what in {"profile", "email"} and any(
                fact.by in members for voice, members in MEMBERS.items() if voice in role.owns
            )
        case Ground.TEAM | Ground.SEATED:
            return is_named_to(fact, role, MEMBERS if ground == Ground.TEAM else SEATED)
        case Ground.ADMIN:
            return role.administers and fact.what in {"profile", "email", "presentation"}
        case Ground.ACCOUNT | Ground.TOLD:
            return fact.what in THEIRS[ground] and fact.by == role.key


# What depends on both the thing and who looks.
ASKED = {Ground.OWN: is_own, Ground.QUEUE: is_queued, Ground.GROUP: is_of_group, Ground.CIRCLE: is_circle}
ASKED |= {Ground.KNOWN: is_known, Ground.PRIVATE: is_private}
# What is told to one person alone.
THEIRS = {Ground.ACCOUNT: {"email", "home"}, Ground.TOLD: {"report", "notifier", "answer", "stated"}}
# What moderators decide on, and what comes with it.
QUEUED = frozenset(
    {
        *("venue", "publication", "reply", "former", "image", "presentation", "contact"),
        *("report", "notifier", "reason", "answer"),
    }
)
# Who is in each group, who animates it first; who is invited, and who asks to enter or was kept out.
GROUPS = {
    "open": ("author", "member"),
    "gated": ("author", "neighbour"),
    "secret": ("author", "newcomer"),
}
INVITED = {"secret": ("agent",)}
# Who knows whom, asked whom, keeps whom away: a discreet newcomer asks the neighbour; faraway is kept away by member.
KNOWN = {
    "neighbour": frozenset({"author", "newcomer"}),
    "author": frozenset({"neighbour"}),
    "newcomer": frozenset({"neighbour"}),
    "member": frozenset({"faraway"}),
}
# The two sides of each conversation.
PRIVATE = {
    "pair": ("author", "neighbour"),
    "assoc": ("neighbour", "lavoir"),
    "service": ("member", "routes"),
    "request": ("faraway", "neighbour"),
}
# What a moderator reads of them: what was reported, the two before and the two after.
NEAR = frozenset({"pair 2", "pair 3", "pair 4", "pair 5", "pair 6"})
# Messages that someone reported, and the titles of their topics.
REPORTED = frozenset({"secret reported", "gated online"})
TITLES_OF_REPORTED = frozenset({"secret topic", "gated topic"})
ASKING = {"gated": ("faraway", "colleague")}
# Who acts for each organisation of the world.
MEMBERS = {
    "masked": frozenset({"author"}),
    "lavoir": frozenset({"author", "colleague", "member"}),
    "routes": frozenset({"agent", "deputy"}),
}
# Who has a seat at what each organisation announces, or waits for one: they gave it their name.
SEATED = {"lavoir": frozenset({"neighbour"})}
ROLES = {
    role.key: role
    for role in (
        Role("visitor"),
        Role("neighbour", speaks=frozenset({"neighbour"})),
        Role("faraway", speaks=frozenset({"faraway"})),
        Role("newcomer", speaks=frozenset({"newcomer"})),
        Role("author", speaks=frozenset({"author", "lavoir", "masked"}), owns=frozenset({"lavoir", "masked"})),
        Role("colleague", speaks=frozenset({"colleague", "lavoir"})),
        Role("member", speaks=frozenset({"member"})),
        Role("agent", speaks=frozenset({"agent", "routes"}), owns=frozenset({"routes"})),
        Role("deputy", speaks=frozenset({"deputy", "routes"})),
        Role(
            "moderator",
            speaks=frozenset({"moderator"}),
            moderates=frozenset({"bois"}),
            reads=frozenset(
                {"author", "newcomer", "neighbour", "member", "lavoir", "routes", "administrator", "masked", "muffled"}
            ),
        ),
        Role(
            "moderator_elsewhere",
            speaks=frozenset({"moderator_elsewhere"}),
            moderates=frozenset({"remy"}),
            reads=frozenset({"faraway", "administrator"}),
        ),
        Role(
            "administrator",
            speaks=frozenset({"administrator"}),
            moderates=frozenset({"bois", "remy"}),
            reads=frozenset(
                {
                    *("author", "newcomer", "neighbour", "member", "lavoir", "routes", "faraway", "moderator"),
                    *("masked", "muffled"),
                }
            ),
            administers=True,
        ),
    )
}
