"""From a drawing on the plan to the card at an inhabitant’s and the register; one’s own places by address and by click;
a quartier drawn. By mouse, and by keyboard alone."""

import os
import re

import pytest
from playwright.sync_api import Page, expect

from parvis.demo.street import NAME, draw_street
from parvis.people import actions as people
from parvis.people import vault
from parvis.people.actions import Where
from parvis.people.models import Membership, Person, Place, Voice
from parvis.publications import actions
from parvis.publications.models import Outline, Publication
from parvis.territory.geometry import shape_from_geojson
from parvis.territory.models import Address, Parcel, Zone
from tests.browser.conftest import Window, still
from tests.browser.test_pages import barriers
from tests.cast import Cast, make_person
from tests.worker import run_until_idle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLE = "Eau coupée mardi"
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def street(territory: Cast) -> Cast:
    """Clairval with its street."""
    draw_street(territory.clairval)
    return territory


@pytest.fixture
def colleague(routes: Voice, agent: Person, territory: Cast) -> Person:
    person = make_person("paule@example.org", "Paule Oudrant", territory.clairval)
    people.add_member(routes, by=agent, person=person, role=Membership.Role.EDITOR)
    return person


def ready(page: Page) -> Page:
    page.locator("[data-plan]").scroll_into_view_if_needed()
    page.locator("[data-plan][data-ready]").wait_for()
    return page


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def on_plan(page: Page) -> Page:
    """The composer, its plan open on the commune of the service."""
    page.goto("/publier/avis/")
    page.get_by_label("Zone sur le plan").check()
    page.get_by_role("button", name="Ouvrir le plan").click()
    return ready(page)


def take_by_keyboard(page: Page) -> None:
    """Zoom on the middle of the street, step aside from the road, and take the parcel there."""
    plan = page.locator("[data-map]")
    plan.focus()
    expect(page.get_by_text("Entrée agit au milieu")).to_be_visible()
    for key in ("+", "+", "+", "ArrowUp"):
        plan.press(key)
        still(page)
    plan.press("Enter")


def test_a_parcel_taken_by_keyboard_reaches_its_people_and_the_register(
    window: Window, street: Cast, routes: Voice, agent: Person, colleague: Person, amina: Person, bruno: Person
) -> None:
    """R-PRIV-8, R-PRIV-9: blind for who sends it, by two persons, and no finer than the street for who reads."""
    page = on_plan(window(agent, script=True).new_page())
    take_by_keyboard(page)
    expect(page.locator("[data-count]")).to_have_text(re.compile("1 parcelle choisie, marge de 30"))
    page.locator("[name=margin]").press("Home")
    expect(page.locator("[data-count]")).to_have_text("1 parcelle choisie")
    parcel = Parcel.objects.get(code=codes(page)[0])
    door = Address.objects.get(parcels=parcel.code)
    across = Address.objects.exclude(number__in=(door.number, door.number + 2)).filter(number__gt=30).first()
    assert across
    people.settle(amina, Where(street.clairval, point=door.standing_point(), address=str(door)))
    people.settle(bruno, Where(street.clairval, point=across.standing_point(), address=str(across)))
    send(page, parcel)
    let_out(window(colleague).new_page())
    run_until_idle()
    assert Outline.objects.get().shape is None

    for person, sees in ((amina, "votre domicile est dans la zone dessinée"), (bruno, ""), (agent, "votre commune")):
        home = window(person).new_page()
        home.goto("/")
        card = home.get_by_role("article").filter(has_text=TITLE)
        expect(card).to_have_count(1 if sees else 0)
        if sees:
            expect(card).to_contain_text(sees)
    visitor = window(width=390).new_page()
    visitor.goto("/avis/registre/")
    expect(visitor.get_by_role("heading", name=f"Pour la r{NAME[1:]} et ses abords")).to_be_visible()
    assert parcel.reference not in visitor.content()
    picture(visitor, "register")


def send(page: Page, parcel: Parcel) -> None:
    """Write the notice, look at it, and send it to the second person."""
    page.get_by_label("Travaux et coupures").check()
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Texte", exact=True).fill("De 9 h à 12 h.")
    page.get_by_role("button", name="Aperçu", exact=True).click()
    expect(page.get_by_text("L’envoi se fait à l’aveugle :", exact=True)).to_be_visible()
    expect(page.locator(".composer__card").get_by_role("heading", name=TITLE)).to_be_visible()
    picture(ready(page), "composer-preview")
    assert codes(page) == [parcel.code]
    page.get_by_role("button", name="Envoyer l’avis").click()
    expect(page.get_by_text("Avis envoyé en relecture")).to_be_visible()


