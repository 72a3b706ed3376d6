"""The programme that one association of the demonstration keeps elsewhere: read, accepted, and in the agenda."""

import tomllib
from datetime import UTC, timedelta

from icalendar import Calendar, Event, vRecur

from parvis.agenda.actions import sources
from parvis.agenda.jobs import read_source
from parvis.agenda.models import Event as EventRow
from parvis.core.models import JournalEntry
from parvis.demo.cast import Cast
from parvis.demo.scenario import CONTENT


def import_programme(cast: Cast) -> None:
    """What a member of the association does, and what the worker would."""
    said = tomllib.loads((CONTENT / "calendar.toml").read_text("utf-8"))
    voice, member = cast.voices[said["association"]], cast.speakers[said["association"]]
    source = sources.add_source(
        voice=voice,
        by=member,
        category=EventRow.Category.ASSOCIATION,
        commune=voice.zone,
        content=written(cast, said),
        name=said["name"],
    )
    _work("source.read_asked")
    sources.accept_source(source, by=member)
    _work("source.accepted")


def written(cast: Cast, said: dict[str, object]) -> bytes:
    """The calendar, as a program of theirs writes it."""
    calendar, stage = Calendar(), cast.stage
    calendar.add("prodid", "-//Programme fictif//FR")
    calendar.add("version", "2.0")
    rows = said["event"]
    assert isinstance(rows, list)
    for number, row in enumerate(rows, 1):
        event, offset = Event(), stage.offset(row["day"], weekday=row.get("weekday", 0))
        begins = stage.at(offset, row["hour"])
        event.add("uid", f"{number}@programme.invalid")
        event.add("dtstamp", stage.now.astimezone(UTC))
        event.add("dtstart", begins)
        event.add("dtend", stage.at(offset, row["until"]))
        for name, field in (("summary", "title"), ("description", "body"), ("location", "venue")):
            event.add(name, row[field])
        event.add("categories", [row["category"]])
        if "rule" in row:
            event.add("rrule", vRecur.from_ical(row["rule"]))
        elif "weeks" in row:
            event.add("rrule", {"freq": "weekly", "count": row["weeks"]})
            event.add("exdate", begins + timedelta(weeks=4))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _work(verb: str) -> None:
    """Do what the worker does of the last act of this name."""
    entry = JournalEntry.objects.filter(verb=verb).latest("pk")
    read_source(entry)
    entry.jobs.all().delete()
