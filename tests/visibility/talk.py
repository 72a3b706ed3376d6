"""What is said in the groups of the world: in every state, with files and polls."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.groups import actions as groups
from parvis.groups.models import Topic
from parvis.moderation import actions as moderation
from parvis.publications.documents import Kept
from tests.visibility.model import GROUPS, Fact
from tests.visibility.world import RULE, World, reason, words

# In each group: who says what, in which state; the first of each is the first message of a topic.
SAID = (
    ("open pending", "member", "pending"),
    ("gated online", "neighbour", "online"),
    ("gated pending", "neighbour", "pending"),
    ("gated refused", "neighbour", "refused"),
    ("gated hidden", "neighbour", "hidden"),
    ("gated withdrawn", "neighbour", "withdrawn"),
    ("secret online", "newcomer", "online"),
    ("secret reported", "newcomer", "online"),
)
ACCESS = {"open": "public", "gated": "request", "secret": "private"}


def fact_of(world: World, key: str, by: str, state: str = "online") -> Fact:
    """What one says in a group, with its word."""
    return world.canary("said", key, kind=ACCESS[key.split(maxsplit=1)[0]], by=by, state=state, place="bois")


def document(fact: Fact, world: World) -> Kept:
    """A text that is read with the message it goes with."""
    attached = world.canary("attached", f"{fact.key} file", on=fact)
    held = f"Document {attached.token}".encode()
    return Kept(ContentFile(held), f"{attached.token}.txt", "text/plain; charset=utf-8", len(held))


def talk(world: World) -> None:
    """A topic in each group, its answers in every state, a draft; and two messages are reported."""
    for key, group in world.groups.items():
        animator = GROUPS[key][0]
        fact = fact_of(world, f"{key} topic", animator)
        polled = world.canary("attached", f"{key} poll", on=fact)
        by, voice = world.persons[animator], world.voices[animator]
        asked = groups.Question(f"Question {polled.token}", ["Oui", "Non"], timezone.now() + timedelta(days=3))
        world.topics[key] = groups.open_topic(
            group,
            by=by,
            voice=voice,
            title=f"Sujet {words(fact)}",
            body=f"Texte {words(fact)}",
            files=[] if key == "open" else [document(fact, world)],
            poll=asked,
        )
        world.messages[f"{key} topic"] = world.topics[key].messages.get()
        draft = world.canary("draft", key, by=animator)
        groups.keep_draft(group, by=by, topic=world.topics[key], body=f"Brouillon {draft.token}")
    for key, by_key, state in SAID:
        answer(world, world.topics[key.split()[0]], key, by_key, state)
    for key, reporter in (("secret reported", "author"), ("gated online", "author")):
        said = world.fact("said", key)
        told = world.canary("report", key, on=said, place="bois", by=reporter, state="open")
        person = world.persons[reporter]
        words_ = f"Signalement {told.token}"
        moderation.report(world.messages[key], by=person, rule=RULE, explanation=words_)


def answer(world: World, topic: Topic, key: str, by: str, state: str) -> None:
    """One message, brought to `state` by whoever animates."""
    fact, animator = fact_of(world, key, by, state), world.persons[GROUPS[key.split(maxsplit=1)[0]][0]]
    person, voice = world.persons[by], world.voices[by]
    files = [document(fact, world)] if person.trusted_at else []
    message = groups.reply(topic, by=person, voice=voice, body=f"Message {words(fact)}", files=files)
    world.messages[key] = message
    if state == "refused":
        groups.refuse_message(message, by=animator, rule=RULE, reason=reason(world, key, "said"))
    elif state != "pending":
        groups.approve_message(message, by=animator)
    if state == "hidden":
        groups.hide_message(message, by=animator, rule=RULE, reason=reason(world, key, "said"))
    elif state == "withdrawn":
        groups.withdraw(message, by=person)