def let_out(reader: Page) -> None:
    """Read it as a second person, and let it out."""
    reader.goto(f"/publications/{Publication.objects.get().pk}/relire/")
    picture(reader, "second")
    reader.get_by_label("Faire partir l’avis").check()
    reader.get_by_role("button", name="Décider").click()
    expect(reader.get_by_text("L’avis est en ligne")).to_be_visible()


def codes(page: Page) -> list[str]:
    """The parcels that the form holds."""
    lines = page.locator("[name=parcels]").input_value().splitlines()
    return [Parcel.objects.get(code=code).code for code in map(coded, lines)]


def coded(line: str) -> str:
    insee, prefix, section, number = line.split()
    return f"{insee}{prefix}{section:0>2}{number:0>4}"


def test_a_second_person_is_asked_for_less_than_a_commune_alone(
    window: Window, territory: Cast, agent: Person, colleague: Person
) -> None:
    quartier = Zone.objects.create(
        kind="quartier", code="99001-1", name="Le Bourg", slug="le-bourg", search_name="le bourg", nature="quartier"
    )
    for whole in (quartier, territory.clairval, territory.departement):
        quartier.wholes.create(whole=whole, relation="within")
    page = window(agent).new_page()
    page.goto("/publier/avis/")
    second = page.get_by_label("Seconde personne")
    for aim, asked in (("Commune", False), ("Zone sur le plan", True), ("Canton", False), ("Quartier", True)):
        page.get_by_role("radio", name=aim, exact=True).check()
        expect(second).to_be_visible(visible=asked)
    page.goto(f"/publier/avis/?zone=quartier-{quartier.code}")
    expect(page.get_by_role("radio", name="Commune", exact=True)).to_be_checked()
    expect(second).to_be_visible()
    page.get_by_label("Le Bourg").uncheck()
    expect(second).to_be_hidden()


def test_one_way_to_say_where_takes_the_place_of_another(
    window: Window, street: Cast, agent: Person, routes: Voice
) -> None:
    page = on_plan(window(agent, script=True, width=390, scheme="dark").new_page())
    take_by_keyboard(page)
    assert len(codes(page)) == 1
    page.get_by_role("button", name="Tracer un cercle").click()
    plan = page.locator("[data-map]")
    plan.focus()
    plan.press("Enter")
    plan.press("ArrowRight")
    still(page)
    plan.press("Enter")
    expect(page.locator("[data-count]")).to_contain_text("Zone dessinée")
    assert shape_from_geojson(page.locator("[name=shape]").input_value()).area
    assert codes(page) == []
    page.get_by_role("button", name="Annuler", exact=True).click()
    assert len(codes(page)) == 1
    page.get_by_role("button", name="Suivre une rue").click()
    plan.focus()
    plan.press("Enter")
    expect(page.locator("[name=street]")).to_have_value(NAME)
    expect(page.locator("[data-count]")).to_contain_text(NAME)
    assert (codes(page), page.locator("[name=shape]").input_value()) == ([], "")
    page.get_by_role("button", name="Aperçu", exact=True).click()
    expect(page.locator(".composer__card")).to_contain_text("la rue des Tilleuls (fictive) et ses abords")
    picture(ready(page), "composer-street-390")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_a_list_pasted_is_shown_and_its_bad_lines_named(
    window: Window, street: Cast, agent: Person, routes: Voice
) -> None:
    page = on_plan(window(agent, script=True).new_page())
    page.get_by_text("Choisir sans le plan").click()
    page.get_by_label("Références cadastrales").fill("99001 999 ZZ 3\n99001 999 ZZ 4\nZZ 900\nvingt-deux")
    page.get_by_label("Références cadastrales").blur()
    expect(page.locator("[data-count]")).to_contain_text("parcelles choisies")
    page.get_by_role("button", name="Aperçu", exact=True).click()
    expect(page.get_by_text(re.compile("Ligne 3.*n’existe pas dans le cadastre"))).to_be_visible()
    expect(page.get_by_text(re.compile("Ligne 4.*n’est pas une référence"))).to_be_visible()
    expect(page.get_by_label("Références cadastrales")).to_have_value(re.compile("vingt-deux"))


