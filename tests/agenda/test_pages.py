"""Pages of the agenda: by day, by week, by place and category; an event; announcing one."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from parvis.agenda import actions
from parvis.agenda.jobs import set_past_aside
from parvis.agenda.models import Event, Occurrence, Showing
from parvis.people.models import Person, Voice
from parvis.publications.actions import refuse
from parvis.publications.models import Publication, State
from parvis.territory.models import Zone
from tests.agenda.conftest import Announce, paris
from tests.cast import Cast
from tests.publications.conftest import html, signed_in


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: paris(24, 9))


def shown(client: Client, path: str) -> list[str]:
    """Titles on an agenda, in order, each with what stands for its hour."""
    days = client.get(path).context["days"]
    return [row.occurrence.event.publication.title for _day, rows in days for row in rows]


def test_today_comes_first_and_what_goes_on_comes_after(client: Client, announce: Announce) -> None:
    announce("Exposition", paris(20, 10), ends_at=paris(30, 18))
    announce("Ce soir", paris(24, 20))
    announce("Demain", paris(25, 20))
    announce("Hier", paris(23, 20), at=paris(20))
    assert shown(client, "/agenda/") == ["Ce soir", "Exposition"]
    assert shown(client, "/agenda/?jour=2026-11-25") == ["Demain", "Exposition"]
    assert shown(client, "/agenda/?semaine=2026-W48") == ["Hier", "Exposition", "Ce soir", "Demain"]


def test_late_in_the_evening_it_is_still_today(client: Client, announce: Announce) -> None:
    """R-REL-21: the day is the one of the territory, not the one of UTC."""
    announce("Minuit moins cinq", paris(24, 23, 55), ends_at=paris(24, 23, 59))
    announce("Minuit et demi", paris(25, 0, 30))
    assert shown(client, "/agenda/?jour=2026-11-24") == ["Minuit moins cinq"]
    assert shown(client, "/agenda/?jour=2026-11-25") == ["Minuit et demi"]


def test_by_category_and_by_place(client: Client, announce: Announce, territory: Cast) -> None:
    announce("Bal", paris(24, 20))
    announce("Concert", paris(24, 21), category="concert", commune=territory.ormoy)
    assert shown(client, "/agenda/?categorie=concert") == ["Concert"]
    assert shown(client, f"/agenda/?zone=epci-{territory.epci.code}") == ["Bal"]
    assert shown(client, f"/agenda/?zone={territory.ormoy.code}") == ["Concert"]
    assert shown(client, f"/agenda/?zone=canton-{territory.canton_2.code}&categorie=fete") == []
    page = client.get("/agenda/").content.decode()
    assert 'Concert <span class="chip__count">1</span>' in page


def test_a_place_is_found_by_its_name(client: Client, territory: Cast) -> None:
    found = client.get("/agenda/", {"lieu": "les essarts", "semaine": "2026-W48"})
    assert found.headers["Location"] == f"/agenda/?semaine=2026-W48&zone=commune-{territory.essarts.code}"
    several = client.get("/agenda/", {"lieu": "clairval"})
    assert [zone.name for zone, _address in several.context["places"]] == ["Clairval", "Clairval-1", "Clairval-2"]
    assert "Aucun lieu" in client.get("/agenda/", {"lieu": "Atlantide"}).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "jour=demain",
        "jour=2026-02-30",
        "jour=0001-01-01",
        "jour=9999-12-31",
        "semaine=2026-W99",
        "semaine=0000-W01",
        "jour=%00",
        "lieu=%00",
        "categorie=%3Cscript%3E",
        "page=-3",
        "page=zut",
        "jour=٢٠٢٦-١١-٢٤",
    ],
)
def test_an_absurd_question_gets_today(client: Client, territory: Cast, query: str) -> None:
    response = client.get(f"/agenda/?{query}")
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("zone", ["commune-00000", "departement-98", "x", "commune-%00", "voice-1", "-"])
def test_a_zone_we_do_not_have_is_404(client: Client, territory: Cast, zone: str) -> None:
    assert client.get(f"/agenda/?zone={zone}").status_code == 404


def test_a_full_day_is_in_pages_and_asks_little(
    client: Client, announce: Announce, django_assert_max_num_queries: Any
) -> None:
    for number in range(65):
        # In two days, since nobody announces so many in one.
        announce(f"Rendez-vous {number}", paris(24, 10) + timedelta(minutes=number), at=paris(21 + number // 40))
    with django_assert_max_num_queries(6):
        assert len(shown(client, "/agenda/")) == 40
    assert len(shown(client, "/agenda/?page=2")) == 25


def test_an_empty_day_says_what_is_next(client: Client, announce: Announce) -> None:
    announce("Bal folk", paris(28, 20))
    page = client.get("/agenda/?jour=2026-11-26").content.decode()
    assert "Rien n’est annoncé ce jour-là." in page
    assert "Bal folk" in page


def test_the_slug_decides_nothing(client: Client, announce: Announce) -> None:
    event = announce("Bal folk", paris(28, 20))
    address = event.publication.get_absolute_url()
    assert client.get(address).status_code == 200
    for wrong in (f"/agenda/{event.pk}/", f"/agenda/autre-chose-{event.pk}/"):
        assert client.get(wrong).headers["Location"] == address


def test_what_waits_is_seen_by_its_author_and_moderators_alone(
    client: Client, announce: Announce, atelier: Voice, amina: Person, bruno: Person, moderator: Person
) -> None:
    event = announce("Bal folk", paris(28, 20), voice=atelier, by=amina)
    address = event.publication.get_absolute_url()
    for person, status in [(None, 404), (bruno, 404), (amina, 200), (moderator, 200)]:
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(address).status_code == status
    refuse(event.publication, by=moderator, rule="incomplet", reason="L’heure de fin manque.")
    client.force_login(amina)
    page = client.get(address).content.decode()
    assert "L’heure de fin manque." in page
    assert "Information incomplète" in page


def test_what_one_writes_is_never_run(client: Client, announce: Announce) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    event = announce(attack, paris(24, 20), body=attack, venue=attack, price=attack, link="https://example.org/?a=<b>")
    for path in (event.publication.get_absolute_url(), "/agenda/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_strangers_correct_and_cancel_nothing(client: Client, announce: Announce, bruno: Person) -> None:
    event = announce("Bal folk", paris(28, 20))
    for what in ("corriger", "annuler"):
        path = f"/agenda/{event.pk}/{what}/"
        assert client.get(path).headers["Location"].startswith("/connexion/")
    client.force_login(bruno)
    for what in ("corriger", "annuler"):
        for call in (client.get, client.post):
            assert call(f"/agenda/{event.pk}/{what}/").status_code == 404
    event.refresh_from_db()
    assert not event.is_cancelled


def test_its_author_corrects_it_and_what_it_said_stays_readable(
    client: Client, announce: Announce, chloe: Person
) -> None:
    event = announce("Bal folk", paris(28, 20), ends_at=paris(29, 1))
    client.force_login(chloe)
    path = f"/agenda/{event.pk}/corriger/"
    initial = client.get(path).context["form"].initial
    said = {name: value for name, value in initial.items() if value not in (None, False)}
    client.post(path, said | {"venue": "Halle", "start": "19:00", "end": "23:00"})
    page = client.get(event.publication.get_absolute_url()).content.decode()
    assert "19 h – 23 h" in page.replace("\xa0", " ")
    assert "Foyer rural" in page


def test_cancelled_it_says_so_everywhere(client: Client, announce: Announce, chloe: Person) -> None:
    event = announce("Bal folk", paris(24, 20))
    client.force_login(chloe)
    assert client.get(f"/agenda/{event.pk}/annuler/").status_code == 200
    assert not Event.objects.get().is_cancelled
    client.post(f"/agenda/{event.pk}/annuler/")
    client.logout()
    for path in (event.publication.get_absolute_url(), "/agenda/"):
        assert "Annulé" in client.get(path).content.decode()


def answers(**changed: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "title": "Bal folk",
        "body": "Venez danser.",
        "category": "fete",
        "day": "2026-11-28",
        "start": "20:00",
        "venue": "Foyer rural",
        "commune": "Bois-le-Comte",
    } | changed


def test_an_unverified_association_announces_once_however_often_it_sends(
    client: Client, atelier: Voice, amina: Person
) -> None:
    """R-REL-5."""
    client.force_login(amina)
    said = answers(voice=atelier.pk)
    first, second = (client.post("/publier/evenement/", said) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    publication = Publication.objects.get()
    assert publication.state == State.PENDING
    page = client.get(first.headers["Location"]).content.decode()
    assert "En attente de modération." in page


def test_what_was_typed_stays_when_something_is_wrong(client: Client, atelier: Voice, amina: Person) -> None:
    client.force_login(amina)
    response = client.post("/publier/evenement/", answers(voice=atelier.pk, day="2026-11-01"))
    assert response.status_code == 422
    page = response.content.decode()
    assert "Venez danser." in page
    assert "Cette date est passée" in page
    assert not Publication.objects.exists()


def test_a_voice_that_is_not_ones_own_announces_nothing(
    client: Client, chorale: Voice, atelier: Voice, amina: Person
) -> None:
    client.force_login(amina)
    assert client.post("/publier/evenement/", answers(voice=chorale.pk)).status_code == 422
    assert not Publication.objects.exists()


def test_an_inhabitant_is_told_how_and_a_visitor_signs_in(client: Client, bruno: Person) -> None:
    assert client.get("/publier/evenement/").headers["Location"].startswith("/connexion/")
    client.force_login(bruno)
    assert "/associations/creer/" in client.get("/publier/evenement/").content.decode()
    client.post("/publier/evenement/", answers(voice=1))
    assert not Publication.objects.exists()


def test_what_has_been_over_for_long_is_set_aside_and_stays_on_its_days(
    client: Client, announce: Announce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody reads it again to know what is next; what lasts is never set aside before its end."""
    announce("Vieux bal", paris(3, 20), at=paris(1))
    announce("Bal de la semaine", paris(23, 20), at=paris(20))
    announce("Exposition", paris(2, 10), ends_at=paris(28, 18), at=paris(1))
    assert set_past_aside() == Showing.objects.filter(past=True).count() > 0
    assert set_past_aside() == 0
    coming = Showing.objects.in_zone(Zone.objects.get(slug="bois-le-comte")).upcoming(timezone.now())
    assert [showing.occurrence.event.publication.title for showing in coming.shown()] == ["Exposition"]
    assert shown(client, "/agenda/?jour=2026-11-03") == ["Vieux bal", "Exposition"]
    assert shown(client, "/agenda/?semaine=2026-W48") == ["Bal de la semaine", "Exposition"]
    month = client.get("/agenda/?mois=2026-11").content.decode()
    assert "Vieux bal" in month
    monkeypatch.setattr(timezone, "now", lambda: paris(7, 9, month=12))
    assert set_past_aside() > 0
    assert not Showing.objects.filter(past=False).exists()


