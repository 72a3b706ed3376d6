"""A calendar kept elsewhere comes in and is followed; nothing of it comes in by halves."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from parvis.agenda import actions
from parvis.agenda.actions import sources
from parvis.agenda.actions.importing import MOST_WAITING
from parvis.agenda.models import Attendance, DayCount, Event, Imported, Occurrence, Series, Showing, Source
from parvis.agenda.recurrence import parse
from parvis.core.models import Job, JournalEntry
from parvis.people.actions import create_service
from parvis.people.models import Membership, Person, Voice
from parvis.publications.actions import Refused, approve, hide, withdraw
from parvis.publications.models import Delivery, Listing, Publication, Targeting
from tests.agenda.conftest import MORNING, Add, Announce, paris, run
from tests.agenda.elsewhere import HELD, again, ics, last, openagenda, said, titles
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MORNING)


def test_nothing_comes_in_before_it_is_accepted(add: Add, chloe: Person) -> None:
    source = add(ics(said(HELD), said("RRULE:FREQ=WEEKLY", uid="2", title="Chorale")), accept=False)
    reading = last(source)
    assert (source.state, reading.state, Event.objects.count()) == ("new", "ready", 0)
    assert (reading.counts["new"], reading.counts["left"]) == (1, 1)
    assert reading.sample[0]["title"] == "Bal folk"
    assert "commune" in reading.remarks[0]["why"]
    sources.accept_source(source, by=chloe)
    run()
    assert (titles(), last(source).state) == (["Bal folk"], "done")
    with pytest.raises(Refused):
        sources.accept_source(source, by=chloe)


def test_what_comes_in_is_what_one_would_have_announced(add: Add, announce: Announce, territory: Cast) -> None:
    """Written in few statements, the rows are those of `announce`, of a series too."""
    own = announce(
        "Bal folk",
        paris(1, 19, month=12),
        ends_at=paris(1, 21, month=12),
        body="Venez danser.",
        repeat=actions.Repeat(parse("FREQ=WEEKLY;UNTIL=20270201")),
        keywords="Fête",
    )
    rule = "RRULE:FREQ=WEEKLY;UNTIL=20270201T225959Z\nDESCRIPTION:Venez danser.\n"
    source = add(ics(said(rule + HELD, uid="x", title="Bal folk")), accept=False)
    assert last(source).counts["alike"] == 1
    sources.let_in(source, by=source.kept_by or Person(), keys=["x"])
    run()
    sources.accept_source(source, by=source.kept_by or Person())
    run()
    came = Imported.objects.get().event
    assert rows_of(came) == rows_of(own)
    assert came.origin == "programme.ics"
    counts = DayCount.objects.filter(zone=territory.bois).values_list("count", flat=True)
    assert set(counts) == {2}


def rows_of(event: Event) -> dict[str, Any]:
    """All that was written for an event, without numbers and moments."""
    publication = event.publication
    apart = {"id", "publication_id", "origin", "created_at", "published_at", "position", "version", "event_id"}
    acts = JournalEntry.objects.filter(target_id=publication.pk, target_type__in=["publication", "event"])
    return {
        "event": {
            name: value
            for name, value in vars(Event.objects.get(pk=event.pk)).items()
            if name[0] != "_" and name not in apart
        },
        "publication": {
            name: value
            for name, value in vars(Publication.objects.get(pk=publication.pk)).items()
            if name[0] != "_" and name not in apart
        },
        "placed": publication.position is not None and publication.position & 0xFFFFF == publication.pk & 0xFFFFF,
        "times": list(
            Occurrence.objects.filter(event=event).values_list("starts_at", "ends_at", "all_day", "series_at")
        ),
        "series": list(Series.objects.filter(event=event).values_list("starts_at", "ends_at", "rule", "unroll_on")),
        "showings": sorted(
            Showing.objects.filter(occurrence__event=event).values_list("zone", "starts_at", "ends_at", "category")
        ),
        "targets": list(
            Targeting.objects.filter(publication=publication).values_list("zone", "zone_kind", "voice_kind", "is_root")
        ),
        "deliveries": sorted(Delivery.objects.filter(publication=publication).values_list("audience", "kind", "voice")),
        "listings": sorted(Listing.objects.filter(publication=publication).values_list("zone", "kind")),
        "acts": sorted(acts.values_list("verb", "actor_id", "shows", "settles")),
    }


def test_what_changes_there_changes_here_and_what_did_not_is_left_alone(add: Add, chloe: Person) -> None:
    source = add(ics(said(HELD), said(HELD, uid="2", title="Concert")))
    concert = Event.objects.get(publication__title="Concert")
    actions.correct_event(
        concert,
        by=chloe,
        title="Concert",
        body="Corrigé ici.",
        spans=[actions.Span(paris(1, 19, month=12), paris(1, 21, month=12))],
    )
    moved = said(HELD, title="Grand bal", when="DTSTART;TZID=Europe/Paris:20261205T200000\n")
    reading = again(source, ics(moved, said(HELD, uid="2", title="Concert")))
    assert (reading.counts["changed"], reading.counts["same"], reading.counts["new"]) == (1, 1, 0)
    event = Event.objects.get(publication__title="Grand bal")
    assert event.occurrences.get().starts_at == paris(5, 20, month=12)
    assert Publication.objects.get(title="Concert").body == "Corrigé ici."
    # Read once more, nothing is written.
    acts = JournalEntry.objects.exclude(verb__startswith="source.").count()
    again(source, ics(moved, said(HELD, uid="2", title="Concert")))
    assert JournalEntry.objects.exclude(verb__startswith="source.").count() == acts


def test_a_series_read_again_months_later_is_the_same_and_tells_nobody(
    add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read as of lately, and lately moves."""
    rule = "DTSTART;TZID=Europe/Paris:20200107T190000\nDTEND;TZID=Europe/Paris:20200107T210000\nRRULE:FREQ=WEEKLY\n"
    source = add(ics(said(HELD, when=rule)))
    first = Series.objects.get().starts_at
    monkeypatch.setattr(timezone, "now", lambda: MORNING + timedelta(days=100))
    reading = again(source, ics(said(HELD, when=rule)))
    assert (reading.counts["same"], reading.counts["changed"]) == (1, 0)
    reading = again(source, ics(said(HELD, when=rule, title="Autre titre")))
    assert reading.counts["changed"] == 1
    assert Series.objects.get().starts_at == first
    assert JournalEntry.objects.get(verb="event.corrected").details["moved"] is False


