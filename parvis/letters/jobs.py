"""Mail to people about what they wrote. Rights are asked when it leaves, not when it was queued (R-SEC-3)."""

import logging
from datetime import timedelta

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.core import journal
from parvis.core.jobs import alone
from parvis.core.mail import letter
from parvis.core.models import JournalEntry
from parvis.letters import stopping
from parvis.letters.models import Issue, Letter, mails_at_once
from parvis.letters.periods import wait_for_morning
from parvis.notifications.models import Kind, wants_mail
from parvis.people import vault
from parvis.people.models import Membership, Person, Subscription
from parvis.people.ties import unread_by
from parvis.publications.models import Decision, Draft, Publication, Reply

# How long one may contest a decision (DSA 20, R-LAW-20), and how long we remember having sent.
CONTEST, REMEMBERED = timedelta(days=183), timedelta(days=60)
PURGED_AT_ONCE, ISSUES_AT_ONCE = 1_000, 50_000
# Owners of one voice who are written to.
OWNERS_TOLD = 50
# Who are written to of an alert by one job: a lease outlives it.
WRITTEN_TO = 200

log = logging.getLogger(__name__)


@alone
def tell_decision(entry: JournalEntry) -> None:
    """To its author: what a moderator decided on a publication or a reply, why, and how to contest (R-LAW-19).

    At least once, and always the same mail: a statement of reasons must arrive.
    """
    rows = Decision.objects.select_related("publication__author", "reply__author", "reply__publication")
    decision = rows.filter(pk=entry.details["decision"]).first()
    item = (decision.publication or decision.reply) if decision else None
    if decision is None or item is None or item.author is None or not item.author.is_active:
        return
    # Good news that is no longer true is not told: it was hidden since, or what it answers was.
    good_news = decision.verdict in {Decision.Verdict.APPROVE, Decision.Verdict.RESTORE}
    if good_news and not type(item).objects.visible_to(item.author).filter(pk=item.pk).exists():
        return
    context = {
        "decision": decision,
        "item": item,
        "is_reply": isinstance(item, Reply),
        "name": item.author.name,
        "until": timezone.localdate(decision.at + CONTEST),
    }
    letter("letters/decision.txt", context, entry=entry, to=item.author.email).send()


@alone
def tell_profile_decision(entry: JournalEntry) -> None:
    """To each of its owners: what a moderator decided on what a voice wrote about itself, and why (R-LAW-19).

    At least once, and always the same mail, as for any decision.
    """
    decision = Decision.objects.select_related("voice").filter(pk=entry.details["decision"]).first()
    voice = decision.voice if decision else None
    if decision is None or voice is None or voice.closed_at:
        return
    if decision.verdict == Decision.Verdict.RESTORE and voice.hidden_at:
        return
    owners = Q(voice=voice) | Q(memberships__voice=voice, memberships__role=Membership.Role.OWNER)
    for person in Person.objects.filter(owners, is_active=True).distinct().order_by("pk")[:OWNERS_TOLD]:
        context = {
            "decision": decision,
            "voice": voice,
            "name": person.name,
            "until": timezone.localdate(decision.at + CONTEST),
        }
        letter("letters/profile_decision.txt", context, entry=entry, to=person.email).send()


@alone
def tell_reply(entry: JournalEntry) -> None:
    """To the author of a publication: someone replied. Once per reply at most, and never about one's own.

    Not in the quiet hours; whoever has a daily letter reads it there.
    """
    wait_for_morning()
    reply = Reply.objects.filter(pk=entry.target_id or 0).select_related("publication__author", "voice").first()
    author = reply.publication.author if reply else None
    if reply is None or not Reply.objects.visible_to(author).filter(pk=reply.pk).exists():
        return
    if author is None or not author.is_active or author.pk == reply.author_id:
        return
    if unread_by(author, [reply.voice_id]) or not mails_at_once(author, Kind.REPLY):
        return
    # The gate, for the one who receives it.
    if not Publication.objects.visible_to(author).filter(pk=reply.publication_id).exists():
        return
    context = {"reply": reply, "publication": reply.publication, "name": author.name}
    message = letter("letters/reply.txt", context, entry=entry, to=author.email)
    message.extra_headers |= stopping.headers(stopping.link(author, Kind.REPLY))
    send_once(message, entry=entry, person=author)


