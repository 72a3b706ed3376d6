"""Exact homes on the fictional street: two on the side that a notice is drawn over, one across."""

from parvis.demo.cast import Cast
from parvis.demo.street import NAME
from parvis.people import actions
from parvis.people.actions import Where
from parvis.territory.models import Address

RANK = 1
# The number of the door of each: odd on one side, even on the other.
DOORS = {"nadia-b": 7, "emile-l": 15, "sarah-d": 8}


def move_in(cast: Cast) -> None:
    """Once notices are drawn there: what still runs reaches them, as it does anyone who settles."""
    commune = cast.stage.commune(RANK)
    canton = cast.stage.straddled.get(commune.pk)
    doors = {door.number: door for door in Address.objects.in_commune(commune).filter(street__name=NAME, suffix="")}
    for slug, number in DOORS.items():
        door = doors[number]
        where = Where(commune, canton, point=door.standing_point(), address=str(door))
        actions.settle(cast.persons[slug], where)
