"""Parts of public addresses: the words that name a kind, and slugs that decide nothing."""

from parvis.people.models.voices import PATHS as VOICE_PATHS
from parvis.territory.models import PATHS as ZONE_PATHS


class ZoneKindConverter:
    """« communes » to and from the kinds of zone found under it."""

    regex = "|".join(sorted(set(ZONE_PATHS.values())))

    def to_python(self, value: str) -> list[str]:
        """The kinds of zone whose address begins with `value`."""
        return [str(kind) for kind, path in ZONE_PATHS.items() if path == value]

    def to_url(self, value: list[str]) -> str:
        """The first part of the address of a zone of these kinds."""
        return ZONE_PATHS[value[0]]


class VoiceKindConverter:
    """« elus » to and from `elu`."""

    regex = "|".join(sorted(VOICE_PATHS.values()))

    def to_python(self, value: str) -> str:
        """The kind of voice whose address begins with `value`."""
        return next(str(kind) for kind, path in VOICE_PATHS.items() if path == value)

    def to_url(self, value: str) -> str:
        """The first part of the address of a voice of this kind."""
        return VOICE_PATHS[value]


class LooseSlugConverter:
    """A slug that decides nothing."""

    regex = "[-a-z0-9]+"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


class ZoneCodeConverter(LooseSlugConverter):
    """A code of INSEE or a SIREN."""

    regex = "[0-9A-Z]{1,10}"
