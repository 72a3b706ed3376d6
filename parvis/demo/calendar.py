"""The programme that one association of the demonstration keeps elsewhere: read, accepted, and in the agenda."""

import tomllib
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vRecur

from parvis.agenda.actions import sources
from parvis.agenda.jobs import read_now
from parvis.agenda.models import Event as EventRow
from parvis.agenda.models import Source
from parvis.core.models import Job
from parvis.demo.cast import Cast
from parvis.demo.scenario import CONTENT

# Hours ago.
ANNOUNCED = 50


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
    _work(source, cast.stage.ago(ANNOUNCED))
    sources.accept_source(source, by=member)
    _work(source, cast.stage.ago(ANNOUNCED))


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


def _work(source: Source, at: datetime) -> None:
    """Do what the worker would have done at that moment, and no longer has to."""
    reading = source.readings.select_related("source__voice", "source__kept_by", "source__commune")[0]
    read_now(reading, at)
    Job.objects.filter(effect="parvis.agenda.jobs.read_source").delete()