def test_what_is_gone_there_is_withdrawn_or_cancelled_when_someone_goes(add: Add, amina: Person) -> None:
    source = add(ics(said(HELD), said(HELD, uid="2", title="Concert"), said(HELD, uid="3", title="Loto")))
    bal = Event.objects.get(publication__title="Bal folk")
    actions.attend(amina, bal.occurrences.get())
    reading = again(source, ics(said(HELD, uid="3", title="Loto")))
    assert reading.counts["gone"] == 2
    assert titles() == ["Bal folk", "Loto"]
    bal.refresh_from_db()
    assert bal.is_cancelled
    assert Attendance.objects.count() == 1
    # Back there, it is announced anew.
    again(source, ics(said(HELD, uid="2", title="Concert"), said(HELD, uid="3", title="Loto")))
    assert "Concert" in titles()


def test_a_cancellation_there_is_one_here(add: Add) -> None:
    source = add(ics(said(HELD)))
    again(source, ics(said(HELD + "\nSTATUS:CANCELLED")))
    assert Event.objects.get().is_cancelled


def test_a_calendar_that_became_empty_takes_nothing_away(add: Add) -> None:
    source = add(ics(said(HELD)))
    reading = again(source, ics())
    assert (reading.state, titles()) == ("failed", ["Bal folk"])
    assert "vide" in reading.message


def test_what_became_unreadable_in_it_takes_nothing_away(add: Add) -> None:
    source = add(ics(said(HELD), said(HELD, uid="2", title="Concert")))
    reading = again(source, ics(said(HELD + "\nRRULE:FREQ=SECONDLY"), said(HELD, uid="2", title="Concert")))
    assert (reading.counts["left"], reading.counts["gone"]) == (1, 0)
    assert titles() == ["Bal folk", "Concert"]


def test_part_of_an_agenda_takes_nothing_away_but_what_it_says(add: Add) -> None:
    one, two = (
        json.loads(openagenda(location=where(), timings=[day(13)])),
        json.loads(openagenda(uid=91, title="Loto", location=where())),
    )
    source = add(json.dumps({"total": 2, "events": one["events"] + two["events"]}).encode())
    assert len(titles()) == 2
    again(source, json.dumps({"total": 5, "events": one["events"]}).encode())
    assert len(titles()) == 2
    again(source, json.dumps({"total": 5, "events": [{"uid": 91, "removed": True}]}).encode())
    assert titles() == ["Fête du quartier"]


def where() -> dict[str, str]:
    return {"name": "Foyer", "city": "Bois-le-Comte", "insee": "99002"}


def day(number: int) -> dict[str, str]:
    return {"begin": f"2026-12-{number}T10:00:00+0100", "end": f"2026-12-{number}T18:00:00+0100"}


def test_withdrawn_by_hand_or_by_moderation_it_does_not_come_back(add: Add, chloe: Person, moderator: Person) -> None:
    source = add(ics(said(HELD), said(HELD, uid="2", title="Concert")))
    withdraw(Publication.objects.get(title="Bal folk"), by=chloe)
    hide(
        Publication.objects.get(title="Concert"), by=moderator, rule="inexact", reason="La salle n’est pas au courant."
    )
    reading = again(source, ics(said(HELD, title="Bal"), said(HELD, uid="2", title="Grand concert")))
    assert (titles(), reading.counts["new"], reading.counts["changed"]) == ([], 0, 0)
    assert ["retiré" in one["why"] or "modération" in one["why"] for one in reading.remarks] == [True, True]


