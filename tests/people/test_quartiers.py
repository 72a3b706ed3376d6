"""Quartiers drawn after people settled: those who gave an exact address are found, by the vault alone (R-PRIV-2)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from shapely.geometry import Polygon, box, mapping

from parvis.core.models import JournalEntry
from parvis.core.text import NBSP
from parvis.people import actions, vault
from parvis.people.actions import Where
from parvis.people.models import Audience, Membership, Person, Place, Reason, Subscription, Voice
from parvis.publications import actions as publications
from parvis.publications.feed import feed_for
from parvis.territory.actions import import_file
from parvis.territory.models import Zone
from tests.cast import Cast, make_person
from tests.worker import run_until_idle

POINT = (2.1512345, 49.1512345)
AROUND, ASIDE = box(2.14, 49.14, 2.16, 49.16), box(2.17, 49.17, 2.19, 49.19)


@pytest.fixture
def home(amina: Person, territory: Cast) -> Place:
    """Amina gave her exact address."""
    return actions.settle(amina, Where(territory.bois, point=POINT, address="12 rue des Tisserands"))


def draw(folder: Path, shape: Polygon, name: str = "Les Halles") -> Zone:
    """Import one quartier, and let the queue do what follows."""
    path = folder / "quartiers.geojson"
    feature = {"type": "Feature", "properties": {"nom": name}, "geometry": mapping(shape)}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    import_file("quartiers", path, by=None, told=lambda _share: None, nature="quartier")
    run_until_idle()
    return Zone.objects.get(kind="quartier", name=name)


def why(person: Person, zone: Zone) -> list[int]:
    rows = Subscription.objects.filter(person=person, audience__zone=zone, audience__coarse=False, grants=True)
    return list(rows.values_list("reason", flat=True))


def test_whoever_gave_an_address_in_it_belongs_to_it(
    home: Place, amina: Person, bruno: Person, territory: Cast, tmp_path: Path
) -> None:
    actions.add_place(bruno, Place.Kind.WORK, Where(territory.bois, point=POINT))
    neighbour = make_person("n@example.org", "Noé Voisin", territory.bois)
    actions.settle(neighbour, Where(territory.bois, point=(2.18, 49.18)))
    zone = draw(tmp_path, AROUND)
    assert (why(amina, zone), why(bruno, zone), why(neighbour, zone)) == ([Reason.QUARTIER], [Reason.WORK], [])
    # What they belong to is what someone who settles today belongs to.
    held = {(row.audience_id, row.reason) for row in Subscription.objects.filter(source=home.pk)}
    again = actions.settle(amina, Where(territory.bois, point=POINT))
    assert {(row.audience_id, row.reason) for row in Subscription.objects.filter(source=again.pk)} == held


def test_drawn_again_it_takes_in_and_leaves_out(home: Place, amina: Person, tmp_path: Path) -> None:
    zone = draw(tmp_path, ASIDE)
    assert why(amina, zone) == []
    assert draw(tmp_path, AROUND) == zone
    assert why(amina, zone) == [Reason.QUARTIER]
    draw(tmp_path, ASIDE)
    assert why(amina, zone) == []
    assert Subscription.objects.filter(source=home.pk, reason=Reason.COMMUNE).exists()


def test_twice_is_once_and_what_rests_still_rests(home: Place, amina: Person, tmp_path: Path) -> None:
    zone = draw(tmp_path, AROUND)
    Subscription.objects.filter(person=amina, audience__zone=zone).update(muted=True)
    actions.settle_quartiers([zone.pk])
    assert Subscription.objects.get(person=amina, audience__zone=zone).muted


def test_what_runs_there_is_in_their_feed(
    home: Place, amina: Person, routes: Voice, agent: Person, territory: Cast, tmp_path: Path
) -> None:
    """Addressed to the quartier, the notice reaches who was there before it was drawn; drawn aside, it leaves them."""
    zone = draw(tmp_path, ASIDE)
    colleague = make_person("p@example.org", "Paule Oudrant", territory.clairval)
    actions.add_member(routes, by=agent, person=colleague, role=Membership.Role.EDITOR)
    said = publications.compose(
        voice=routes, by=agent, kind="notice", place=territory.bois, title="Marché déplacé", body="Place basse.",
        zones=[zone], purpose="service", expires_at=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    publications.countersign(publications.submit(said, by=agent), by=colleague)
    assert feed_for(amina).cards == []
    draw(tmp_path, AROUND)
    assert [card.reason for card in feed_for(amina).cards] == [f"votre quartier{NBSP}: Les Halles"]
    draw(tmp_path, ASIDE)
    assert feed_for(amina).cards == []


def test_who_said_a_quartier_that_is_no_more_has_said_a_commune(
    amina: Person, bruno: Person, territory: Cast, tmp_path: Path
) -> None:
    zone = draw(tmp_path, AROUND)
    said = actions.settle(amina, Where(territory.bois, quartier=zone))
    exact = actions.settle(bruno, Where(territory.bois, point=POINT))
    Zone.objects.filter(pk=zone.pk).update(ended_on=timezone.localdate())
    actions.settle_quartiers([zone.pk])
    said.refresh_from_db()
    assert (said.quartier, said.precision) == (None, "commune")
    assert not Subscription.objects.filter(audience__zone=zone).exists()
    coarse = Audience.objects.coarse_of_zones([territory.bois])[territory.bois.pk]
    assert Subscription.objects.filter(audience=coarse, person=amina, source=said.pk).exists()
    assert vault.addresses_of(bruno) == {exact.pk: ""}


def test_the_journal_says_which_zones_and_nobody(home: Place, amina: Person, tmp_path: Path) -> None:
    zone = draw(tmp_path, AROUND)
    entries = JournalEntry.objects.filter(verb__in=["territory.file_imported", "zone.settled"]).order_by("pk")
    assert [entry.details for entry in entries] == [
        {"kind": "quartiers", "lines": 1, "changed": 1, "quartiers": [zone.pk]},
        {"zones": 1},
    ]
