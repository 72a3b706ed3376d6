"""The water is cut on one side of a street: those of that side are told by every way, nobody else (R-PRIV-7, 9)."""

import re

import pytest
from django.core import mail
from django.test import Client

from parvis.demo.street import draw_street
from parvis.people.actions import Where, settle
from parvis.people.models import Person, Voice
from parvis.publications.feed import feed_for
from parvis.publications.models import Publication
from parvis.territory.models import Address, Parcel, Street
from tests.cast import Cast, make_person
from tests.publications.conftest import html, on_plan, signed_in
from tests.publications.test_register import table
from tests.worker import run_until_idle

DOORS = {"odd": 7, "odd-too": 15, "even": 8}
FRONT = 20


@pytest.fixture
def cut(territory: Cast) -> Street:
    """The street that is drawn in a commune, and where some of its people live."""
    street = draw_street(territory.bois)
    for name, number in DOORS.items():
        door = street.addresses.get(number=number)
        person = make_person(f"{name}@example.org", name, territory.bois)
        settle(person, Where(territory.bois, point=door.standing_point(), address=f"{number} rue des Tilleuls"))
    make_person("commune@example.org", "commune", territory.bois)
    make_person("elsewhere@example.org", "elsewhere", territory.remy)
    return street


def home_of(name: str) -> str:
    """Their home page, up to what the commune has on its own pages."""
    return html(signed_in(Person.objects.get(email=f"{name}@example.org")).get("/"))


def test_two_are_told_the_third_across_is_not_and_the_register_shows_the_street(
    cut: Street, routes: Voice, agent: Person, colleague: Person
) -> None:
    parcels = "\n".join(Parcel.objects.order_by("code").values_list("code", flat=True)[:FRONT])
    sent = on_plan(routes, colleague, parcels=parcels, margin="4", is_alert="on", purpose="securite")
    signed_in(agent).post("/publier/avis/", sent)
    said = Publication.objects.get()
    run_until_idle()
    # Nobody before a second person has read it.
    assert not [letter for letter in mail.outbox if letter.subject.startswith("Alerte")]
    assert "Eau coupée mardi" not in home_of("odd")
    signed_in(colleague).post(f"/publications/{said.pk}/relire/", {"verdict": "approve", "version": said.version})
    run_until_idle()
    whys = {"odd": "votre domicile est dans la zone dessinée", "odd-too": "votre domicile est dans la zone dessinée",
            "even": "", "commune": "votre commune contient cette zone", "elsewhere": ""}  # fmt: skip
    for name, why in whys.items():
        person = Person.objects.get(email=f"{name}@example.org")
        # The feed, and the home page that shows it.
        assert [card.reason.replace("\u00a0", " ") for card in feed_for(person).cards] == [why] * bool(why), name
        page = home_of(name)
        assert ("Eau coupée mardi" in page) == bool(why), name
        assert why in page
    told = {letter.to[0] for letter in mail.outbox if letter.subject.startswith("Alerte")}
    assert told == {"odd@example.org", "odd-too@example.org"}
    for page in (html(signed_in(agent).get("/avis/registre/")), table(signed_in(agent))):
        assert "la rue des Tilleuls (fictive)" in page
        assert not re.search("|".join(Parcel.objects.values_list("code", flat=True)), page)
    # Whoever looks at its page reads the same outline, and no house of it.
    shown = html(Client().get(Publication.objects.get().get_absolute_url()))
    assert not re.search(r"ZZ ?\d|rue des Tilleuls, \d", shown)
    for address in Address.objects.filter(number__in=DOORS.values()):
        assert f"{address.lon:.4f}" not in shown
