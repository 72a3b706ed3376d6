"""What `content/*.toml` says: who lives here, what they run, what they say and when."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account one may borrow. `roles` say what it may do: « service:eau », « moderator:commune:1 »."""

    email: str
    name: str
    label: str
    roles: tuple[str, ...]
    inhabitant: str


@dataclass(frozen=True, kw_only=True)
class Inhabitant:
    """Someone who lives in the commune of this rank, 1 being the most populated."""

    slug: str
    name: str
    gender: str
    rank: int
    about: str
    listed: bool


@dataclass(frozen=True, kw_only=True)
class Elu:
    """A fictional élu, of the commune of `rank` or of the canton of the commune of `canton_rank`."""

    slug: str
    name: str
    gender: str
    title: str
    about: str
    rank: int = 0
    canton_rank: int = 0


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """An association or a service; `scope` is how far it speaks: commune, epci or territoire."""

    slug: str
    name: str
    summary: str
    body: str
    theme: str
    rank: int
    scope: str
    verified: bool
    seeks: str
    email: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a service sends to zones (« commune:3 », « canton:2 », « epci:1 », « territoire »)."""

    slug: str
    purpose: str
    title: str
    body: str
    service: str
    zones: tuple[str, ...]
    alert: bool
    age_hours: float
    expires_days: int


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer, so many hours after what it answers; `author` is the slug of the voice."""

    author: str
    body: str
    after_hours: float
    kind: str = "habitant"


