"""The agenda on a map: the places of what the list beside says, numbered as it is."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.agenda import actions
from parvis.agenda.models import Venue
from parvis.people.models import Person
from parvis.territory import current
from parvis.territory.models import Territory, Zone
from tests.agenda.conftest import Announce, paris
from tests.cast import Cast
from tests.publications.conftest import html

MAP = "/agenda/?jour=2026-11-28&vue=carte"


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: paris(24, 9))


@pytest.fixture(autouse=True)
def _drawn(territory: Cast) -> None:
    """Val-d’Ombre, drawn."""
    opening = '<svg class="map" viewBox="-6 -6 1012 1012" data-plan="2 49.2 3333 5000">'
    links = "".join(
        f'<a href="/communes/{zone.slug}-{zone.code}/" tabindex="-1"><title>{zone.name}</title><path d="M0 0z"/></a>'
        for zone in territory.communes
    )
    Territory.objects.update(map_svg=f"{opening}{links}</svg>")
    current.forget()


def place(moderator: Person, name: str, commune: Zone, point: tuple[float, float] | None = None) -> Venue:
    said: dict[str, Any] = {"point": point}
    return actions.propose_venue(by=moderator, name=name, commune=commune, **said)


def points(page: str) -> list[tuple[str, str]]:
    """The number of each point and what it says aloud."""
    return re.findall(r'<a id="point-(\d+)" href="#rdv-\d+" aria-label="([^"]*)"', page)


def numbered(page: str) -> list[tuple[str, str]]:
    """The titles of the list, in order, each with the number of its point."""
    rows = re.findall(r'<div class="spotted" id="rdv-\d+">(.*?)<h3><a[^>]*>([^<]*)', page, re.DOTALL)
    return [(title, "".join(re.findall(r'href="#point-(\d+)"', before))) for before, title in rows]


def test_each_entry_has_the_number_of_its_point_and_each_point_leads_to_its_entry(
    announce: Announce, territory: Cast
) -> None:
    announce("Marché", paris(28, 9), commune=territory.remy)
    announce("Bal", paris(28, 20))
    announce("Loto", paris(28, 14))
    page = html(Client().get(MAP))
    assert numbered(page) == [("Marché", "1"), ("Loto", "2"), ("Bal", "2")]
    assert points(page) == [
        ("1", "1 : Saint-Rémy, 1 rendez-vous"),
        ("2", "2 : Bois-le-Comte, 2 rendez-vous"),
    ]
    ids = re.findall(r'id="(rdv-\d+)"', page)
    for target in re.findall(r'<a id="point-\d+" href="#(rdv-\d+)"', page):
        assert ids.count(target) == 1


def test_every_link_of_the_page_keeps_the_map_and_the_list_alone_is_one_link_away(announce: Announce) -> None:
    announce("Bal", paris(28, 20), is_free=True)
    page = html(Client().get(f"{MAP}&gratuit=1"))
    assert 'href="/agenda/?weekend=2026-W48&amp;gratuit=1&amp;vue=carte"' in page
    assert '<input type="hidden" name="vue" value="carte">' in page
    assert 'href="/agenda/?jour=2026-11-28&amp;gratuit=1">' in page
    alone = html(Client().get("/agenda/?jour=2026-11-28"))
    assert "spotted" not in alone
    assert "figure" not in alone


def test_in_a_commune_each_place_of_the_directory_has_its_point(
    announce: Announce, moderator: Person, territory: Cast
) -> None:
    place(moderator, "Foyer rural", territory.bois, (2.11, 49.11))
    place(moderator, "Halle", territory.bois, (2.19, 49.19))
    place(moderator, "Préau", territory.bois)
    for title, hour, venue in (("Bal", 20, "Foyer rural"), ("Marché", 9, "Halle"), ("Goûter", 16, "Préau")):
        announce(title, paris(28, hour), venue=venue)
    page = html(Client().get(f"{MAP}&zone=commune-{territory.bois.code}"))
    assert [said for _number, said in points(page)] == [
        "1 : Halle, 1 rendez-vous",
        # Where the place itself is, nobody said.
        "2 : Bois-le-Comte, 1 rendez-vous",
        "3 : Foyer rural, 1 rendez-vous",
    ]
    assert '<path class="chosen"' in page


def test_what_is_at_someones_home_is_in_the_middle_of_its_commune(
    announce: Announce, moderator: Person, territory: Cast
) -> None:
    """R-PRIV-12: even when a place of the directory is called so."""
    announce("Salle", paris(28, 9))
    before = centre(html(Client().get(MAP)))
    place(moderator, "Chez un particulier", territory.bois, (2.11, 49.11))
    event = announce("Concert au salon", paris(29, 20), venue="Chez un particulier", home_address="3 rue du Puits")
    page = html(Client().get(MAP.replace("28", "29")))
    assert event.held_at is None
    assert centre(page) == before
    assert "rue du Puits" not in page


def centre(page: str) -> list[str]:
    """Where the points are drawn."""
    return re.findall(r'aria-label="\d+\W: [^"]*"><g transform="translate\((\d+ \d+)\)', page)


def test_a_time_held_elsewhere_is_not_at_the_usual_place(
    announce: Announce, moderator: Person, chloe: Person, territory: Cast
) -> None:
    place(moderator, "Foyer rural", territory.bois, (2.11, 49.11))
    event = announce("Bal", paris(28, 20))
    usual = centre(html(Client().get(MAP)))
    actions.change_time(event.occurrences.get(), by=chloe, status="moved", venue="Salle d’à côté")
    assert centre(html(Client().get(MAP))) != usual


def test_what_is_online_alone_is_in_the_list_without_a_number(announce: Announce) -> None:
    announce("Réunion", paris(28, 18), mode="online", online_url="https://example.org/")
    announce("Bal", paris(28, 20))
    page = html(Client().get(MAP))
    assert numbered(page) == [("Réunion", ""), ("Bal", "1")]
    assert len(points(page)) == 1


def test_the_map_has_what_its_page_lists_and_asks_no_more_of_the_database(announce: Announce, territory: Cast) -> None:
    def statements() -> int:
        client = Client()
        client.get(MAP)
        current.current()
        with CaptureQueriesContext(connection) as asked:
            client.get(MAP.replace("&vue", "&soir=0&vue"))
        return len(asked)

    announce("Bal", paris(28, 20))
    few = statements()
    for number in range(45):
        announce(f"Atelier {number}", paris(28, 8 + number % 10), commune=territory.communes[number % 6])
    assert statements() == few
    first, second = (html(Client().get(f"{MAP}&page={number}")) for number in (1, 2))
    assert (len(numbered(first)), len(numbered(second))) == (40, 6)
    assert sum(int(re.findall(r", (\d+) rendez", said)[0]) for _number, said in points(second)) == 6


def test_a_territory_without_a_drawing_says_so_and_keeps_its_list(announce: Announce) -> None:
    announce("Bal", paris(28, 20))
    Territory.objects.update(map_svg="")
    current.forget()
    page = html(Client().get(MAP))
    assert "n’est pas encore dessinée" in page
    assert "Bal</a>" in page


def test_the_page_of_a_place_shows_where_it_is_without_figures(moderator: Person, territory: Cast) -> None:
    hall = place(moderator, "Foyer rural", territory.bois, (2.15, 49.15))
    page = html(Client().get(hall.get_absolute_url()))
    assert "Position sur la carte de Bois-le-Comte : Foyer rural" in page
    assert "49.15" not in page
    unknown = place(moderator, "Préau", territory.bois)
    assert "Position sur la carte" not in html(Client().get(unknown.get_absolute_url()))
