"""Two members of one association correct at once: nobody writes over what they have not read (R-REL-10, F-15)."""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from parvis.agenda import actions as agenda
from parvis.people import actions as people
from parvis.people.models import Membership, Person, Voice
from parvis.publications.models import Publication
from tests.cast import Cast
from tests.publications.conftest import html, signed_in


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def test_the_second_reads_the_first_before_writing_over(
    notice: Publication, routes: Voice, agent: Person, bruno: Person
) -> None:
    people.add_member(routes, by=agent, person=bruno, role=Membership.Role.EDITOR)
    first, second = signed_in(agent), signed_in(bruno)
    path = f"/publications/{notice.pk}/corriger/"
    seen = [version(html(client.get(path))) for client in (first, second)]

    first.post(path, {"version": seen[0], "title": "Pont fermé lundi", "body": "De 8 h à 12 h."})
    late = {"version": seen[1], "title": "Pont fermé", "body": "Par la vanne sud."}
    answer = second.post(path, late)

    page = html(answer)
    assert answer.status_code == 422
    assert "Pont fermé lundi" in page
    assert "Par la vanne sud." in page
    notice.refresh_from_db()
    assert notice.title == "Pont fermé lundi"
    # Read, taken up, sent again.
    assert second.post(path, late | {"version": version(page)}).status_code == 302
    notice.refresh_from_db()
    assert notice.body == "Par la vanne sud."


def test_an_event_too(client: Client, territory: Cast, chorale: Voice, chloe: Person) -> None:
    said = agenda.announce(
        voice=chorale,
        by=chloe,
        title="Concert",
        body="On chante.",
        category="concert",
        venue="Église",
        commune=territory.remy,
        starts_at=timezone.now() + timedelta(days=9),
    )
    client.force_login(chloe)
    path = f"/agenda/{said.pk}/corriger/"
    page = client.get(path)
    start = page.context["form"].initial
    # A browser sends nothing for a box that is not ticked.
    sent = {name: value or "" for name, value in start.items() if value not in ([], False)}
    sent |= {"day": f"{start['day']:%Y-%m-%d}", "start": f"{start['start']:%H:%M}"}

    assert client.post(path, sent | {"venue": "Salle des fêtes"}).status_code == 302
    answer = client.post(path, sent | {"body": "On chante encore."})

    assert answer.status_code == 422
    assert "Salle des fêtes" in html(answer)
    said.refresh_from_db()
    assert said.body == "On chante."
