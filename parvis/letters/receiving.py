"""Answers that come by mail: the same act as on the page, with the rights of the moment it comes (R-SEC-3, R-MOD-3).

What cannot be taken is refused with one mail that says what to do; never to someone we do not know, who did not write.
"""

import uuid
from datetime import timedelta
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal
from parvis.core.jobs import alone
from parvis.core.mail import letter
from parvis.core.models import JournalEntry
from parvis.core.once import submit_once
from parvis.groups import actions
from parvis.groups.models import Member, Topic
from parvis.letters import replying
from parvis.letters.jobs import send_once
from parvis.letters.received import Received, parsed
from parvis.people.models import Person

# The namespace of Message-IDs: the same mail that comes twice is one answer.
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "parvis:mail")
# Refusals told to one person in a day; beyond, a machine must be writing.
MOST_REFUSALS = 5


class Outcome(StrEnum):
    """What became of a mail."""

    TAKEN = "taken"
    REFUSED = "refused"
    IGNORED = "ignored"


def receive(raw: bytes, to: str = "") -> Outcome:
    """Take the answer in `raw`, refuse it, or leave it. The same mail again changes nothing."""
    mail = parsed(raw, to)
    if mail is None or mail.is_automatic or not mail.token:
        return Outcome.IGNORED
    sender = Person.objects.filter(email=mail.sender, is_active=True).first()
    said = replying.read(mail.token)
    if sender is None:
        return Outcome.IGNORED
    topic = Topic.objects.select_related("group__voice").filter(pk=said.topic).first() if said else None
    reason = _why_not(mail, sender, said, topic)
    if reason or topic is None:
        return _refuse(mail, sender, topic, reason)
    try:
        submit_once(sender, uuid.uuid5(NAMESPACE, mail.key), lambda: _answer(topic, sender, mail.words))
    except ValidationError as refusal:
        return _refuse(mail, sender, topic, str(refusal.messages[0]))
    return Outcome.TAKEN


def _why_not(mail: Received, sender: Person, said: replying.Reply | None, topic: Topic | None) -> str:
    """Why it is not taken, in a sentence; empty when it is."""
    if said is None or topic is None:
        return _("L’adresse à laquelle vous avez écrit n’est pas une adresse de réponse valable.")
    if said.person != sender.pk:
        return _("Cette adresse de réponse a été donnée à quelqu’un d’autre : chacun a la sienne.")
    if said.is_over:
        return _("Cette adresse de réponse a expiré : elle vaut cinq semaines.")
    # Whether it exists is not said to who may not read it.
    if not Topic.objects.visible_to(sender).filter(pk=topic.pk).exists():
        return _("Cette discussion ne vous est plus ouverte.")
    if mail.has_files:
        return _("Les fichiers se joignent sur la page, pas par courriel.")
    return "" if mail.words else _("Nous n’avons trouvé aucun mot de vous au-dessus de ce que vous citez.")


def _answer(topic: Topic, sender: Person, words: str) -> str:
    """The same act as on the page, in the voice in which they entered the group."""
    member = Member.objects.select_related("voice").filter(group=topic.group_id, person=sender).first()
    if member is None:
        raise ValidationError(_("Seuls les membres écrivent dans ce groupe."))
    return actions.reply(topic, by=sender, voice=member.voice, body=words).get_absolute_url()


def _refuse(mail: Received, sender: Person, topic: Topic | None, reason: str) -> Outcome:
    """Note a refusal, once for each mail; a job tells it."""
    today = JournalEntry.objects.filter(verb="mail.refused", at__gt=timezone.now() - timedelta(days=1))
    if today.filter(target_id=sender.pk)[:MOST_REFUSALS].count() >= MOST_REFUSALS:
        return Outcome.IGNORED
    number = topic.pk if topic else None

    def note() -> str:
        journal.record("mail.refused", by=None, target=sender, reason=reason, topic=number)
        return "/"

    with transaction.atomic():
        submit_once(sender, uuid.uuid5(NAMESPACE, f"refused {mail.key}"), note)
    return Outcome.REFUSED


@alone
def tell_refusal(entry: JournalEntry) -> None:
    """To whoever answered by mail: why it was not taken, and where to answer. Once."""
    person = Person.objects.filter(pk=entry.target_id or 0, is_active=True).first()
    if person is None:
        return
    topic = Topic.objects.visible_to(person).filter(pk=entry.details["topic"] or 0).first()
    context = {"reason": entry.details["reason"], "topic": topic, "name": person.name}
    send_once(letter("letters/not_taken.txt", context, entry=entry, to=person.email), entry=entry, person=person)
