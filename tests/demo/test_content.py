"""What the writers wrote holds together, and is written as French is."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from parvis.agenda.models import Event as EventRow
from parvis.demo.drawings import DRAWINGS, alts
from parvis.demo.scenario import CONTENT, Elu, Event, Inhabitant, Notice, Organisation, Post, Reply, Scenario, read
from parvis.people.models import Voice
from parvis.publications.models import Decision

ZONE = re.compile(r"territoire|(commune|canton|epci):[1-9]\d*")
MARK = re.compile(r"\{(?!(?:commune|a_commune|de_commune|territoire|dans_territoire|du_territoire|d[+-]\d+)\})[^}]*\}?")
STATES = {"event": {"online", "pending", "refused", "cancelled", "moved"}, "post": {"online", "pending", "hidden"}}
# What a French reader would see as a fault of typing.
FAULTS = {
    "straight apostrophe": re.compile(r"'"),
    "straight quotes": re.compile(r'"'),
    "double space": re.compile(r"[^\S\n]{2}"),
    "space at an end": re.compile(r"^[^\S\n]|[^\S\n]$", re.MULTILINE),
    "breaking or no space before high punctuation": re.compile(r"(?<![\s?!…])[;?!]| [;?!:»]|« "),
    "unknown mark": MARK,
    "three dots": re.compile(r"\.\.\."),
    "emoji": re.compile(r"[\U0001F000-\U0001FFFF\u2600-\u27BF]"),
}


def texts() -> Iterator[tuple[str, str]]:
    """Every text of every file, with where it is."""

    def walk(value: Any, where: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key not in {"slug", "email", "link"}:
                    yield from walk(inner, f"{where}.{key}")
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                name = inner.get("slug", index) if isinstance(inner, dict) else index
                yield from walk(inner, f"{where}[{name}]")
        elif isinstance(value, str):
            yield where, value

    for path in sorted(CONTENT.glob("*.toml")):
        yield from walk(tomllib.loads(path.read_text("utf-8")), path.stem)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read()


def said(scenario: Scenario) -> list[Event | Notice | Post]:
    return [*scenario.events, *scenario.notices, *scenario.posts]


def judged(scenario: Scenario) -> list[Event | Post]:
    return [*scenario.events, *scenario.posts]


def humans(scenario: Scenario) -> list[Inhabitant | Elu]:
    return [*scenario.inhabitants, *scenario.elus]


def organisations(scenario: Scenario) -> dict[str, Organisation]:
    return {one.slug: one for one in (*scenario.associations, *scenario.services)}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_french_is_well_set(fault: str) -> None:
    assert [f"{where}: {text}" for where, text in texts() if FAULTS[fault].search(text)] == []


def test_there_is_as_much_life_as_promised(scenario: Scenario) -> None:
    counts = [len(rows) for rows in (scenario.inhabitants, scenario.associations, scenario.services)]
    assert counts == [300, 80, 15]
    assert len(scenario.events) >= 400
    assert len(scenario.notices) >= 60
    assert len([post for post in scenario.posts if post.state == "online"]) >= 200


def test_a_voice_has_one_slug_and_a_thing_said_another(scenario: Scenario) -> None:
    voices = [*organisations(scenario), *(one.slug for one in humans(scenario))]
    assert [slug for slug, count in Counter(voices).items() if count > 1] == []
    assert [slug for slug, count in Counter(one.slug for one in said(scenario)).items() if count > 1] == []


def test_nothing_is_said_twice() -> None:
    bodies = Counter(text for where, text in texts() if where.endswith((".body", ".title", ".summary")))
    assert [text for text, count in bodies.items() if count > 1 and text] == []


def test_every_speaker_exists_and_is_what_the_text_says(scenario: Scenario) -> None:
    kinds = dict.fromkeys((one.slug for one in scenario.inhabitants), "habitant")
    kinds |= dict.fromkeys((one.slug for one in scenario.associations), "association")
    kinds |= dict.fromkeys((one.slug for one in scenario.services), "service")
    kinds |= dict.fromkeys((one.slug for one in scenario.elus), "elu")
    turns: list[Post | Reply] = [*scenario.posts, *(reply for post in scenario.posts for reply in post.replies)]
    assert [turn.author for turn in turns if kinds.get(turn.author) != turn.kind] == []
    assert {event.organiser for event in scenario.events} <= organisations(scenario).keys()
    assert {notice.service for notice in scenario.notices} <= {one.slug for one in scenario.services}


def test_an_inhabitant_speaks_to_their_own_commune(scenario: Scenario) -> None:
    homes = {one.slug: one.rank for one in scenario.inhabitants}
    assert [post.slug for post in scenario.posts if homes.get(post.author, post.rank) != post.rank] == []


def test_every_account_is_someone_with_roles_that_exist(scenario: Scenario) -> None:
    inhabitants = {one.slug for one in scenario.inhabitants}
    assert {account.inhabitant for account in scenario.accounts} <= inhabitants
    assert len({account.email for account in scenario.accounts}) == len(scenario.accounts)
    known = {"administrator", "moderator:territoire"}
    known |= {f"association:{one.slug}" for one in scenario.associations}
    known |= {f"service:{one.slug}" for one in scenario.services}
    known |= {f"elu:{one.slug}" for one in scenario.elus}
    roles = [role for account in scenario.accounts for role in account.roles]
    assert [role for role in roles if role not in known and not re.fullmatch(r"moderator:commune:\d+", role)] == []
    assert {"administrator", "moderator:territoire"} <= set(roles)


def test_an_elu_never_moderates(scenario: Scenario) -> None:
    """R-MOD-8."""
    powers = [{role.partition(":")[0] for role in account.roles} for account in scenario.accounts]
    assert not [power for power in powers if "elu" in power and power & {"moderator", "administrator"}]


def test_choices_are_those_of_the_forms(scenario: Scenario) -> None:
    assert {event.category for event in scenario.events} <= set(EventRow.Category.values)
    assert {one.theme for one in organisations(scenario).values()} <= set(Voice.Theme.values)
    assert {one.scope for one in organisations(scenario).values()} <= {"commune", "epci", "territoire"}
    assert [mark for notice in scenario.notices for mark in notice.zones if not ZONE.fullmatch(mark)] == []
    assert {one.image for one in judged(scenario) if one.image} == DRAWINGS.keys() == alts().keys()


def test_what_is_refused_or_hidden_says_why(scenario: Scenario) -> None:
    assert {event.state for event in scenario.events} <= STATES["event"]
    assert {post.state for post in scenario.posts} <= STATES["post"]
    decided = [one for one in judged(scenario) if one.state in {"refused", "hidden"}]
    assert [one.slug for one in decided if one.rule not in Decision.Rule.values or not one.reason] == []


def test_a_report_is_on_something_online_by_someone_and_names_a_rule(scenario: Scenario) -> None:
    online = {one.slug for one in judged(scenario) if one.state in {"online", "hidden"}}
    assert {report.on for report in scenario.reports} <= online
    assert {report.by for report in scenario.reports} <= {one.slug for one in scenario.inhabitants}
    assert {report.rule for report in scenario.reports} <= set(Decision.Rule.values)


def test_only_what_waits_can_be_left_waiting_or_refused(scenario: Scenario) -> None:
    verified = {one.slug for one in organisations(scenario).values() if one.verified}
    left = [event for event in scenario.events if event.state in {"pending", "refused"}]
    assert [event.slug for event in left if event.organiser in verified] == []
    assert left


def test_times_are_in_order(scenario: Scenario) -> None:
    assert [one.slug for one in scenario.events if not one.starts < one.ends or one.days < 1] == []
    assert [one.slug for one in scenario.notices if one.age_hours <= 0 or one.expires_days < 1] == []
    # A notice lasts 90 days at most, from when it was said; one more for the hour at which people rise.
    assert [one.slug for one in scenario.notices if one.age_hours / 24 + one.expires_days > 88] == []
    assert [post.slug for post in scenario.posts if not _is_told_in_order(post)] == []


def _is_told_in_order(post: Post) -> bool:
    ages = [reply.after_hours for reply in post.replies]
    # The first quarter of an hour is for the moderator.
    return ages == sorted(ages) and all(0.25 < age < post.age_hours for age in ages)


def test_lengths_fit(scenario: Scenario) -> None:
    assert [one.slug for one in said(scenario) if len(one.title) > 90] == []
    assert [
        one.slug for one in organisations(scenario).values() if len(one.summary) > 200 or len(one.seeks) > 200
    ] == []
    assert [one.slug for one in humans(scenario) if len(one.about) > 190] == []


def test_no_telephone_or_address_can_be_someone_s(scenario: Scenario) -> None:
    """01 99 00 is kept for fiction, .example for nobody."""
    numbers = [number for _, text in texts() for number in re.findall(r"\b0\d(?:[\s.]?\d\d){4}\b", text)]
    assert [number for number in numbers if not re.sub(r"\s", "", number).startswith("019900")] == []
    emails = [one.email for one in organisations(scenario).values()] + [one.email for one in scenario.accounts]
    assert [email for email in emails if not email.endswith(".example")] == []
    assert [event.link for event in scenario.events if event.link and ".example/" not in event.link] == []
