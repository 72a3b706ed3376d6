"""The picture of a notice that comes back, or that waits as a draft, is not lost (R-REL-10, R-SEC-5)."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from parvis.people.models import Person, Voice
from parvis.publications import actions, jobs
from parvis.publications.jobs import DRAFT_KEPT
from parvis.publications.models import Draft, Publication
from parvis.territory.models import Street
from tests.cast import Cast
from tests.publications.conftest import html, on_plan, picture, signed_in

COMPOSE = "/publier/avis/"


@pytest.fixture
def sent(ground: Street, routes: Voice, colleague: Person) -> dict[str, Any]:
    """A notice with a picture, as a browser sends it."""
    return on_plan(routes, colleague, street="rue des tisserands", image_alt="Une vanne")


@pytest.fixture
def returned(sent: dict[str, Any], agent: Person, colleague: Person) -> Draft:
    """The same, sent back by the second person."""
    signed_in(agent).post(COMPOSE, sent | {"image": picture()})
    actions.send_back(Publication.objects.get(), by=colleague, reason="Il manque l’heure.")
    return Draft.objects.get()


def again(sent: dict[str, Any], draft: Draft, **more: Any) -> dict[str, Any]:
    """Sent once more, from the page of the draft."""
    return on_plan(draft.voice) | sent | {"key": "9a2f7d3c-5f7b-4c55-9f0e-0a6a8a2f1c11", "draft": draft.pk} | more


def test_sent_back_it_is_shown_and_goes_out_again(
    returned: Draft, sent: dict[str, Any], agent: Person, colleague: Person, amina: Person
) -> None:
    browser = signed_in(agent)
    page = html(browser.get(f"{COMPOSE}?brouillon={returned.pk}"))
    assert returned.image.url in page
    assert "Gardée avec le brouillon" in page
    assert browser.get(returned.image.url).status_code == 200
    assert signed_in(amina).get(returned.image.url).status_code == 404
    assert Client().get(returned.image.url).status_code == 404
    assert browser.post(COMPOSE, again(sent, returned)).status_code == 302
    said = Publication.objects.get()
    assert said.image.name == returned.image.name
    actions.countersign(said, by=colleague)
    assert Client().get(said.image.url).status_code == 200
    assert default_storage.exists(str(said.image.name))


def test_it_is_replaced_or_taken_away(returned: Draft, sent: dict[str, Any], agent: Person) -> None:
    browser = signed_in(agent)
    answer = browser.post(COMPOSE, again(sent, returned, image_alt=""))
    assert answer.status_code == 422
    assert "Décrivez l’image" in html(answer)
    browser.post(COMPOSE, again(sent, returned, drop_image="on"))
    assert not Publication.objects.get().image


def test_a_draft_keeps_the_picture_that_was_chosen(
    sent: dict[str, Any], agent: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    browser = signed_in(agent)
    browser.post(COMPOSE, sent | {"keep": "1", "image": picture()})
    draft = Draft.objects.get()
    first = draft.image.name
    assert default_storage.exists(str(first))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(COMPOSE, sent | {"keep": "1", "draft": draft.pk, "image": picture()})
    draft.refresh_from_db()
    assert draft.image.name != first
    assert not default_storage.exists(str(first))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"/brouillons/{draft.pk}/jeter/")
    assert not default_storage.exists(str(draft.image.name))


def test_time_erases_it_with_its_draft(
    returned: Draft, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    Draft.objects.update(saved_at=timezone.now() - DRAFT_KEPT * 2)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.forget_drafts()
    assert not Draft.objects.exists()
    assert not default_storage.exists(str(returned.image.name))


def test_a_notice_taken_back_and_its_draft_show_the_same(
    sent: dict[str, Any], agent: Person, colleague: Person, territory: Cast
) -> None:
    """Corrected, then sent back: the withdrawn notice and the next one share the file."""
    browser = signed_in(agent)
    browser.post(COMPOSE, sent | {"image": picture()})
    said = actions.countersign(Publication.objects.get(), by=colleague)
    actions.correct(said, by=agent, title="Autre titre", body="Autre texte.")
    actions.send_back(Publication.objects.get(), by=colleague, reason="Non.")
    draft = Draft.objects.get()
    assert browser.post(COMPOSE, again(sent, draft)).status_code == 302
    assert Publication.objects.filter(image=draft.image.name).count() == 2
    assert browser.get(draft.image.url).status_code == 200
