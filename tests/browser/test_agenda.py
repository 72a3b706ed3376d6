"""The agenda, clicked without JavaScript: an association’s year, the map, places, duplicates, registrations."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest
from django.utils import timezone
from django.utils.formats import date_format
from playwright.sync_api import Page, expect

from parvis.agenda import actions as agenda
from parvis.agenda.models import Event, Venue
from parvis.people.models import Person, Voice
from parvis.territory import current
from parvis.territory.models import Territory
from tests.browser.conftest import Window
from tests.browser.test_journey import fits
from tests.browser.test_pages import barriers
from tests.cast import Cast
from tests.worker import run_until_idle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHOIR, FESTIVAL, MEETING = "Chœur du mardi", "Festival des voix", "Assemblée générale"


Announce = Callable[..., Event]


@pytest.fixture
def announce(chorale: Voice, chloe: Person, territory: Cast) -> Announce:
    """`announce("Bal folk", starts_at, …)`: online in Bois-le-Comte, by the Chorale de Saint-Rémy."""

    def announced(title: str, starts_at: datetime, **fields: Any) -> Event:
        said: dict[str, Any] = {"category": "fete", "venue": "Foyer rural", "commune": territory.bois}
        said |= {"voice": chorale, "by": chloe, "body": f"Le texte de « {title} »."} | fields
        return agenda.announce(title=title, starts_at=starts_at, **said).event

    return announced


def coming(weekday: int, weeks: int = 0) -> date:
    """A day of the week after next, 0 for Monday, or so many weeks later."""
    today = timezone.localdate()
    return today + timedelta(days=14 - today.weekday() + weekday + 7 * weeks)


def at(day: date, hour: int) -> datetime:
    """An instant by the clock of the territory."""
    return datetime.combine(day, time(hour), timezone.get_current_timezone())


def field(day: date) -> str:
    """As a field of dates takes it."""
    return day.isoformat()


def week(day: date) -> str:
    """As an address says a week."""
    return "{}-W{:02}".format(*day.isocalendar()[:2])


def fill(page: Page, title: str, category: str, day: date) -> None:
    """What every event says."""
    page.goto("/publier/evenement/")
    page.get_by_label("Titre").fill(title)
    page.get_by_label("Catégorie").select_option(category)
    page.get_by_label("Texte").fill(f"Le texte de « {title} ».")
    page.get_by_label("Date", exact=True).fill(field(day))
    page.get_by_label("Lieu").fill("Salle du Pont")


def send(page: Page) -> None:
    fits(page)
    page.get_by_role("button", name="Annoncer").click()
    expect(page.get_by_text("envoyé à la modération")).to_be_visible()


def enter_the_year(page: Page) -> None:
    """A weekly choir without the holidays, a festival of two days, a meeting."""
    fill(page, CHOIR, "concert", coming(1))
    page.get_by_label("Début", exact=True).fill("19:00")
    page.get_by_label("Fin (facultatif)", exact=True).fill("21:00")
    page.get_by_text("Il revient").click()
    page.get_by_label("Répétition").select_option("WEEKLY")
    page.get_by_label("Jusqu’au (dernière date)").fill(field(coming(1, 12)))
    page.get_by_label("Sauf").fill(f"du {coming(0, 3):%d/%m/%Y} au {coming(6, 4):%d/%m/%Y}")
    send(page)
    fill(page, FESTIVAL, "fete", coming(5))
    page.get_by_label("Toute la journée").check()
    page.get_by_label("Jusqu’au (facultatif)", exact=True).fill(field(coming(6)))
    send(page)
    fill(page, MEETING, "association", coming(3))
    page.get_by_label("Début", exact=True).fill("18:30")
    send(page)


def change(page: Page, title: str, when: str, status: str) -> None:
    """Open the form of one date of an event, and choose what becomes of it."""
    page.goto(Event.objects.get(publication__title=title).publication.get_absolute_url())
    page.get_by_role("link", name="Déplacer ou reporter").click()
    page.get_by_role("link", name=when).click()
    page.get_by_label(status).check()


def spoken(day: date) -> str:
    """« 8 décembre », as a page says it."""
    return date_format(day, "j F")


def move_and_cancel(page: Page) -> None:
    """The meeting moves by a week, to another hour and room; the second rehearsal is cancelled."""
    change(page, MEETING, spoken(coming(3)), "déplacée")
    page.get_by_label("Nouvelle date (facultatif)", exact=True).fill(field(coming(3, 1)))
    page.get_by_label("Nouvelle heure").fill("20:00")
    page.get_by_label("Autre lieu").fill("Mairie")
    fits(page)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("C’est dit pour cette date")).to_be_visible()
    change(page, CHOIR, spoken(coming(1, 1)), "annulée")
    page.get_by_label("Précision").fill("le chef est malade")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("C’est dit pour cette date")).to_be_visible()
    run_until_idle()


def row(page: Page, title: str) -> Any:
    return page.get_by_role("article").filter(has_text=title)


def seen_on_pages(page: Page) -> None:
    """Day by day, and on paper."""
    page.goto(f"/agenda/?jour={coming(1)}")
    expect(row(page, CHOIR)).to_contain_text("19 h")
    expect(row(page, CHOIR)).not_to_contain_text("Annulé")
    page.goto(f"/agenda/?jour={coming(1, 1)}")
    expect(row(page, CHOIR)).to_contain_text("Annulé")
    page.goto(f"/agenda/?semaine={week(coming(1, 3))}")
    expect(page.get_by_text("Rien n’est annoncé cette semaine")).to_be_visible()
    page.goto(f"/agenda/?weekend={week(coming(5))}")
    expect(row(page, FESTIVAL)).to_contain_text("journée")
    page.goto(f"/agenda/?jour={coming(3)}")
    expect(row(page, MEETING)).to_have_count(0)
    page.goto(f"/agenda/?jour={coming(3, 1)}")
    for words in ("20 h", "Déplacé", "Mairie"):
        expect(row(page, MEETING)).to_contain_text(words)
    fits(page)
    page.goto(f"/agenda/semaine/?semaine={week(coming(1, 1))}")
    lines = page.get_by_role("listitem")
    expect(lines.filter(has_text=CHOIR)).to_contain_text("Annulé")
    expect(lines.filter(has_text=MEETING)).to_contain_text("Déplacé")
    fits(page)


def seen_elsewhere(page: Page) -> None:
    """In the block of another site, and in the calendar of a telephone."""
    page.goto("/embed/agenda/")
    for title, words in ((CHOIR, "19 h"), (CHOIR, "Annulé"), (FESTIVAL, "journée"), (MEETING, "Déplacé")):
        expect(row(page, title).filter(has_text=words).first).to_be_visible()
    fits(page)
    said = icalendar.Calendar.from_ical(page.request.get("/agenda.ics").body())
    entries: list[Any] = list(said.walk("VEVENT"))
    [choir] = [one for one in entries if "RRULE" in one]
    assert choir["SUMMARY"] == CHOIR
    left_out = [day.dt.date() for each in choir["EXDATE"] for day in each.dts]
    assert left_out == [coming(1, 3), coming(1, 4)]
    [off] = [one for one in entries if "RECURRENCE-ID" in one]
    assert (off["STATUS"], off["RECURRENCE-ID"].dt) == ("CANCELLED", at(coming(1, 1), 19))
    assert "le chef est malade" in off["DESCRIPTION"]
    [festival] = [one for one in entries if FESTIVAL in one["SUMMARY"]]
    assert (festival["DTSTART"].dt, festival["DTEND"].dt) == (coming(5), coming(0, 1))
    [meeting] = [one for one in entries if MEETING in one["SUMMARY"]]
    assert (meeting["DTSTART"].dt, meeting["LOCATION"]) == (at(coming(3, 1), 20), "Mairie, Bois-le-Comte")


@pytest.mark.parametrize("width", [1280, 320])
def test_the_year_of_an_association(
    window: Window, width: int, atelier: Voice, amina: Person, moderator: Person
) -> None:
    """Entered, accepted, moved, cancelled; and right on every outlet."""
    page = window(amina, width=width).new_page()
    enter_the_year(page)
    desk = window(moderator, width=width).new_page()
    for _turn in (CHOIR, FESTIVAL, MEETING):
        desk.goto("/moderation/")
        desk.get_by_role("button", name="Mettre en ligne").first.click()
    expect(desk.get_by_text("Rien n’attend")).to_be_visible()
    run_until_idle()
    move_and_cancel(page)
    visitor = window(width=width).new_page()
    seen_on_pages(visitor)
    seen_elsewhere(visitor)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_agenda_is_read_on_a_map(
    window: Window, width: int, announce: Announce, territory: Cast, moderator: Person
) -> None:
    """From the list to the map, from a point to its entry and back, by keyboard; and no barrier."""
    opening = '<svg class="map" viewBox="-6 -6 1012 1012" data-plan="2 49.2 3333 5000">'
    Territory.objects.update(map_svg=opening + '<path d="M0 0h1000v1000h-1000z"/></svg>')
    current.forget()
    agenda.propose_venue(by=moderator, name="Foyer rural", commune=territory.bois, point=(2.12, 49.12))
    for number, commune in enumerate((territory.remy, territory.bois, territory.ormoy)):
        announce(f"Atelier {number}", at(coming(2), 9 + number), commune=commune)
    page = window(width=width).new_page()
    page.goto(f"/agenda/?jour={coming(2)}")
    page.get_by_role("link", name="Carte", exact=True).click()
    fits(page)
    point = page.get_by_role("link", name="2 : Bois-le-Comte, 1 rendez-vous")
    point.focus()
    page.keyboard.press("Enter")
    entry = page.locator(":target")
    expect(entry).to_contain_text("Atelier 1")
    entry.get_by_role("link", name="Sur la carte, point 2").focus()
    page.keyboard.press("Enter")
    expect(page.locator(":target")).to_have_attribute("id", "point-2")
    page.get_by_role("link", name="Semaine", exact=True).click()
    expect(page.get_by_role("link", name="3 : Ormoy, 1 rendez-vous")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="Liste", exact=True).click()
    expect(page.get_by_role("figure")).to_have_count(0)
    expect(row(page, "Atelier 2")).to_be_visible()
    audited = window(audit=True).new_page()
    for address in (f"/agenda/?jour={coming(2)}&vue=carte", Venue.objects.get().get_absolute_url()):
        audited.goto(address)
        assert not list(barriers(audited, address))


@pytest.mark.parametrize("width", [1280, 320])
def test_a_place_is_proposed_verified_and_merged(
    window: Window, width: int, territory: Cast, chorale: Voice, chloe: Person, moderator: Person, announce: Announce
) -> None:
    known = agenda.propose_venue(by=moderator, name="Salle des fêtes", commune=territory.remy, address="1 rue Haute")
    announce("Loto", at(coming(2), 14), commune=territory.remy, venue="Grande salle des fêtes")
    page, desk = (window(person, width=width).new_page() for person in (chloe, moderator))
    page.goto("/lieux/")
    page.get_by_role("link", name="Ajouter un lieu").click()
    page.get_by_role("button", name="Ajouter ce lieu").click()
    expect(page.get_by_text("Donnez le nom du lieu.").first).to_be_visible()
    page.get_by_label("Nom du lieu").fill("Grande salle des fêtes")
    page.get_by_label("Commune", exact=True).fill("Saint-Rémy")
    page.get_by_label("Handicap moteur").check()
    fits(page)
    page.get_by_role("button", name="Ajouter ce lieu").click()
    expect(page.get_by_text("quand la modération l’aura vérifié")).to_be_visible()
    proposed = Venue.objects.get(name="Grande salle des fêtes")
    expect_missing(window(width=width).new_page(), proposed.get_absolute_url())

    desk.goto("/moderation/lieux/")
    expect(desk.get_by_text("Ressemble à").first).to_be_visible()
    fits(desk)
    desk.get_by_role("button", name="Vérifier Grande salle des fêtes").click()
    expect(desk.get_by_text("est un lieu vérifié")).to_be_visible()
    page.goto(proposed.get_absolute_url())
    expect(row(page, "Loto")).to_be_visible()
    fits(page)

    desk.goto(proposed.get_absolute_url())
    desk.get_by_role("link", name="C’est un doublon").click()
    desk.get_by_label("Salle des fêtes, 1 rue Haute").check()
    fits(desk)
    desk.get_by_role("button", name="Fusionner").click()
    expect(desk.get_by_text("C’est le même lieu")).to_be_visible()
    page.goto(proposed.get_absolute_url())
    assert page.url.endswith(known.get_absolute_url())
    expect(row(page, "Loto")).to_be_visible()
    page.goto("/lieux/?q=fetes")
    expect(page.get_by_role("heading", name="1 lieu")).to_be_visible()


def expect_missing(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 404


@pytest.mark.parametrize("width", [1280, 320])
def test_two_announcements_of_one_event_become_one(
    window: Window, width: int, announce: Announce, routes: Voice, agent: Person, moderator: Person
) -> None:
    kept = announce("Grand bal folk", at(coming(5), 20))
    announce("Bal folk, le grand", at(coming(5), 20), voice=routes, by=agent)
    desk = window(moderator, width=width).new_page()
    desk.goto("/moderation/doublons/")
    fits(desk)
    desk.get_by_role("button", name="Garder celui-ci Grand bal folk").click()
    expect(desk.get_by_text("Aucun événement n’en double un autre")).to_be_visible()
    page = window(width=width).new_page()
    page.goto(f"/agenda/?jour={coming(5)}")
    expect(page.get_by_role("heading", name="1 rendez-vous")).to_be_visible()
    page.goto(kept.publication.get_absolute_url())
    expect(page.get_by_text("Annoncé aussi par")).to_be_visible()
    fits(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_whoever_organises_accepts_one_and_refuses_another(
    window: Window, width: int, announce: Announce, chloe: Person, amina: Person, bruno: Person
) -> None:
    """R-PRIV-12: the address of a home is for who is accepted."""
    home = "7 impasse du Puits"
    event = announce("Veillée", at(coming(4), 20), venue="Chez un particulier", home_address=home)
    agenda.set_seats(event, by=chloe, takes_registrations=True, capacity=5, question="")
    guests = [window(person, width=width).new_page() for person in (amina, bruno)]
    for guest in guests:
        guest.goto(event.publication.get_absolute_url())
        guest.get_by_text("Demander à venir").click()
        guest.get_by_role("button", name="Confirmer").click()
        expect(guest.get_by_text("Demande envoyée")).to_be_visible()
        expect(guest.get_by_text(home)).to_have_count(0)
    host = window(chloe, width=width).new_page()
    host.goto(f"/agenda/{event.pk}/inscriptions/")
    fits(host)
    host.get_by_role("button", name=f"Accepter {amina.name}").click()
    line = host.get_by_role("listitem").filter(has_text=bruno.name)
    line.get_by_text("Refuser", exact=False).first.click()
    line.get_by_label("Pourquoi").fill("La pièce est trop petite.")
    line.get_by_role("button", name="Refuser cette inscription").click()
    expect(host.get_by_role("listitem").filter(has_text=bruno.name)).to_have_count(0)
    fits(host)
    for guest in guests:
        guest.goto(event.publication.get_absolute_url())
    expect(guests[0].get_by_text(home)).to_be_visible()
    expect(guests[1].get_by_text("La pièce est trop petite.")).to_be_visible()
    expect(guests[1].get_by_text(home)).to_have_count(0)
