"""A letter from its choice to its end: asked for, read on a small screen, put on paper, stopped without a session."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from parvis.letters.gazette import queue
from parvis.letters.models import Rhythm
from parvis.letters.periods import daily
from parvis.people.models import Person, Voice
from tests.browser.conftest import Window
from tests.browser.test_journey import fits
from tests.cast import Cast
from tests.publications.conftest import Say, send
from tests.worker import run_until_idle

__all__ = ["send"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_letter_is_chosen_read_printed_and_ended(
    window: Window, amina: Person, routes: Voice, agent: Person, territory: Cast, send: Say
) -> None:
    send(routes, agent, "Eau coupée jeudi", territory.bois)
    page = window(amina, width=320).new_page()
    page.goto("/reglages/")
    page.get_by_role("link", name="La lettre").click()
    fits(page)
    page.get_by_label("Chaque matin où il y a du nouveau").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Votre choix est enregistré.")).to_be_visible()

    queue([amina], daily(timezone.localdate() + timedelta(days=1)))
    run_until_idle()
    [message] = [one for one in mail.outbox if "List-Id" in one.extra_headers]

    page.goto("/mon-espace/")
    page.get_by_role("link", name="Mes lettres").click()
    fits(page)
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").last.click()
    expect(page.get_by_role("link", name="Eau coupée jeudi")).to_be_visible()
    expect(page.get_by_text("vous habitez Bois-le-Comte")).to_be_visible()
    fits(page)
    page.emulate_media(media="print")
    expect(page.locator(".site-header")).to_be_hidden()
    expect(page.get_by_role("heading", name="Vos lieux")).to_be_visible()

    stranger = window(width=390).new_page()
    stranger.goto("/" + message.extra_headers["List-Unsubscribe"].strip("<>").split("/", 3)[3])
    stranger.get_by_role("button", name="Ne plus recevoir").click()
    expect(stranger.get_by_role("heading", name="C’est fait")).to_be_visible()
    fits(stranger)
    assert Rhythm.objects.get(person=amina).often == "never"
