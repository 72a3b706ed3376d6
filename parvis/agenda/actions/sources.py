"""A calendar kept elsewhere is added, accepted once one has seen what it would bring, read again, stopped."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda.models import Reading, Source
from parvis.agenda.models.sources import EVERY, LATEST
from parvis.core import journal
from parvis.core.text import clean
from parvis.people.models import Person, Voice
from parvis.publications import rights
from parvis.publications.actions import Refused
from parvis.territory.models import Zone

# Calendars of one voice, and how often one of them may be asked of another site by hand.
MOST_SOURCES, SOON = 12, timedelta(minutes=1)
# A reading that is not over after so long never will be.
LOST = timedelta(hours=2)
# Remarks and events that a report shows; readings that are kept.
MOST_SHOWN, SAMPLE, MOST_READINGS = 200, 12, 10


@transaction.atomic
def add_source(
    *,
    voice: Voice,
    by: Person,
    category: str,
    url: str = "",
    content: bytes | None = None,
    name: str = "",
    commune: Zone | None = None,
) -> Source:
    """A calendar at `url`, or in a file called `name`; it is read, and brings nothing until it is accepted."""
    rights.check_voice(voice, by)
    rights.check_kind(voice, "event")
    if Source.objects.filter(voice=voice).count() >= MOST_SOURCES:
        raise Refused(_("Cela fait déjà %(most)s calendriers : abandonnez-en un.") % {"most": MOST_SOURCES})
    if url and Source.objects.filter(voice=voice, url=url).exists():
        raise Refused(_("Ce calendrier est déjà dans votre liste."))
    source = Source.objects.create(
        voice=voice, kept_by=by, url=url, name=_name(name), commune=commune, category=category
    )
    journal.record("source.added", by=by, target=source)
    _ask(source, by=by, content=content)
    return source


@transaction.atomic
def change_source(
    source: Source, *, by: Person, commune: Zone | None, category: str, columns: Mapping[str, str] | None = None
) -> Source:
    """Say otherwise where its events are, what they are, and which column is what; what waits is read again."""
    rights.check_voice(source.voice, by)
    source.commune, source.category, source.columns = commune, category, dict(columns or source.columns)
    source.etag = source.modified = ""
    source.save(update_fields=["commune", "category", "columns", "etag", "modified"])
    journal.record("source.changed", by=by, target=source)
    _again(source, by=by)
    return source


@transaction.atomic
def let_in(source: Source, *, by: Person, keys: list[str]) -> Source:
    """Say that entries which look like an event of the agenda are others; they come in at the next reading."""
    rights.check_voice(source.voice, by)
    source.different = sorted({*source.different, *keys})[:2_000]
    source.etag = source.modified = ""
    source.save(update_fields=["different", "etag", "modified"])
    journal.record("source.changed", by=by, target=source)
    _again(source, by=by)
    return source


@transaction.atomic
def accept_source(source: Source, *, by: Person) -> Source:
    """Bring in what was read and shown, and from then on what changes there. Nothing the second time."""
    rights.check_voice(source.voice, by)
    reading = source.readings.filter(state=Reading.State.READY).defer("content").first()
    if reading is None:
        raise Refused(_("Ce calendrier n’est plus à confirmer."))
    won = Reading.objects.filter(pk=reading.pk, state=Reading.State.READY)
    if won.update(state=Reading.State.WAITING, is_accepted=True, done=0, total=0):
        Source.objects.filter(pk=source.pk).update(kept_by=by)
        journal.record("source.accepted", by=by, target=reading)
    return source


@transaction.atomic
def refresh_source(source: Source, *, by: Person | None, content: bytes | None = None, name: str = "") -> Source:
    """Read it again, by the clock or at someone's wish; for a file, in its new version. Raises Refused."""
    if by:
        rights.check_voice(source.voice, by)
        Source.objects.filter(pk=source.pk).update(kept_by=by)
    if source.state == Source.State.STOPPED:
        raise Refused(_("Ce calendrier est arrêté."))
    latest = source.latest
    if latest and latest.is_under_way and latest.at > timezone.now() - LOST:
        return source
    if by and source.url and latest and latest.at > timezone.now() - SOON:
        raise Refused(_("Il vient d’être lu : réessayez dans une minute."))
    if content is not None:
        Source.objects.filter(pk=source.pk).update(name=_name(name))
    elif not source.url:
        raise Refused(_("Choisissez le fichier."))
    _ask(source, by=by, content=content)
    return source


