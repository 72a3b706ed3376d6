"""Where what a page lists is held, on the drawing of the territory."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from parvis.agenda.models import Event, Showing, Venue
from parvis.territory.current import current
from parvis.territory.map import Chart, Disc, drawing_of, gathered
from parvis.territory.models import Zone, ZoneLink

# Km across, at the closest: places of a list apart from one another, one place in its surroundings.
CLOSEST, SURROUNDINGS = 4, 12


def mapped(days: Sequence[tuple[date, list[Showing]]], zone: Zone) -> dict[str, Any]:
    """`chart`, a map of these days in `zone`, and `spots`, their numbers on it; no chart when no map is drawn."""
    territory = current()
    if territory is None:
        return {"chart": None}
    showings = [showing for _day, rows in days for showing in rows]
    one_commune = zone.kind in {Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT}
    discs = {showing.pk: disc for showing in showings if (disc := disc_of(showing, by_venue=one_commune))}
    around, lit = [], set()
    if zone != territory.root:
        around = [(disc.lon, disc.lat) for disc in discs.values()]
        lit = {zone.code, *ZoneLink.objects.filter(whole=zone).values_list("part__code", flat=True)}
    drawn = gathered(drawing_of(territory, zone), list(discs.values()), around, CLOSEST, lit)
    if drawn is None:
        return {"chart": None}
    chart, codes = drawn
    return {"chart": chart, "spots": dict(zip(discs, codes, strict=True))}


def disc_of(showing: Showing, *, by_venue: bool) -> Disc | None:
    """Where it is held: at a place of the directory, else in a commune, as one's home always is (R-PRIV-12).

    It bears the name of the commune, or of the place when `by_venue`. None for what is online alone.
    """
    time, event = showing.occurrence, showing.occurrence.event
    if event.mode == Event.Mode.ONLINE:
        return None
    # A time held elsewhere than usual says where in words.
    venue = None if time.venue or event.home_address else event.held_at
    point = venue.point if venue else None
    name = venue.name if venue and point and by_venue else event.commune.name
    lon, lat = point or (event.commune.lon, event.commune.lat)
    if lon is None or lat is None:
        return None
    return Disc("", name, lon, lat, 1, address=f"#rdv-{showing.pk}")


def where_is(venue: Venue) -> Chart | None:
    """A small map with `venue` on it, when one knows where it is."""
    territory = current()
    if territory is None or venue.point is None:
        return None
    drawing, disc = drawing_of(territory, venue.commune), Disc("", venue.name, *venue.point, 1)
    drawn = gathered(drawing, [disc], [venue.point], SURROUNDINGS, {venue.commune.code})
    return drawn[0] if drawn and drawn[0].discs else None
