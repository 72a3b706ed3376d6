"""The form to announce an event: which answers it takes, and what it says of the others."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from django.utils import timezone
from shapely import box

from parvis.agenda.forms import AnnounceForm
from parvis.people.models import Person, Voice
from tests.agenda.conftest import paris
from tests.cast import Cast, link, make_zone

KEY = "5f2b8a0e-6f3e-4a53-9d0a-0c6e9f4b8f11"


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: paris(24, 9))


def filled(person: Person, speaker: Voice, **changed: Any) -> AnnounceForm:
    data = {
        "key": KEY,
        "voice": speaker.pk,
        "title": "Bal folk",
        "body": "Venez danser.",
        "category": "fete",
        "day": "2026-11-28",
        "start": "20:00",
        "venue": "Foyer rural",
        "commune": "Bois-le-Comte",
    } | changed
    return AnnounceForm(data, person=person)


@pytest.fixture
def form(territory: Cast, chorale: Voice, chloe: Person) -> Any:
    """`form(field=value, …)`: the form of the chorale, complete but for what is given."""
    return lambda **changed: filled(chloe, chorale, **changed)


def test_one_evening(form: Any, territory: Cast) -> None:
    made = form()
    assert made.is_valid(), made.errors
    assert made.cleaned_data["commune"] == territory.bois
    [span] = made.spans
    assert (span.starts_at, span.ends_at, span.all_day) == (paris(28, 20), None, False)


def test_a_night_ends_on_the_next_day(form: Any) -> None:
    made = form(start="21:00", end="02:00")
    assert made.is_valid(), made.errors
    assert made.spans[0].ends_at == paris(29, 2)


def test_several_days_in_a_row_are_one_span(form: Any) -> None:
    made = form(start="10:00", end="18:00", last_day="2026-11-30")
    assert made.is_valid(), made.errors
    assert (made.spans[0].starts_at, made.spans[0].ends_at) == (paris(28, 10), paris(30, 18))


def test_all_day_ends_at_the_midnight_after_its_last_day(form: Any) -> None:
    made = form(start="", all_day="on", last_day="2026-11-29")
    assert made.is_valid(), made.errors
    [span] = made.spans
    assert (span.starts_at, span.ends_at, span.all_day) == (paris(28, 0), paris(30, 0), True)


def test_other_dates_keep_the_hours_across_a_change_of_hour(form: Any) -> None:
    """R-REL-21: 20 h is 20 h on both sides of 29 March."""
    made = form(day="2027-03-27", end="22:00", day_2="2027-03-28", day_3="2027-03-29")
    assert made.is_valid(), made.errors
    hours = {(timezone.localtime(s.starts_at).hour, timezone.localtime(s.ends_at).hour) for s in made.spans}
    assert hours == {(20, 22)}
    saturday, sunday, _monday = (span.starts_at.astimezone(UTC) for span in made.spans)
    assert sunday - saturday == timedelta(hours=23)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": "2026-11-23"}, "day"),
        ({"day": "2026-02-30"}, "day"),
        ({"day": "99999-01-01"}, "day"),
        ({"day": "2029-01-01"}, "day"),
        ({"day": ""}, "day"),
        ({"day_4": "2026-11-01"}, "day_4"),
        ({"start": ""}, "start"),
        ({"start": "25:61"}, "start"),
        ({"end": "19:00"}, "end"),
        ({"last_day": "2026-11-27", "end": "22:00"}, "last_day"),
        ({"last_day": "2028-01-01", "end": "22:00"}, "last_day"),
        ({"last_day": "2026-11-30"}, "end"),
        ({"title": ""}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"title": "Bal\x00"}, "title"),
        ({"category": "orgie"}, "category"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "ftp://example.org/"}, "link"),
        ({"commune": "Marseille"}, "commune"),
        ({"commune": "\x00"}, "commune"),
        ({"voice": "999999"}, "voice"),
        ({"key": "x"}, "key"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_is_said_on_its_field(form: Any, changed: dict[str, str], field: str) -> None:
    assert list(form(**changed).errors) == [field]


def test_an_event_of_several_days_that_began_is_not_past(form: Any) -> None:
    assert form(day="2026-11-20", last_day="2026-12-01", end="22:00").is_valid()


def test_a_postal_code_of_two_communes_asks_which(form: Any, territory: Cast) -> None:
    asked = form(commune="99100")
    assert list(asked.errors) == ["commune_choice"]
    assert {label for _, label in asked.fields["commune_choice"].choices} == {
        "Bois-le-Comte (99100)",
        "Clairval (99100)",
    }
    chosen = form(commune="99100", commune_choice=str(territory.clairval.pk))
    assert chosen.is_valid(), chosen.errors
    assert chosen.cleaned_data["commune"] == territory.clairval


def test_one_cannot_choose_a_commune_that_was_not_proposed(form: Any, territory: Cast) -> None:
    assert not form(commune="99100", commune_choice=str(territory.remy.pk)).is_valid()


def test_a_neighbour_outside_the_territory_holds_no_event(form: Any, territory: Cast) -> None:
    outside = make_zone("commune", "98001", "Autre-Rive", box(5, 5, 6, 6), is_context=True, joinable=False)
    link(outside, territory.region)
    assert list(form(commune="Autre-Rive").errors) == ["commune"]


def test_only_organisations_one_speaks_for_are_offered(
    territory: Cast, chorale: Voice, atelier: Voice, chloe: Person, amina: Person
) -> None:
    assert AnnounceForm(person=chloe).alone == chorale
    assert AnnounceForm(person=amina).alone == atelier
    assert list(filled(amina, chorale).errors) == ["voice"]
