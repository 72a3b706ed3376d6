"""The groups of the demonstration: founded, entered and talked in by the acts of real users."""

from datetime import datetime, timedelta
from functools import partial

from rich.progress import Progress

from parvis.demo.cast import Cast
from parvis.demo.scenario import Circle, Reply, Talk
from parvis.groups import actions as groups
from parvis.groups.models import Group, Message, Topic
from parvis.people.models import Person, Voice
from parvis.publications.models import State

# Who founds a group has been there a while; whoever animates reads within minutes.
FOUNDED_HOURS, READING = 24 * 120, timedelta(minutes=6)


def gather(cast: Cast, progress: Progress) -> None:
    """Found every group, let its members in, and play what they say, oldest first."""
    for number, circle in enumerate(progress.track(cast.scenario.circles, description="Groupes")):
        group = _found(cast, circle, number)
        _let_in(cast, circle, group)
        for talk in sorted(circle.talks, key=lambda talk: -talk.age_hours):
            _talk(cast, circle, group, talk)


def _found(cast: Cast, circle: Circle, number: int) -> Group:
    stage, animator = cast.stage, cast.persons[circle.animator]
    commune = stage.commune(circle.rank)
    fill = partial(stage.fill, commune=commune)
    since = stage.ago(FOUNDED_HOURS + 24 * 31 * number)
    group = groups.found(
        by=animator,
        voice=cast.voices[circle.animator],
        name=fill(circle.name),
        zone=commune,
        scope=stage.zone("territoire" if circle.scope == "territoire" else f"{circle.scope}:{circle.rank}"),
        themes=circle.themes,
        summary=fill(circle.summary),
        body=fill(circle.body),
        access=circle.access,
        mode=circle.mode,
        pace=circle.pace,
        rules=fill(circle.rules),
        welcome=fill(circle.welcome),
        at=since,
    )
    Voice.objects.filter(pk=group.pk).update(created_at=since, opened_at=since)
    return group


def _let_in(cast: Cast, circle: Circle, group: Group) -> None:
    """Those who are named, then as many inhabitants of around as the scenario says."""
    animator = cast.persons[circle.animator]
    near = sorted(cast.scenario.inhabitants, key=lambda one: abs(one.rank - circle.rank))
    crowd = [one.slug for one in near if one.slug not in circle.members][: circle.crowd]
    for slug in dict.fromkeys([*circle.members, *crowd]):
        person, voice = cast.speakers[slug], cast.voices[slug]
        if group.members.filter(person=person).exists():
            continue
        if group.access == Group.Access.PUBLIC:
            groups.join(group, by=person, voice=voice)
        elif group.access == Group.Access.REQUEST:
            groups.answer(groups.ask(group, by=person, voice=voice), by=animator, accepted=True)
        else:
            groups.invite(group, by=animator, email=person.email)
            groups.accept(group, by=person, voice=voice)


def _talk(cast: Cast, circle: Circle, group: Group, talk: Talk) -> None:
    """One topic, its answers, and what was made of it."""
    stage, animator = cast.stage, cast.persons[circle.animator]
    at = stage.ago(talk.age_hours)
    poll = None
    if talk.question:
        poll = groups.Question(talk.question, talk.choices, stage.at(talk.ends_days, "23:59"))
    author, commune = cast.speakers[talk.author], stage.commune(circle.rank)
    topic = groups.open_topic(
        group,
        by=author,
        voice=cast.voices[talk.author],
        title=stage.fill(talk.title, commune),
        body=stage.fill(talk.body, commune),
        poll=poll,
        at=at,
    )
    _approve(cast, topic.messages.get(), animator, at)
    topic.refresh_from_db()
    said = [
        _reply(cast, topic, reply, animator, stage.ago(talk.age_hours - reply.after_hours)) for reply in talk.replies
    ]
    if talk.pinned:
        groups.pin(topic, by=animator, pinned=True)
    if talk.answer is not None:
        groups.keep_answer(said[talk.answer], by=author)
    if talk.closed:
        groups.close(topic, by=animator, reason=talk.closed)


def _reply(cast: Cast, topic: Topic, reply: Reply, animator: Person, at: datetime) -> Message:
    person, voice = cast.speakers[reply.author], cast.voices[reply.author]
    message = groups.reply(topic, by=person, voice=voice, body=reply.body, at=at)
    _approve(cast, message, animator, at)
    message.topic = topic
    return message


def _approve(cast: Cast, message: Message, animator: Person, at: datetime) -> None:
    """Let through what waited: by whoever animates and, on their own words, by the moderator of the place."""
    if message.state == State.PENDING:
        by = cast.moderator(animator) if message.author == animator else animator
        groups.approve_message(message, by=by, at=at + READING)
        message.refresh_from_db()
