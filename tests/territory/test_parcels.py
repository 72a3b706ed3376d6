"""References of parcels as people write them: those that are known, and each bad line named with its number."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.territory.models import Parcel
from parvis.territory.parcels import MOST_LINES, read_parcels
from tests.cast import Cast
from tests.territory.test_ground import make_parcel

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcels(territory: Cast) -> list[Parcel]:
    tails = ("000AB0012", "0000A0003", "123AB0012", "123ZC0007", "124ZC0007", "000120034")
    other = make_parcel(territory.bois, "000AB0099", 2.15, 49.15)
    return [*(make_parcel(territory.clairval, tail, 2.01, 49.11) for tail in tails), other]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("99001000AB0012", "99001000AB0012"),
        ("99001 000 AB 0012", "99001000AB0012"),
        ("99001 000 AB 12", "99001000AB0012"),
        ("99001 AB 12", "99001000AB0012"),
        ("  ab12 ", "99001000AB0012"),
        ("AB-12", "99001000AB0012"),
        ("123 AB 12", "99001123AB0012"),
        ("A 3", "990010000A0003"),
        ("0A 3", "990010000A0003"),
        ("99001 000 A 3", "990010000A0003"),
        ("12 34", "99001000120034"),
    ],
)
def test_a_parcel_is_read_as_people_write_it(territory: Cast, parcels: list[Parcel], line: str, code: str) -> None:
    found, problems = read_parcels(line, territory.clairval)
    assert ([parcel.code for parcel in found], problems) == ([code], [])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("AB douze", "n’est pas une référence"),
        ("AB 13", "n’existe pas dans le cadastre de Clairval"),
        ("99002 000 AB 99", "est d’une autre commune"),
        ("99002000AB0099", "est d’une autre commune"),
        ("ZC 7", "donnez le préfixe (123, 124)"),
        ("125 ZC 7", "n’existe pas"),
        ("<script>", "n’est pas une référence"),
        ("9" * 500, "n’est pas une référence"),
    ],
)
def test_a_bad_line_is_named_with_its_number(territory: Cast, parcels: list[Parcel], line: str, why: str) -> None:
    found, [problem] = read_parcels(f"AB 12\n\n{line}\nA 3", territory.clairval)
    assert [parcel.reference for parcel in found] == ["99001 000 AB 12", "99001 000 A 3"]
    assert problem.startswith("Ligne 3")
    assert why in problem
    assert len(problem) < 150


def test_a_parcel_written_twice_counts_once(territory: Cast, parcels: list[Parcel]) -> None:
    found, problems = read_parcels("AB 12\r\n99001000AB0012\r\n", territory.clairval)
    assert (len(found), problems) == (1, [])


def test_a_long_list_costs_one_statement_and_has_an_end(territory: Cast, parcels: list[Parcel]) -> None:
    with CaptureQueriesContext(connection) as queries:
        found, problems = read_parcels("\n".join(f"AB {n}" for n in range(MOST_LINES)), territory.clairval)
    assert (len(queries), len(found), len(problems)) == (1, 1, MOST_LINES - 1)
    found, problems = read_parcels("AB 12\n" * (MOST_LINES + 1), territory.clairval)
    assert (found, problems) == ([], [f"Donnez au plus {MOST_LINES} parcelles à la fois."])


def test_the_parcel_of_a_former_commune_is_named_by_either(territory: Cast) -> None:
    parcel = make_parcel(territory.clairval, "000AB0012", 2.01, 49.11)
    Parcel.objects.update(code="99077000AB0012")
    for line in ("99077 000 AB 12", "99001 000 AB 12", "99077000AB0012"):
        assert read_parcels(line, territory.clairval) == ([parcel], [])