def test_a_margin_typed_without_the_slider_stays_as_it_was(
    window: Window, street: Cast, routes: Voice, agent: Person, colleague: Person
) -> None:
    typed = {"aim": "plan", "commune": street.clairval.code, "margin": "4"}
    draft = actions.keep_draft(None, voice=routes, by=agent, typed=typed)
    page = window(agent, script=True).new_page()
    page.goto(f"/publier/avis/?brouillon={draft.pk}")
    # A slider of ten by ten would say none, and that is another way to send.
    ready(page)
    assert page.locator("[name=margin]").input_value() == "4"


def test_ones_place_by_address_typed_and_by_a_point_on_the_plan(window: Window, street: Cast, amina: Person) -> None:
    page = window(amina, script=True, width=390).new_page()
    for kind in ("Lieu de travail", "Famille"):
        page.goto("/mes-lieux/ajouter/")
        page.get_by_label(kind).check()
        page.get_by_label("Commune", exact=True).fill("Clairval")
        page.get_by_label("L’adresse exacte").check()
        page.get_by_role("button", name="Enregistrer").click()
        page.get_by_label("Je ne sais pas").check()
        expect(page.get_by_text("à quelle adresse")).to_be_visible()
        if kind == "Famille":
            plan = ready(page).locator("[data-map]")
            plan.focus()
            plan.press("Enter")
            expect(page.locator("[data-count]")).to_have_text("Point placé")
            picture(page, "place-point")
        else:
            page.locator("[name=adresse]").press_sequentially("12 rue des tilleu")
            page.get_by_label(f"12 {NAME[0].lower()}{NAME[1:]}", exact=True).check()
            picture(page, "place-address")
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_text("Ce lieu est enregistré")).to_be_visible()
    expect(page.get_by_text(f"12 r{NAME[1:]}, Clairval", exact=True)).to_be_visible()
    expect(page.get_by_text("Point placé sur le plan, Clairval", exact=True)).to_be_visible()
    assert Place.objects.filter(person=amina, precision="exact").count() == len(vault.addresses_of(amina)) == 2
    picture(page, "places")


def test_an_administrator_draws_a_quartier_by_keyboard(window: Window, street: Cast, admin: Person) -> None:
    page = window(admin, script=True).new_page()
    page.goto("/administration/quartiers/")
    page.get_by_label("Commune", exact=True).fill("Clairval")
    page.get_by_role("button", name="Ouvrir le plan").click()
    plan = ready(page).locator("[data-map]")
    plan.focus()
    for key in ("-", "Enter", "ArrowRight", "ArrowRight", "Enter", "ArrowDown", "ArrowDown", "Enter"):
        plan.press(key)
        still(page)
    page.get_by_role("button", name="Terminer le tracé").click()
    page.get_by_label("Nom").fill("Les Tisserands")
    picture(page, "quartier")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Les Tisserands est dessiné")).to_be_visible()
    assert Zone.objects.get(kind="quartier").name == "Les Tisserands"
    picture(page, "quartiers")


def test_no_page_with_a_plan_has_a_barrier(
    window: Window, street: Cast, agent: Person, routes: Voice, colleague: Person, amina: Person, admin: Person
) -> None:
    """RGAA, WCAG 2.1 AA; with the plan drawn, a preview shown, an address asked for."""
    page = on_plan(window(agent, audit=True).new_page())
    take_by_keyboard(page)
    page.get_by_role("button", name="Aperçu", exact=True).click()
    found = list(barriers(ready(page), "composer"))
    page = window(amina, audit=True).new_page()
    page.goto("/mes-lieux/ajouter/")
    page.get_by_label("Lieu de travail").check()
    page.get_by_label("Commune", exact=True).fill("Clairval")
    page.get_by_label("L’adresse exacte").check()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_label("Je ne sais pas").check()
    page.locator("[name=adresse]").press_sequentially("12 rue")
    page.locator("[name=adresse_choisie]").first.wait_for()
    found += barriers(ready(page), "place")
    page = window(admin, audit=True).new_page()
    page.goto("/administration/quartiers/dessiner/99001/")
    found += barriers(ready(page), "quartier")
    assert not found, "\n".join(found)
