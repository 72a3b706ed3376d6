"""What an address may hold."""

import re

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from parvis.people.models import Person

# Of each part of a route that names no row.
WORDS = {"slug": "x", "loose": "x", "str": "x", "voice_kind": "associations"}
MODULES = [module for module in get_resolver().url_patterns if isinstance(module, URLResolver)]
ROUTES = [str(page.pattern) for module in MODULES for page in module.url_patterns]
NUMBERED = [route for route in ROUTES if re.search("<(int|number):", route)]


@pytest.mark.parametrize("route", NUMBERED)
def test_a_number_no_database_holds_is_no_page(client: Client, bruno: Person, route: str) -> None:
    """To ask for it is an error of both databases where the number of a row is that of another."""
    client.force_login(bruno)
    address = "/" + re.sub(r"<(\w+):\w+>", lambda part: WORDS.get(part[1], str(2**63)), route)
    assert client.get(address).status_code == 404
    assert client.post(address, {"action": "follow"}).status_code == 404
