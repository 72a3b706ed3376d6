"""A calendar of another site is asked again by the clock, and no longer once it is stopped."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from parvis.agenda import jobs
from parvis.agenda.actions import sources
from parvis.agenda.models import Event, Reading, Source
from parvis.outbound import Answer, Unreachable
from parvis.people.models import Person, Voice
from parvis.publications.actions import Refused
from tests.agenda.conftest import MORNING, Add, run
from tests.agenda.elsewhere import HELD, ics, last, said, titles


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MORNING)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Another site: `answer` is what it gives, or the error it raises; `asked` how it was asked."""
    held: dict[str, Any] = {"answer": Answer(ics(said(HELD)), '"v1"', "hier"), "asked": []}

    def fetched(url: str, *, etag: str = "", modified: str = "") -> Answer:
        held["asked"].append((url, etag, modified))
        if isinstance(held["answer"], Exception):
            raise held["answer"]
        answer: Answer = held["answer"]
        return answer

    monkeypatch.setattr(jobs, "fetched", fetched)
    return held


@pytest.fixture
def followed(site: dict[str, Any], chorale: Voice, chloe: Person) -> Source:
    """A calendar of that site, followed."""
    source = sources.add_source(voice=chorale, by=chloe, url="https://agenda.example/secret/basic.ics", category="fete")
    run()
    sources.accept_source(source, by=chloe)
    run()
    source.refresh_from_db()
    return source


def later(source: Source, monkeypatch: pytest.MonkeyPatch, hours: float = 6.1) -> None:
    """Some hours go by, and the clock runs."""
    monkeypatch.setattr(timezone, "now", lambda: MORNING + timedelta(hours=hours))
    jobs.refresh_sources()
    run()
    source.refresh_from_db()


def test_a_followed_calendar_is_asked_again_only_for_what_changed(
    followed: Source, site: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What was shown is what comes in: accepting asks nothing more.
    assert site["asked"] == [(followed.url, "", "")]
    assert Event.objects.get().origin == "agenda.example"
    site["answer"] = Answer(b"", is_unchanged=True)
    later(followed, monkeypatch)
    assert site["asked"][1:] == [(followed.url, '"v1"', "hier")]
    assert (last(followed).state, titles()) == ("done", ["Bal folk"])
    site["answer"] = Answer(ics(said(HELD, title="Grand bal")), '"v2"')
    later(followed, monkeypatch, 13)
    assert (titles(), followed.etag) == (["Grand bal"], '"v2"')


def test_a_site_that_does_not_answer_is_asked_later_each_time_and_nothing_is_lost(
    followed: Source, site: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    site["answer"] = Unreachable("Ce site ne répond pas.")
    hours = 6.1
    for _turn in range(3):
        later(followed, monkeypatch, hours)
        hours = ((followed.next_at or MORNING) - MORNING) / timedelta(hours=1) + 0.1
    assert (followed.failures, hours > 6 + 12 + 24) == (3, True)
    assert titles() == ["Bal folk"]
    later(followed, monkeypatch, 7)
    assert followed.failures == 3


def test_it_is_not_asked_twice_in_a_minute_by_hand_nor_twice_at_once(
    followed: Source, site: dict[str, Any], chloe: Person
) -> None:
    with pytest.raises(Refused):
        sources.refresh_source(followed, by=chloe)
    Reading.objects.update(at=MORNING - timedelta(hours=1))
    for _click in range(2):
        sources.refresh_source(followed, by=chloe)
    run()
    assert len(site["asked"]) == 2


@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:169.254.169.254]", "localhost", "0x7f.1", "2130706433"])
def test_an_address_of_our_own_network_is_asked_nothing(chorale: Voice, chloe: Person, host: str) -> None:
    """R-SEC-12: what gives calendars is asked through the one door."""
    source = sources.add_source(voice=chorale, by=chloe, url=f"http://{host}/agenda.ics", category="fete")
    run()
    assert (last(source).state, last(source).message) == (
        "failed",
        "Cette adresse n’est pas sur le Web public\u00a0: elle n’est pas lue.",
    )


def test_stopped_it_is_read_no_more_and_its_events_stay_or_go(
    followed: Source, site: dict[str, Any], monkeypatch: pytest.MonkeyPatch, chloe: Person
) -> None:
    sources.stop_source(followed, by=chloe, withdraw=False)
    later(followed, monkeypatch)
    assert (len(site["asked"]), titles()) == (1, ["Bal folk"])
    sources.resume_source(followed, by=chloe)
    run()
    assert last(followed).counts["same"] == 1
    sources.accept_source(followed, by=chloe)
    run()
    followed.refresh_from_db()
    sources.stop_source(followed, by=chloe, withdraw=True)
    run()
    assert titles() == []
    followed.refresh_from_db()
    sources.drop_source(followed, by=chloe)
    assert not Source.objects.exists()


def test_what_nobody_accepted_is_forgotten(add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    add(ics(said(HELD)), accept=False)
    monkeypatch.setattr(timezone, "now", lambda: MORNING + timedelta(days=30))
    assert (jobs.forget_readings(), Source.objects.count()) == (1, 0)