def test_what_is_next_is_read_from_what_is_not_over(announce: Announce, territory: Cast) -> None:
    """The plan: one range of one index that leaves the past out, in order, whatever there was before."""
    rows = [announce(f"Bal {number}", paris(1 + number % 28, 20), at=paris(1)).publication for number in range(40)]
    occurrences = Occurrence.objects.filter(event__in=[row.pk for row in rows])
    Showing.objects.filter(occurrence__in=occurrences, ends_at__lt=paris(20)).update(past=True)
    for asked in (
        Showing.objects.in_zone(territory.departement).upcoming(timezone.now()),
        Showing.objects.in_zone(territory.departement).between(date(2026, 11, 24), date(2026, 11, 24)),
    ):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        plan = asked[:8].explain()
        assert "showing_coming" in plan
        assert "SCAN agenda_showing" not in plan
        assert "TEMP B-TREE" not in plan
        assert "Sort" not in plan


def test_a_month_says_what_begins_first_each_day(client: Client, announce: Announce) -> None:
    announce("Exposition", paris(28, 0), ends_at=paris(29, 0), all_day=True)
    for hour in (20, 10, 15):
        announce(f"À {hour} heures", paris(28, hour))
    announce("Dimanche", paris(29, 11))

    weeks = client.get("/agenda/", {"mois": "2026-11"}).context["weeks"]
    said = {
        day.day: (count, [showing.occurrence.event.publication.title for showing in showings])
        for week in weeks
        for day, inside, count, showings, _address in week
        if inside and count
    }
    assert said == {28: (4, ["À 10 heures", "À 15 heures"]), 29: (1, ["Dimanche"])}


def test_a_row_kept_for_all_says_at_once_what_changed(announce: Announce, chloe: Person) -> None:
    event, client, address = announce("Bal folk", paris(28, 20)), signed_in(chloe), "/agenda/?jour=2026-11-28"
    before = html(client.get(address))
    assert "Foyer rural" in before
    assert "Gratuit</span>" not in before
    times = [actions.Span(paris(28, 20))]
    body = event.publication.body
    actions.correct_event(event, by=chloe, title="Bal folk", body=body, spans=times, category="concert", is_free=True)
    assert "Gratuit</span>" in html(client.get(address))
    actions.change_status(event, by=chloe, status="full")
    assert "Complet" in html(client.get(address))
    actions.correct_event(event, by=chloe, title="Bal", body=body, spans=[actions.Span(paris(28, 21))], venue="Salle")
    after = html(client.get(address))
    assert "Salle, Bois-le-Comte" in after
    assert "21 h" in after
    assert "Foyer rural" not in after
