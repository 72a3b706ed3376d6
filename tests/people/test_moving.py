"""Where one lives: the subscriptions of a home, and the nothing that is left of a former one (R-PRIV-1, R-PRIV-16)."""

import json

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries
from shapely.geometry import box

from parvis.core.models import JournalEntry
from parvis.people import actions
from parvis.people.models import Person, Place, Reason, Subscription, Voice
from parvis.people.places import cantons_of, communes_named
from parvis.territory.models import Zone
from tests.cast import Cast, make_person, make_zone


def reasons(person: Person) -> dict[str, int]:
    rows = Subscription.objects.filter(person=person, audience__coarse=False)
    return dict(rows.values_list("audience__zone__name", "reason"))


def test_a_home_belongs_to_every_zone_that_contains_it(amina: Person, territory: Cast) -> None:
    assert reasons(amina) == {
        "Bois-le-Comte": Reason.COMMUNE,
        "Clairval-1": Reason.CANTON,
        territory.epci.name: Reason.EPCI,
        "Val-d’Ombre": Reason.DEPARTEMENT,
        "Haute-Ombre": Reason.REGION,
    }
    assert not Subscription.objects.filter(person=amina, grants=False, audience__coarse=False).exists()


def test_who_chose_no_canton_belongs_to_both_coarsely(territory: Cast) -> None:
    person = make_person("x@example.org", "Sans Canton", territory.clairval)
    assert reasons(person)["Clairval-1"] == reasons(person)["Clairval-2"] == Reason.COARSE
    coarse = Subscription.objects.filter(person=person, reason=Reason.COARSE)
    assert not coarse.filter(grants=True).exists()


def test_who_chose_a_canton_belongs_to_it_and_coarsely_to_the_other(bruno: Person, territory: Cast) -> None:
    assert reasons(bruno)["Clairval-1"] == Reason.CANTON
    assert reasons(bruno)["Clairval-2"] == Reason.COARSE
    assert bruno.home is not None
    assert bruno.home.canton == territory.canton_1


def test_zones_inside_the_commune_reach_it_coarsely(territory: Cast) -> None:
    hamlet = make_zone("deleguee", "99007", "La Combe", box(2, 49.1, 2.02, 49.12))
    hamlet.wholes.create(whole=territory.clairval, relation="within")
    person = make_person("x@example.org", "Près de la Combe", territory.clairval)
    assert reasons(person)["La Combe"] == Reason.COARSE


def test_a_canton_elsewhere_and_a_place_one_cannot_live_in_are_refused(amina: Person, territory: Cast) -> None:
    with pytest.raises(ValidationError):
        actions.settle(amina, actions.Where(territory.clairval, territory.departement))
    with pytest.raises(ValidationError):
        actions.settle(amina, actions.Where(territory.epci))
    assert amina.home is not None
    assert amina.home.zone == territory.bois


def test_moving_house_leaves_nothing(amina: Person, territory: Cast) -> None:
    """Every column of every table is searched for the former home, the journal included."""
    former = Place.objects.get(person=amina)
    actions.follow(amina, Voice.objects.create(kind="service", name="S", search_name="s", slug="s"))
    actions.settle(amina, actions.Where(territory.remy))
    assert not Subscription.objects.filter(person=amina, source=former.pk).exists()
    assert not Subscription.objects.filter(person=amina, audience__zone__in=[territory.bois, territory.epci]).exists()
    assert reasons(amina)["Saint-Rémy"] == Reason.COMMUNE
    assert Subscription.objects.filter(person=amina, reason=Reason.FOLLOW).count() == 1
    assert Voice.objects.get(person=amina).zone == territory.remy
    assert Place.objects.get(person=amina).zone == territory.remy
    entry = JournalEntry.objects.get(verb="person.moved")
    assert (entry.target_id, entry.details) == (amina.pk, {})
    assert "99002" not in json.dumps([*JournalEntry.objects.values_list("details", flat=True)])
    assert rows_naming(amina, territory.bois) == []


def rows_naming(person: Person, zone: Zone) -> list[str]:
    """Tables with a row that holds both the number of a person and that of a zone, by foreign keys."""
    found = []
    for model in (Place, Voice):
        for field in model._meta.fields:
            if field.related_model is Zone and model._default_manager.filter(**{field.name: zone, "person": person}):
                found.append(f"{model.__name__}.{field.name}")
    return found


def test_what_one_muted_stays_muted_where_one_still_belongs(amina: Person, territory: Cast) -> None:
    wide = Subscription.objects.get(person=amina, reason=Reason.DEPARTEMENT)
    actions.mute_audience(amina, wide.audience)
    actions.settle(amina, actions.Where(territory.remy))
    assert Subscription.objects.get(person=amina, muted=True).reason == Reason.DEPARTEMENT


def test_a_commune_is_found_by_name_postal_code_or_insee_code(territory: Cast) -> None:
    assert [zone.name for zone in communes_named("l'etang neuf")] == ["L’Étang-Neuf"]
    assert {zone.name for zone in communes_named("99100")} == {"Clairval", "Bois-le-Comte"}
    assert [zone.name for zone in communes_named("99006")] == ["Saint-Rémy"]
    assert [zone.name for zone in communes_named("St Remy")] == ["Saint-Rémy"]
    assert communes_named("Nulle-Part") == communes_named("  ") == []


def test_the_cantons_one_may_choose(territory: Cast) -> None:
    assert [zone.name for zone in cantons_of(territory.clairval)] == ["Clairval-1", "Clairval-2"]
    assert [zone.name for zone in cantons_of(territory.remy)] == ["Clairval-2"]


def test_settling_costs_the_same_whatever_the_number_of_zones(
    amina: Person, territory: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(26):
        actions.settle(amina, actions.Where(territory.clairval, territory.canton_2))
