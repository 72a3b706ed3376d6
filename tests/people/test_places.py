"""Several places of life, each as finely as one chose; what each brings; and the nothing that is left (R-PRIV-16)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from shapely.geometry import box

from parvis.core.models import JournalEntry
from parvis.people import actions, vault
from parvis.people.actions import Where
from parvis.people.actions.places import MOST
from parvis.people.models import Audience, Person, Place, Reason, Subscription, Voice
from parvis.territory.models import Address, Street, Zone
from tests.cast import Cast, link, make_person, make_zone
from tests.worker import run_until_idle

POINT = (2.1512345, 49.1512345)


@pytest.fixture
def halles(territory: Cast) -> Zone:
    """A neighbourhood of Bois-le-Comte."""
    zone = make_zone("quartier", "99002Q1", "Les Halles", box(2.14, 49.14, 2.16, 49.16), nature="quartier")
    link(zone, territory.bois)
    return zone


@pytest.fixture
def door(territory: Cast) -> Address:
    """12 rue des Tisserands, in Bois-le-Comte."""
    street = Street.objects.create(
        commune=territory.bois, name="Rue des Tisserands", search_name="rue des tisserands",
        lon=2.15, lat=49.15, west=2.15, south=49.15, east=2.16, north=49.16,
    )  # fmt: skip
    Address.objects.create(street=street, number=14, lon=2.1514, lat=49.1514)
    return Address.objects.create(street=street, number=12, lon=POINT[0], lat=POINT[1])


def brought(place: Place) -> dict[tuple[str, bool], int]:
    """What a place brings: the zone, coarsely or not, and why."""
    rows = Subscription.objects.filter(source=place.pk)
    return {(name, coarse): reason for name, coarse, reason in rows.values_list(
        "audience__zone__name", "audience__coarse", "reason")}  # fmt: skip


def coarse(zone: Zone) -> set[Person]:
    """Who is told of what crosses `zone`."""
    audience = Audience.objects.coarse_of_zones([zone])[zone.pk]
    return {row.person for row in Subscription.objects.filter(audience=audience).select_related("person")}


def test_who_gave_a_commune_is_told_of_what_crosses_it(amina: Person, territory: Cast) -> None:
    assert coarse(territory.bois) == {amina}
    assert Subscription.objects.get(person=amina, audience__coarse=True).reason == Reason.COARSE
    assert not Subscription.objects.get(person=amina, audience__coarse=True).grants


def test_who_gave_a_quartier_is_told_of_what_crosses_it_alone(amina: Person, territory: Cast, halles: Zone) -> None:
    place = actions.settle(amina, Where(territory.bois, quartier=halles))
    assert (place.precision, place.quartier) == ("quartier", halles)
    assert coarse(territory.bois) == set()
    assert coarse(halles) == {amina}
    assert brought(place)["Les Halles", False] == Reason.QUARTIER
    assert brought(place)["Bois-le-Comte", False] == Reason.COMMUNE


def test_who_gave_an_address_is_told_by_the_vault(amina: Person, territory: Cast, halles: Zone) -> None:
    place = actions.settle(amina, Where(territory.bois, point=POINT, address="12 rue des Tisserands"))
    assert coarse(territory.bois) == coarse(halles) == set()
    assert brought(place)["Les Halles", False] == Reason.QUARTIER
    assert amina.is_located
    assert vault.addresses_of(amina) == {place.pk: "12 rue des Tisserands"}


def test_a_workplace_brings_its_own_reasons(amina: Person, territory: Cast) -> None:
    work = actions.add_place(amina, Place.Kind.WORK, Where(territory.clairval))
    found = brought(work)
    assert found["Clairval", False] == found["Val-d’Ombre", False] == Reason.WORK
    assert found["Clairval", True] == found["Clairval-1", False] == Reason.COARSE_ELSEWHERE
    assert amina.home is not None
    assert amina.home.zone == territory.bois
    assert Voice.objects.get(person=amina).zone == territory.bois
    assert coarse(territory.clairval) == {amina}


def test_a_place_added_rests_where_one_rests_already(amina: Person, territory: Cast) -> None:
    actions.mute_audience(amina, Audience.objects.of_zone(territory.departement))
    work = actions.add_place(amina, Place.Kind.WORK, Where(territory.clairval))
    resting = Subscription.objects.filter(source=work.pk, muted=True)
    assert [one.audience.zone for one in resting] == [territory.departement]


def test_a_place_removed_or_changed_leaves_nothing(amina: Person, territory: Cast) -> None:
    """R-PRIV-16: and the journal holds no zone."""
    work = actions.add_place(amina, Place.Kind.WORK, Where(territory.clairval, point=POINT, address="3 rue Neuve"))
    work = actions.change_place(work, Where(territory.remy), by=amina)
    assert vault.addresses_of(amina) == {}
    assert not amina.is_located
    assert not Subscription.objects.filter(person=amina, audience__zone=territory.clairval).exists()
    actions.remove_place(work, by=amina)
    assert not Subscription.objects.filter(person=amina, audience__zone=territory.remy).exists()
    assert set(Place.objects.filter(person=amina).values_list("zone", flat=True)) == {territory.bois.pk}
    for entry in JournalEntry.objects.filter(verb__startswith="person."):
        assert (entry.details, entry.target_id) == ({}, amina.pk)


def test_a_home_removed_leaves_someone_from_nowhere(amina: Person, territory: Cast) -> None:
    assert amina.home
    actions.remove_place(amina.home, by=amina)
    assert amina.home is None
    assert Voice.objects.get(person=amina).zone is None
    assert not Subscription.objects.filter(person=amina).exists()
    assert Client().get("/").status_code == 200


def test_erasing_a_person_erases_their_point(amina: Person, territory: Cast) -> None:
    place = actions.settle(amina, Where(territory.bois, point=POINT, address="12 rue des Tisserands"))
    vault.deliver_inside(7, box(2.1, 49.1, 2.2, 49.2), position=1, expires_at=timezone.now() + timedelta(days=1))
    run_until_idle()
    assert vault.pending_for(amina) == [vault.Pending(1, 7, place.pk)]
    Person.objects.filter(pk=amina.pk).delete()
    assert vault.reached_by(7) == []


def test_so_many_places_and_no_more(amina: Person, territory: Cast) -> None:
    for _rank in range(MOST - 1):
        actions.add_place(amina, Place.Kind.FAMILY, Where(territory.remy))
    with pytest.raises(ValidationError, match="8 lieux"):
        actions.add_place(amina, Place.Kind.WORK, Where(territory.remy))


def test_nobody_touches_a_place_of_someone_else(amina: Person, chloe: Person, territory: Cast) -> None:
    assert chloe.home
    with pytest.raises(PermissionDenied):
        actions.remove_place(chloe.home, by=amina)
    with pytest.raises(PermissionDenied):
        actions.change_place(chloe.home, Where(territory.bois), by=amina)


def test_a_quartier_of_elsewhere_is_refused(amina: Person, territory: Cast, halles: Zone) -> None:
    with pytest.raises(ValidationError, match="quartier"):
        actions.settle(amina, Where(territory.remy, quartier=halles))


def test_a_place_never_says_its_point_by_accident(territory: Cast) -> None:
    assert "15123" not in repr(Where(territory.bois, point=POINT, address="12 rue des Tisserands"))
    assert "Tisserands" not in repr(Where(territory.bois, point=POINT, address="12 rue des Tisserands"))


# Through the pages alone.


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sent(client: Client, page: str, **fields: str) -> str:
    """What comes back of the form of `page`, followed to where it leads."""
    key = str(client.get(page).context["form"]["key"].value())
    response = client.post(page, {"key": key, "commune": "Bois-le-Comte", **fields}, follow=True)
    return response.content.decode()


def test_adds_a_workplace_at_an_address(amina: Person, territory: Cast, door: Address) -> None:
    client = client_of(amina)
    exact = {"kind": "work", "precision": "exact"}
    assert "à quelle adresse" in sent(client, "/mes-lieux/ajouter/", **exact)
    asked = sent(client, "/mes-lieux/ajouter/", **exact, adresse="rue des TIS", chercher="1")
    assert f'value="a{door.pk}"' in asked
    told = sent(client, "/mes-lieux/ajouter/", **exact, adresse="rue des tis", adresse_choisie=f"a{door.pk}")
    assert "Ce lieu est enregistré" in told
    assert "12 rue des Tisserands, Bois-le-Comte" in told
    assert "Adresse exacte" in told
    work = Place.objects.get(person=amina, kind="work")
    assert work.precision == "exact"
    assert not Place.objects.filter(precision="exact", kind="home").exists()


def test_changes_the_home_to_a_quartier_then_back(amina: Person, halles: Zone) -> None:
    client, home = client_of(amina), amina.home
    assert home
    assert "Lequel" in sent(client, f"/mes-lieux/{home.pk}/", precision="quartier")
    told = sent(client, f"/mes-lieux/{home.pk}/", precision="quartier", quartier=halles.code)
    assert "Les Halles, Bois-le-Comte" in told
    assert amina.home
    assert client.get(f"/mes-lieux/{home.pk}/").status_code == 404
    assert "Les Halles, Bois" not in sent(client, f"/mes-lieux/{amina.home.pk}/", precision="commune")


def test_a_change_sent_twice_is_answered_twice(amina: Person) -> None:
    client, home = client_of(amina), amina.home
    assert home
    page = f"/mes-lieux/{home.pk}/"
    words = {
        "key": str(client.get(page).context["form"]["key"].value()),
        "commune": "Saint-Rémy",
        "precision": "commune",
    }
    assert client.post(page, words).headers["Location"] == client.post(page, words).headers["Location"] == "/mes-lieux/"
    assert JournalEntry.objects.filter(verb="person.moved").count() == 1


def test_an_address_that_can_be_no_other_needs_no_choice(amina: Person, territory: Cast, door: Address) -> None:
    told = sent(client_of(amina), "/mes-lieux/ajouter/", kind="work", precision="exact", adresse="12 rue des tis")
    assert "12 rue des Tisserands, Bois-le-Comte" in told


def test_a_point_on_the_plan_is_an_address_too(amina: Person, territory: Cast) -> None:
    """With no address file; and it is in the vault alone."""
    client = client_of(amina)
    exact = {"kind": "work", "precision": "exact"}
    told = sent(client, "/mes-lieux/ajouter/", **exact)
    assert "la commune suffit" in told
    assert "data-plan" in told
    told = sent(client, "/mes-lieux/ajouter/", **exact, point="2.151234,49.151234")
    assert "Point placé sur le plan, Bois-le-Comte" in told
    vault.deliver_inside(7, box(2.15, 49.15, 2.16, 49.16), position=1, expires_at=timezone.now() + timedelta(days=1))
    run_until_idle()
    work = Place.objects.get(person=amina, kind="work")
    assert vault.pending_for(amina) == [vault.Pending(1, 7, work.pk)]


@pytest.mark.parametrize(
    ("point", "why"),
    [
        ("nan,nan", "pas faite de deux nombres"),
        ("2.15", "pas faite de deux nombres"),
        ("2.25,49.05", "n’est pas à Bois-le-Comte"),
        ("5.1,45.2", "hors du territoire"),
        ("49.15,2.15", "inversées"),
    ],
)
def test_a_point_that_cannot_be_is_refused(amina: Person, point: str, why: str) -> None:
    told = sent(client_of(amina), "/mes-lieux/ajouter/", kind="work", precision="exact", point=point)
    assert why in told
    assert not Place.objects.filter(person=amina, kind="work").exists()


def test_an_address_of_elsewhere_is_not_taken(amina: Person, territory: Cast, door: Address) -> None:
    fields = {"kind": "work", "precision": "exact", "adresse_choisie": f"a{door.pk}", "commune": "Saint-Rémy"}
    assert "à quelle adresse" in sent(client_of(amina), "/mes-lieux/ajouter/", **fields)
    assert not Place.objects.filter(person=amina, kind="work").exists()


def test_erases_a_place_after_asking(amina: Person, territory: Cast) -> None:
    work = actions.add_place(amina, Place.Kind.WORK, Where(territory.remy))
    client = client_of(amina)
    assert "Saint-Rémy" in client.get(f"/mes-lieux/{work.pk}/effacer/").content.decode()
    assert "Ce lieu est effacé" in client.post(f"/mes-lieux/{work.pk}/effacer/", follow=True).content.decode()
    assert not Place.objects.filter(pk=work.pk).exists()


def test_a_member_with_many_places_has_one_home_on_their_page(amina: Person, territory: Cast) -> None:
    for zone in (territory.remy, territory.clairval):
        actions.add_place(amina, Place.Kind.FAMILY, Where(zone))
    page = client_of(amina).get("/").content.decode()
    assert page.count("<h1") == 1
    assert "Bois-le-Comte" in page


def test_the_cast_needs_no_place(territory: Cast) -> None:
    person = make_person("x@example.org", "Quelqu’un", territory.ormoy)
    assert not person.is_located


def test_what_another_page_just_changed_is_said_or_is_as_one_wanted(amina: Person, territory: Cast) -> None:
    work = actions.add_place(amina, "work", Where(territory.bois))
    late = Place.objects.get(pk=work.pk)
    actions.change_place(work, Where(territory.clairval), by=amina)
    with pytest.raises(ValidationError, match="vient de changer"):
        actions.change_place(late, Where(territory.essarts), by=amina)
    actions.remove_place(late, by=amina)
    assert Place.objects.filter(person=amina, kind="work").count() == 1
