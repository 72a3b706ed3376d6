"""A new version of the registers: people and what they said follow the communes that join, part or move."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rich.console import Console

from parvis.agenda.actions import announce
from parvis.agenda.models import Showing
from parvis.core.models import JournalEntry
from parvis.initialise import initialise, update
from parvis.people import actions
from parvis.people.models import Audience, Mandate, Person, Place, Reason, Role, Subscription, Voice
from parvis.publications.actions import compose, submit
from parvis.publications.feed import feed_for
from parvis.publications.forms import voices_for
from parvis.publications.models import Delivery, Listing, Publication
from parvis.publications.rights import Refused, check_voice
from parvis.territory.importer import TerritoryError
from parvis.territory.models import Street, Zone, ZoneLink
from tests.france import Files, Line

COMPIEGNE = "200067965"
# Margny-lès-Compiègne joins Compiègne.
OLD, NEW = "60382", "60159"


def commune(code: str) -> Zone:
    return Zone.objects.get(kind="commune", code=code)


def told(successors: dict[str, str] | None = None, *, dry_run: bool = False) -> str:
    """Bring everything up to date; what was said."""
    screen = io.StringIO()
    update(Console(file=screen, width=200), successors=successors or {}, dry_run=dry_run)
    return screen.getvalue().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def site(db: None, files: Files) -> Files:
    """The agglomération de Compiègne, with the files it comes from."""
    initialise([COMPIEGNE], Console(file=io.StringIO()))
    return files


@pytest.fixture
def nadia(site: Files) -> Person:
    """She lives in Margny."""
    return actions.open_account(email="nadia@example.org", name="Nadia Ferrat", commune=commune(OLD), gender="f")


@pytest.fixture
def paul(site: Files) -> Person:
    """He lives in Compiègne, and follows Margny."""
    person = actions.open_account(email="paul@example.org", name="Paul Lenoir", commune=commune(NEW))
    actions.follow_commune(person, commune(OLD))
    return person


@pytest.fixture
def admin(site: Files) -> Person:
    """The administrator."""
    return actions.make_administrator("admin@example.org")


@pytest.fixture
def post(nadia: Person) -> Publication:
    """What Nadia said to the people of Margny, online."""
    Person.objects.filter(pk=nadia.pk).update(trusted_at=timezone.now())
    nadia.refresh_from_db()
    zone = commune(OLD)
    said = compose(
        voice=nadia.voice, by=nadia, kind="post", place=zone, body="Le banc du square est réparé.", zones=[zone]
    )
    return submit(said, by=nadia)


def join(files: Files, kind: str = "COMD") -> None:
    """In the files, Margny is now a part of Compiègne, and nobody sits in its council."""
    lines = files.lines("communes")
    new = next(line for line in lines if line["code"] == NEW and line["type"] == "COM")
    old = next(line for line in lines if line["code"] == OLD)

    def joined(line: Line) -> Line | None:
        if line["code"] != OLD:
            return line
        if not kind:
            return None
        return line | {"type": kind, "commune_parent_id": new["id"], "epci_id": "\\N"}

    files.change("communes", joined)
    files.change("elus_municipaux", lambda line: None if line["commune_id"] == old["id"] else line)
    files.change("codes_postaux_communes", lambda line: None if line["commune_id"] == old["id"] else line)


def rows() -> list[Any]:
    """What an update may change, row by row."""
    tables = (Zone, Place, Voice, Mandate, Subscription, Delivery, Listing, Publication, Showing, JournalEntry)
    return [list(table._meta.base_manager.order_by("pk").values_list()) for table in tables]


def zones_of(person: Person) -> set[tuple[str, int]]:
    mine = Subscription.objects.filter(person=person)
    return {(one.audience.zone.code, one.reason) for one in mine if one.audience.zone}


@pytest.mark.parametrize("kind", ["COMD", "COMA"])
def test_the_people_of_a_commune_that_joins_another_live_in_it(kind: str, site: Files, nadia: Person) -> None:
    before = zones_of(nadia)
    join(site, kind)
    said = told()
    assert f"Commune {OLD} Margny-lès-Compiègne rejoint {NEW} Compiègne : 1 habitant" in said
    assert Place.objects.get(person=nadia).zone == commune(NEW)
    newcomer = actions.open_account(email="new@example.org", name="Léo Arnaud", commune=commune(NEW))
    assert zones_of(nadia) == zones_of(newcomer) != before
    assert Voice.objects.get(person=nadia).zone == commune(NEW)


def test_what_was_said_there_is_read_in_the_other(site: Files, post: Publication, paul: Person) -> None:
    leon = actions.open_account(email="leon@example.org", name="Léon Petit", commune=commune(NEW))
    position = post.position
    join(site)
    assert "1 publication" in told()
    post.refresh_from_db()
    assert (post.place, post.addressed, post.position) == (commune(NEW), "Compiègne", position)
    assert [card.number for card in feed_for(leon).cards] == [post.pk]
    assert list(Publication.objects.visible_to(None).listed_in(commune(NEW))) == [post]
    assert not Delivery.objects.filter(audience__zone__code=OLD).exists()
    assert not Listing.objects.filter(zone__code=OLD).exists()


def test_its_events_take_place_in_the_other(site: Files, nadia: Person, admin: Person) -> None:
    club = actions.create_association(
        by=nadia, name="Club de Margny", zone=commune(OLD), theme="sport", summary="Du sport."
    )
    actions.verify(club, by=admin, reason="statuts")
    club.refresh_from_db()
    start = timezone.now() + timedelta(days=3)
    announce(
        voice=club,
        by=nadia,
        title="Tournoi",
        body="Venez.",
        category="sport",
        venue="Stade",
        commune=commune(OLD),
        starts_at=start,
    )
    join(site)
    told()
    zones = {showing.zone.code for showing in Showing.objects.select_related("zone")}
    assert NEW in zones
    assert OLD not in zones
    club.refresh_from_db()
    assert (club.zone, club.scope) == (commune(NEW), commune(NEW))


def test_roles_and_follows_go_along(site: Files, nadia: Person, paul: Person, admin: Person) -> None:
    far = actions.open_account(email="far@example.org", name="Iris Blot", commune=commune("60023"))
    actions.follow_commune(far, commune(OLD))
    actions.grant_role(far, Role.Kind.MODERATOR, zone=commune(OLD), by=admin)
    actions.grant_role(far, Role.Kind.MODERATOR, zone=commune(NEW), by=admin)
    join(site)
    told()
    assert [role.zone for role in Role.objects.current().filter(person=far)] == [commune(NEW)]
    follows = Subscription.objects.filter(reason=Reason.FOLLOW)
    assert [one.audience.zone for one in follows.filter(person=far)] == [commune(NEW)]
    # Paul lives there: he receives it anyway.
    assert not follows.filter(person=paul).exists()


def test_what_one_let_rest_still_rests(site: Files, nadia: Person) -> None:
    actions.mute_audience(nadia, Audience.objects.of_zone(commune(OLD)))
    actions.mute_audience(nadia, Audience.objects.get(zone__code="60", zone__kind="departement"))
    join(site)
    told()
    muted = Subscription.objects.filter(person=nadia, muted=True)
    assert {one.audience.zone.code for one in muted if one.audience.zone} == {NEW, "60"}


def test_its_streets_and_parcels_are_the_other_s(site: Files) -> None:
    box = {"lon": 2.8, "lat": 49.4, "west": 2.8, "south": 49.4, "east": 2.8, "north": 49.4}
    church = {"name": "Rue de l’Église", "search_name": "rue de l eglise"}
    for code in (OLD, NEW):
        Street.objects.create(commune=commune(code), **church, **box)
    join(site)
    told()
    parts = Street.objects.filter(commune=commune(NEW)).order_by("part").values_list("part", flat=True)
    assert list(parts) == ["", "Margny-lès-Compiègne"]


def test_what_an_operator_drew_is_none_of_the_files_business(site: Files) -> None:
    drawn = Zone.objects.create(
        kind="quartier", nature="quartier", code="60159Q1", name="Bellicart", slug="bellicart", search_name="bellicart"
    )
    ZoneLink.objects.create(part=drawn, whole=commune(NEW), relation="within")
    join(site)
    told()
    drawn.refresh_from_db()
    assert drawn.ended_on is None
    assert ZoneLink.objects.filter(part=drawn, whole=commune(NEW)).exists()


def test_the_former_address_leads_to_the_other(site: Files, client: Client) -> None:
    former = commune(OLD).get_absolute_url()
    join(site)
    told()
    for path in (former, f"/communes/autre-nom-{OLD}/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, commune(NEW).get_absolute_url())
    calendar = client.get(f"{former}agenda.ics")
    assert (calendar.status_code, calendar["Location"]) == (301, f"{commune(NEW).get_absolute_url()}agenda.ics")
    assert former not in client.get(commune(NEW).get_absolute_url()).content.decode()
    assert former not in client.get("/sitemap-zones-1.xml").content.decode()


def test_the_town_hall_that_someone_opened_is_a_service_of_the_other(site: Files, nadia: Person, admin: Person) -> None:
    hall = Voice.objects.get(town_hall_of=commune(OLD))
    actions.open_space(hall, by=admin, person=nadia, reason="agent de la mairie")
    join(site)
    told()
    hall.refresh_from_db()
    assert (hall.zone, hall.scope, hall.town_hall_of, hall.closed_at) == (commune(NEW), commune(NEW), None, None)


def test_the_town_hall_nobody_opened_is_out_of_sight_and_comes_back(site: Files, paul: Person) -> None:
    hall = Voice.objects.get(town_hall_of=commune(OLD))
    actions.follow(paul, hall)
    whole = {name: site.path(name).read_bytes() for name in ("communes", "elus_municipaux", "codes_postaux_communes")}
    join(site)
    told()
    hall.refresh_from_db()
    assert hall.closed_at is not None
    followed = Subscription.objects.get(person=paul, reason=Reason.FOLLOW, audience__zone=None).audience.voice
    assert followed == Voice.objects.get(town_hall_of=commune(NEW))
    for name, data in whole.items():
        site.path(name).write_bytes(data)
    told()
    hall.refresh_from_db()
    assert hall.closed_at is None


def test_a_former_maire_no_longer_speaks_as_one(site: Files, nadia: Person, admin: Person) -> None:
    council = Mandate.objects.filter(kind="municipal", zone=commune(OLD))
    maire = council.get(rank=1).voice
    actions.open_space(maire, by=admin, person=nadia, reason="écharpe")
    join(site)
    told()
    assert set(council.values_list("ended_on", flat=True)) == {timezone.localdate()}
    elsewhere = Mandate.objects.current().filter(voice=maire)
    offered = voices_for(nadia, "post")
    assert offered.filter(pk=maire.pk).exists() == elsewhere.exists()
    if not elsewhere.exists():
        with pytest.raises(Refused, match="Ce mandat est terminé"):
            check_voice(maire, nadia)


def test_a_commune_that_vanished_waits_for_its_successor(site: Files, post: Publication) -> None:
    before = rows()
    join(site, kind="")
    with pytest.raises(TerritoryError) as refused:
        told()
    said = str(refused.value).replace("\u00a0", " ")
    assert said == (
        f"{OLD} Margny-lès-Compiègne n’existe plus et rien ne dit quelle commune lui succède (1 habitant, "
        f"1 publication) : ajoutez --successor {OLD}=CODE."
    )
    assert rows() == before
    assert "rejoint 60159 Compiègne" in told({OLD: NEW})
    post.refresh_from_db()
    assert post.place == commune(NEW)


@pytest.mark.parametrize("named", [{"60999": NEW}, {"60382": "60999"}, {"60159": "60382"}])
def test_a_successor_that_cannot_be_one_is_refused(site: Files, nadia: Person, named: dict[str, str]) -> None:
    join(site, kind="")
    with pytest.raises(TerritoryError, match="n’est le code d’aucune"):
        told(named)


def test_a_commune_where_nobody_was_ends_without_a_successor(site: Files, client: Client) -> None:
    join(site, kind="")
    assert f"Commune {OLD} Margny-lès-Compiègne n’existe plus" in told()
    assert client.get(f"/communes/margny-les-compiegne-{OLD}/").status_code == 404


def test_a_dry_run_says_it_all_and_writes_nothing(site: Files, post: Publication) -> None:
    before = rows()
    join(site)
    said = told(dry_run=True)
    assert "rejoint 60159 Compiègne : 1 habitant, 1 publication" in said
    assert "Essai seulement : rien n’est écrit." in said
    assert rows() == before
    assert said.split(" en ")[0].replace("Essai seulement : rien n’est écrit.\n", "") == told().split(" en ")[0]


def test_the_same_files_twice_change_nothing(site: Files, post: Publication) -> None:
    join(site)
    told()
    before = rows()
    assert told().startswith("Rien n’a changé dans les registres.\n")
    assert rows() == before


def test_people_stay_in_a_commune_that_is_split_until_they_say(
    site: Files, post: Publication, nadia: Person, client: Client
) -> None:
    whole = {name: site.path(name).read_bytes() for name in ("communes", "elus_municipaux", "codes_postaux_communes")}
    join(site)
    told()
    client.force_login(nadia)
    assert "s’est séparée" not in client.get("/").content.decode()
    for name, data in whole.items():
        site.path(name).write_bytes(data)
    said = told()
    parted = f"Commune {NEW} Compiègne se sépare de {OLD} Margny-lès-Compiègne"
    assert f"{parted} : sa commune est demandée à 1 habitant" in said
    assert Place.objects.get(person=nadia).zone == commune(NEW)
    post.refresh_from_db()
    assert post.place == commune(NEW)
    for page in ("/", "/mes-lieux/"):
        assert "s’est séparée de Compiègne" in client.get(page).content.decode().replace("\u00a0", " ")
    answer = client.post("/mes-lieux/", {"commune": "Margny-lès-Compiègne", "zone": OLD})
    assert answer.status_code == 302
    assert Place.objects.get(person=nadia).zone == commune(OLD)
    for page in ("/", "/mes-lieux/"):
        assert "s’est séparée" not in client.get(page).content.decode()


def test_a_new_commune_is_taken_from_the_one_whose_contour_held_it(site: Files, nadia: Person) -> None:
    """A code that was never seen: the files do not say where it comes from."""
    margny = next(line for line in site.lines("communes") if line["code"] == OLD)
    part = margny | {"id": "99999999", "code": "60998", "nom": "Margny-le-Haut"}
    site.write("communes", [*site.lines("communes"), part])
    said = told()
    assert f"Commune {OLD} Margny-lès-Compiègne se sépare de 60998 Margny-le-Haut : sa commune est demandée à 1" in said
    assert commune("60998").parted_from == commune(OLD)
    assert Place.objects.get(person=nadia).to_say_again


def test_a_commune_that_changes_intercommunalite_takes_its_people_along(db: None, files: Files) -> None:
    initialise(["60"], Console(file=io.StringIO()))
    zone = commune(OLD)
    old = Zone.objects.get(kind="epci", code=COMPIEGNE)
    other = next(line for line in files.lines("communes") if line["code"] == "60057")["epci_id"]
    person = actions.open_account(email="nadia@example.org", name="Nadia Ferrat", commune=zone)
    Person.objects.update(trusted_at=timezone.now())
    person.refresh_from_db()
    post = submit(
        compose(voice=person.voice, by=person, kind="post", place=zone, body="Bonjour.", zones=[zone]), by=person
    )
    files.change("communes", lambda line: line | {"epci_id": other} if line["code"] == OLD else line)
    said = told()
    new = Zone.objects.of_kind("epci").containing(zone).get()
    assert new != old
    assert f"Commune {OLD} Margny-lès-Compiègne quitte {old.short_name} et entre dans {new.short_name}" in said.replace(
        "\u00a0", " "
    )
    mine = {one.audience.zone for one in Subscription.objects.filter(person=person)}
    assert new in mine
    assert old not in mine
    assert list(Publication.objects.visible_to(None).listed_in(new)) == [post]
    assert not Publication.objects.visible_to(None).listed_in(old).exists()


def test_names_hours_and_successions_are_told(site: Files) -> None:
    number = next(line["id"] for line in site.lines("communes") if line["code"] == OLD)

    def changed(line: Line) -> Line:
        if line["code"] != OLD:
            return line
        return line | {"nom": "Margny-sur-Oise", "mairie_horaires": '[["lundi", "lundi", [["09:00:00", "12:00:00"]]]]'}

    def elected(line: Line) -> Line:
        if line["commune_id"] == number and line["fonction"] == "MAI":
            return line | {"nom": "DURAND", "prenom": "Zoé", "sexe": "F", "date_naissance": "1971-01-01"}
        return line

    former = Mandate.objects.get(kind="municipal", zone=commune(OLD), rank=1).voice
    site.change("communes", changed)
    site.change("elus_municipaux", elected)
    said = told()
    assert f"{OLD} Margny-lès-Compiègne s’appelle désormais Margny-sur-Oise" in said
    assert "Mairie de Margny-sur-Oise : horaires" in said
    assert f"Maire de Margny-sur-Oise : Zoé Durand succède à {former.name}" in said
    assert "Mandats : " in said
    assert JournalEntry.objects.filter(verb="territory.imported").count() == 2
