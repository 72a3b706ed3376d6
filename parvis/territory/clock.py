"""What time it is in the territory: the one place that says in which zone days begin and hours are shown (R-REL-21)."""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from parvis.territory.current import current

# West, south, east, north of what keeps another time than Paris.
OVERSEAS = {
    "America/Guadeloupe": (-63.5, 15.7, -60.9, 18.3),
    "America/Martinique": (-61.5, 14.2, -60.6, 15.0),
    "America/Cayenne": (-55.0, 2.0, -51.0, 6.5),
    "Indian/Reunion": (54.9, -21.6, 56.1, -20.6),
    "Indian/Mayotte": (44.7, -13.3, 45.6, -12.4),
    "America/Miquelon": (-57.0, 46.5, -55.9, 47.3),
    "Pacific/Noumea": (157.5, -24.0, 173.0, -17.5),
    "Pacific/Wallis": (-179.0, -15.0, -175.0, -12.5),
    "Pacific/Tahiti": (-156.0, -28.5, -133.5, -7.0),
}


def zone_of(lon: float, lat: float) -> str:
    """The name of the time zone at a point overseas; nothing elsewhere."""
    for name, (west, south, east, north) in OVERSEAS.items():
        if west <= lon <= east and south <= lat <= north:
            return name
    return ""


def settle() -> None:
    """Take the time of the territory in this thread: that of the settings if they say one, else that of its place."""
    territory = None if settings.TIME_ZONE_SAID else current()
    lon, lat = (territory.root.lon, territory.root.lat) if territory else (None, None)
    name = zone_of(lon, lat) if lon is not None and lat is not None else ""
    if name:
        timezone.activate(_zone(name))
    else:
        timezone.deactivate()


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def keep_its_time(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer each request in the time of the territory."""

    def answer(request: HttpRequest) -> HttpResponse:
        settle()
        return get_response(request)

    return answer
