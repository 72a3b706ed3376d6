"""What moderators do. Each decision is one row with its ground, written with the change (R-LAW-19, R-MOD-6)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal, text
from parvis.people.models import Person, Voice
from parvis.publications.actions import spreading
from parvis.publications.models import Decision, Publication, Reply, State
from parvis.publications.rights import AlreadyDecided, Refused, profiles_under

Verdict = Decision.Verdict


@transaction.atomic
def approve(publication: Publication, *, by: Person, at: datetime | None = None) -> Publication:
    """Put online what waited, and trust its author from now on. Raises AlreadyDecided, Refused."""
    at = at or timezone.now()
    fields = spreading.come_online(publication, at)
    _decide(publication, by, Verdict.APPROVE, State.PENDING, State.ONLINE, at=at, **fields)
    spreading.trust(publication.author, at)
    spreading.spread(publication)
    spreading.note_word(publication.voice, at)
    journal.record("publication.published", by=by, target=publication, kind=publication.kind)
    return publication


@transaction.atomic
def refuse(publication: Publication, *, by: Person, rule: str, reason: str, at: datetime | None = None) -> Publication:
    """Refuse what waited, with a reason its author reads. Raises AlreadyDecided, Refused."""
    _decide(publication, by, Verdict.REFUSE, State.PENDING, State.REFUSED, rule=rule, reason=reason, at=at)
    return publication


@transaction.atomic
def approve_reply(reply: Reply, *, by: Person, at: datetime | None = None) -> Reply:
    """Put online a reply that waited, and trust its author from now on. Raises AlreadyDecided, Refused."""
    at = at or timezone.now()
    _decide(reply, by, Verdict.APPROVE, State.PENDING, State.ONLINE, at=at)
    spreading.trust(reply.author, at)
    spreading.note_word(reply.voice, at)
    _count(reply, 1)
    journal.record("reply.published", by=by, target=reply)
    return reply


@transaction.atomic
def refuse_reply(reply: Reply, *, by: Person, rule: str, reason: str, at: datetime | None = None) -> Reply:
    """Refuse a reply that waited, with a reason its author reads. Raises AlreadyDecided, Refused."""
    _decide(reply, by, Verdict.REFUSE, State.PENDING, State.REFUSED, rule=rule, reason=reason, at=at)
    return reply


@transaction.atomic
def hide(item: Publication | Reply, *, by: Person, rule: str, reason: str) -> None:
    """Take out of sight, keep, and say why (R-LAW-19, R-MOD-5). Raises AlreadyDecided, Refused."""
    _decide(item, by, Verdict.HIDE, State.ONLINE, State.HIDDEN, rule=rule, reason=reason)
    if isinstance(item, Publication):
        spreading.gather_back(item)
    else:
        _count(item, -1)


@transaction.atomic
def restore(item: Publication | Reply, *, by: Person, reason: str = "") -> None:
    """Put back what was hidden, at the place it had. Raises AlreadyDecided, Refused."""
    _decide(item, by, Verdict.RESTORE, State.HIDDEN, State.ONLINE, reason=reason)
    if isinstance(item, Publication):
        spreading.spread(item)
    else:
        _count(item, 1)


@transaction.atomic
def hide_profile(voice: Voice, *, by: Person, rule: str, reason: str) -> None:
    """Hide what `voice` wrote about itself, and say why; the rest stays. Raises AlreadyDecided, Refused."""
    reason = _grounded(Verdict.HIDE, rule, reason)
    _move_profile(voice, by, before=None, after=timezone.now())
    decision = Decision.objects.create(voice=voice, verdict=Verdict.HIDE, rule=rule, reason=reason, by=by)
    journal.record("voice.hidden", by=by, target=voice, decision=decision.pk, rule=rule)


@transaction.atomic
def restore_profile(voice: Voice, *, by: Person, reason: str = "") -> None:
    """Show again what `voice` wrote about itself, as it is now. Raises AlreadyDecided, Refused."""
    reason = _grounded(Verdict.RESTORE, "", reason)
    _move_profile(voice, by, before=voice.hidden_at or timezone.now(), after=None)
    decision = Decision.objects.create(voice=voice, verdict=Verdict.RESTORE, reason=reason, by=by)
    journal.record("voice.restored", by=by, target=voice, decision=decision.pk, rule="")


def _move_profile(voice: Voice, by: Person, *, before: datetime | None, after: datetime | None) -> None:
    """Change what is shown of `voice` if it is still as the moderator read it, and theirs to decide."""
    theirs = profiles_under(by).filter(pk=voice.pk)
    if not theirs.exists():
        raise Refused(_("Ce profil ne relève pas de votre modération."))
    row = Voice.objects.filter(pk__in=theirs.values("pk"), hidden_at=before, version=voice.version)
    if not row.update(hidden_at=after, version=F("version") + 1):
        raise AlreadyDecided
    voice.hidden_at, voice.version = after, voice.version + 1


def _grounded(verdict: Verdict, rule: str, reason: str) -> str:
    """The reason as it is kept; a refusal says which rule and why (R-LAW-19)."""
    reason = text.clean(reason).strip()
    if verdict in {Verdict.REFUSE, Verdict.HIDE} and not (reason and rule in Decision.Rule.values):
        raise Refused(_("Choisissez la règle en cause et écrivez le motif : il est envoyé à son auteur."))
    return reason


def _decide(
    item: Publication | Reply,
    by: Person,
    verdict: Verdict,
    before: State,
    after: State,
    *,
    rule: str = "",
    reason: str = "",
    at: datetime | None = None,
    **fields: Any,
) -> None:
    """Move `item` if it is still as the moderator saw it and theirs to decide, and write why."""
    reason = _grounded(verdict, rule, reason)
    theirs = type(item).objects.under(by)
    if not theirs.filter(pk=item.pk).exists():
        raise Refused(_("Ce contenu ne relève pas de votre modération."))
    if isinstance(item, Publication):
        # What its author changes while we decide was not read.
        theirs = Publication.objects.under(by).filter(version=item.version)
    if not spreading.move(item, theirs, before=before, after=after, **fields):
        raise AlreadyDecided
    publication, reply = (item, None) if isinstance(item, Publication) else (None, item)
    decision = Decision.objects.create(
        publication=publication, reply=reply, verdict=verdict, rule=rule, reason=reason, by=by, at=at or timezone.now()
    )
    journal.record(
        {
            Verdict.APPROVE: "publication.approved" if publication else "reply.approved",
            Verdict.REFUSE: "publication.refused" if publication else "reply.refused",
            Verdict.HIDE: "publication.hidden" if publication else "reply.hidden",
            Verdict.RESTORE: "publication.restored" if publication else "reply.restored",
        }[verdict],
        by=by,
        target=item,
        decision=decision.pk,
        rule=rule,
    )


def _count(reply: Reply, change: int) -> None:
    """Keep the number of replies one may read."""
    Publication.objects.filter(pk=reply.publication_id).update(reply_count=F("reply_count") + change)