@alone
def tell_second(entry: JournalEntry) -> None:
    """To whoever was asked to read a notice before it goes out: it waits for them. Once, and if it still does."""
    reader = Person.objects.filter(pk=entry.details["second"] or 0, is_active=True).first()
    if reader is None or not wants_mail(reader, Kind.SERVICE):
        return
    waiting = Publication.objects.awaiting_second(reader).filter(pk=entry.target_id or 0)
    publication = waiting.select_related("voice", "author").first()
    if publication is not None:
        message = letter(
            "letters/second.txt", {"publication": publication, "name": reader.name}, entry=entry, to=reader.email
        )
        send_once(message, entry=entry, person=reader)


@alone
def tell_sent_back(entry: JournalEntry) -> None:
    """To the author of a notice that the second person did not let out: it is a draft again, and why."""
    author = Person.objects.filter(pk=entry.details["author"] or 0, is_active=True).first()
    draft = Draft.objects.open_to(author).filter(pk=entry.details["draft"]).first() if author else None
    if author is not None and draft is not None and draft.note and wants_mail(author, Kind.SERVICE):
        message = letter("letters/sent_back.txt", {"draft": draft, "name": author.name}, entry=entry, to=author.email)
        send_once(message, entry=entry, person=author)


@alone
def tell_alert(entry: JournalEntry) -> None:
    """To everyone concerned by a safety alert, at once: WRITTEN_TO of them, then the rest by an entry of its own.

    Those who belong to a zone it was sent to, and those the vault finds; each once, and if they may still read it.
    """
    publication = Publication.objects.filter(pk=entry.target_id or 0, is_alert=True).select_related("voice").first()
    if publication is None:
        return
    after = entry.details["after"]
    # Another worker may be about to find them: nothing the second time.
    vault.deliver(publication.pk)
    numbers = sorted({*concerned(publication, after), *vault.reached_by(publication.pk, after)})[:WRITTEN_TO]
    for person in Person.objects.filter(pk__in=numbers, is_active=True).order_by("pk"):
        if Publication.objects.visible_to(person).filter(pk=publication.pk).exists():
            context = {"publication": publication, "name": person.name}
            send_once(letter("letters/alert.txt", context, entry=entry, to=person.email), entry=entry, person=person)
    if len(numbers) == WRITTEN_TO:
        goes_on(publication, after=numbers[-1])


def concerned(publication: Publication, after: int) -> list[int]:
    """The numbers of those who belong to a zone it was sent to, above `after`, WRITTEN_TO at most."""
    told = Subscription.objects.filter(audience__deliveries__publication=publication, grants=True, person__gt=after)
    # Who gave a commune and nothing finer reads in their feed that a part of it is concerned: no mail for that.
    rows = (
        told.filter(audience__zone__isnull=False, audience__coarse=False)
        .order_by("person")
        .values_list("person", flat=True)
        .distinct()
    )
    return list(rows[:WRITTEN_TO])


def goes_on(publication: Publication, *, after: int) -> None:
    """Queue the next ones, once however often this job runs."""
    with transaction.atomic():
        entries = JournalEntry.objects.filter(
            verb="publication.alerted", target_id=publication.pk, details__after=after
        )
        if not entries.exists():
            journal.record("publication.alerted", by=None, target=publication, after=after)


def send_once(message: EmailMessage, *, entry: JournalEntry, person: Person) -> None:
    """Send, at most once whatever happens: the claim is written and committed first (F-02, F-03)."""
    claim, is_ours = Letter.objects.get_or_create(entry=entry, person=person)
    if not is_ours:
        return
    connection = get_connection()
    try:
        connection.open()
    except Exception:
        # Nothing has left: the job tries again later.
        claim.delete()
        raise
    try:
        connection.send_messages([message])
        claim.outcome = Letter.Outcome.SENT
    except Exception:
        log.exception("letter %s: the outcome is unknown; it is not sent again", claim.pk)
        claim.outcome = Letter.Outcome.UNKNOWN
    finally:
        connection.close()
    claim.save(update_fields=["outcome"])


def forget() -> int:
    """Delete claims that no job can need any more and letters of long ago, by the clock; how many."""
    count = 0
    for model, most in ((Letter, PURGED_AT_ONCE), (Issue, ISSUES_AT_ONCE)):
        old = model.objects.filter(at__lt=timezone.now() - REMEMBERED).order_by("at")
        count += model.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:most])).delete()[0]
    return count
