"""The directory of places: proposed, verified, merged; events follow them, by hand or imported (R-PRIV-12)."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from parvis.agenda import actions
from parvis.agenda.models import Event, Venue
from parvis.core.models import JournalEntry
from parvis.people.models import Person, Voice
from parvis.publications.actions import Refused
from parvis.territory.models import Address, Street
from tests.agenda.conftest import Add, Announce, paris
from tests.agenda.test_forms import filled
from tests.cast import Cast
from tests.publications.conftest import html, signed_in


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: paris(24, 9))


@pytest.fixture
def hall(territory: Cast, moderator: Person) -> Venue:
    """The place where most happens, as a moderator wrote it."""
    said: dict[str, Any] = {"address": "2 place du Marché", "access": "hi mi", "point": (2.15, 49.15)}
    return actions.propose_venue(by=moderator, name="Foyer rural", commune=territory.bois, **said)


def test_what_is_announced_there_is_on_its_page_and_in_its_feeds(
    announce: Announce, hall: Venue, territory: Cast
) -> None:
    event = announce("Bal folk", paris(28, 20), venue="foyer  Rural")
    announce("Ailleurs", paris(28, 20), venue="Place du Jeu-de-Paume")
    elsewhere = announce("Loin", paris(28, 21), commune=territory.remy)
    assert (event.held_at, event.address) == (hall, "2 place du Marché")
    assert elsewhere.held_at is None
    page = html(Client().get(hall.get_absolute_url()))
    assert "Bal folk" in page
    assert "Ailleurs" not in page
    assert "Handicap moteur" in page
    for kind in ("ics", "atom", "json", "csv"):
        said = Client().get(f"{hall.get_absolute_url()}agenda.{kind}").content.decode()
        assert "Bal folk" in said, kind
        assert "Loin" not in said, kind
    assert b"GEO:49.15;2.15" in Client().get(f"{hall.get_absolute_url()}agenda.ics").content
    shown = html(Client().get(event.publication.get_absolute_url()))
    assert f'href="{hall.get_absolute_url()}"' in shown
    assert "Lieu accessible" in shown


def test_a_time_held_elsewhere_is_not_on_the_page_of_the_place(announce: Announce, hall: Venue, chloe: Person) -> None:
    event = announce("Bal folk", paris(28, 20))
    time = event.occurrences.select_related("event__publication__voice").get()
    actions.change_time(time, by=chloe, status="moved", venue="Salle du Lac")
    assert "Bal folk" not in html(Client().get(hall.get_absolute_url()))


def test_events_that_named_it_before_join_it(announce: Announce, territory: Cast, moderator: Person) -> None:
    event = announce("Bal folk", paris(28, 20), venue="Foyer rural")
    hall = actions.propose_venue(by=moderator, name="FOYER RURAL", commune=territory.bois, address="2 place du Marché")
    event.refresh_from_db()
    assert (event.held_at, event.venue, event.address) == (hall, "Foyer rural", "2 place du Marché")
    actions.remove_venue(hall, by=moderator)
    event.refresh_from_db()
    assert (event.held_at, event.venue) == (None, "Foyer rural")


def test_a_correction_moves_it_to_another_place(announce: Announce, hall: Venue, chloe: Person) -> None:
    event = announce("Bal folk", paris(28, 20))
    form = filled(chloe, event.publication.voice, venue="Salle du Lac", different="on")
    assert form.is_valid(), form.errors
    actions.correct_event(event, by=chloe, title="Bal folk", body="Là-bas", spans=form.spans, **form.details)
    event.refresh_from_db()
    assert event.held_at is None


def test_at_someones_home_is_at_no_place(announce: Announce, territory: Cast, moderator: Person) -> None:
    """R-PRIV-12."""
    event = announce("Veillée", paris(28, 20), venue="Chez un particulier", home_address="7 impasse du Puits")
    actions.propose_venue(by=moderator, name="Chez un particulier", commune=territory.bois)
    event.refresh_from_db()
    assert event.held_at is None


def test_what_is_imported_joins_the_place_that_it_names(add: Add, hall: Venue) -> None:
    add(b"titre;date;lieu;commune\nLoto;2026-12-05;Foyer rural;Bois-le-Comte\nBal;2026-12-06;Ailleurs;Bois-le-Comte\n")
    held = dict(Event.objects.values_list("publication__title", "held_at"))
    assert held == {"Loto": hall.pk, "Bal": None}


def test_a_newcomer_waits_for_a_moderator(
    territory: Cast, chorale: Voice, chloe: Person, moderator: Person, announce: Announce
) -> None:
    announce("Bal folk", paris(28, 20), venue="Grange")
    Person.objects.filter(pk=chloe.pk).update(trusted_at=None)
    sent = {"name": "Grange", "commune": "Bois-le-Comte", "address": "", "position": "", "key": KEY}
    browser = signed_in(chloe)
    answer = browser.post("/lieux/ajouter/", sent)
    assert answer.status_code == 302, html(answer)
    # A second click leads to the same place.
    assert browser.post("/lieux/ajouter/", sent)["Location"] == answer["Location"]
    barn = Venue.objects.get()
    assert Client().get(barn.get_absolute_url()).status_code == 404
    assert "Grange" not in html(Client().get("/lieux/"))
    assert Event.objects.get().held_at is None
    assert "À vérifier" in html(browser.get(barn.get_absolute_url()))
    desk = signed_in(moderator)
    assert "Grange" in html(desk.get("/moderation/lieux/"))
    desk.post("/moderation/lieux/", {"action": "verify", "venue": barn.pk})
    assert "Lieu vérifié" in html(Client().get(barn.get_absolute_url()))
    assert Event.objects.get().held_at == barn
    # What a moderator verified is theirs to correct.
    assert browser.get(f"/lieux/{barn.pk}/corriger/").status_code == 404
    assert desk.get(f"/lieux/{barn.pk}/corriger/").status_code == 200


def test_who_announces_nothing_proposes_nothing(territory: Cast, amina: Person) -> None:
    with pytest.raises(Refused):
        actions.propose_venue(by=amina, name="Chez moi", commune=territory.bois)
    assert 'name="name"' not in html(signed_in(amina).get("/lieux/ajouter/"))


def test_two_that_are_one_are_merged_and_events_follow(
    announce: Announce, hall: Venue, territory: Cast, moderator: Person, chloe: Person
) -> None:
    double = actions.propose_venue(by=moderator, name="Le foyer", commune=territory.bois)
    event = announce("Bal folk", paris(28, 20), venue="Le Foyer")
    assert event.held_at == double
    with pytest.raises(Refused):
        actions.merge_venues(double, into=hall, by=chloe)
    page = signed_in(moderator).get(f"/lieux/{double.pk}/fusionner/")
    assert "Foyer rural" in html(page)
    signed_in(moderator).post(f"/lieux/{double.pk}/fusionner/", {"into": hall.pk})
    event.refresh_from_db()
    assert event.held_at == hall
    moved = Client().get(double.get_absolute_url())
    assert (moved.status_code, moved["Location"]) == (301, hall.get_absolute_url())
    feed = Client().get(f"{double.get_absolute_url()}agenda.ics")
    assert feed["Location"] == f"{hall.get_absolute_url()}agenda.ics"
    # Its former name still leads there.
    assert announce("Loto", paris(29, 14), venue="le foyer").held_at == hall
    with pytest.raises(Refused):
        actions.merge_venues(double, into=hall, by=moderator)
    again = actions.propose_venue(by=moderator, name="Salle des fêtes", commune=territory.bois)
    actions.merge_venues(hall, into=again, by=moderator)
    assert Client().get(double.get_absolute_url())["Location"] == again.get_absolute_url()
    again.refresh_from_db()
    assert (again.address, again.access, again.point) == ("2 place du Marché", "hi mi", (2.15, 49.15))


def test_a_moderator_of_elsewhere_decides_nothing_here(hall: Venue, moderator: Person, amina: Person) -> None:
    for person in (amina,):
        for path in (f"/lieux/{hall.pk}/fusionner/", f"/lieux/{hall.pk}/corriger/", "/moderation/lieux/"):
            assert signed_in(person).get(path).status_code == 404
    with pytest.raises(Refused):
        actions.verify_venue(hall, by=amina)
    with pytest.raises(Refused):
        actions.remove_venue(hall, by=amina)


def test_one_name_is_there_once_in_a_commune(hall: Venue, territory: Cast, moderator: Person) -> None:
    with pytest.raises(Refused):
        actions.propose_venue(by=moderator, name="foyer RURAL", commune=territory.bois)
    other = actions.propose_venue(by=moderator, name="Foyer rural", commune=territory.remy)
    with pytest.raises(Refused):
        actions.correct_venue(
            actions.propose_venue(by=moderator, name="Salle", commune=territory.remy), by=moderator, name="Foyer rural"
        )
    assert actions.correct_venue(other, by=moderator, name="Foyer rural").pk == other.pk


def test_it_is_proposed_as_one_types(hall: Venue, territory: Cast, moderator: Person, chorale: Voice) -> None:
    actions.propose_venue(by=moderator, name="Salle du Lac", commune=territory.bois)
    said = html(Client().get("/lieux/noms/?commune=Bois-le-Comte&lieu=rur"))
    assert '<option value="Foyer rural">2 place du Marché, Bois-le-Comte</option>' in said
    assert "Salle du Lac" not in said
    assert html(Client().get("/lieux/noms/?commune=&lieu=\x00")).strip() == ""


def test_a_form_proposes_them_without_a_script(
    hall: Venue, territory: Cast, chorale: Voice, chloe: Person, announce: Announce
) -> None:
    Voice.objects.filter(pk=chorale.pk).update(zone=territory.bois)
    assert '<option value="Foyer rural">' in html(signed_in(chloe).get("/publier/evenement/"))
    event = announce("Bal folk", paris(28, 20))
    assert '<option value="Foyer rural">' in html(signed_in(chloe).get(f"/agenda/{event.pk}/corriger/"))


@pytest.mark.parametrize(
    ("position", "point"),
    [
        ("49.15, 2.15", (2.15, 49.15)),
        ("49,15 ; 2,15", (2.15, 49.15)),
        ("", None),
        ("là-bas", "position"),
        ("2.15, 49.15", "position"),
        ("0, 0", "position"),
    ],
)
def test_a_position_is_two_numbers_in_the_territory(
    territory: Cast, moderator: Person, position: str, point: object
) -> None:
    sent = {"name": "Grange", "commune": "99002", "position": position, "key": KEY}
    answer = signed_in(moderator).post("/lieux/ajouter/", sent)
    if point == "position":
        assert answer.status_code == 422
        assert not Venue.objects.exists()
    else:
        assert Venue.objects.get().point == point


def test_an_address_of_the_files_gives_its_point(territory: Cast, moderator: Person) -> None:
    box = {"west": 2.1, "east": 2.2, "south": 49.1, "north": 49.2}
    street = Street.objects.create(
        commune=territory.bois, name="Rue du Pont", search_name="rue du pont", lon=2.15, lat=49.15, **box
    )
    Address.objects.create(street=street, number=2, lon=2.1512, lat=49.1513)
    sent = {"name": "Grange", "commune": "99002", "address": "2 rue du Pont", "key": KEY}
    signed_in(moderator).post("/lieux/ajouter/", sent)
    assert Venue.objects.get().point == (2.1512, 49.1513)


def test_places_are_found_by_name_commune_and_need(hall: Venue, territory: Cast, moderator: Person) -> None:
    actions.propose_venue(by=moderator, name="Médiathèque du Pont", commune=territory.remy)
    for query, found in (
        ("", {"Foyer", "Pont"}),
        ("?q=mediath", {"Pont"}),
        ("?q=pont", {"Pont"}),
        ("?q=ont", set()),
        ("?commune=Saint-Rémy", {"Pont"}),
        ("?commune=Nulle-Part", set()),
        (f"?zone=canton-{territory.canton_1.code}", {"Foyer"}),
        ("?acces=hi", {"Foyer"}),
        ("?acces=zz", {"Foyer", "Pont"}),
    ):
        page = html(Client().get(f"/lieux/{query}"))
        assert {word for word in ("Foyer rural", "Médiathèque du Pont") if word in page} == {
            {"Foyer": "Foyer rural", "Pont": "Médiathèque du Pont"}[word] for word in found
        }, query
    assert "Foyer rural" in html(Client().get("/recherche/?q=foyer"))
    assert hall.get_absolute_url() in html(Client().get("/sitemap-venues-1.xml"))


def test_it_follows_its_commune_into_another(hall: Venue, territory: Cast) -> None:
    actions.join_events(territory.bois, territory.clairval)
    hall.refresh_from_db()
    assert hall.commune == territory.clairval


def test_the_journal_says_no_word_of_it(hall: Venue, moderator: Person) -> None:
    actions.verify_venue(hall, by=moderator)
    actions.verify_venue(hall, by=moderator)
    said = [(entry.verb, entry.details) for entry in JournalEntry.objects.filter(target_type="venue").order_by("pk")]
    assert said == [("venue.proposed", {}), ("venue.verified", {})]


KEY = "7f0e3bd2-3c0f-4a3e-9d0e-2f6f5f5f0001"


def test_the_desk_asks_as_much_however_many_wait(
    hall: Venue, territory: Cast, moderator: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """R-SEC-30: whether others look like one of them is asked once for all."""
    desk = signed_in(moderator)
    desk.get("/moderation/lieux/")
    with CaptureQueriesContext(connection) as alone:
        desk.get("/moderation/lieux/")
    for number in range(8):
        actions.propose_venue(by=moderator, name=f"Foyer rural {number}", commune=territory.bois)
    with django_assert_num_queries(len(alone)):
        page = html(desk.get("/moderation/lieux/"))
    assert page.count("Ressemble à") == 9


def test_where_there_is_no_place_yet_no_choice_is_blamed(territory: Cast) -> None:
    assert "ne répond à ce choix" not in html(Client().get("/lieux/"))
    assert "ne répond à ce choix" in html(Client().get("/lieux/?q=zzz"))
