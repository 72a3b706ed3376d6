"""The places of the demonstration: proposed by those who announce events there, most of them verified."""

import tomllib

from parvis.agenda import actions as agenda
from parvis.agenda.models import Event
from parvis.demo.cast import Cast
from parvis.demo.scenario import CONTENT
from parvis.territory.models import Zone

# Steps around the middle of a commune, in degrees: some 200 m.
STEP, ACROSS = 0.002, 5


def open_venues(cast: Cast) -> None:
    """Each place, in each commune where an event is held at a place of its name."""
    rows = tomllib.loads((CONTENT / "venues.toml").read_text("utf-8"))["venue"]
    for number, row in enumerate(rows):
        held = Event.objects.filter(venue=row["name"]).select_related("publication__author", "commune")
        firsts = {event.commune_id: event for event in held.order_by("-pk")}
        for _commune, event in sorted(firsts.items()):
            author = event.publication.author
            assert author is not None
            venue = agenda.propose_venue(
                by=author,
                name=row["name"],
                commune=event.commune,
                address=row.get("address", ""),
                access=row.get("access", ""),
                point=_point(event.commune, number),
            )
            if row["verified"]:
                agenda.verify_venue(venue, by=cast.moderator(author))


def _point(commune: Zone, number: int) -> tuple[float, float] | None:
    """A point of the commune that is another for each place."""
    if commune.lon is None or commune.lat is None:
        return None
    across, up = number % ACROSS - ACROSS // 2, number // ACROSS - 1
    return commune.lon + across * STEP * 1.5, commune.lat + up * STEP
