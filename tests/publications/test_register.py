"""The public register: no message to a zone is secret (R-PRIV-8)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.models import Publication
from tests.cast import Cast
from tests.publications.conftest import Aim, Say, html


def table(client: Client, address: str = "/avis/registre.csv") -> str:
    """The file, read."""
    return b"".join(getattr(client.get(address), "streaming_content", ())).decode("utf-8-sig")


def test_tells_who_where_why_and_until_when_to_anyone(
    client: Client, aim: Aim, agent: Person, colleague: Person, notice: Publication
) -> None:
    said = actions.countersign(actions.submit(aim(), by=agent), by=colleague)
    page = html(client.get("/avis/registre/"))
    for words in (
        "Pour la rue du Puits et ses abords",
        "Service des routes",
        "Travaux et coupures",
        "Eau coupée mardi",
    ):
        assert words in page
    assert "Relu par deux personnes" in page
    assert page.count('class="sketch"') == 2
    assert said.get_absolute_url() in page
    assert "Pour Clairval et le canton de Clairval-2" in page


def test_is_written_the_moment_it_goes_out(client: Client, aim: Aim, agent: Person, colleague: Person) -> None:
    said = actions.submit(aim(), by=agent)
    assert "rue du Puits" not in html(client.get("/avis/registre/"))
    actions.countersign(said, by=colleague)
    assert "rue du Puits" in html(client.get("/avis/registre/"))


@pytest.mark.parametrize("end", ["withdrawn", "expired", "hidden"])
def test_keeps_the_line_and_not_the_words_of_what_is_over(
    end: str, client: Client, aim: Aim, agent: Person, colleague: Person, moderator: Person
) -> None:
    said = actions.countersign(actions.submit(aim(), by=agent), by=colleague)
    if end == "withdrawn":
        actions.withdraw(said, by=agent)
    elif end == "hidden":
        actions.hide(said, by=moderator, rule="autre", reason="À revoir")
    else:
        Publication.objects.filter(pk=said.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
        actions.purge_expired()
    page = html(client.get("/avis/registre/"))
    assert "Pour la rue du Puits et ses abords" in page
    assert "Eau coupée mardi" not in page
    assert "Eau coupée mardi" not in table(client)


def test_leaves_out_what_goes_to_everyone(
    client: Client, routes: Voice, agent: Person, territory: Cast, send: Say
) -> None:
    send(routes, agent, "Pour tous", territory.departement)
    assert "Pour tous" not in html(client.get("/avis/registre/"))


def test_is_filtered_by_place_and_by_purpose(
    client: Client, aim: Aim, agent: Person, colleague: Person, notice: Publication
) -> None:
    actions.countersign(actions.submit(aim(), by=agent), by=colleague)
    for address, there, absent in (
        ("/avis/registre/?zone=commune-99002", "rue du Puits", "canton de Clairval-2"),
        ("/avis/registre/?zone=commune-99001", "canton de Clairval-2", "rue du Puits"),
        ("/avis/registre/?motif=travaux", "rue du Puits", "canton de Clairval-2"),
    ):
        page = html(client.get(address))
        assert f"{there}" in page
        assert absent not in page.partition('id="list"')[2].partition("<aside")[0]
    assert client.get("/avis/registre/?lieu=Bois-le-Comte&motif=travaux").headers["Location"] == (
        "/avis/registre/?zone=commune-99002&motif=travaux"
    )
    assert client.get("/avis/registre/?motif=promotion").status_code == 404
    assert client.get("/avis/registre/?zone=commune-00000").status_code == 404


def test_is_a_table_too(client: Client, aim: Aim, agent: Person, colleague: Person) -> None:
    actions.countersign(actions.submit(aim(), by=agent), by=colleague)
    lines = table(client, "/avis/registre.csv?motif=travaux").splitlines()
    assert lines[0].startswith("service,pour,motif,publie_le")
    assert lines[1].startswith("Service des routes,la rue du Puits et ses abords,Travaux et coupures,")
    assert ",oui,en cours,/avis/eau-coupee-mardi-" in lines[1]


def test_asks_as_much_for_twenty_as_for_one(
    client: Client,
    aim: Aim,
    agent: Person,
    colleague: Person,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _turn in range(22):
        actions.countersign(actions.submit(aim(), by=agent), by=colleague)
    with django_assert_max_num_queries(12):
        page = html(client.get("/avis/registre/"))
    assert "sur 22" in page
