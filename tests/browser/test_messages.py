"""Two browsers that write to each other; and a conversation read and answered with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from parvis.conversations import actions
from parvis.conversations.models import Line
from parvis.people.models import Person, Voice
from tests.browser.conftest import Window
from tests.browser.test_groups import reach
from tests.browser.test_journey import fits
from tests.circles import own, trust
from tests.worker import run_until_idle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seen(amina: Person, bruno: Person) -> None:
    """Both are in the directory, and known to moderators."""
    Voice.objects.filter(person__in=[amina, bruno]).update(listed=True)
    for person in (amina, bruno):
        trust(person)


def test_two_people_meet_write_and_part(window: Window, seen: None, amina: Person, bruno: Person) -> None:
    """Contact asked and accepted, a message, its notification, an answer; then one blocks the other."""
    first, second = window(amina).new_page(), window(bruno, width=390, script=True).new_page()
    first.goto(own(bruno).get_absolute_url())
    first.get_by_role("button", name="Ajouter aux contacts").click()
    expect(first.get_by_text("Votre demande est envoyée à Bruno Tessier.")).to_be_visible()
    second.goto("/contacts/")
    fits(second)
    second.get_by_role("button", name="Accepter Amina Belkacem").click()
    expect(second.get_by_text("Amina Belkacem fait partie de vos contacts.")).to_be_visible()

    first.goto(own(bruno).get_absolute_url())
    first.get_by_role("link", name="Écrire").click()
    first.get_by_label("Votre message").fill("Tu viens samedi ?")
    first.get_by_role("button", name="Envoyer").click()
    expect(first.get_by_text("Tu viens samedi ?")).to_be_visible()
    run_until_idle()

    second.goto("/")
    second.get_by_role("link", name="notification non lue").click()
    fits(second)
    second.get_by_role("button", name="Amina Belkacem vous a écrit").click()
    expect(second.get_by_text("Tu viens samedi ?")).to_be_visible()
    fits(second)
    second.get_by_label("Votre message").fill("Oui, avec la scie.")
    second.get_by_role("button", name="Envoyer").click()
    first.goto("/messages/")
    expect(first.get_by_text("Oui, avec la scie.")).to_be_visible()

    second.goto(own(amina).get_absolute_url())
    second.get_by_text("Plus", exact=False).first.click()
    second.get_by_role("link", name="Bloquer").click()
    second.get_by_role("button", name="Bloquer").click()
    expect(second.get_by_text("Amina Belkacem ne peut plus vous joindre.")).to_be_visible()
    fits(second)
    first.goto(Line.objects.order_by("pk")[0].conversation.get_absolute_url())
    expect(first.get_by_text("Cette personne ne reçoit pas de message de votre part.")).to_be_visible()


def test_a_conversation_is_answered_with_the_keyboard_alone(
    window: Window, seen: None, amina: Person, bruno: Person
) -> None:
    """On a screen of 320 pixels, without a script."""
    one = actions.begin(own(bruno), by=amina, voice=own(amina), body="Qui a la clé ?").conversation
    page = window(bruno, width=320).new_page()
    page.goto("/messages/?liste=demandes")
    fits(page)
    reach(page, "Amina Belkacem")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Qui a la clé ?")).to_be_visible()
    fits(page)
    reach(page, "Votre message")
    page.keyboard.type("Moi.")
    for _stop in range(8):
        page.keyboard.press("Tab")
        if page.locator("button:focus", has_text="Envoyer").count():
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Moi.", exact=True)).to_be_visible()
    assert Line.objects.filter(conversation=one, author=bruno, body="Moi.").exists()
