"""The demonstration fits a territory of any size, and no real site."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings
from rich.console import Console
from shapely.geometry import box

from parvis.agenda.models import Occurrence
from parvis.demo.build import build
from parvis.demo.scenario import read
from parvis.demo.stage import in_words, set_stage
from parvis.people.models import Person, Voice
from parvis.publications.models import Publication, Reply
from parvis.territory import current
from parvis.territory.models import Territory, Zone
from tests.cast import Cast, link, make_communes, make_zone

QUIET = Console(quiet=True)
NOON = datetime(2026, 11, 24, 12, tzinfo=timezone.get_default_timezone())


def snapshot() -> list[tuple[Any, ...]]:
    """All that the demonstration says, in the order in which a page would."""
    said = Publication.objects.order_by("-position", "created_at", "title")
    rows: list[tuple[Any, ...]] = list(said.values_list("title", "body", "state", "voice__name", "published_at"))
    rows += Reply.objects.order_by("created_at", "body").values_list("body", "voice__name", "created_at", "state")
    rows += Occurrence.objects.order_by("starts_at", "event__publication__title").values_list("starts_at", "ends_at")
    rows += Voice.objects.order_by("name", "kind").values_list("name", "kind", "verified_at", "created_at")
    return rows


def test_fiction_never_enters_a_real_site(territory: Cast, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured):
        build(QUIET)
    assert not Person.objects.exists()


@pytest.fixture
def single(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Zone:
    """A territory of one commune, in an intercommunalité that is wider; the scenario is shortened. It is noon."""
    settings.DEMO = True
    # What ends some days after the demonstration was built is still to come.
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    whole = read()
    short = replace(whole, events=whole.events[:30], posts=whole.posts[:12], reports=())
    monkeypatch.setattr("parvis.demo.build.read", lambda: short)
    zones = {key: zone for key, (zone, _) in make_communes().items()}
    for key, zone in zones.items():
        zone.is_context, zone.joinable = key != "clairval", key == "clairval"
        zone.save()
    wider = make_zone("epci", "999000001", "Communauté de communes des Trois Clochers", box(2, 49.1, 2.3, 49.2))
    link(zones["clairval"], wider)
    Territory.objects.create(pk=1, codes=["99001"], root=zones["clairval"], source_version="test")
    return zones["clairval"]


def test_a_single_commune_holds_everyone_and_each_build_says_the_same(single: Zone) -> None:
    with transaction.atomic():
        build(QUIET, now=NOON)
        first = snapshot()
        assert set(Publication.objects.values_list("place", flat=True)) == {single.pk}
        assert set(Voice.objects.values_list("zone", flat=True)) == {single.pk}
        transaction.set_rollback(True)
    assert not Person.objects.exists()
    build(QUIET, now=NOON)
    assert snapshot() == first


def test_ranks_follow_the_population_and_start_again_past_the_last(territory: Cast) -> None:
    stage = set_stage(NOON)
    names = ["Clairval", "Bois-le-Comte", "Saint-Rémy", "Les Essarts", "Ormoy", "L’Étang-Neuf", "Clairval"]
    assert [stage.commune(rank).name for rank in range(1, 8)] == names


def test_a_mark_names_the_zone_around_a_commune(territory: Cast) -> None:
    stage = set_stage(NOON)
    assert stage.zone("territoire") == territory.departement
    assert stage.zone("commune:2") == territory.bois
    assert stage.zone("canton:2") == territory.canton_1
    # Clairval straddles two cantons: the first by name.
    assert stage.zone("canton:1") == territory.canton_1
    assert stage.zone("epci:1") == territory.epci
    # Saint-Rémy has no intercommunalité.
    assert stage.zone("epci:3") == territory.departement
    assert stage.zones(("commune:1", "commune:7")) == [territory.clairval]


def test_without_cantons_the_commune_stands_for_its_own(territory: Cast) -> None:
    territory.canton_1.delete()
    territory.canton_2.delete()
    assert set_stage(NOON).zone("canton:2") == territory.bois


def test_marks_become_places_and_dates_in_words(territory: Cast) -> None:
    stage = set_stage(NOON)
    text = "{commune}, {a_commune}, {de_commune} ; {dans_territoire}, {du_territoire}, {territoire} ; {d+3}, {d-1}"
    assert stage.fill(text, territory.essarts) == (
        "Les Essarts, aux Essarts, des Essarts ; dans le Val-d’Ombre, du Val-d’Ombre, Val-d’Ombre ; "
        "vendredi 27 novembre, lundi 23 novembre"
    )
    with pytest.raises(KeyError):
        stage.fill("{ville}", territory.essarts)


@pytest.mark.parametrize("hour", [2, 8, 14, 23])
def test_people_write_by_day_and_in_order(territory: Cast, hour: int) -> None:
    stage = set_stage(NOON.replace(hour=hour, minute=30))
    times = [stage.ago(quarter / 4) for quarter in range(1, 1500)]
    assert times == sorted(times, reverse=True)
    assert times[0] < stage.now
    awake = [7 <= timezone.localtime(at).hour < 23 for at in times if at.date() < stage.now.date()]
    assert all(awake)


def test_a_service_names_no_sunday_that_is_not_near(territory: Cast) -> None:
    stage = set_stage(NOON)
    assert stage.fill("{d+4}, {d+5}", territory.bois) == "samedi 28 novembre, samedi 28 novembre"
    assert set_stage(NOON + timedelta(days=2)).fill("{d+3}", territory.bois) == "dimanche 29 novembre"


def test_the_first_of_the_month_is_an_ordinal() -> None:
    assert in_words(date(2026, 12, 1)) == "mardi 1er décembre"
    assert in_words(date(2026, 12, 11)) == "vendredi 11 décembre"


def test_hours_are_those_of_the_territory(single: Zone, request: pytest.FixtureRequest) -> None:
    request.addfinalizer(timezone.deactivate)
    Zone.objects.filter(pk=single.pk).update(lon=45.2, lat=-12.8)
    current.forget()

    build(QUIET)

    hours = {timezone.localtime(one.starts_at).hour for one in Occurrence.objects.all()}
    assert str(timezone.get_current_timezone()) == "Indian/Mayotte"
    assert max(hours) <= 21


def test_where_nobody_counts_people_the_largest_council_comes_first(territory: Cast, elu: Voice) -> None:
    Zone.objects.of_kind(Zone.Kind.COMMUNE).update(population=None)
    seat = territory.ormoy
    elu.mandates.update(zone=seat)

    assert set_stage(NOON).communes[0] == seat
