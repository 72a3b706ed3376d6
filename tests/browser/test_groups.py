"""Two browsers in one group; and a discussion read and answered with the keyboard alone."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from parvis.groups import actions
from parvis.groups.models import Group, Message, Topic
from parvis.people.models import Person
from tests.browser.conftest import Window
from tests.browser.test_journey import fits
from tests.circles import own, say, trust
from tests.groups.test_files import PDF
from tests.worker import run_until_idle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def ask_and_let_in(window: Window, group: Group, amina: Person, bruno: Person) -> Page:
    """Bruno asks at the door, Amina opens it; Bruno’s page."""
    guest, host = window(bruno, script=True).new_page(), window(amina, width=390).new_page()
    guest.goto("/groupes/")
    guest.get_by_role("link", name=group.voice.name).click()
    guest.get_by_label("Pourquoi rejoindre ce groupe").fill("J’ai deux pommiers.")
    guest.get_by_role("button", name="Demander à entrer").click()
    expect(guest.get_by_text("Votre demande attend une réponse")).to_be_visible()
    host.goto(f"/groupes/{group.pk}/membres/")
    expect(host.get_by_text("J’ai deux pommiers.")).to_be_visible()
    fits(host)
    host.get_by_role("button", name="Accepter Bruno Tessier").click()
    expect(host.get_by_text("Bruno Tessier fait partie du groupe.")).to_be_visible()
    return guest


def open_topic(host: Page, group: Group) -> None:
    """Amina opens a topic with a document and a poll."""
    host.goto(group.get_absolute_url())
    host.get_by_role("link", name="Ouvrir un sujet").click()
    host.get_by_label("Titre").fill("La taille de février")
    host.get_by_label("Votre message").fill("Voici le plan. Quel samedi ?")
    host.get_by_text("Joindre une image ou des documents").click()
    host.get_by_label("Documents").set_input_files({"name": "plan.pdf", "mimeType": "application/pdf", "buffer": PDF})
    host.get_by_text("Ajouter un sondage").click()
    host.get_by_label("Question du sondage").fill("Quel samedi ?")
    host.get_by_label("Réponses proposées").fill("Le 6\nLe 13")
    host.get_by_label("Jusqu’au").fill(f"{timezone.localdate() + timedelta(days=60):%Y-%m-%d}")
    fits(host)
    host.get_by_role("button", name="Ouvrir le sujet").click()
    expect(host.get_by_role("heading", name="La taille de février")).to_be_visible()


def is_announced(guest: Page, host: Page, topic: Topic) -> None:
    """A reply is told to who reads, and nothing moves."""
    guest.goto(topic.get_absolute_url())
    before = guest.evaluate("scrollY")
    host.get_by_label("Votre message").fill("@Bruno Tessier, tu apportes l’échelle ?")
    host.get_by_role("button", name="Répondre", exact=True).click()
    expect(host.locator(".prose strong", has_text="@Bruno Tessier")).to_be_visible()
    guest.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(guest.get_by_text("1 nouvelle réponse")).to_be_visible()
    assert guest.evaluate("scrollY") == before
    guest.get_by_role("link", name="Les voir").click()
    expect(guest.get_by_text("tu apportes l’échelle")).to_be_visible()


def both_texts_are_shown(guest: Page) -> str:
    """Two tabs correct the same message, and neither text is lost; where it is corrected."""
    guest.get_by_label("Votre message").fill("Oui, et la scie.")
    guest.get_by_role("button", name="Répondre", exact=True).click()
    expect(guest.get_by_text("Oui, et la scie.")).to_be_visible()
    address = f"/groupes/messages/{Message.objects.get(body='Oui, et la scie.').pk}/corriger/"
    other = guest.context.new_page()
    for tab in (guest, other):
        tab.goto(address)
    for tab, words in ((guest, "Oui, la petite scie."), (other, "Oui, la grande scie.")):
        tab.get_by_label("Votre message").fill(words)
        tab.get_by_role("button", name="Corriger").click()
    expect(other.get_by_text("Oui, la petite scie.")).to_be_visible()
    expect(other.get_by_label("Votre message")).to_have_value("Oui, la grande scie.")
    return address


def test_two_people_talk_in_a_group_until_one_is_removed(
    window: Window, orchard: Group, amina: Person, bruno: Person
) -> None:
    """R-SEC-5: request, answer, topic, reply announced, mention, file, poll, conflict; then nothing is left."""
    guest, host = ask_and_let_in(window, orchard, amina, bruno), window(amina, script=True).new_page()
    open_topic(host, orchard)
    topic = Topic.objects.get()
    guest.goto(topic.get_absolute_url())
    guest.get_by_label("Le 13").check()
    guest.get_by_role("button", name="Répondre au sondage").click()
    expect(guest.get_by_text("Moins de 11 réponses")).to_be_visible()
    file = guest.get_by_role("link", name="plan.pdf").get_attribute("href") or ""
    assert guest.request.get(file).ok

    is_announced(guest, host, topic)
    address = both_texts_are_shown(guest)

    host.goto(f"/groupes/{orchard.pk}/membres/")
    host.get_by_text("Changer Bruno Tessier").click()
    host.get_by_role("button", name="Retirer du groupe").click()
    expect(host.get_by_text("Bruno Tessier ne fait plus partie du groupe.")).to_be_visible()
    # The mention was still to be told: it is no more.
    run_until_idle()
    told = [f"{one.subject} {one.body}" for one in mail.outbox if bruno.email in one.to]
    assert not [words for words in told if topic.title in words], told
    for gone in (file, topic.get_absolute_url(), address, f"/groupes/{orchard.pk}/membres/"):
        assert guest.request.get(gone).status == 404, gone


def test_a_discussion_is_read_and_answered_with_the_keyboard_alone(
    window: Window, garden: Group, amina: Person, bruno: Person
) -> None:
    """On a screen of 320 pixels, without a script."""
    trust(bruno)
    actions.join(garden, by=bruno, voice=own(bruno))
    topic = say(garden, amina, "Qui a des tomates ?")
    page = window(bruno, width=320).new_page()
    page.goto(garden.get_absolute_url())
    fits(page)
    reach(page, "Qui a des tomates ?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=topic.title)).to_be_visible()
    fits(page)
    reach(page, "Votre message")
    page.keyboard.type("Moi, une douzaine.")
    for _stop in range(8):
        page.keyboard.press("Tab")
        if page.locator("button:focus", has_text="Répondre").count():
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Moi, une douzaine.")).to_be_visible()
    assert Message.objects.filter(body="Moi, une douzaine.", author=bruno).exists()


def reach(page: Page, name: str) -> None:
    """Press the tabulation key until the focus is on what bears this name."""
    for _stop in range(120):
        page.keyboard.press("Tab")
        # Nothing has it when it goes round through the browser itself; and a title is set with narrow spaces.
        said = page.locator(":focus, label:has(+ :focus)").all_text_contents()
        if any(name in " ".join(words.split()) for words in said):
            return
    raise AssertionError(f"the keyboard never reaches {name}")
