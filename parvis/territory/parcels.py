"""References of parcels as people write them: « 60057 000 AB 12 », « AB 12 », or the code of 14 characters."""

import re
from typing import NamedTuple

from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from parvis.core.text import NBSP
from parvis.territory.models import Parcel, Zone

# Of one list.
MOST_LINES = 500
REFERENCE = re.compile(
    r"(?:(?P<insee>[0-9][0-9AB][0-9]{3}) ?(?:(?P<prefix>[0-9]{3}) ?)?|(?P<bare>[0-9]{3}) )?"
    r"(?P<section>0?[A-Z]|[A-Z]{2}|[0-9]{2}(?= )) ?(?P<number>[0-9]{1,4})"
)
CODE = re.compile(r"[0-9][0-9AB][0-9]{3}[0-9]{3}[0-9A-Z]{2}[0-9]{4}")


class _Reference(NamedTuple):
    """What a line says; no prefix when it leaves it out."""

    insee: str
    prefix: str
    tail: str


def read_parcels(text: str, commune: Zone) -> tuple[list[Parcel], list[str]]:
    """The parcels of `commune` that the lines of `text` name, once each, and what is wrong with each bad line.

    Parcels come without their contours; a problem is a sentence with the number of its line. Empty lines are nothing.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        return [], [_("Donnez au plus %d parcelles à la fois.") % MOST_LINES]
    asked = {number: _read(line) for number, line in lines}
    known = _known([one for one in asked.values() if one], commune)
    found: dict[str, Parcel] = {}
    problems: list[str] = []
    for number, line in lines:
        parcel, problem = _pick(asked[number], known, commune)
        if parcel:
            found[parcel.code] = parcel
        else:
            shown = {"number": number, "line": line[:40], "nbsp": NBSP}
            problems.append(_("Ligne %(number)d%(nbsp)s: «%(nbsp)s%(line)s%(nbsp)s» ") % shown + problem)
    return list(found.values()), problems


def _read(line: str) -> _Reference | None:
    words = re.sub(r"[\s,;./|_-]+", " ", line.upper()).strip()
    if CODE.fullmatch(whole := words.replace(" ", "")):
        return _Reference(whole[:5], whole[5:8], whole[8:])
    found = REFERENCE.fullmatch(words)
    if found is None:
        return None
    tail = found["section"].rjust(2, "0") + found["number"].rjust(4, "0")
    return _Reference(found["insee"] or "", found["prefix"] or found["bare"] or "", tail)


def _known(asked: list[_Reference], commune: Zone) -> dict[str, list[Parcel]]:
    """The parcels of the commune by section and number: those of former communes may have the same."""
    tails = [one.tail for one in asked]
    parcels = Parcel.objects.in_commune(commune).annotate(tail=Substr("code", 9)).filter(tail__in=tails)
    known: dict[str, list[Parcel]] = {}
    for parcel in parcels.defer("geometry"):
        known.setdefault(parcel.code[8:], []).append(parcel)
    return known


def _pick(asked: _Reference | None, known: dict[str, list[Parcel]], commune: Zone) -> tuple[Parcel | None, str]:
    """The parcel that a line names, or why there is none."""
    if asked is None:
        return None, _("n’est pas une référence de parcelle : écrivez par exemple %s 000 AB 12.") % commune.code
    found = [parcel for parcel in known.get(asked.tail, ()) if _fits(asked, parcel, commune)]
    if len(found) > 1:
        # Without a prefix, that of the commune itself is meant.
        found = [parcel for parcel in found if parcel.prefix == "000"] or found
    if len(found) > 1:
        prefixes = ", ".join(parcel.prefix for parcel in found)
        return None, _("est le nom de plusieurs parcelles : donnez le préfixe (%s).") % prefixes
    if found:
        return found[0], ""
    if asked.insee and asked.insee != commune.code:
        return None, _("est d’une autre commune : ici, seules les parcelles de %s conviennent.") % commune.name
    return None, _("n’existe pas dans le cadastre de %s.") % commune.name


def _fits(asked: _Reference, parcel: Parcel, commune: Zone) -> bool:
    """Whether it may be the parcel: named after its commune, or after the former one that its code still has."""
    return asked.insee in {"", parcel.code[:5], commune.code} and asked.prefix in {"", parcel.prefix}
