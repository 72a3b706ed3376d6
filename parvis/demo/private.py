"""What the people of the demonstration write to each other in private, whom they know, and what they are told."""

from django.db.models import QuerySet
from rich.progress import Progress

from parvis.conversations import actions as conversations
from parvis.conversations.models import Line
from parvis.core.models import JournalEntry
from parvis.demo.cast import Cast
from parvis.demo.scenario import Confidence
from parvis.groups.models import Message
from parvis.notifications.jobs import tell
from parvis.notifications.keeping import count_again
from parvis.notifications.models import Notification
from parvis.notifications.telling import TELLERS
from parvis.people import actions as people
from parvis.people.models import Person
from parvis.publications.models import Reply

# The last acts of these sorts are told; what came before was read.
TOLD = {"reply.published": 60, "message.posted": 60, "topic.answered": 5, "contact.asked": 10, "contact.accepted": 10}
TOLD |= {"conversation.begun": 20, "conversation.said": 20, "group.asked": 10}
# Of each person, so many are still new.
NEW = 4


def confide(cast: Cast, progress: Progress) -> None:
    """Make people known to each other, then play their conversations, oldest first."""
    for tie in cast.scenario.ties:
        asker, asked = cast.persons[tie.asker], cast.persons[tie.asked]
        people.ask_contact(asker, cast.voices[tie.asked])
        if tie.state == "accepted":
            people.accept_contact(asked, cast.voices[tie.asker])
    # Whom one asks lets everyone write, whatever of theirs was read before by a moderator.
    for slug in sorted({tie.asked for tie in cast.scenario.ties}):
        conversations.choose(cast.persons[slug], writers=Person.Writers.ALL, shows_reading=False)
    confidences = sorted(cast.scenario.confidences, key=lambda one: -one.age_hours)
    for confidence in progress.track(confidences, description="Messages"):
        _write(cast, confidence)


def _write(cast: Cast, said: Confidence) -> None:
    """One conversation, at the times it says."""
    stage, author = cast.stage, cast.persons[said.by]
    # A moderator let their words through since they were cast.
    author.refresh_from_db()
    first = conversations.begin(
        cast.voices[said.to],
        by=author,
        voice=cast.voices[said.by],
        subject=said.subject,
        body=said.words,
        at=stage.ago(said.age_hours),
    )
    for line in said.lines:
        at = stage.ago(said.age_hours - line.after_hours)
        conversations.answer(first.conversation, by=cast.persons[line.author], body=line.words, at=at)


def tell_all(since: QuerySet[JournalEntry]) -> None:
    """Tell the last of these acts, each at the time of what was said; the newest few of each person are still new."""
    for verb, most in TOLD.items():
        assert verb in TELLERS
        for entry in reversed(since.filter(verb=verb).order_by("-pk")[:most]):
            tell(entry)
    for kind, model in (("reply", Reply), ("message", Message), ("line", Line)):
        times = dict(model.objects.values_list("pk", "created_at"))
        for row in Notification.objects.filter(item_type=kind):
            Notification.objects.filter(pk=row.pk).update(at=times[row.item or 0])
    told = set(Notification.objects.values_list("person", flat=True))
    for person in told:
        mine = Notification.objects.unread().filter(person=person).order_by("-at").values_list("pk", "at")
        for number, at in mine[NEW:]:
            Notification.objects.filter(pk=number).update(read_at=at)
    count_again(told)
