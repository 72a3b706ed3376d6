"""What animators and moderators decide on messages: each decision is one row with its ground (R-LAW-19, R-MOD-6)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal, text
from parvis.groups.actions.talking import appear, settle
from parvis.groups.models import Member, Message, Ruling, Topic
from parvis.groups.rights import Refused
from parvis.people.models import Person
from parvis.publications.actions import AlreadyDecided, spreading
from parvis.publications.models import Decision, State
from parvis.publications.models.publications import moderated_by

Verdict = Decision.Verdict


@transaction.atomic
def approve_message(message: Message, *, by: Person, at: datetime | None = None) -> None:
    """Let a message that waited appear, at the end of its topic. Raises AlreadyDecided, Refused."""
    at = at or timezone.now()
    _decide(message, by, Verdict.APPROVE, State.PENDING, State.ONLINE)
    if message.opens:
        Topic.objects.filter(pk=message.topic_id).update(state=State.ONLINE)
        message.topic.state = State.ONLINE
    appear(message, at)
    Member.objects.filter(group=message.topic.group_id, person=message.author_id, trusted_at=None).update(trusted_at=at)
    # Whoever answers for the place vouches for an account everywhere; an animator, in their group.
    if Message.objects.filter(moderated_by(by, "topic__group__voice__zone"), pk=message.pk).exists():
        spreading.trust(message.author, at)
    journal.record("message.posted", by=by, target=message)


@transaction.atomic
def refuse_message(message: Message, *, by: Person, rule: str, reason: str) -> None:
    """Refuse what waited, with a reason its author reads. Raises AlreadyDecided, Refused."""
    _decide(message, by, Verdict.REFUSE, State.PENDING, State.REFUSED, rule=rule, reason=reason)
    settle(message)


@transaction.atomic
def hide_message(message: Message, *, by: Person, rule: str, reason: str) -> None:
    """Take a message out of sight, keep it, and say why. Raises AlreadyDecided, Refused."""
    _decide(message, by, Verdict.HIDE, State.ONLINE, State.HIDDEN, rule=rule, reason=reason)
    settle(message)


@transaction.atomic
def restore_message(message: Message, *, by: Person, reason: str = "") -> None:
    """Put back what was hidden, at the place it had. Raises AlreadyDecided, Refused."""
    _decide(message, by, Verdict.RESTORE, State.HIDDEN, State.ONLINE, reason=reason)
    settle(message)


@transaction.atomic
def hide_for_now(message: Message, *, rule: str, reason: str) -> None:
    """Take out of sight what someone credible says harms a person, until a moderator reads it (R-MOD-19, R-LAW-14)."""
    if not Message.objects.filter(pk=message.pk, state=State.ONLINE).update(state=State.HIDDEN):
        return
    message.state = State.HIDDEN
    settle(message)
    made = Ruling.objects.create(message=message, verdict=Verdict.HIDE, rule=rule, reason=reason)
    journal.record("message.hidden", by=None, target=message, decision=made.pk, rule=rule)


@transaction.atomic
def keep_hidden(message: Message, *, by: Person, rule: str, reason: str) -> None:
    """Decide, having read it, that what was hidden for now stays so, and say why. Raises AlreadyDecided, Refused."""
    _decide(message, by, Verdict.HIDE, State.HIDDEN, State.HIDDEN, rule=rule, reason=reason)


def flag(message: Message) -> None:
    """Note that someone reported it: whoever answers for the place may read it from then on."""
    Message.objects.filter(pk=message.pk, reported_at=None).update(reported_at=timezone.now())


def unflag(message: Message) -> None:
    """Note that what was reported of it was answered."""
    Message.objects.filter(pk=message.pk).update(reported_at=None)


def _decide(
    message: Message, by: Person, verdict: Verdict, before: State, after: State, *, rule: str = "", reason: str = ""
) -> None:
    """Move `message` if it is still as it was read and theirs to decide, and write why."""
    reason = text.clean(reason).strip()
    if verdict in {Verdict.REFUSE, Verdict.HIDE} and not (reason and rule in Decision.Rule.values):
        raise Refused(_("Choisissez la règle en cause et écrivez le motif : il est envoyé à son auteur."))
    theirs = Message.objects.under(by)
    if not theirs.filter(pk=message.pk).exists():
        raise Refused(_("Ce message ne relève pas de votre modération."))
    row = Message.objects.filter(pk=message.pk, state=before, version=message.version, pk__in=theirs.values("pk"))
    if not row.update(state=after):
        raise AlreadyDecided
    message.state = after
    decision = Ruling.objects.create(message=message, verdict=verdict, rule=rule, reason=reason, by=by)
    journal.record(
        {
            Verdict.APPROVE: "message.approved",
            Verdict.REFUSE: "message.refused",
            Verdict.HIDE: "message.hidden",
            Verdict.RESTORE: "message.restored",
        }[verdict],
        by=by,
        target=message,
        decision=decision.pk,
        rule=rule,
    )
