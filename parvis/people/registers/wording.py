"""How an élu is named and titled in French, from the capitals and codes of the register."""

import re
from typing import NamedTuple

from parvis.people.models import Mandate
from parvis.territory.models import Zone

MAYOR, DEPUTY_MAYOR, DELEGATED_MAYOR = "MAI", "ADJ", "MDA"
PRESIDENT, VICE_PRESIDENT = "PRE", "VPE"
WITHOUT_FUNCTION = 999
PARTICLES = {"de", "du", "des", "et", "y", "dit", "dite", "née", "von", "der", "den", "ép", "ep"}


class Office(NamedTuple):
    """What is held, in words: `function` in its own council, `title` anywhere. The smallest weight goes first."""

    function: str
    title: str
    rank: int
    weight: int


class Council(NamedTuple):
    """A council that has a president: what it is called, its plain members, and the weights of its offices."""

    of_body: str
    member: tuple[str, str]
    weights: tuple[int, int, int]


COMMUNAUTAIRE = Council("", ("Conseiller communautaire", "Conseillère communautaire"), (5, 11, 14))
DEPARTEMENTAL = Council(
    "du conseil départemental ", ("Conseiller départemental", "Conseillère départementale"), (1, 7, 9)
)
REGIONAL = Council("du conseil régional ", ("Conseiller régional", "Conseillère régionale"), (0, 6, 8))


def office(kind: str, function: str, order: int, zone: Zone, council: Zone, *, feminine: bool) -> Office:
    """The office of a line of the register; `order` is 0 when the register gives none."""
    if kind == Mandate.Kind.MUNICIPAL:
        return _municipal(function, order, zone, feminine=feminine)
    if kind == Mandate.Kind.DEPUTE:
        name = "Députée" if feminine else "Député"
        return Office(name, f"{name} {zone.of_place}", 1, 3)
    if kind == Mandate.Kind.SENATEUR:
        name = "Sénatrice" if feminine else "Sénateur"
        return Office(name, f"{name} {zone.of_place}", 1, 2)
    if kind == Mandate.Kind.COMMUNAUTAIRE:
        return _seated(COMMUNAUTAIRE, function, order, zone, council, feminine=feminine)
    if kind == Mandate.Kind.DEPARTEMENTAL:
        return _seated(DEPARTEMENTAL, function, order, zone, council, feminine=feminine)
    return _seated(REGIONAL, function, order, zone, council, feminine=feminine)


def _seated(body: Council, function: str, order: int, zone: Zone, council: Zone, *, feminine: bool) -> Office:
    if function == PRESIDENT:
        name = "Présidente" if feminine else "Président"
        return Office(name, f"{name} {body.of_body}{council.of_place}", 1, body.weights[0])
    if function == VICE_PRESIDENT:
        name = "vice-présidente" if feminine else "vice-président"
        title = f"{_capital(name)} {body.of_body}{council.of_place}"
        return Office(_numbered(name, order, feminine=feminine), title, _rank(order), body.weights[1])
    name = body.member[feminine]
    return Office(name, f"{name} {zone.of_place}", WITHOUT_FUNCTION, body.weights[2])


def _municipal(function: str, order: int, zone: Zone, *, feminine: bool) -> Office:
    if function == MAYOR:
        return Office("Maire", f"Maire {zone.of_place}", 1, 4)
    if function == DEPUTY_MAYOR:
        name = "adjointe au maire" if feminine else "adjoint au maire"
        title = f"{_capital(name)} {zone.of_place}"
        return Office(_numbered(name, order, feminine=feminine), title, _rank(order), 10)
    if function == DELEGATED_MAYOR:
        name = "Maire déléguée" if feminine else "Maire délégué"
        return Office(name, f"{name} {zone.in_place}", WITHOUT_FUNCTION - 1, 12)
    name = "Conseillère municipale" if feminine else "Conseiller municipal"
    return Office(name, f"{name} {zone.of_place}", WITHOUT_FUNCTION, 13)


def _numbered(name: str, order: int, *, feminine: bool) -> str:
    return f"{ordinal(order, feminine=feminine)} {name}" if order else _capital(name)


def _rank(order: int) -> int:
    """Deputies come after the head; those the register does not order come together."""
    return order + 1 if order else 2


def ordinal(number: int, *, feminine: bool) -> str:
    """« 1er », « 1re », « 2e »."""
    if number == 1:
        return "1re" if feminine else "1er"
    return f"{number}e"


def without_nationality(first_name: str) -> str:
    """« Ana » of « Ana Nationalité Portugaise »: the register writes there what is nobody's business."""
    return re.sub(r"\s*nationalité\s+\S+$", "", first_name.strip(), flags=re.IGNORECASE)


def full_name(first_name: str, surname: str) -> str:
    """« Marie-Do Le Goff d’Hauteville » from « Marie-Do », « LE GOFF D'HAUTEVILLE »; mixed case is kept."""
    surname = " ".join(surname.replace("'", "’").split())
    first_name = " ".join(first_name.replace("'", "’").split())
    if first_name.isupper() and len(first_name) > 2:
        first_name = _capitalised(first_name)
    if surname.isupper():
        surname = " ".join(_word(word) for word in surname.split(" "))
        surname = re.sub(r"\b(Van|van) (Der|Den|De)\b", lambda found: f"Van {found[2].lower()}", surname)
    return f"{first_name} {surname}".strip()


def _word(word: str) -> str:
    low = word.lower()
    if low.strip("().") in PARTICLES:
        return {"ep": "ép.", "ép": "ép."}.get(low, low)
    if low.startswith("d’"):
        return "d’" + _capitalised(low[2:])
    return _capitalised(low)


def _capitalised(text: str) -> str:
    """Each part of a compound name with a capital; after an apostrophe, when what precedes it is an article."""
    parts = re.split(r"([-( /])", text.lower())
    return "".join(_with_apostrophe(part) for part in parts)


def _with_apostrophe(text: str) -> str:
    head, mark, tail = text.partition("’")
    capital = len(head) < 3 or head in {"dall", "dell"}
    return _capital(head) + mark + (_capital(tail) if capital else tail)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
