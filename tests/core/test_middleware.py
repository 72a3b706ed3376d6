"""What no page should have to think of."""

import pytest
from django.test import Client

from tests.cast import Cast


@pytest.mark.parametrize(
    "path", ["/avis/?zone=%00-60", "/annuaire/?canton=%00", "/inscription/?commune=%00", "/?%00=1"]
)
def test_a_nul_in_an_address_is_a_bad_request(client: Client, territory: Cast, path: str) -> None:
    assert client.get(path).status_code == 400


def test_a_nul_in_a_cookie_is_a_bad_request(client: Client, territory: Cast) -> None:
    client.cookies.load('session="aaaaaaaaaaaaaaaa\\000"')
    assert client.get("/mon-espace/").status_code == 400
