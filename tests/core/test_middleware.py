"""What no page should have to think of: PostgreSQL fails on a NUL."""

import pytest
from django.test import Client

from tests.cast import Cast


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/avis/?zone=%00-60", 404),
        ("/annuaire/?canton=%00", 200),
        ("/annuaire/?epci=%00&q=%00", 200),
        ("/inscription/?commune=%00", 200),
        ("/?%00=1", 200),
    ],
)
def test_a_nul_in_an_address_is_a_character_like_another(
    client: Client, territory: Cast, path: str, status: int
) -> None:
    assert client.get(path).status_code == status


def test_a_nul_in_a_cookie_is_no_session(client: Client, territory: Cast) -> None:
    client.cookies.load('session="aaaaaaaaaaaaaaaa\\000"')
    assert client.get("/mon-espace/").status_code == 302
