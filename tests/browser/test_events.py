"""An event opened to comments, followed and shared, from a telephone, without a script; then with one."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from parvis.agenda import actions
from parvis.agenda.models import Event
from parvis.people.models import Person, Voice
from parvis.publications import actions as publications
from tests.browser.conftest import Window
from tests.browser.test_journey import fits
from tests.browser.test_pages import violations
from tests.cast import Cast
from tests.circles import trust

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ball(territory: Cast, chorale: Voice, chloe: Person, bruno: Person) -> Event:
    """By the chorale, closed to comments yet."""
    for person in (bruno, chloe):
        trust(person)
    begins = (timezone.localtime() + timedelta(days=3)).replace(hour=20, minute=30, second=0, microsecond=0)
    return actions.announce(
        voice=chorale,
        by=chloe,
        title="Bal folk",
        body="On danse.",
        commune=territory.bois,
        category="fete",
        venue="Foyer rural",
        starts_at=begins,
    ).event


def test_it_is_opened_commented_and_followed(window: Window, ball: Event, bruno: Person, chloe: Person) -> None:
    address = ball.publication.get_absolute_url()
    host, guest = window(chloe).new_page(), window(bruno, width=320).new_page()
    host.goto(address)
    host.get_by_role("link", name="Corriger").click()
    host.get_by_label("Ouvrir les commentaires").check()
    host.get_by_role("button", name="Corriger").click()
    expect(host.get_by_text("Personne n’a encore commenté.")).to_be_visible()

    guest.goto(address)
    guest.get_by_role("button", name="Commenter").click()
    expect(guest.get_by_text("Écrivez votre commentaire.").first).to_be_visible()
    guest.get_by_label("Votre commentaire").fill("J’apporte l’accordéon.")
    guest.get_by_role("button", name="Commenter").click()
    expect(guest.get_by_role("heading", name="1 commentaire")).to_be_visible()
    guest.get_by_role("button", name="Suivre cet événement").click()
    expect(guest.get_by_text("vous saurez ce qui change")).to_be_visible()
    guest.get_by_text("Partager", exact=True).click()
    expect(guest.get_by_label("Son adresse")).to_have_value(re.compile(f"{address}$"))
    expect(guest.get_by_role("button", name="Copier")).to_be_hidden()
    fits(guest)

    host.goto(address)
    expect(host.get_by_text("J’apporte l’accordéon.")).to_be_visible()
    guest.goto("/mon-agenda/")
    fits(guest)
    guest.get_by_role("button", name="Ne plus suivre Bal folk").click()
    expect(guest.get_by_text("Vous ne suivez encore ni événement ni lieu")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("dark", 320), ("light", 1280)])
def test_no_barrier_stands_on_it(
    window: Window, ball: Event, bruno: Person, chloe: Person, scheme: str, width: int
) -> None:
    actions.follow_event(bruno, ball)
    publications.open_to_replies(ball.publication, by=chloe, answerable=True)
    page = window(bruno, scheme=scheme, width=width, audit=True).new_page()
    for address in (ball.publication.get_absolute_url(), "/mon-agenda/", f"/embed/agenda/{ball.pk}/"):
        page.goto(address)
        for closed in page.locator("main details:not([open]) > summary").all():
            closed.click()
        assert list(violations(page)) == [], address
        fits(page)
