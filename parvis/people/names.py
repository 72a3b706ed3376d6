"""The names that people and organisations give themselves."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parvis.core.text import clean, fold
from parvis.people.models import Voice, VoiceName
from parvis.territory.names import turns

# Alphabets with letters that look alike: one name uses one of them (R-SEC-20).
LOOKALIKE = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}


def clean_name(text: str, length: int = 80) -> str:
    """A name on one line; ValidationError when empty, too long, or made of letters that pass for others."""
    name = " ".join(clean(text).split())
    if sum(c.isalpha() for c in name) < 2:
        raise ValidationError(_("Indiquez un nom d’au moins deux lettres."))
    if len(name) > length:
        raise ValidationError(_("Ce nom est trop long : %(max)s signes au plus.") % {"max": length})
    alphabets = {unicodedata.name(c, "").split(" ", 1)[0] for c in name if c.isalpha()} & LOOKALIKE
    if len(alphabets) > 1 or any(unicodedata.category(c) == "Cf" for c in name):
        raise ValidationError(_("Écrivez ce nom avec les lettres d’un seul alphabet."))
    return name


def search_name(name: str) -> str:
    """What a search compares: folded, or lower-cased when the alphabet has no Latin letter."""
    return (fold(name) or name.lower())[:160]


def slug_of(name: str) -> str:
    """The readable part of an address; « page » when the name has no Latin letter."""
    return fold(name).replace(" ", "-")[:160] or "page"


def name_again(voice: Voice) -> None:
    """Let `voice` be found by the name it bears now; with the act that gives it the name."""
    VoiceName.objects.filter(voice=voice).delete()
    VoiceName.objects.bulk_create(
        [VoiceName(voice=voice, kind=voice.kind, text=text) for text in turns(voice.search_name)]
    )
