"""The journey of the first landing, clicked without JavaScript on a computer and on a telephone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.models import Decision
from parvis.territory import current
from parvis.territory.models import Territory
from tests.browser.conftest import Window
from tests.browser.test_pages import barriers
from tests.cast import Cast
from tests.journeys.walker import code_for
from tests.worker import run_until_idle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EVENT, NOTICE = "Concert de la fanfare", "Route de Clairval fermée lundi"


def fits(page: Page) -> None:
    """Nothing stands out of the window sideways."""
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert not beyond, (page.url, beyond)


def sign_up(page: Page, name: str, email: str, canton: str) -> None:
    """Three fields, a box, the canton of a commune that straddles two, and the code of the mail."""
    page.goto("/inscription/")
    page.get_by_label("Nom affiché").fill(name)
    page.get_by_label("Votre commune").fill("Clairval")
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("j’accepte la charte").check()
    page.get_by_role("main").get_by_role("button", name="Créer mon compte").click()
    page.get_by_label(canton).check()
    fits(page)
    page.get_by_role("main").get_by_role("button", name="Créer mon compte").click()
    page.get_by_label("Code à huit chiffres").fill(code_for(email))
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_text(f"Bienvenue, {name}")).to_be_visible()


def announce(page: Page) -> None:
    """Open the page of an association and announce its concert."""
    page.goto("/associations/creer/")
    page.get_by_label("Nom de l’association").fill("La Fanfare")
    page.get_by_label("Commune du siège").fill("Clairval")
    page.get_by_label("Thème").select_option("culture")
    page.get_by_label("En une phrase").fill("Une fanfare de quartier.")
    page.get_by_role("button", name="Créer la page").click()
    page.goto("/publier/")
    page.get_by_role("link", name="Annoncer un événement").first.click()
    page.get_by_label("Titre").fill(EVENT)
    page.get_by_label("Catégorie").select_option("concert")
    page.get_by_label("Texte").fill("La fanfare joue deux heures sur la place.")
    page.get_by_label("Date", exact=True).fill(f"{timezone.localdate() + timedelta(days=2):%Y-%m-%d}")
    page.get_by_label("Début", exact=True).fill("18:30")
    page.get_by_label("Lieu").fill("Place de la Mairie")
    fits(page)
    page.get_by_role("button", name="Annoncer").click()
    expect(page.get_by_text("envoyé à la modération")).to_be_visible()


def send_notice(page: Page) -> None:
    """A service tells a canton."""
    page.goto("/publier/avis/")
    page.get_by_label("Chercher une zone").fill("Clairval-1")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_label("Canton de Clairval-1")).to_be_checked()
    page.get_by_label("Titre").fill(NOTICE)
    page.get_by_label("Texte").fill("Déviation par Ormoy, de 8 h à 17 h.")
    page.get_by_label("Travaux et coupures").check()
    fits(page)
    page.get_by_role("button", name="Envoyer l’avis").click()
    expect(page.get_by_text("Votre avis est en ligne")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_square_opens(
    window: Window, width: int, territory: Cast, moderator: Person, agent: Person, routes: Voice
) -> None:
    jeanne = window(width=width).new_page()
    sign_up(jeanne, "Jeanne Moreau", "jeanne@exemple.fr", "Je ne sais pas")
    announce(jeanne)
    address = jeanne.url

    desk = window(moderator, width=width).new_page()
    desk.goto("/moderation/")
    expect(desk.get_by_role("heading", name=EVENT)).to_be_visible()
    fits(desk)
    desk.get_by_role("button", name="Mettre en ligne").click()
    expect(desk.get_by_text("Rien n’attend")).to_be_visible()
    run_until_idle()

    send_notice(window(agent, width=width).new_page())

    amina = window(width=width).new_page()
    sign_up(amina, "Amina Diallo", "amina@exemple.fr", "Clairval-1")
    amina.goto("/")
    fits(amina)
    for title, voice, reason in (
        (EVENT, "La Fanfare", "vous habitez Clairval"),
        (NOTICE, "Service des routes", "votre canton"),
    ):
        card = amina.get_by_role("article").filter(has_text=title)
        expect(card).to_contain_text(voice)
        expect(card).to_contain_text(reason, ignore_case=True)
    amina.get_by_role("article").filter(has_text=EVENT).get_by_role("link", name=EVENT).first.click()
    assert amina.url == address


def test_two_moderators_who_decide_at_once_decide_once(
    window: Window, territory: Cast, moderator: Person, admin: Person, atelier: Voice, amina: Person
) -> None:
    """F-15: the second sees what the first decided, and changes nothing."""
    zone = territory.bois
    draft = actions.compose(voice=atelier, by=amina, kind="post", place=zone, body="Venez répéter", zones=[zone])
    actions.submit(draft, by=amina)
    desks = [window(person).new_page() for person in (moderator, admin)]
    for page in desks:
        page.goto("/moderation/")
    first, second = desks
    first.get_by_role("button", name="Mettre en ligne").click()
    expect(first.get_by_text("Rien n’attend")).to_be_visible()
    second.get_by_text("Refuser, avec un motif").click()
    second.get_by_label("Règle de la charte").select_option("autre")
    second.get_by_label("Motif").fill("Trop tard")
    second.get_by_role("button", name="Refuser").click()
    expect(second.get_by_text(f"Déjà décidé par {moderator.name}")).to_be_visible()
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("width", [1280, 390])
def test_the_directory_is_read_on_a_map(
    window: Window, width: int, territory: Cast, chorale: Voice, atelier: Voice
) -> None:
    """From the list to the map, from a disc to a commune, from a commune to its neighbours; by keyboard too."""
    opening = '<svg class="map" viewBox="-6 -6 1012 1012" data-plan="2 49.2 3333 5000">'
    Territory.objects.update(map_svg=opening + '<path d="M0 0h1000v1000h-1000z"/></svg>')
    current.forget()
    page = window(width=width).new_page()
    page.goto("/annuaire/?type=association")
    page.get_by_role("link", name="Carte", exact=True).click()
    fits(page)
    disc = page.get_by_role("link", name="Saint-Rémy : 1 profil")
    disc.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 profil")).to_be_visible()
    expect(page.get_by_role("link", name=chorale.name)).to_be_visible()
    page.get_by_role("link", name="Proximité").click()
    expect(page.get_by_text("À moins de 30 km de Saint-Rémy")).to_be_visible()
    expect(page.get_by_role("link", name=atelier.name)).to_be_visible()
    fits(page)
    page.get_by_role("link", name="Liste", exact=True).click()
    expect(page.get_by_role("heading", name=atelier.name)).to_be_visible()
    fits(page)


def test_one_leaves_for_good_on_a_telephone(window: Window, amina: Person) -> None:
    """R-LAW-8: what goes and what stays is read first, then a code; and no barrier on the way."""
    audited = window(amina, audit=True).new_page()
    audited.goto("/reglages/supprimer/")
    audited.get_by_role("button", name="Recevoir un code").click()
    assert not list(barriers(audited, "/reglages/supprimer/"))
    page = window(amina, width=390).new_page()
    page.goto("/reglages/")
    page.get_by_role("link", name="Supprimer le compte").click()
    expect(page.get_by_role("heading", name="Ce qui reste")).to_be_visible()
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Le laisser, sans votre nom").check()
    page.get_by_label("Code à huit chiffres").fill(code_for(amina.email))
    fits(page)
    page.get_by_role("main").get_by_role("button", name="Supprimer le compte").click()
    expect(page.get_by_text("Votre compte est supprimé")).to_be_visible()
    assert not Person.objects.filter(pk=amina.pk).exists()
