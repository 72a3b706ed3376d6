"""Mail tells each what they may know when it leaves, not when it was queued (R-SEC-2, R-SEC-3)."""

from collections import Counter
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from parvis.core import jobs
from parvis.core.models import Job, JournalEntry
from parvis.effects import EFFECTS, PERIODIC
from parvis.letters.models import Issue
from parvis.letters.receiving import Outcome, receive
from tests.visibility.harvest import allowed, canaries
from tests.visibility.model import ROLES, Ground, Role
from tests.visibility.ties import compose
from tests.visibility.world import World

# To whom each effect writes, and on what ground. A new effect must say so here.
MAILS = {
    "parvis.letters.jobs.tell_decision": (Ground.PUBLIC, Ground.OWN),
    "parvis.letters.jobs.tell_profile_decision": (Ground.PUBLIC, Ground.OWN),
    "parvis.letters.rulings.tell_ruling": (Ground.PUBLIC, Ground.GROUP),
    "parvis.letters.rulings.tell_removal": (Ground.PUBLIC, Ground.TOLD, Ground.GROUP),
    "parvis.letters.events.tell_change": (Ground.PUBLIC,),
    "parvis.letters.jobs.tell_second": (Ground.PUBLIC, Ground.OWN, Ground.TEAM),
    "parvis.letters.jobs.tell_sent_back": (Ground.PUBLIC, Ground.OWN),
    "parvis.letters.jobs.tell_alert": (Ground.PUBLIC,),
    "parvis.letters.events.remind": (Ground.PUBLIC,),
    "parvis.letters.events.tell_seated": (Ground.PUBLIC,),
    "parvis.letters.events.tell_answer": (Ground.PUBLIC, Ground.TOLD),
    "parvis.letters.jobs.tell_reply": (Ground.PUBLIC, Ground.OWN),
    "parvis.letters.notified.write": (Ground.PUBLIC, Ground.OWN, Ground.GROUP, Ground.KNOWN, Ground.PRIVATE),
    "parvis.letters.receiving.tell_refusal": (),
    "parvis.letters.gazette.deliver": (Ground.PUBLIC, Ground.OWN, Ground.GROUP, Ground.KNOWN, Ground.PRIVATE),
    "parvis.letters.private.acknowledge": (Ground.PUBLIC, Ground.PRIVATE),
    "parvis.letters.private.tell_closing": (Ground.PUBLIC, Ground.TOLD),
    "parvis.letters.private.tell_ruling": (Ground.PUBLIC, Ground.TOLD, Ground.PRIVATE),
    "parvis.letters.blocks.tell_block": (Ground.PUBLIC, Ground.TOLD),
    "parvis.moderation.jobs.confirm_report": (Ground.PUBLIC, Ground.TOLD),
    "parvis.moderation.jobs.tell_report_decision": (Ground.PUBLIC, Ground.TOLD),
}
# What writes to the vault, to subscriptions, to feeds, to maps and on the page of notifications, and to nobody.
WORKS = {
    "parvis.territory.jobs.draw_parts",
    "parvis.people.jobs.deliver_inside",
    "parvis.people.jobs.settle_quartiers",
    "parvis.people.ledger.note",
    "parvis.publications.jobs.spread_over",
    "parvis.agenda.jobs.read_source",
    "parvis.agenda.jobs.take_back_imported",
    "parvis.notifications.jobs.tell",
    "parvis.notifications.jobs.settle",
    "parvis.letters.gazette.compose",
}
# What runs by the clock writes to nobody.
SILENT = {
    "parvis.letters.gazette.begin",
    "parvis.agenda.jobs.refresh_sources",
    "parvis.agenda.jobs.forget_readings",
    "parvis.conversations.jobs.purge",
    "parvis.notifications.jobs.forget",
    "parvis.people.jobs.forget_refusals",
    "parvis.people.jobs.purge_vault",
    "parvis.publications.jobs.forget_drafts",
    "parvis.publications.jobs.forget_estimates",
    "parvis.publications.actions.purge_expired",
    "parvis.publications.actions.give_back_expired",
    "parvis.moderation.jobs.purge_reports",
    "parvis.letters.jobs.forget",
    "parvis.agenda.jobs.unroll_series",
    "parvis.groups.jobs.forget",
    "parvis.agenda.jobs.remind_of_tomorrow",
    "parvis.agenda.jobs.forget_attendances",
    "parvis.people.jobs.forget_sessions",
    "parvis.agenda.jobs.set_past_aside",
    "parvis.agenda.jobs.tell_of_places",
}


def test_every_effect_has_its_row() -> None:
    assert {effect for effects in EFFECTS.values() for effect in effects} == set(MAILS) | WORKS
    assert set(PERIODIC) == SILENT


def recipient(world: World, message: EmailMessage) -> Role:
    """Who reads the mail: a role of the world, or someone who reported something."""
    [token] = canaries(" ".join(message.to))
    fact = world.facts[token]
    return ROLES.get(fact.by, Role(fact.by, speaks=frozenset({fact.by})))


def faults(world: World, effect: str, message: EmailMessage) -> list[str]:
    """What the mail says that its reader may not know."""
    role = recipient(world, message)
    may = allowed(role, (*MAILS[effect], Ground.ACCOUNT, Ground.TOLD), world.facts.values())
    said = canaries(str(message.message()) + message.subject + str(message.body))
    return [
        f"{effect} tells {role.key} of {fact.what} {fact.key} ({fact.state})"
        for fact in (world.facts[token] for token in sorted(said - may))
    ]


def next_of(world: World) -> Job | None:
    """The next job that waits; when none does, everyone's letter leaves, and an answer by mail is not taken."""
    waiting = Job.objects.filter(state=Job.State.WAITING).order_by("run_at", "pk")
    if not waiting.exists() and not JournalEntry.objects.filter(verb="mail.refused").exists():
        Issue.objects.all().delete()
        compose(world)
        forged = f"From: {world.persons['author'].email}\nTo: repondre+aaaa@parvis.example\n\nBonjour"
        assert receive(forged.encode()) == Outcome.REFUSED
    return waiting.first()


@pytest.mark.django_db
def test_mail_tells_each_what_they_may_know(world: World, settings: Any) -> None:
    settings.REPLY_ADDRESS = "repondre@parvis.example"
    found, sent = [], Counter[str]()
    told: Counter[tuple[str, str]] = Counter()
    while waiting := next_of(world):
        mail.outbox.clear()
        assert jobs.run_next()
        for message in mail.outbox:
            found += faults(world, waiting.effect, message)
            sent[waiting.effect] += 1
            reader = recipient(world, message).key
            told.update((reader, token) for token in canaries(str(message.body)))
        waiting.refresh_from_db()
        assert waiting.state == Job.State.DONE, waiting.error
    assert not found, "\n".join(found)
    assert set(sent) == set(MAILS)
    for fact in world.facts.values():
        if fact.what == "reason":
            assert fact.on
            author = {"lavoir": "author", "masked": "author", "routes": "agent"}.get(fact.on.by, fact.on.by)
            assert told[author, fact.token] == 1, fact.key
    assert told["neighbour", world.fact("answer", "post-association").token] == 0
    assert told["listed", world.fact("answer", "post-association").token] == 1
