"""The agenda as data: read by programs others wrote, it says what the pages say (R-SEC-26)."""

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.agenda import actions
from parvis.agenda.actions import Repeat, Span
from parvis.agenda.models import Event
from parvis.agenda.recurrence import parse
from parvis.people.models import Person, Voice
from parvis.publications.actions import hide
from tests.agenda.conftest import Announce, paris
from tests.cast import Cast

RICH: dict[str, Any] = {
    "price": "8 €, 5 € réduit",
    "is_free": False,
    "conditions": "Sur réservation",
    "mode": "mixed",
    "online_url": "https://exemple.fr/direct",
    "keywords": "danse, soupe",
    "access": "hi mi",
    "min_age": 6,
    "max_age": 12,
}


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: paris(24, 9))


def structured(client: Client, event: Event) -> Any:
    """The block of data of its page, as a search engine takes it."""
    page = client.get(event.publication.get_absolute_url()).content.decode()
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(block)


def test_each_page_holds_an_event_of_schema_org(client: Client, announce: Announce, chloe: Person) -> None:
    event = announce("Bal </script><script>alert(1)", paris(28, 20), ends_at=paris(28, 23), **RICH)
    said = structured(client, event)
    assert (said["@context"], said["@type"]) == ("https://schema.org", "Event")
    assert said["name"] == event.publication.title
    assert (said["startDate"], said["endDate"]) == ("2026-11-28T20:00:00+01:00", "2026-11-28T23:00:00+01:00")
    assert said["eventStatus"].endswith("EventScheduled")
    assert said["eventAttendanceMode"].endswith("MixedEventAttendanceMode")
    assert [place["@type"] for place in said["location"]] == ["Place", "VirtualLocation"]
    actions.cancel_event(event, by=chloe)
    assert structured(client, event)["eventStatus"].endswith("EventCancelled")


def test_each_time_of_a_series_is_one(client: Client, announce: Announce) -> None:
    event = announce("Chœur", paris(1, 20, month=12), repeat=Repeat(parse("FREQ=WEEKLY;COUNT=3")))
    said = structured(client, event)["@graph"]
    assert [one["startDate"][:10] for one in said] == ["2026-12-01", "2026-12-08", "2026-12-15"]
    assert len({one["@id"] for one in said}) == 3


def test_json_is_that_of_openagenda(client: Client, announce: Announce, territory: Cast) -> None:
    event = announce("Bal folk", paris(28, 20), others=[Span(paris(29, 15))], **RICH)
    announce("Loto", paris(30, 14), commune=territory.ormoy)
    said = json.loads(client.get("/agenda.json").content)
    assert said["total"] == 2
    row = said["events"][0]
    assert (row["uid"], row["title"]["fr"], row["status"]) == (event.pk, "Bal folk", 1)
    assert [time["begin"] for time in row["timings"]] == ["2026-11-28T20:00:00+01:00", "2026-11-29T15:00:00+01:00"]
    assert row["accessibility"] == {"hi": True, "vi": False, "pi": False, "mi": True, "ii": False}
    assert (row["attendanceMode"], row["age"]) == (3, {"min": 6, "max": 12})
    assert row["location"]["insee"] == territory.bois.code
    only = json.loads(client.get(f"{territory.ormoy.get_absolute_url()}agenda.json").content)
    assert [row["title"]["fr"] for row in only["events"]] == ["Loto"]


def test_a_table_holds_no_formula(client: Client, announce: Announce) -> None:
    """R-SEC-26: a spreadsheet runs nothing."""
    announce('=HYPERLINK("http://exemple.fr";"x")', paris(28, 20), venue="@salle;\r\nBcc: x", price="-8 €")
    rows = list(csv.DictReader(io.StringIO(client.get("/agenda.csv").content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 1
    assert rows[0]["titre"].startswith("'=HYPERLINK")
    assert rows[0]["lieu"] == "'@salle; Bcc: x"
    assert rows[0]["tarif"] == "'-8 €"
    assert all(cell[:1] not in "=+-@" or not cell for cell in rows[0].values())


def test_each_organisation_has_its_own(client: Client, announce: Announce, chorale: Voice, atelier: Voice) -> None:
    announce("Bal folk", paris(28, 20))
    for kind in ("ics", "atom", "json", "csv"):
        assert "Bal folk" in client.get(f"{chorale.get_absolute_url()}agenda.{kind}").content.decode()
        assert "Bal folk" not in client.get(f"{atelier.get_absolute_url()}agenda.{kind}").content.decode()
    assert client.get(f"/services/x-{chorale.pk}/agenda.ics").status_code == 404


def test_the_block_for_other_sites_is_framed_and_keeps_nothing(
    client: Client, announce: Announce, moderator: Person
) -> None:
    event = announce("Bal folk", paris(28, 20))
    for _turn in range(2):
        page = client.get("/embed/agenda/")
        assert "frame-ancestors *" in page["Content-Security-Policy"]
        assert "X-Frame-Options" not in page
        assert not page.cookies
        assert "Bal folk" in page.content.decode()
    assert "frame-ancestors 'none'" in client.get("/agenda/")["Content-Security-Policy"]
    hide(event.publication, by=moderator, rule="inexact", reason="La salle est fermée.")
    assert "Bal folk" not in client.get("/embed/agenda/").content.decode()


def shown(client: Client, query: str) -> list[str]:
    days = client.get(f"/agenda/?{query}").context["days"]
    return [row.occurrence.event.publication.title for _day, rows in days for row in rows]


def test_an_agenda_is_narrowed(client: Client, announce: Announce, territory: Cast) -> None:
    announce("Le matin", paris(24, 10), is_free=True)
    announce("Le soir", paris(24, 20), access="mi vi")
    announce("Samedi", paris(28, 20), is_free=True, commune=territory.essarts)
    announce("Dimanche", paris(29, 10), commune=territory.ormoy)
    assert shown(client, "jour=2026-11-24&soir=1") == ["Le soir"]
    assert shown(client, "gratuit=1") == ["Le matin"]
    assert shown(client, "acces=mi") == ["Le soir"]
    assert shown(client, "acces=hi") == []
    assert shown(client, "acces=x&gratuit=x") == ["Le matin", "Le soir"]
    assert shown(client, "weekend=2026-W48") == ["Samedi", "Dimanche"]
    assert shown(client, "weekend=2026-W48&gratuit=1") == ["Samedi"]
    assert shown(client, f"weekend=2026-W48&zone={territory.bois.code}") == []
    # Bois-le-Comte touches Les Essarts, and Ormoy by a corner at most.
    assert "Samedi" in shown(client, f"weekend=2026-W48&zone={territory.bois.code}&autour=1")


def test_where_one_looks_is_kept_nowhere(client: Client, announce: Announce, territory: Cast) -> None:
    """R-PRIV: a commune chosen is in the address, and in nothing we write."""
    response = client.get(f"/agenda/?zone={territory.bois.code}&autour=1")
    assert not response.cookies
    assert not client.session.items()


def test_what_is_online_says_so(client: Client, announce: Announce) -> None:
    event = announce("Visio", paris(24, 20), mode="online", venue="", online_url="https://exemple.fr/visio")
    assert "En ligne" in client.get("/agenda/").content.decode()
    page = client.get(event.publication.get_absolute_url()).content.decode()
    assert 'href="https://exemple.fr/visio"' in page
    assert timedelta(hours=2) == event.occurrences.get().closes_at - paris(24, 20)
