"""What a message may give away of someone: asked about once before it is sent, never forbidden (R-MOD-17)."""

import re

from django.utils.translation import gettext_lazy as _

SIGNS = (
    (re.compile(r"(?<!\d)0[1-9](?:[ .\u00a0\u202f-]?\d{2}){4}(?!\d)"), _("un numéro de téléphone")),
    (re.compile(r"(?<!\w)[A-HJ-NP-TV-Z]{2}[- ]?\d{3}[- ]?[A-HJ-NP-TV-Z]{2}(?!\w)"), _("une plaque d’immatriculation")),
    (re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE), _("une adresse électronique")),
    (
        re.compile(r"\b\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|boulevard|impasse|allée|chemin|place)\b", re.IGNORECASE),
        _("une adresse"),
    ),
)


def given_away(text: str) -> list[str]:
    """What a text seems to hold that may be someone’s own, in words; empty most of the time."""
    return [str(words) for sign, words in SIGNS if sign.search(text)]