@dataclass(frozen=True, kw_only=True)
class Event:
    """What an organisation announces; times are « 18:30 ».

    It begins on `day`, counted from today, or on the next `on` of the year (« 07-14 »), or on the first `weekday`
    (1 is Monday) from there; lasts `days` in a row; and comes back until it took place `times`, `every` so many days.
    """

    slug: str
    title: str
    body: str
    category: str
    organiser: str
    starts: str
    ends: str
    place: str
    rank: int
    price: str
    day: int = 0
    on: str = ""
    weekday: int = 0
    days: int = 1
    times: int = 1
    every: int = 7
    link: str = ""
    # Every week until this day of the year, but between those (« 12-19/01-04 »).
    until: str = ""
    without: tuple[str, ...] = ()
    access: str = ""
    min_age: int | None = None
    # On registration, when there are so many seats.
    seats: int = 0
    question: str = ""
    # What is said under it, when whoever organises opened it; hours after it was announced.
    comments: tuple[Reply, ...] = ()
    # At someone's home: its address; who asks to come, the first of whom was accepted.
    home: str = ""
    asking: tuple[str, ...] = ()
    # Who organises it too.
    shared: tuple[str, ...] = ()
    # Where it is held in the end, when `state` is « moved ».
    moved_to: str = ""
    # What is drawn, see drawings.toml.
    image: str = ""
    state: str = "online"
    rule: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Post:
    """What a voice says to a commune, and what it is answered."""

    slug: str
    author: str
    rank: int
    title: str
    body: str
    age_hours: float
    replies: tuple[Reply, ...]
    kind: str = "habitant"
    image: str = ""
    state: str = "online"
    rule: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A topic of a group and its answers; `answer` is the rank of the one that was kept, `closed` why it was."""

    author: str
    title: str
    body: str
    age_hours: float
    replies: tuple[Reply, ...]
    kind: str = "habitant"
    pinned: bool = False
    answer: int | None = None
    closed: str = ""
    question: str = ""
    choices: tuple[str, ...] = ()
    ends_days: int = 0


@dataclass(frozen=True, kw_only=True)
class Circle:
    """A group: who animates it, who is in it by name, and how many inhabitants of around (`crowd`) besides."""

    slug: str
    name: str
    animator: str
    rank: int
    scope: str
    access: str
    mode: str
    pace: int
    themes: tuple[str, ...]
    members: tuple[str, ...]
    crowd: int
    summary: str
    body: str
    rules: str
    welcome: str
    talks: tuple[Talk, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """An inhabitant (`by`) says that a post or an event (`on`) breaks a rule."""

    on: str
    by: str
    rule: str
    explanation: str


@dataclass(frozen=True, kw_only=True)
class Tie:
    """Someone asked another to be of their contacts; `state` is « asked » or « accepted »."""

    asker: str
    asked: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """The next words of a conversation, so many hours after the first."""

    author: str
    words: str
    after_hours: float


@dataclass(frozen=True, kw_only=True)
class Confidence:
    """A private conversation: who began it, with which voice, and what followed."""

    by: str
    to: str
    words: str
    age_hours: float
    lines: tuple[Said, ...]
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """The whole demonstration, in the order of the files."""

    accounts: tuple[Account, ...]
    inhabitants: tuple[Inhabitant, ...]
    associations: tuple[Organisation, ...]
    services: tuple[Organisation, ...]
    elus: tuple[Elu, ...]
    notices: tuple[Notice, ...]
    events: tuple[Event, ...]
    posts: tuple[Post, ...]
    reports: tuple[Report, ...]
    circles: tuple[Circle, ...]
    ties: tuple[Tie, ...]
    confidences: tuple[Confidence, ...]


@cache
def read() -> Scenario:
    """The scenario as written. A key that no field takes is an error."""
    inhabitants = tuple(Inhabitant(**row) for row in _rows("inhabitants", "inhabitant"))
    names = {inhabitant.slug: inhabitant.name for inhabitant in inhabitants}
    return Scenario(
        accounts=tuple(Account(name=names[row["inhabitant"]], **row) for row in _rows("accounts", "account")),
        inhabitants=inhabitants,
        associations=tuple(Organisation(**row) for row in _rows("organisations", "association")),
        services=tuple(Organisation(**row) for row in _rows("organisations", "service")),
        elus=tuple(Elu(**row) for row in _rows("elus", "elu")),
        notices=tuple(Notice(**row) for row in _rows("notices", "notice")),
        events=(*(_event(row) for row in _rows("events", "event")), *_programmes()),
        posts=tuple(_post(row) for row in _rows("posts", "post")),
        reports=tuple(Report(**row) for row in _rows("reports", "report")),
        circles=tuple(_circle(row) for row in _rows("groups", "group")),
        ties=tuple(Tie(**row) for row in _rows("private", "tie")),
        confidences=tuple(_confidence(row) for row in _rows("private", "confidence")),
    )


def _event(row: dict[str, Any]) -> Event:
    comments = tuple(Reply(**_voiced(reply)) for reply in row.pop("comment", ()))
    return Event(comments=comments, **row)


def _programmes() -> Iterator[Event]:
    """The events of each series, which says what they share."""
    for series in _rows("events", "series"):
        shared = {key: value for key, value in series.items() if key != "event"}
        for number, row in enumerate(series["event"], start=1):
            yield Event(**shared | row | {"slug": f"{shared['slug']}-{number}"})


def _post(row: dict[str, Any]) -> Post:
    replies = tuple(Reply(**_voiced(reply)) for reply in row.pop("reply", ()))
    return Post(replies=replies, **_voiced(row))


def _circle(row: dict[str, Any]) -> Circle:
    talks = tuple(_talk(talk) for talk in row.pop("topic", ()))
    return Circle(talks=talks, **row)


def _talk(row: dict[str, Any]) -> Talk:
    replies = tuple(Reply(**_voiced(reply)) for reply in row.pop("reply", ()))
    return Talk(replies=replies, **_voiced(row))


def _confidence(row: dict[str, Any]) -> Confidence:
    lines = tuple(Said(**line) for line in row.pop("line", ()))
    return Confidence(by=row.pop("from"), lines=lines, **row)


def _voiced(row: dict[str, Any]) -> dict[str, Any]:
    """`as`, which Python keeps for itself, under the name `kind`."""
    return {"kind" if key == "as" else key: value for key, value in row.items()}


def _rows(name: str, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a table, from « posts.toml », « posts-winter.toml »… in the order of their names."""
    for path in sorted(CONTENT.glob(f"{name}*.toml")):
        for row in tomllib.loads(path.read_text("utf-8")).get(table, ()):
            yield {
                key: tuple(value) if key in {"zones", "roles", "without", "asking", "shared"} else value
                for key, value in row.items()
            }
