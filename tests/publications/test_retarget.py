"""Another zone for a notice online: who is no longer concerned loses it, who is now gains it (R-PRIV-8, R-PRIV-9)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from shapely.geometry import box

from parvis.core.models import JournalEntry
from parvis.people import vault
from parvis.people.actions import settle
from parvis.people.actions.belonging import Where
from parvis.people.models import Membership, Person, Voice
from parvis.publications import actions
from parvis.publications.feed import feed_for
from parvis.publications.models import Delivery, Draft, Listing, Outline, Publication, State
from parvis.publications.rights import Refused
from parvis.publications.targets import Target
from parvis.publications.ways import ways_to
from parvis.territory.models import Street, Zone
from tests.cast import Cast
from tests.publications.conftest import Aim, Say, html, on_plan, signed_in
from tests.publications.test_register import table
from tests.worker import run_until_idle

ACROSS = box(2.16, 49.15, 2.163, 49.151)


@pytest.fixture
def across(territory: Cast) -> Target:
    """Other houses of Bois-le-Comte."""
    return Target("rue", ACROSS, ACROSS, "la rue du Lavoir et ses abords", [territory.bois], 30)


@pytest.fixture
def online(aim: Aim, agent: Person, colleague: Person) -> Publication:
    """A notice to the houses of the street, online."""
    return actions.countersign(actions.submit(aim(), by=agent), by=colleague)


def at_home(person: Person, lon: float) -> None:
    """`person` lives at an exact address of Bois-le-Comte."""
    settle(person, Where(Zone.objects.get(code="99002"), point=(lon, 49.1505), address="1 rue du Puits"))


def has(person: Person, publication: Publication) -> bool:
    return publication.pk in {card.number for card in feed_for(person).cards}


def test_who_is_no_longer_concerned_loses_it_and_who_is_now_gains_it(
    online: Publication, across: Target, agent: Person, colleague: Person, amina: Person, chloe: Person
) -> None:
    at_home(amina, 2.151)
    at_home(chloe, 2.161)
    assert (has(amina, online), has(chloe, online)) == (True, False)
    actions.retarget(online, by=agent, target=across)
    # Until someone else has read it: nowhere.
    assert online.state == State.REVIEW
    assert not vault.pending_for(amina)
    assert not Delivery.objects.filter(publication=online).exists()
    actions.countersign(Publication.objects.get(pk=online.pk), by=colleague)
    run_until_idle()
    assert (has(amina, online), has(chloe, online)) == (False, True)
    assert vault.reached_by(online.pk) == [chloe.pk]
    assert [way.reason for way in ways_to(chloe, online)] == ["votre domicile est dans la zone dessinée"]
    assert not ways_to(amina, online)
    # Whoever settles in the former zone is not told either.
    at_home(amina, 2.152)
    assert not vault.pending_for(amina)


def test_stays_in_the_register_of_the_place_it_was_for(
    client: Client, online: Publication, agent: Person, territory: Cast
) -> None:
    actions.retarget(online, by=agent, zones=[territory.remy])
    actions.retarget(online, by=agent, zones=[territory.clairval], at=timezone.now() + timedelta(minutes=1))
    # Where it was drawn, where it was addressed by name, where it goes now; and nowhere else.
    for code, found in (("99002", True), ("99006", True), ("99001", True), ("99003", False)):
        address = f"?zone=commune-{code}"
        assert ("Auparavant" in html(client.get(f"/avis/registre/{address}"))) == found, code
        assert ("rue du Puits" in table(client, f"/avis/registre.csv{address}")) == found, code


def test_a_former_place_that_joins_another_is_found_under_the_other(
    client: Client, online: Publication, agent: Person, territory: Cast
) -> None:
    actions.retarget(online, by=agent, zones=[territory.clairval])
    actions.join_publications(territory.bois, territory.remy)
    assert "Auparavant" in html(client.get("/avis/registre/?zone=commune-99006"))


def test_comes_among_the_newest_once_it_is_let_out(
    online: Publication, across: Target, agent: Person, colleague: Person
) -> None:
    actions.retarget(online, by=agent, target=across, at=timezone.now() + timedelta(minutes=1))
    later = timezone.now() + timedelta(minutes=5)
    said = actions.countersign(Publication.objects.get(pk=online.pk), by=colleague, at=later)
    assert (said.position or 0) >> 20 == int(later.timestamp())
    assert Delivery.objects.filter(publication=said, position__gte=said.position or 0).exists()


def test_of_the_former_zone_stays_a_phrase_alone(
    online: Publication, across: Target, agent: Person, colleague: Person, client: Client
) -> None:
    former = Outline.objects.get().public
    actions.retarget(online, by=agent, target=across)
    actions.countersign(Publication.objects.get(pk=online.pk), by=colleague)
    assert bytes(Outline.objects.get().public) != bytes(former)
    page = html(client.get(online.get_absolute_url()))
    assert "pour la rue du Lavoir et ses abords" in page
    assert "Cet avis était pour la rue du Puits et ses abords." in page
    register = html(client.get("/avis/registre/"))
    assert "Pour la rue du Lavoir et ses abords" in register
    assert "pour la rue du Puits et ses abords." in register
    entry = JournalEntry.objects.get(verb="publication.retargeted")
    assert (entry.actor_id, entry.target_id, entry.details) == (agent.pk, online.pk, {})


def test_a_wider_zone_needs_no_second_person(
    online: Publication, agent: Person, territory: Cast, amina: Person, bruno: Person
) -> None:
    at_home(amina, 2.151)
    actions.retarget(online, by=agent, zones=[territory.clairval])
    assert (online.state, online.is_fine, online.addressed) == (State.ONLINE, False, "Clairval")
    assert not Outline.objects.exists()
    assert (has(amina, online), has(bruno, online)) == (False, True)
    assert not vault.pending_for(amina)
    zones = set(Listing.objects.filter(publication=online).values_list("zone", flat=True))
    assert territory.clairval.pk in zones
    assert territory.bois.pk not in zones


def test_from_a_commune_to_a_street(
    notice: Publication, across: Target, agent: Person, colleague: Person, bruno: Person, chloe: Person
) -> None:
    at_home(chloe, 2.161)
    Publication.objects.filter(pk=notice.pk).update(purpose="travaux", expires_at=timezone.now() + timedelta(days=2))
    notice.refresh_from_db()
    assert has(bruno, notice)
    actions.retarget(notice, by=colleague, target=across)
    assert not has(bruno, notice)
    # Whoever chose the zone does not let it out.
    with pytest.raises(Refused, match="autre personne"):
        actions.countersign(notice, by=colleague)
    actions.countersign(Publication.objects.get(pk=notice.pk), by=agent)
    run_until_idle()
    assert has(chloe, notice)


def test_stays_in_the_register_when_it_goes_to_everyone(
    online: Publication, agent: Person, territory: Cast, client: Client
) -> None:
    """R-PRIV-8: widening it does not hide that a part was told."""
    actions.retarget(online, by=agent, zones=[territory.departement])
    assert "rue du Puits" in html(client.get("/avis/registre/"))
    assert "la rue du Puits et ses abords (" in table(client)


def test_an_alert_is_mailed_to_those_of_the_new_zone(
    aim: Aim, across: Target, agent: Person, colleague: Person, amina: Person, chloe: Person
) -> None:
    at_home(amina, 2.151)
    at_home(chloe, 2.161)
    said = actions.countersign(actions.submit(aim(is_alert=True), by=agent), by=colleague)
    run_until_idle()
    assert [letter.to for letter in mail.outbox] == [[amina.email]]
    actions.retarget(said, by=agent, target=across)
    actions.countersign(Publication.objects.get(pk=said.pk), by=colleague)
    run_until_idle()
    assert [letter.to for letter in mail.outbox[1:]] == [[chloe.email]]


@pytest.mark.parametrize("wrong", ["stranger", "member", "ended", "withdrawn", "same", "nowhere", "alone", "purpose"])
def test_is_refused(
    wrong: str, notice: Publication, across: Target, agent: Person, bruno: Person, routes: Voice, territory: Cast
) -> None:
    """R-PRIV-9, R-LAW-35."""
    by: Person = agent
    where: dict[str, Any] = {"zones": [territory.bois]}
    if wrong == "stranger":
        by = bruno
    elif wrong == "member":
        Membership.objects.create(person=bruno, voice=routes, role=Membership.Role.MEMBER)
        by = bruno
    elif wrong == "ended":
        Publication.objects.filter(pk=notice.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    elif wrong == "withdrawn":
        actions.withdraw(Publication.objects.get(pk=notice.pk), by=agent)
    elif wrong == "same":
        where = {"zones": [territory.clairval, territory.canton_2]}
    elif wrong == "nowhere":
        where = {}
    else:
        if wrong == "alone":
            Publication.objects.filter(pk=notice.pk).update(purpose="travaux", expires_at=timezone.now() + timedelta(1))
        notice.refresh_from_db()
        where = {"target": across}
    before = Publication.objects.values("state", "position", "addressed").get()
    with pytest.raises(Refused):
        actions.retarget(notice, by=by, **where)
    assert Publication.objects.values("state", "position", "addressed").get() == before


def test_two_at_once_the_second_reads_the_first(online: Publication, agent: Person, territory: Cast) -> None:
    late = Publication.objects.get(pk=online.pk)
    actions.retarget(online, by=agent, zones=[territory.clairval])
    with pytest.raises(Refused, match="vient de changer"):
        actions.retarget(late, by=agent, zones=[territory.remy])
    assert Publication.objects.get().addressed == "Clairval"


def test_a_job_of_the_former_zone_that_comes_late_tells_nobody(
    aim: Aim, agent: Person, colleague: Person, territory: Cast, amina: Person
) -> None:
    at_home(amina, 2.151)
    said = actions.countersign(actions.submit(aim(), by=agent), by=colleague)
    actions.retarget(said, by=agent, zones=[territory.clairval])
    run_until_idle()
    assert vault.reached_by(said.pk) == []


def test_sent_back_it_is_a_draft_with_its_words_and_its_new_zone(
    ground: Street, online: Publication, agent: Person, colleague: Person
) -> None:
    sent = on_plan(online.voice, colleague, street="rue des tisserands", version=online.version)
    signed_in(agent).post(f"/publications/{online.pk}/zone/", sent)
    said = Publication.objects.get()
    actions.send_back(said, by=colleague, reason="Pas cette rue.")
    assert Publication.objects.get().state == State.WITHDRAWN
    typed = Draft.objects.get().typed
    assert (typed["title"], typed["street"], typed["purpose"]) == ("Eau coupée mardi", "rue des tisserands", "travaux")
    page = html(signed_in(agent).get(f"/publier/avis/?brouillon={Draft.objects.get().pk}"))
    assert "Pas cette rue." in page
    assert "rue des tisserands" in page


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(
    ground: Street, online: Publication, agent: Person, colleague: Person, bruno: Person
) -> None:
    address = f"/publications/{online.pk}/zone/"
    browser = signed_in(agent)
    assert signed_in(bruno).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    page = html(browser.get(address))
    assert "Pour la rue du Puits et ses abords." in page
    assert 'value="99002"' in page
    sent = on_plan(online.voice, colleague, street="rue inconnue", version=online.version)
    answer = browser.post(address, sent)
    assert answer.status_code == 422
    assert "Rien ne porte ce nom à Bois-le-Comte" in html(answer)
    previewed = html(browser.post(address, sent | {"street": "rue des tisserands", "preview": "1"}))
    assert "pour la rue des Tisserands et ses abords" in previewed
    assert "moins de" in previewed
    assert Publication.objects.get().version == online.version


def test_a_double_click_changes_it_once(
    ground: Street, online: Publication, agent: Person, colleague: Person, client: Client
) -> None:
    address = f"/publications/{online.pk}/zone/"
    browser = signed_in(agent)
    sent = on_plan(online.voice, colleague, street="rue des tisserands", version=online.version)
    for _click in range(2):
        answer = browser.post(address, sent)
        assert (answer.status_code, answer.headers["Location"]) == (302, online.get_absolute_url())
    assert JournalEntry.objects.filter(verb="publication.retargeted").count() == 1
    assert Draft.objects.count() == 1
    # Sent again from a page opened before: said, and what was typed is still there.
    late = browser.post(address, on_plan(online.voice, colleague, street="rue des tisserands", version=online.version))
    assert late.status_code == 422
    assert "n’est plus en ligne" in html(late)
    assert "rue des tisserands" in html(late)
    assert browser.get(address).status_code == 302


def test_someone_changed_its_words_meanwhile(online: Publication, agent: Person, territory: Cast) -> None:
    actions.retarget(online, by=agent, zones=[territory.clairval])
    read = online.version
    actions.correct(online, by=agent, title="Eau coupée jeudi", body="De 9 h à 12 h.")
    address = f"/publications/{online.pk}/zone/"
    sent = on_plan(online.voice, None, aim="commune", zones=[str(territory.remy.pk)], version=read)
    answer = signed_in(agent).post(address, sent)
    assert answer.status_code == 422
    assert "vient de changer" in html(answer)
    assert f'name="version" value="{online.version}"' in html(answer)
    answer = signed_in(agent).post(address, sent | {"version": online.version})
    assert answer.status_code == 302
    assert Publication.objects.get().addressed == "Saint-Rémy"


def test_the_home_of_who_loses_it_falls_at_once(
    online: Publication, agent: Person, territory: Cast, amina: Person, send: Say
) -> None:
    """The page a member asked for a moment ago is made anew."""
    at_home(amina, 2.151)
    browser = signed_in(amina)
    assert "Eau coupée mardi" in html(browser.get("/"))
    assert "Eau coupée mardi" in html(browser.get("/"))
    actions.retarget(online, by=agent, zones=[territory.remy])
    assert "Eau coupée mardi" not in html(browser.get("/"))
