"""Where something is held, from what a calendar says of it: the commune, the name of the place and its address."""

import re
from collections import defaultdict

from django.utils.translation import gettext as _

from parvis.agenda.imports.entries import Unfit, Where, line
from parvis.core.text import fold
from parvis.people.places import SHORT
from parvis.territory.geometry import zones_at
from parvis.territory.models import PostalCode, Zone

POSTAL = re.compile(r"\b(\d{5})\s+([^,;\n(]+)", re.ASCII)
COUNTRIES = {"france", "fr"}


class Outside(Unfit):
    """It is held outside of the territory, which is no fault."""

    def __init__(self, place: str) -> None:
        super().__init__(_("« %(place)s » est hors du territoire.") % {"place": place[:60]})


class Communes:
    """The communes of the territory by code, name and postal code, read once for a whole calendar."""

    def __init__(self, default: Zone | None) -> None:
        self.default = default
        zones = list(Zone.objects.current().joinable().drawn())
        self.by_code = {zone.code: zone for zone in zones}
        self.by_number = {zone.pk: zone for zone in zones}
        self.by_name, self.by_postal = defaultdict[str, list[Zone]](list), defaultdict[str, list[Zone]](list)
        for zone in zones:
            self.by_name[zone.search_name].append(zone)
        for code, number in PostalCode.objects.filter(zone__in=self.by_number).values_list("code", "zone"):
            self.by_postal[code].append(self.by_number[number])
        self.former: dict[str, Zone | None] = {}

    def of(self, where: Where) -> Zone:
        """The commune in which it is held. Raises Outside, and Unfit when nothing says it."""
        if where.code:
            return self._coded(where)
        postal, city = where.postal, where.city
        if not city and (found := POSTAL.findall(where.spoken)):
            postal, city = found[-1][0], found[-1][1].strip()
        if zone := self._named(city, postal):
            return zone
        if where.point:
            inside = [zone for zone in zones_at(*where.point) if zone.pk in self.by_number]
            if not inside:
                raise Outside(where.spoken or city or where.venue)
            return inside[0]
        if city or postal:
            if self.default is None or postal not in {"", *self.by_postal}:
                raise Outside(f"{postal} {city}".strip())
        else:
            parts = [part.strip() for part in where.spoken.split(",")]
            named = next((zone for part in reversed(parts) if (zone := self._named(part, ""))), None)
            if named:
                return named
        if self.default is None:
            raise Unfit(_("Sa commune n’est pas dite : choisissez celle de ce calendrier."))
        return self.default

    def _coded(self, where: Where) -> Zone:
        """By its INSEE code, or the one that took its place."""
        if zone := self.by_code.get(where.code):
            return zone
        if where.code not in self.former:
            joined = Zone.objects.joined().filter(code=where.code).order_by("-ended_on").first()
            self.former[where.code] = self.by_number.get(joined.successor_id or 0) if joined else None
        if zone := self.former[where.code]:
            return zone
        raise Outside(where.city or where.code)

    def _named(self, city: str, postal: str) -> Zone | None:
        """By its name, its postal code or both; none when several may be meant."""
        words = re.sub(r" cedex.*", "", " ".join(SHORT.get(word, word) for word in fold(city).split()))
        named = self.by_name.get(words, []) if words else []
        coded = self.by_postal.get(postal, []) if postal else []
        both = [zone for zone in named if zone in coded] or ([] if named and coded else named or coded)
        return both[0] if len(both) == 1 else None


def spoken(where: Where, commune: Zone) -> tuple[str, str]:
    """The name of the place and its address, as we show them beside the commune."""
    if where.venue or where.address:
        return line(where.venue or commune.name), line(where.address, 200)
    words = POSTAL.sub("", where.spoken)
    parts = [part.strip() for part in words.split(",")]
    named = {fold(commune.name), *COUNTRIES}
    kept = [part for part in parts if part and fold(part) not in named]
    if not kept:
        return commune.name, ""
    return line(kept[0]), line(", ".join(kept[1:]), 200)
