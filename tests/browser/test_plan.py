"""The plan of a commune under our own policy: parcels taken by a click, zones drawn, a street followed, all undone."""

import json
import os
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from parvis.demo.street import NAME, draw_street
from parvis.territory.geometry import buffered, shape_from_geojson
from parvis.territory.models import Parcel, Street
from parvis.territory.parcels import read_parcels
from tests.browser.conftest import Window, still
from tests.cast import Cast, lay_territory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESS = "/essai-du-plan/"
# A folder that takes pictures of the plan, for those who look.
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def land(transactional_db: None, settings: Settings) -> Cast:
    """Clairval with its street."""
    settings.ROOT_URLCONF = "tests.browser.plan_page"
    cast = lay_territory()
    draw_street(cast.clairval)
    return cast


def opened(window: Window, query: str = "", **how: Any) -> Page:
    page: Page = window(script=True, **how).new_page()
    page.goto(ADDRESS + query)
    page.locator("[data-plan][data-ready]").wait_for()
    still(page)
    return page


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def at(page: Page, east: float, south: float) -> None:
    """Click so far from the middle of the plan, in pixels."""
    plan = page.locator("[data-map]")
    plan.scroll_into_view_if_needed()
    still(page)
    box = plan.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2 + east, box["y"] + box["height"] / 2 + south)
    still(page)


def took(page: Page, east: float, south: float) -> bool:
    """Whether a click there takes a parcel."""
    at(page, east, south)
    return bool(value(page, "parcels"))


def value(page: Page, name: str) -> str:
    return page.locator(f"[name={name}]").input_value()


def test_a_click_takes_a_parcel_and_another_leaves_it(window: Window, land: Cast) -> None:
    page = opened(window)
    spots = [(east, south) for south in (-40, -20, 20, 40, -70, 70) for east in (0, -60, 60)]
    taken = next(spot for spot in spots if took(page, *spot))
    [parcel], problems = read_parcels(value(page, "parcels"), land.clairval)
    assert (parcel.code[:10], problems) == ("99001999ZZ", [])
    picture(page, "pick")
    at(page, *taken)
    assert value(page, "parcels") == ""
    page.get_by_role("button", name="Annuler").click()
    assert value(page, "parcels") == parcel.reference


def test_what_the_list_says_is_shown_and_kept(window: Window, land: Cast) -> None:
    parcel = Parcel.objects.order_by("code")[3]
    page = opened(window, f"?parcels={parcel.code}")
    at(page, 0, 0)
    assert value(page, "parcels") == ""
    page.locator("[name=parcels]").fill("n’importe quoi\n" + parcel.reference)
    page.locator("[name=parcels]").blur()
    at(page, 0, 0)
    assert value(page, "parcels") == "n’importe quoi"


def test_a_zone_and_a_circle_are_drawn(window: Window, land: Cast) -> None:
    page = opened(window)
    page.get_by_role("button", name="Dessiner une zone").click()
    for spot in ((-100, -60), (100, -60), (100, 60), (0, 0)):
        at(page, *spot)
    page.get_by_role("button", name="Annuler").click()
    page.get_by_role("button", name="Terminer le tracé").click()
    assert len(json.loads(value(page, "shape"))["coordinates"][0]) == 4
    assert shape_from_geojson(value(page, "shape")).area
    picture(page, "zone")
    page.get_by_role("button", name="Tracer un cercle").click()
    at(page, 0, 0)
    at(page, 60, 0)
    assert len(json.loads(value(page, "shape"))["coordinates"][0]) == 49
    assert shape_from_geojson(value(page, "shape")).area
    picture(page, "circle")
    page.get_by_role("button", name="Annuler").click()
    page.get_by_role("button", name="Annuler").click()
    assert value(page, "shape") == ""


def test_a_street_typed_and_chosen_is_followed(window: Window, land: Cast) -> None:
    page = opened(window, width=390, scheme="dark")
    page.locator("[name=adresse]").type("tilleu")
    choice = page.get_by_label(f"{NAME}, toute la rue")
    choice.check()
    expect(page.locator("[name=shape]")).not_to_have_value("")
    line = shape_from_geojson(value(page, "shape"))
    assert buffered(line, 20).contains(line)
    assert Street.objects.count() == 1
    picture(page, "street")


def test_without_scripts_the_form_says_the_same(window: Window, land: Cast) -> None:
    page = window().new_page()
    page.goto(ADDRESS)
    assert not page.locator("[data-plan]").is_visible()
    page.locator("[name=adresse]").fill("12 tilleul")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.get_by_label(f"12 {NAME[0].lower()}{NAME[1:]}", exact=True).check()
    picture(page, "plain")
