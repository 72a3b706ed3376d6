"""What readers report, and what moderators do: decide, and answer those who reported."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.conversations import actions as conversations
from parvis.conversations.models import Line
from parvis.core import journal, text
from parvis.groups import actions as groups
from parvis.groups.models import Message
from parvis.moderation.models import Item, Report, field_of
from parvis.moderation.urgent import is_credible
from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.actions import AlreadyDecided, Refused
from parvis.publications.models import Decision, Publication, Reply, State

Verdict = Decision.Verdict
# The answer to reports that changes nothing to what is read; not a decision on its author.
KEEP = "keep"
# What each state allows.
ALLOWED: dict[str, tuple[str, ...]] = {
    State.PENDING: (Verdict.APPROVE, Verdict.REFUSE),
    State.ONLINE: (Verdict.HIDE, KEEP),
    State.HIDDEN: (Verdict.RESTORE,),
}
# How many open reports one act answers: beyond, the rest waits for the next.
CLOSED_AT_ONCE = 500


def _may_be_read(item: Item, person: Person | None) -> bool:
    """Whether `person` (None: a visitor) reads it, and so may report it."""
    if isinstance(item, Voice):
        return Voice.objects.visible_to(person).presented().filter(pk=item.pk).exists()
    return type(item).objects.visible_to(person).filter(pk=item.pk).exists()


def verdicts_on(item: Item) -> tuple[str, ...]:
    """What may be decided on `item` as it is now."""
    if isinstance(item, Voice):
        return ALLOWED[State.HIDDEN if item.hidden_at else State.ONLINE]
    if isinstance(item, Message) and item.state == State.HIDDEN and Report.objects.open().on(item).exists():
        # Hidden for now: someone still has to read it.
        return (Verdict.RESTORE, Verdict.HIDE)
    return ALLOWED.get(item.state, ())


@transaction.atomic
def report(item: Item, *, by: Person | None, rule: str, explanation: str, email: str = "") -> Report:
    """Note that someone says `item` breaks `rule` (R-LAW-18). Raises Refused.

    The same person saying it again while it is open converges to the first; a visitor may give an e-mail address.
    """
    if not _may_be_read(item, by):
        raise Refused(_("Ce contenu n’est plus en ligne."))
    explanation = text.clean(explanation).strip()[:2_000]
    if rule not in Decision.Rule.values or not explanation:
        raise Refused(_("Choisissez la règle en cause et expliquez ce qui pose problème."))
    first = Report.objects.open().on(item).filter(reporter=by).first() if by else None
    if first:
        return first
    if isinstance(item, Message):
        groups.flag(item)
    elif isinstance(item, Line):
        conversations.flag(item)
    target = {field_of(item): item}
    made = Report.objects.create(rule=rule, explanation=explanation, reporter=by, email="" if by else email, **target)
    journal.record("report.received", by=by, target=made, rule=rule)
    if isinstance(item, Message) and is_credible(item, by, rule):
        groups.hide_for_now(item, rule=rule, reason=_("Masqué aussitôt, à titre provisoire, après un signalement."))
    return made


@transaction.atomic
def decide(item: Item, *, by: Person, verdict: str, rule: str = "", reason: str = "") -> None:
    """Apply a verdict to `item`, and answer whoever reported it. Raises AlreadyDecided, Refused."""
    if verdict not in verdicts_on(item):
        raise AlreadyDecided
    if isinstance(item, Voice):
        decide_profile(item, by=by, verdict=verdict, rule=rule, reason=reason)
    elif isinstance(item, Message):
        decide_message(item, by=by, verdict=verdict, rule=rule, reason=reason)
    elif isinstance(item, Line):
        decide_line(item, by=by, verdict=verdict, rule=rule, reason=reason)
    elif verdict == Verdict.APPROVE:
        approve(item, by=by)
    elif verdict == Verdict.REFUSE:
        refuse(item, by=by, rule=rule, reason=reason)
    elif verdict == Verdict.RESTORE:
        actions.restore(item, by=by, reason=reason)
    elif verdict == Verdict.HIDE:
        actions.hide(item, by=by, rule=rule, reason=reason)
        answer_reports(item, by=by, upheld=True, answer=reason)
    else:
        keep(item, by=by, reason=reason)


def decide_profile(voice: Voice, *, by: Person, verdict: str, rule: str, reason: str) -> None:
    """The same on what a voice wrote about itself."""
    if verdict == Verdict.RESTORE:
        actions.restore_profile(voice, by=by, reason=reason)
    elif verdict == Verdict.HIDE:
        actions.hide_profile(voice, by=by, rule=rule, reason=reason)
        answer_reports(voice, by=by, upheld=True, answer=reason)
    else:
        keep(voice, by=by, reason=reason)


def decide_message(message: Message, *, by: Person, verdict: str, rule: str, reason: str) -> None:
    """The same on a message of a group."""
    if verdict == Verdict.APPROVE:
        groups.approve_message(message, by=by)
    elif verdict == Verdict.REFUSE:
        groups.refuse_message(message, by=by, rule=rule, reason=reason)
    elif verdict == Verdict.RESTORE:
        groups.restore_message(message, by=by, reason=reason)
        answer_reports(message, by=by, upheld=False, answer=reason)
    elif verdict == Verdict.HIDE:
        hide = groups.keep_hidden if message.state == State.HIDDEN else groups.hide_message
        hide(message, by=by, rule=rule, reason=reason)
        answer_reports(message, by=by, upheld=True, answer=reason)
    else:
        keep(message, by=by, reason=reason)


def decide_line(line: Line, *, by: Person, verdict: str, rule: str, reason: str) -> None:
    """The same on a private message that was reported."""
    if verdict == Verdict.RESTORE:
        conversations.restore_line(line, by=by, reason=reason)
    elif verdict == Verdict.HIDE:
        conversations.hide_line(line, by=by, rule=rule, reason=reason)
        answer_reports(line, by=by, upheld=True, answer=reason)
    else:
        keep(line, by=by, reason=reason)


def keep(item: Item, *, by: Person, reason: str) -> None:
    """Leave it as it is, and answer whoever reported it. Raises AlreadyDecided when nothing is theirs to answer."""
    if not Report.objects.awaiting(by).on(item).exists():
        raise AlreadyDecided
    answer_reports(item, by=by, upheld=False, answer=reason)
    if isinstance(item, Message):
        groups.unflag(item)
    elif isinstance(item, Line):
        conversations.unflag(item)


def approve(item: Publication | Reply, *, by: Person) -> None:
    """Put online what waited, whichever it is."""
    if isinstance(item, Reply):
        actions.approve_reply(item, by=by)
    else:
        actions.approve(item, by=by)


def refuse(item: Publication | Reply, *, by: Person, rule: str, reason: str) -> None:
    """Refuse what waited, whichever it is."""
    if isinstance(item, Reply):
        actions.refuse_reply(item, by=by, rule=rule, reason=reason)
    else:
        actions.refuse(item, by=by, rule=rule, reason=reason)


def answer_reports(item: Item, *, by: Person, upheld: bool, answer: str) -> None:
    """Close the open reports on `item`; each is journaled, so that whoever reported is told (R-LAW-18)."""
    for row in Report.objects.open().on(item).select_for_update()[:CLOSED_AT_ONCE]:
        row.closed_at, row.closed_by, row.upheld, row.answer = timezone.now(), by, upheld, text.clean(answer).strip()
        row.save(update_fields=["closed_at", "closed_by", "upheld", "answer"])
        journal.record("report.closed", by=by, target=row, upheld=upheld)