@transaction.atomic
def stop_source(source: Source, *, by: Person, withdraw: bool) -> Source:
    """Follow it no more; its events to come stay as they are, or are withdrawn. Nothing the second time."""
    rights.check_voice(source.voice, by)
    stopped = Source.objects.filter(pk=source.pk).exclude(state=Source.State.STOPPED)
    if stopped.update(state=Source.State.STOPPED, next_at=None, etag="", modified="", kept_by=by):
        journal.record("source.stopped", by=by, target=source, withdraw=withdraw)
    source.refresh_from_db()
    return source


@transaction.atomic
def drop_source(source: Source, *, by: Person) -> None:
    """Take it off the list, unless it is followed; events that came from it stay. Nothing the second time."""
    rights.check_voice(source.voice, by)
    dropped = Source.objects.filter(pk=source.pk).exclude(state=Source.State.FOLLOWED)
    if dropped.exists():
        journal.record("source.dropped", by=by, target=source)
        dropped.delete()


@transaction.atomic
def resume_source(source: Source, *, by: Person) -> Source:
    """Follow it again; what it holds now is shown first."""
    rights.check_voice(source.voice, by)
    if Source.objects.filter(pk=source.pk, state=Source.State.STOPPED).update(state=Source.State.NEW, kept_by=by):
        source.refresh_from_db()
        journal.record("source.resumed", by=by, target=source)
        if source.url:
            _ask(source, by=by)
    return source


@transaction.atomic
def propose(reading: Reading, *, by: None, kind: str, name: str, report: Mapping[str, Any], content: bytes) -> None:
    """Show what a calendar would bring, and wait until someone accepts it."""
    source = reading.source
    source.kind, source.name = kind, source.name or _name(name)
    source.save(update_fields=["kind", "name"])
    _end(reading, Reading.State.READY, content=content, **report)
    journal.record("source.read", by=by, target=source)


@transaction.atomic
def finish(reading: Reading, *, by: None, report: Mapping[str, Any]) -> None:
    """Say that what was read is in; when it is read next, if it has an address."""
    source, now = reading.source, timezone.now()
    next_at = now + EVERY if source.url else None
    said = {"state": Source.State.FOLLOWED, "failures": 0, "next_at": next_at}
    marks = {"etag": reading.etag, "modified": reading.modified}
    Source.objects.filter(pk=source.pk).exclude(state=Source.State.STOPPED).update(**said, **marks)
    # A file stays a while: one may still say that what looks like another event is none.
    source.readings.exclude(pk=reading.pk).update(content=None)
    _end(reading, Reading.State.DONE, **({"content": None} if source.url else {}), **report)
    kept = source.readings.values_list("pk", flat=True)[:MOST_READINGS]
    source.readings.exclude(pk__in=list(kept)).delete()
    journal.record("source.read", by=by, target=source)


@transaction.atomic
def fail(reading: Reading, *, by: None, why: str) -> None:
    """Say why a calendar was not read; it is asked again later, each time later."""
    source = reading.source
    failures = min(source.failures + 1, 30)
    later = min(EVERY * 2 ** min(failures, 6), LATEST)
    followed = source.state == Source.State.FOLLOWED and bool(source.url)
    next_at = timezone.now() + later if followed else None
    Source.objects.filter(pk=source.pk).update(failures=failures, next_at=next_at)
    _end(reading, Reading.State.FAILED, content=None, message=why[:300])
    journal.record("source.failed", by=by, target=source)


def _end(reading: Reading, state: str, **said: Any) -> None:
    if "remarks" in said:
        said["remarks"] = [asdict(remark) for remark in said["remarks"][:MOST_SHOWN]]
    Reading.objects.filter(pk=reading.pk).update(state=state, **said)


def _again(source: Source, *, by: Person) -> None:
    """Read what waits once more, or the calendar itself."""
    waiting = source.readings.filter(state=Reading.State.READY).defer("content").first()
    if waiting:
        Reading.objects.filter(pk=waiting.pk).update(state=Reading.State.WAITING, done=0, total=0)
        journal.record("source.read_asked", by=by, target=waiting)
        return
    latest = source.readings.first()
    if latest is None or latest.is_under_way or source.state == Source.State.STOPPED:
        return
    if source.url:
        _ask(source, by=by)
    elif latest.content is not None:
        _ask(source, by=by, content=bytes(latest.content))


def _ask(source: Source, *, by: Person | None, content: bytes | None = None) -> None:
    reading = Reading.objects.create(source=source, content=content)
    journal.record("source.read_asked", by=by, target=reading)


def _name(name: str) -> str:
    return " ".join(clean(name).split())[:120]
