"""What a guided visit offers: roles to take, and what to try in each. Only fictional people are ever lent."""

import tomllib
from dataclasses import dataclass
from functools import cache

from parvis.demo.scenario import CONTENT
from parvis.people.models import Person


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something to try, on one of our pages."""

    link: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Role:
    """Someone one may become; a visitor when `account` is empty. `kind` gives the tint of a profile."""

    key: str
    kind: str
    icon: str
    title: str
    body: str
    account: str
    steps: tuple[Step, ...]


@cache
def roles() -> dict[str, Role]:
    """The roles by key, in the order of the page."""
    rows = tomllib.loads((CONTENT / "visit.toml").read_text("utf-8"))["role"]
    made = (Role(**row | {"steps": tuple(Step(**step) for step in row["steps"])}) for row in rows)
    return {role.key: role for role in made}


def lent() -> dict[str, Person]:
    """The people one may become, by address: made by the demonstration, whoever else has such an address."""
    addresses = [role.account for role in roles().values() if role.account]
    people = Person.objects.filter(is_demo=True, is_active=True, email__in=addresses).select_related("voice__zone")
    return {person.email: person for person in people.defer("voice__zone__geometry")}