def test_what_is_already_on_the_agenda_is_signalled_and_not_doubled(
    add: Add, announce: Announce, atelier: Voice, amina: Person, moderator: Person
) -> None:
    """R-MOD-20."""
    event = announce("Grand bal folk du village", paris(1, 19, month=12), voice=atelier, by=amina)
    approve(event.publication, by=moderator)
    source = add(
        ics(
            said(HELD, title="Bal folk du village"),
            said(HELD, uid="2", title="Loto"),
            said(HELD, uid="3", title="LOTO"),
        )
    )
    counts = last(source).counts
    assert (counts["new"], counts["alike"], counts["left"]) == (1, 1, 1)
    assert last(source).remarks[1]["like"] == event.pk or last(source).remarks[0]["like"] == event.pk
    assert titles() == ["Grand bal folk du village", "Loto"]
    key = next(one["key"] for one in last(source).remarks if one["key"])
    sources.let_in(source, by=source.kept_by or Person(), keys=[key])
    run()
    assert titles() == ["Bal folk du village", "Grand bal folk du village", "Loto"]


def test_two_organisations_may_follow_one_calendar_and_neither_takes_the_name_of_the_other(
    add: Add, routes: Voice, agent: Person
) -> None:
    first = add(ics(said(HELD)))
    other = add(ics(said(HELD)), voice=routes, by=agent)
    assert last(other).counts["alike"] == 1
    assert [one.source_id for one in Imported.objects.all()] == [first.pk]


def test_an_unverified_association_waits_for_a_moderator_who_is_not_flooded(
    add: Add, atelier: Voice, amina: Person, moderator: Person
) -> None:
    few = ics(*(said(HELD, uid=str(number), title=f"Atelier {'abcdefgh'[number] * 8}") for number in range(5)))
    add(few, voice=atelier, by=amina)
    assert set(Publication.objects.values_list("state", flat=True)) == {"pending"}
    assert Showing.objects.count() == 0
    approve(Publication.objects.all()[0], by=moderator)
    amina.refresh_from_db()
    many = ics(
        *(said(HELD, uid=str(number), title=f"N {number:b}{'xyz' * number}") for number in range(MOST_WAITING + 1))
    )
    source = add(many, voice=atelier, by=amina)
    assert (last(source).state, Event.objects.count()) == ("failed", 5)
    assert str(MOST_WAITING) in last(source).message


def test_an_account_that_nobody_let_through_yet_brings_in_a_few(add: Add, atelier: Voice, amina: Person) -> None:
    """R-SEC-19."""
    source = add(
        ics(*(said(HELD, uid=str(number), title="abcdefgh"[number] * 9) for number in range(6))),
        voice=atelier,
        by=amina,
    )
    assert (last(source).state, Event.objects.count()) == ("failed", 0)


def test_a_service_brings_in_what_is_in_its_reach_and_says_the_rest(
    add: Add, admin: Person, territory: Cast, bruno: Person
) -> None:
    mairie = create_service(by=admin, name="Mairie", zone=territory.bois, scope=territory.bois, owner=bruno, summary="")
    far = "LOCATION:Salle\\, 99140 Saint-Rémy"
    source = add(ics(said(HELD), said(far, uid="2", title="Loto")), voice=mairie, by=bruno)
    assert titles() == ["Bal folk"]
    assert "périmètre" in last(source).remarks[0]["why"]


@pytest.mark.parametrize("number", [0, 1])
def test_who_does_not_speak_for_it_adds_nothing(
    territory: Cast, chorale: Voice, amina: Person, chloe: Person, number: int
) -> None:
    voice, by = [(chorale, amina), (chloe.voice, chloe)][number]
    with pytest.raises(Refused):
        sources.add_source(voice=voice, by=by, content=b"x", category="fete")
    assert not Source.objects.exists()


def test_who_left_the_organisation_brings_nothing_in_any_more(add: Add, chloe: Person) -> None:
    """R-SEC-3: rights are those of the moment it is read."""
    source = add(ics(said(HELD)))
    sources.refresh_source(source, by=chloe, content=ics(said(HELD, uid="9", title="Loto")), name="x")
    Membership.objects.filter(person=chloe).delete()
    run()
    assert last(source).state == "failed"
    assert titles() == ["Bal folk"]


def test_all_of_a_file_comes_in_or_nothing(add: Add, monkeypatch: pytest.MonkeyPatch, chloe: Person) -> None:
    """Killed in the middle, nothing is there; done again, it is all there, once."""
    source = add(ics(*(said(HELD, uid=str(number), title="abcdefgh"[number] * 9) for number in range(8))), accept=False)

    def killed(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Imported.objects, "bulk_create", killed)
        sources.accept_source(source, by=chloe)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert (Publication.objects.count(), Event.objects.count(), Showing.objects.count()) == (0, 0, 0)
    Job.objects.filter(state=Job.State.RUNNING).update(leased_until=MORNING - timedelta(minutes=1))
    run()
    assert len(titles()) == 8
    Job.objects.update(state=Job.State.WAITING)
    run()
    assert len(titles()) == 8
