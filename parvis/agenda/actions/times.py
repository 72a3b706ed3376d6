"""When an event takes place: times given one by one, and times that a rule unrolls, ever further by the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda.models import Event, Occurrence, Series
from parvis.agenda.models.events import LONGEST
from parvis.agenda.models.series import at_same_hour
from parvis.agenda.recurrence import MOST, Rule
from parvis.core import journal
from parvis.publications.actions import Refused

# How far ahead, how long and how often: beyond, it is a mistake or a nuisance (R-MOD-20).
AHEAD, MOST_DATES = timedelta(days=730), 200
# How far a rule is unrolled (R-SEC-9), what stays of it behind us when it is corrected, and how often we look again.
HORIZON, BEHIND, AGAIN = timedelta(days=548), timedelta(days=62), timedelta(days=7)


@dataclass(frozen=True, order=True)
class Span:
    """One time it happens: aware times, `ends_at` None when no end is said; all day, it ends at a midnight."""

    starts_at: datetime
    ends_at: datetime | None = None
    all_day: bool = False

    @property
    def day(self) -> date:
        """The day it begins, in the territory."""
        return timezone.localtime(self.starts_at).date()

    def on(self, day: date) -> "Span":
        """The same hours, begun on `day`."""
        if self.ends_at is None:
            return Span(at_same_hour(self.starts_at, day), None, self.all_day)
        later = timezone.localtime(self.ends_at).date() - self.day
        return Span(at_same_hour(self.starts_at, day), at_same_hour(self.ends_at, day + later), self.all_day)


@dataclass(frozen=True)
class Repeat:
    """How its first time comes back, and the days on which it does not."""

    rule: Rule
    excluded: tuple[date, ...] = ()


def in_order(spans: Sequence[Span], now: datetime, repeat: Repeat | None = None) -> list[Span]:
    """`spans` soonest first, but the one that `repeat` brings back before all, each start once.

    Raises `Refused` when one is over, reversed, too far or too long.
    """
    ordered = sorted(spans, key=lambda span: (repeat is not None and span is not spans[0], span.starts_at))
    kept = list({span.starts_at: span for span in ordered}.values())
    if not kept or len(kept) > MOST_DATES:
        raise Refused(_("Indiquez de une à %(most)s dates.") % {"most": MOST_DATES})
    for span in kept:
        end = span.ends_at or span.starts_at
        if end < span.starts_at:
            raise Refused(_("La fin vient avant le début."))
        if end - span.starts_at > LONGEST:
            raise Refused(_("Un événement dure un an au plus."))
        if span.starts_at - now > AHEAD:
            raise Refused(_("Un événement s’annonce deux ans à l’avance au plus."))
    over = max(span.ends_at or span.starts_at for span in kept) < now - timedelta(days=1)
    if over and (repeat is None or not _unrolled(kept[0], repeat, timezone.localtime(now).date())):
        raise Refused(_("Cette date est passée."))
    return kept


def set_times(event: Event, spans: Sequence[Span], repeat: Repeat | None, now: datetime) -> None:
    """Make its times those of `spans`, the first of which comes back by `repeat`.

    A time that moves keeps its row, thus its place in people's calendars and who goes to it; the days of a series are
    matched by their date, and one that was moved or cancelled on its own stays so. A time nobody has any more is
    deleted, or stays cancelled when people meant to go.
    """
    today = timezone.localtime(now).date()
    first = spans[0]
    series = [Span(*_times(span)) for span in _unrolled(first, repeat, today)] if repeat else []
    rows = list(Occurrence.objects.filter(event=event))
    by_day = {timezone.localtime(row.series_at).date(): row for row in rows if row.series_at}
    by_start = {row.starts_at: row for row in rows if repeat is None or row.series_at is None}
    wanted = {span.starts_at: span for span in spans} if not repeat else {span.starts_at: span for span in spans[1:]}
    for span in series:
        wanted.pop(span.starts_at, None)
    made: list[Occurrence] = []
    used: set[int] = set()
    for span in series:
        row = by_day.get(span.day) or by_start.pop(span.starts_at, None) or Occurrence(event=event)
        stays = row.series_at is not None and row.starts_at != row.series_at
        row.series_at = span.starts_at
        made.append(row if stays else _timed(row, span))
        used.add(row.pk)
    gone = [row for row in rows if row.pk not in used and row.starts_at not in wanted]
    free = [row for row in gone if row.series_at is None and not row.status]
    for start, span in wanted.items():
        row = by_start.get(start) or (free.pop(0) if free else Occurrence(event=event))
        row.series_at = None
        made.append(_timed(row, span))
        used.add(row.pk)
    # What a rule said before today happened.
    _let_go([row for row in gone if row.pk not in used and not (repeat and row.series_at and row.closes_at < now)])
    _write(made)
    _remember(event, first, repeat, today)


def occurrences_of(event: Event, spans: Sequence[Span], repeat: Repeat | None, today: date) -> list[Occurrence]:
    """The times, not yet written, of an event that has none: `spans`, the first of which comes back by `repeat`."""
    series = _unrolled(spans[0], repeat, today) if repeat else []
    starts = {span.starts_at for span in series}
    own = [span for span in (spans[1:] if repeat else spans) if span.starts_at not in starts]
    return [
        *(_timed(Occurrence(event=event, series_at=span.starts_at), span) for span in series),
        *(_timed(Occurrence(event=event), span) for span in own),
    ]


def series_of(event: Event, first: Span, repeat: Repeat, today: date) -> Series:
    """The rule of an event that has none yet, not written."""
    whole = len(_unrolled(first, repeat, today)) < MOST and repeat.rule.ends(first.day, today + HORIZON)
    return Series(event=event, unroll_on=None if whole else today + AGAIN, **_said(first, repeat))


def _said(first: Span, repeat: Repeat) -> dict[str, Any]:
    return {
        "starts_at": first.starts_at,
        "ends_at": first.ends_at,
        "all_day": first.all_day,
        "rule": str(repeat.rule),
        "excluded": [day.isoformat() for day in sorted(repeat.excluded)],
    }


def _times(span: Span) -> tuple[datetime, datetime | None, bool]:
    return span.starts_at, span.ends_at, span.all_day


def _timed(row: Occurrence, span: Span) -> Occurrence:
    row.starts_at, row.ends_at, row.all_day = span.starts_at, span.ends_at, span.all_day
    return row


def _unrolled(first: Span, repeat: Repeat, today: date, *, after: date | None = None, most: int = MOST) -> list[Span]:
    """The times of a series until the horizon, those long past left out."""
    after = after or max(first.day - timedelta(days=1), today - BEHIND)
    days = repeat.rule.dates(first.day, today + HORIZON, after=after, most=most)
    return [first.on(day) for day in days if day not in repeat.excluded]


def _let_go(rows: Sequence[Occurrence]) -> None:
    """Take times away; those at which someone meant to be stay, cancelled, so that they know."""
    met = set(
        Occurrence.objects.filter(pk__in=[row.pk for row in rows], attendances__isnull=False).values_list(
            "pk", flat=True
        )
    )
    Occurrence.objects.filter(pk__in=[row.pk for row in rows if row.pk not in met]).delete()
    Occurrence.objects.filter(pk__in=met).update(status=Event.Status.CANCELLED, series_at=None)


def _write(rows: Sequence[Occurrence]) -> None:
    """Write times, new and known. Raises `Refused` when two begin at once."""
    fields = ("starts_at", "ends_at", "all_day", "series_at")
    try:
        with transaction.atomic():
            Occurrence.objects.bulk_update([row for row in rows if row.pk], fields)
            Occurrence.objects.bulk_create([row for row in rows if not row.pk])
    except IntegrityError as error:
        raise Refused(_("Deux dates commencent au même moment : gardez-en une.")) from error


def _remember(event: Event, first: Span, repeat: Repeat | None, today: date) -> None:
    """Keep the rule beside its times, or forget the one there was."""
    if repeat is None:
        Series.objects.filter(event=event).delete()
        return
    over = repeat.rule.ends(first.day, today + HORIZON)
    Series.objects.update_or_create(
        event=event,
        defaults=_said(first, repeat)
        | {"unroll_on": None if over and _is_whole(event, first, repeat, today) else today + AGAIN},
    )


def _is_whole(event: Event, first: Span, repeat: Repeat, today: date) -> bool:
    """Whether each of its days until the horizon is an occurrence: a daily one has more than are kept at once."""
    last = event.occurrences.aggregate(last=Max("series_at"))["last"]
    after = timezone.localtime(last).date() if last else None
    return not _unrolled(first, repeat, today, after=after, most=1)


@transaction.atomic
def unroll(series: Series, *, by: None, today: date) -> int:
    """Write the times of a series that came within the horizon, by the clock; how many. The second time, none."""
    first = Span(series.starts_at, series.ends_at, series.all_day)
    repeat = Repeat(series.said, tuple(series.excluded_days))
    rows = Occurrence.objects.filter(event=series.event_id)
    last = rows.aggregate(last=Max("series_at"))["last"]
    midnight = datetime.combine(today, time.min, timezone.get_current_timezone())
    room = MOST - rows.filter(starts_at__gte=midnight).count()
    after = timezone.localtime(last).date() if last else None
    spans = _unrolled(first, repeat, today, after=after, most=max(room, 0))
    known = set(rows.filter(starts_at__in=[span.starts_at for span in spans]).values_list("starts_at", flat=True))
    made = Occurrence.objects.bulk_create(
        _timed(Occurrence(event_id=series.event_id, series_at=span.starts_at), span)
        for span in spans
        if span.starts_at not in known
    )
    over = repeat.rule.ends(first.day, today + HORIZON) and room > len(spans)
    Series.objects.filter(pk=series.pk).update(unroll_on=None if over else today + AGAIN)
    if made:
        journal.record("event.unrolled", by=by, target=series, dates=len(made))
    return len(made)
