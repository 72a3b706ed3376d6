"""What is said in private in the world: between two people, to an association, to a service, by a stranger."""

from django.core.files.base import ContentFile

from parvis.conversations import actions
from parvis.moderation import actions as moderation
from parvis.publications.documents import Kept
from tests.visibility.model import PRIVATE
from tests.visibility.world import RULE, World


def confide(world: World) -> None:
    """A conversation of each sort; in one, a line is reported between its neighbours."""
    for key, (by, to) in PRIVATE.items():
        fact = world.canary("private", f"{key} 1", kind=key, by=by)
        person = world.persons[by]
        line = actions.begin(
            world.voices[to], by=person, voice=world.voices[by], body=f"Message {fact.token}", subject="Objet"
        )
        world.lines[f"{key} 1"], world.conversations[key] = line, line.conversation
    for number in range(2, 8):
        say(world, "pair", number, "neighbour" if number % 2 else "author")
    say(world, "assoc", 2, "colleague")
    say(world, "service", 2, "deputy")
    withdrawn = say(world, "pair", 8, "author", state="withdrawn")
    actions.withdraw(world.lines[withdrawn], by=world.persons["author"])
    told = world.canary("report", "pair 4", on=world.fact("private", "pair 4"), by="neighbour", state="private")
    reported = world.lines["pair 4"]
    moderation.report(reported, by=world.persons["neighbour"], rule=RULE, explanation=f"Signalement {told.token}")
    stated = world.canary("stated", "routes", by="member")
    agent = world.persons["agent"]
    actions.close(world.conversations["service"], by=agent, reason=f"Motif {stated.token}", days=7)
    rule(world)


def say(world: World, key: str, number: int, by: str, state: str = "online") -> str:
    """One more line, with a document in the second."""
    fact = world.canary("private", f"{key} {number}", kind=key, by=by, state=state)
    files = []
    if number == 2:
        held = world.canary("attached", f"{key} file", on=fact)
        content = f"Document {held.token}".encode()
        files = [Kept(ContentFile(content), f"{held.token}.txt", "text/plain; charset=utf-8", len(content))]
    person = world.persons[by]
    line = actions.answer(world.conversations[key], by=person, body=f"Message {fact.token}", files=files)
    world.lines[fact.key] = line
    return fact.key


def rule(world: World) -> None:
    """A line that was reported, hidden by a moderator and put back: its author is told why."""
    line = world.lines["assoc 1"]
    moderation.report(line, by=world.persons["colleague"], rule=RULE, explanation="Ce message n’a pas lieu d’être.")
    moderator = world.persons["moderator"]
    reason = world.canary("stated", "assoc 1", by="neighbour")
    line.refresh_from_db()
    actions.hide_line(line, by=moderator, rule=RULE, reason=f"Motif {reason.token}")
    actions.restore_line(line, by=moderator)
    actions.unflag(line)
