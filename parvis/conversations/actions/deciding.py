"""What moderators decide on a line that was reported: they read it with its neighbours, and nothing else (R-MOD-6)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.conversations.models import Line, Ruling
from parvis.conversations.rights import Refused
from parvis.core import journal, text
from parvis.people.models import Person
from parvis.publications.actions import AlreadyDecided
from parvis.publications.models import Decision, State

Verdict = Decision.Verdict


@transaction.atomic
def hide_line(line: Line, *, by: Person, rule: str, reason: str) -> None:
    """Take a line out of sight, keep it, and say why. Raises AlreadyDecided, Refused."""
    reason = text.clean(reason).strip()
    if not (reason and rule in Decision.Rule.values):
        raise Refused(_("Choisissez la règle en cause et écrivez le motif : il est envoyé à son auteur."))
    _decide(line, by, Verdict.HIDE, State.ONLINE, State.HIDDEN, rule=rule, reason=reason)


@transaction.atomic
def restore_line(line: Line, *, by: Person, reason: str = "") -> None:
    """Put back what was hidden. Raises AlreadyDecided, Refused."""
    _decide(line, by, Verdict.RESTORE, State.HIDDEN, State.ONLINE, reason=text.clean(reason).strip())


def flag(line: Line) -> None:
    """Note that someone reported it: a moderator may read it from then on."""
    Line.objects.filter(pk=line.pk, reported_at=None).update(reported_at=timezone.now())


def unflag(line: Line) -> None:
    """Note that what was reported of it was answered: no moderator reads it any more."""
    Line.objects.filter(pk=line.pk).update(reported_at=None)


def _decide(
    line: Line, by: Person, verdict: Verdict, before: State, after: State, rule: str = "", reason: str = ""
) -> None:
    theirs = Line.objects.under(by)
    if not theirs.filter(pk=line.pk).exists():
        raise Refused(_("Ce message ne relève pas de votre modération."))
    if not Line.objects.filter(pk=line.pk, state=before, pk__in=theirs.values("pk")).update(state=after):
        raise AlreadyDecided
    line.state = after
    made = Ruling.objects.create(line=line, verdict=verdict, rule=rule, reason=reason, by=by)
    hidden = verdict == Verdict.HIDE
    journal.record("line.hidden" if hidden else "line.restored", by=by, target=line, decision=made.pk, rule=rule)
