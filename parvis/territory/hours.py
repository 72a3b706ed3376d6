"""When a town hall is open: now, next, and in a week."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from dateutil.easter import easter
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core.text import NBSP
from parvis.territory.models import TownHall

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
# Days after Easter on which town halls are closed: Monday, Ascension, Whit Monday.
AFTER_EASTER = (1, 39, 50)
HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
Span = tuple[time, time]


class Opening(NamedTuple):
    """Whether it is open, and what comes next: « ferme à 17 h 30 », « ouvre mardi à 9 h »."""

    is_open: bool
    text: str


def opening(town_hall: TownHall, now: datetime) -> Opening | None:
    """How it stands at `now`; nothing when its hours are unknown."""
    week = _week(town_hall)
    here = timezone.localtime(now)
    if not any(week):
        return None
    for opens, closes in _spans(week, here.date()):
        if opens <= here.time() < closes:
            return Opening(True, _("ferme à %(hour)s") % {"hour": hour(closes)})
    for ahead in range(15):
        day = here.date() + timedelta(days=ahead)
        for opens, _closes in _spans(week, day):
            if ahead or opens > here.time():
                return Opening(False, _next(day, opens, ahead))
    return Opening(False, "")


def schedule(town_hall: TownHall) -> list[tuple[str, list[str]]]:
    """The week for display, days with the same hours together: (« lundi au mercredi », [« 9 h – 12 h », …])."""
    groups: list[tuple[list[str], list[Span]]] = []
    for name, spans in zip(DAYS, _week(town_hall), strict=True):
        if groups and groups[-1][1] == spans:
            groups[-1][0].append(name)
        else:
            groups.append(([name], spans))
    dash = f"{NBSP}–{NBSP}"
    return [(_label(days), [hour(one) + dash + hour(other) for one, other in spans]) for days, spans in groups if spans]


def hour(moment: time) -> str:
    """« 9 h », « 17 h 30 », with spaces that do not break."""
    return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02}" if moment.minute else "")


def is_holiday(day: date) -> bool:
    """Whether `day` is a public holiday all over France."""
    return (day.month, day.day) in HOLIDAYS or (day - easter(day.year)).days in AFTER_EASTER


def _week(town_hall: TownHall) -> list[list[Span]]:
    """Its spans on each of the seven days, Monday first, those that touch joined."""
    week: list[set[Span]] = [set() for _day in DAYS]
    for first, last, spans in town_hall.hours:
        for day in _between(DAYS.index(first), DAYS.index(last)):
            week[day] |= {(time.fromisoformat(one), time.fromisoformat(other)) for one, other in spans}
    return [_joined(sorted(spans)) for spans in week]


def _between(first: int, last: int) -> Iterator[int]:
    """Days from one to the other, over the end of the week when it must."""
    return (day % 7 for day in range(first, last + 1 if last >= first else last + 8))


def _joined(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for opens, closes in spans:
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return found


def _spans(week: list[list[Span]], day: date) -> list[Span]:
    return [] if is_holiday(day) else week[day.weekday()]


def _next(day: date, opens: time, ahead: int) -> str:
    if ahead == 0:
        return _("ouvre à %(hour)s") % {"hour": hour(opens)}
    if ahead == 1:
        return _("ouvre demain à %(hour)s") % {"hour": hour(opens)}
    if ahead < 7:
        return _("ouvre %(day)s à %(hour)s") % {"day": DAYS[day.weekday()], "hour": hour(opens)}
    return _("ouvre %(day)s prochain à %(hour)s") % {"day": DAYS[day.weekday()], "hour": hour(opens)}


def _label(days: list[str]) -> str:
    if len(days) == 1:
        return days[0]
    return f"{days[0]}{', ' if len(days) == 2 else ' au '}{days[-1]}"
