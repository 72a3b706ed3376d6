"""What the cast says, told in the order in which it was said."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from rich.progress import Progress

from parvis.agenda import actions as agenda
from parvis.agenda.models import Event as EventRow
from parvis.agenda.recurrence import Rule
from parvis.demo.cast import Cast
from parvis.demo.gallery import Gallery
from parvis.demo.scenario import Event, Notice, Post, Reply
from parvis.moderation import actions as moderation
from parvis.people.models import Person
from parvis.publications import actions
from parvis.publications.models import Publication, State

# One event after another fills the feed of the last weeks evenly: the golden ratio spreads best.
GOLDEN, SPREAD_HOURS = 0.618034, 700
# Nothing waits longer for a moderator.
WAITING_HOURS = 40
# A moderator reads within minutes; an event is announced some days before.
READING, NOTICE = timedelta(minutes=2), timedelta(days=3)
# The last things said under an event.
BETWEEN = timedelta(minutes=6)
# Beyond, an event is one span of days with its hours in words, and not so many occurrences.
FEW_DAYS = 3

Moment = tuple[datetime, Callable[[datetime], None]]


def tell(cast: Cast, gallery: Gallery, progress: Progress) -> None:
    """Play every notice, event, post and reply by the acts of real users, oldest first."""
    said: dict[str, Publication] = {}
    moments = [*_notices(cast), *_events(cast, gallery, said), *_conversations(cast, gallery, said)]
    moments.sort(key=lambda moment: moment[0])
    for at, act in progress.track(moments, description="Publications"):
        act(at)
    for report in cast.scenario.reports:
        reader, item = cast.persons[report.by], said[report.on]
        moderation.report(item, by=reader, rule=report.rule, explanation=report.explanation)
    for post in cast.scenario.posts:
        if post.state == "hidden":
            moderator = cast.moderator(cast.speakers[post.author])
            moderation.decide(said[post.slug], by=moderator, verdict="hide", rule=post.rule, reason=post.reason)


def _notices(cast: Cast) -> Iterator[Moment]:
    for notice in cast.scenario.notices:
        yield cast.stage.ago(notice.age_hours), partial(_notice, cast, notice)


def _events(cast: Cast, gallery: Gallery, said: dict[str, Publication]) -> Iterator[Moment]:
    """Announced all along the last weeks, and always some days before they happen."""
    for number, event in enumerate(cast.scenario.events):
        hours = WAITING_HOURS if event.state == "pending" else SPREAD_HOURS
        announced = cast.stage.ago(1 + hours * (number * GOLDEN % 1))
        first = min(span.starts_at for span in _spans(cast, event))
        begun = min(announced, first - NOTICE)
        yield begun, partial(_event, cast, gallery, event, said)
        for rank, comment in enumerate(event.comments, start=-len(event.comments)):
            # Some were announced an hour ago: what is said under them is not of tomorrow, and in its order.
            at = min(begun + timedelta(hours=comment.after_hours), cast.stage.now + rank * BETWEEN)
            yield max(at, begun), partial(_reply, cast, event, comment, said)


def _conversations(cast: Cast, gallery: Gallery, said: dict[str, Publication]) -> Iterator[Moment]:
    for post in cast.scenario.posts:
        yield cast.stage.ago(post.age_hours), partial(_post, cast, gallery, post, said)
        for reply in post.replies:
            yield cast.stage.ago(post.age_hours - reply.after_hours), partial(_reply, cast, post, reply, said)


def _notice(cast: Cast, notice: Notice, at: datetime) -> None:
    stage, speaker = cast.stage, cast.speakers[notice.service]
    ranked = next((mark for mark in notice.zones if ":" in mark), "commune:1")
    commune = stage.commune(int(ranked.partition(":")[2]))
    draft = actions.compose(
        voice=cast.voices[notice.service],
        by=speaker,
        kind=Publication.Kind.NOTICE,
        place=commune,
        title=stage.fill(notice.title, commune),
        body=stage.fill(notice.body, commune),
        zones=stage.zones(notice.zones),
        purpose=notice.purpose,
        is_alert=notice.alert,
        expires_at=stage.at(notice.expires_days, "23:59"),
        at=at,
    )
    actions.submit(draft, by=speaker, at=at)


def _event(cast: Cast, gallery: Gallery, event: Event, said: dict[str, Publication], at: datetime) -> None:
    stage, speaker = cast.stage, cast.speakers[event.organiser]
    commune = stage.commune(event.rank)
    first, *others = _spans(cast, event)
    publication = said[event.slug] = agenda.announce(
        voice=cast.voices[event.organiser],
        by=speaker,
        title=stage.fill(event.title, commune),
        body=stage.fill(event.body, commune) + _hours(event),
        category=event.category,
        venue=stage.fill(event.place, commune),
        home_address=event.home,
        commune=commune,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        all_day=first.all_day,
        others=others,
        repeat=_repeat(cast, event, first),
        price=event.price,
        access=event.access,
        min_age=event.min_age,
        answerable=bool(event.comments),
        is_free=event.price.casefold().startswith(("gratuit", "entrée libre")),
        link=event.link,
        **gallery.shown(event.slug),
        at=at,
    )
    _moderate(cast, publication, speaker, event, at)
    _settle(cast, publication.event, event, speaker)
    _ask(cast, publication.event, event, speaker)


def _settle(cast: Cast, said: EventRow, event: Event, speaker: Person) -> None:
    """Seats, who organises it too, and what became of it since it was announced."""
    for slug in event.shared:
        asked = agenda.invite_to_organise(said, cast.voices[slug], by=speaker)
        agenda.accept_to_organise(asked, by=cast.speakers[slug])
    if event.seats:
        agenda.set_seats(said, by=speaker, takes_registrations=True, capacity=event.seats, question=event.question)
    if event.state == "cancelled":
        agenda.cancel_event(said, by=speaker, note=event.reason)
    if event.state == "moved":
        first = said.occurrences.all()[0]
        agenda.change_time(first, by=speaker, status="moved", venue=event.moved_to, note=event.reason)


def _ask(cast: Cast, said: EventRow, event: Event, speaker: Person) -> None:
    """Who asks to come to a home; whoever organises accepted the first."""
    time = said.occurrences.all()[0]
    for number, slug in enumerate(event.asking):
        agenda.attend(cast.persons[slug], time)
        if number == 0:
            agenda.accept_attendee(time.attendances.get(person=cast.persons[slug]), by=speaker)


def _repeat(cast: Cast, event: Event, first: agenda.Span) -> agenda.Repeat | None:
    """Every week until a day of the year, but on some."""
    if not event.until:
        return None
    rule = Rule("WEEKLY", until=max(_next(first.day, event.until), cast.stage.day(60)))
    spans = [tuple(day.partition("/")[::2]) for day in event.without]
    off = [day for day in rule.dates(first.day, rule.until or first.day) if any(_between(day, *span) for span in spans)]
    return agenda.Repeat(rule, tuple(off))


def _next(day: date, of_year: str) -> date:
    """The first « 06-29 » from `day` on."""
    month, number = map(int, of_year.split("-"))
    return next(one for year in (day.year, day.year + 1) if (one := date(year, month, number)) >= day)


def _between(day: date, first: str, last: str) -> bool:
    """Whether a day lies between two days of the year, perhaps across the new one."""
    mark = f"{day:%m-%d}"
    return first <= mark <= last if first <= last else mark >= first or mark <= last


def _spans(cast: Cast, event: Event) -> list[agenda.Span]:
    """Each day of a short event, each time it comes back; one span of whole days for an exhibition."""
    at = cast.stage.at
    first = cast.stage.offset(event.day, on=event.on, weekday=event.weekday)
    if event.days > FEW_DAYS:
        return [agenda.Span(at(first, "00:00"), at(first + event.days, "00:00"), all_day=True)]
    days = (first + turn * event.every + day for turn in range(event.times) for day in range(event.days))
    return [agenda.Span(at(day, event.starts), at(day, event.ends)) for day in days]


def _hours(event: Event) -> str:
    """The hours of an exhibition, which its span does not say."""
    if event.days <= FEW_DAYS:
        return ""
    opens, closes = (_hour(hour) for hour in (event.starts, event.ends))
    return f"\n\nTous les jours, de {opens} à {closes}."


def _hour(hour: str) -> str:
    """« 18 h 30 », « 9 h »."""
    hours, minutes = hour.split(":")
    return f"{int(hours)}\u00a0h" + (f"\u00a0{minutes}" if minutes != "00" else "")


def _post(cast: Cast, gallery: Gallery, post: Post, said: dict[str, Publication], at: datetime) -> None:
    stage, speaker, voice = cast.stage, cast.speakers[post.author], cast.voices[post.author]
    commune = stage.commune(post.rank)
    draft = actions.compose(
        voice=voice,
        by=speaker,
        kind=Publication.Kind.POST,
        place=commune,
        title=stage.fill(post.title, commune),
        body=stage.fill(post.body, commune),
        # An élu speaks to everyone (R-LAW-35).
        zones=[stage.root if post.kind == "elu" else commune],
        **gallery.shown(post.slug),
        at=at,
    )
    said[post.slug] = actions.submit(draft, by=speaker, at=at)
    _moderate(cast, draft, speaker, post, at)


def _moderate(cast: Cast, publication: Publication, author: Person, script: Event | Post, at: datetime) -> None:
    """Decide on what waits, as the scenario says: let it through, refuse it, or leave it in the queue."""
    if publication.state != State.PENDING or script.state == "pending":
        return
    moderator = cast.moderator(author)
    if script.state == "refused":
        actions.refuse(publication, by=moderator, rule=script.rule, reason=script.reason, at=at + READING)
    else:
        actions.approve(publication, by=moderator, at=at + READING)
        author.refresh_from_db(fields=["trusted_at"])


def _reply(cast: Cast, post: Post | Event, reply: Reply, said: dict[str, Publication], at: datetime) -> None:
    speaker = cast.speakers[reply.author]
    body = cast.stage.fill(reply.body, cast.stage.commune(post.rank))
    answer = actions.reply(said[post.slug], voice=cast.voices[reply.author], by=speaker, body=body, at=at)
    if answer.state == State.PENDING:
        actions.approve_reply(answer, by=cast.moderator(speaker), at=at)
