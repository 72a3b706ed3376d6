"""People come, leave and move; notices go out, change, move and end: each sees what the model says, and why.

Hypothesis chooses what happens. STORIES=200 tries as many stories instead of a few.
"""

import logging
import os
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from shapely import to_wkb
from shapely.geometry import box

from parvis.core import kept
from parvis.core.models import Job, JournalEntry
from parvis.people import actions as people
from parvis.people import vault
from parvis.people.actions import Where
from parvis.people.models import Membership, Person, Place, Subscription, Voice
from parvis.publications import actions
from parvis.publications.feed import feed_for
from parvis.publications.models import Outline, Publication
from parvis.publications.targets import Target
from parvis.publications.ways import ways_to
from parvis.territory import current
from parvis.territory.geometry import index
from parvis.territory.models import Territory, Zone
from tests.cast import lay_territory, link, make_person, make_zone
from tests.visibility.square import AIMS, HALLES, SPOTS, Aim, Home, Said, Square
from tests.worker import run_until_idle

NAMES = ("ada", "bob", "cleo", "dora")
# More than a few notices of one voice are folded in a feed, which is another matter.
VOICES, EACH = 3, 2
homes = st.tuples(st.sampled_from(SPOTS), st.sampled_from(["commune", "quartier", "exact", "exact"]))
aims = st.sampled_from(AIMS)


class Heard(logging.Handler):
    """All that is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self.lines.append(f"{record.getMessage()} {record.exc_info}")


class Machine(RuleBasedStateMachine):
    """One story, in a transaction that is undone."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        for memory in (kept, current, index):
            memory.forget()
        mail.outbox.clear()
        self.square, self.gone = Square(), list[str]()
        self.heard = Heard()
        logging.getLogger().addHandler(self.heard)
        self.staff = {name: Person.objects.get(email=f"{name}@example.org") for name in ("agent", "second")}
        self.voices = list(Voice.objects.filter(kind="service").order_by("pk"))

    def teardown(self) -> None:
        """What must be nowhere is nowhere; then all is undone."""
        try:
            self.sweep()
        finally:
            logging.getLogger().removeHandler(self.heard)
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    # People

    def person(self, name: str) -> Person:
        """As the database knows them now."""
        return Person.objects.get(email=f"{name}@example.org")

    def where(self, home: Home) -> Where:
        """What they say of it."""
        commune = Zone.objects.get(code=home.spot.commune)
        if home.precision == "exact":
            return Where(commune, point=(home.spot.lon, home.spot.lat), address=home.spot.address)
        quartier = Zone.objects.get(kind="quartier") if home.precision == "quartier" else None
        return Where(commune, quartier=quartier)

    @initialize()
    def begin(self) -> None:
        """Someone in the street, someone of its commune, and a notice to the street: a short story tells more."""
        self.join_or_move(name="ada", said=(SPOTS[0], "exact"))
        self.join_or_move(name="bob", said=(SPOTS[0], "commune"))
        self.target(aim=AIMS[6], alert=False)
        [number] = self.square.notices
        actions.countersign(Publication.objects.get(pk=number), by=self.staff["second"])
        self.square.notices[number].state = "online"

    @rule(name=st.sampled_from(NAMES), said=homes)
    def join_or_move(self, name: str, said: Any) -> None:
        """Someone comes, or lives elsewhere, or says it more or less finely."""
        home = Home(*said)
        if home.precision == "quartier" and home.spot.commune != "99002":
            home.precision = "commune"
        if name not in self.square.homes:
            make_person(f"{name}@example.org", name.title(), Zone.objects.get(code=home.spot.commune))
        people.settle(self.person(name), self.where(home))
        self.square.homes[name] = home

    @precondition(lambda self: self.square.homes)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        """Someone takes their home away."""
        name = data.draw(st.sampled_from(sorted(self.square.homes)))
        person = self.person(name)
        people.remove_place(Place.objects.get(person=person), by=person)
        del self.square.homes[name]
        people.erase_account(person, by=person)

    @precondition(lambda self: self.square.homes)
    @rule(data=st.data(), keeps=st.booleans())
    def erase(self, data: st.DataObject, keeps: bool) -> None:
        """Someone leaves for good, with their home as it is."""
        name = data.draw(st.sampled_from(sorted(self.square.homes)))
        people.erase_account(self.person(name), by=self.person(name), keeps=keeps)
        del self.square.homes[name]

    # Notices

    def to(self, aim: Aim) -> dict[str, Any]:
        """The same, for the actions."""
        if aim.shape is None:
            return {"zones": [Zone.objects.get(code=aim.code, kind__in=["commune", "epci", "departement", "quartier"])]}
        communes = list(Zone.objects.filter(code__in=aim.communes).order_by("code"))
        return {"target": Target(aim.kind, aim.shape, aim.public or aim.shape, "quelques maisons", communes)}

    def notice(self, data: st.DataObject, state: str) -> tuple[Publication, Said]:
        """One of those in this state."""
        numbers = [number for number, said in self.square.notices.items() if said.state == state]
        number = data.draw(st.sampled_from(numbers))
        return Publication.objects.get(pk=number), self.square.notices[number]

    @rule(aim=aims, alert=st.booleans())
    def target(self, aim: Aim, alert: bool) -> None:
        """A service writes; the notice waits when it is finer than a commune."""
        living = [said for said in self.square.notices.values() if said.state in {"online", "review"}]
        if len(living) >= VOICES * EACH:
            return
        by, voice = self.staff["agent"], self.voices[len(self.square.notices) % VOICES]
        said = actions.compose(
            voice=voice, by=by, kind="notice", place=Zone.objects.get(code="99002"), title=f"Avis {len(living)}",
            body="Mardi.", purpose="travaux", is_alert=alert, expires_at=timezone.now() + timedelta(days=5),
            **self.to(aim),
        )  # fmt: skip
        actions.submit(said, by=by)
        self.square.notices[said.pk] = Said(aim, "review" if aim.fine else "online", alert, "Mardi.")
        self.hear(said.pk)

    @precondition(lambda self: any(said.state == "review" for said in self.square.notices.values()))
    @rule(data=st.data(), out=st.sampled_from([True, True, False]))
    def second(self, data: st.DataObject, out: bool) -> None:
        """Someone else of the service lets it out, or sends it back."""
        publication, said = self.notice(data, "review")
        by = self.staff["second" if said.author == "agent" else "agent"]
        if out:
            actions.countersign(publication, by=by)
            said.state = "online"
            self.hear(publication.pk)
            return
        actions.send_back(publication, by=by, reason="Non.")
        said.state = "over"

    @precondition(lambda self: any(said.state == "online" for said in self.square.notices.values()))
    @rule(data=st.data(), aim=aims)
    def retarget(self, data: st.DataObject, aim: Aim) -> None:
        """It goes elsewhere."""
        publication, said = self.notice(data, "online")
        if said.aim == aim and aim.shape is None:
            with pytest.raises(actions.Refused):
                actions.retarget(publication, by=self.staff["agent"], **self.to(aim))
            return
        actions.retarget(publication, by=self.staff["agent"], **self.to(aim))
        said.formers.append(said.aim)
        said.aim, said.state = aim, "review" if aim.fine else "online"
        said.author = "agent" if aim.fine else said.author
        self.hear(publication.pk)

    @precondition(lambda self: any(said.state == "online" for said in self.square.notices.values()))
    @rule(data=st.data(), name=st.sampled_from(["agent", "second"]))
    def edit(self, data: st.DataObject, name: str) -> None:
        """Its words change; read again when it is finer than a commune."""
        publication, said = self.notice(data, "online")
        said.words += " Ou mercredi."
        actions.correct(publication, by=self.staff[name], title=publication.title, body=said.words)
        if said.aim.fine:
            said.state, said.author = "review", name

    @precondition(lambda self: any(said.state == "online" for said in self.square.notices.values()))
    @rule(data=st.data(), way=st.sampled_from(["withdrawn", "ended", "purged"]))
    def end(self, data: st.DataObject, way: str) -> None:
        """It is taken back, or its end has come."""
        publication, said = self.notice(data, "online")
        said.state = "over"
        if way == "withdrawn":
            actions.withdraw(publication, by=self.staff["agent"])
            return
        Publication.objects.filter(pk=publication.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        if way == "purged":
            actions.purge_expired()

    @rule()
    def redraw(self) -> None:
        """The quartier lies elsewhere."""
        self.square.halles = 1 - self.square.halles
        zone, shape = Zone.objects.get(kind="quartier"), HALLES[self.square.halles]
        west, south, east, north = shape.bounds
        Zone.objects.filter(pk=zone.pk).update(geometry=to_wkb(shape), west=west, south=south, east=east, north=north)
        Territory.objects.update(version=Territory.objects.get().version + 1)
        current.forget()
        people.settle_quartiers([zone.pk])
        actions.spread_over([zone.pk])

    def hear(self, number: int) -> None:
        """Of an alert that goes out, those whom it concerns are written to, and nobody else."""
        mail.outbox.clear()
        run_until_idle()
        said = self.square.notices[number]
        expected = self.square.mailed(said.aim) if said.alert and said.state == "online" else set()
        told = {letter.to[0].partition("@")[0] for letter in mail.outbox}
        assert told - {*self.staff, "admin"} == expected, (told, expected)

    # What is always true

    @invariant()
    def each_sees_what_concerns_them_and_why(self) -> None:
        """In the feed and on the page that tells why; and nobody has anything of a home they left."""
        run_until_idle()
        assert not Job.objects.exclude(state=Job.State.DONE).exists()
        for name in self.square.homes:
            person, expected = self.person(name), self.square.seen_by(name)
            seen = {card.number: card.reason for card in feed_for(person).cards}
            assert seen.keys() == expected.keys(), (name, seen, expected)
            for number, why in expected.items():
                assert seen[number].replace("\u00a0", " ").startswith(why), (seen[number], why)
                [way] = ways_to(person, Publication.objects.get(pk=number))
                assert way.reason == seen[number].replace("&#x27;", "'")
        places = set(Place.objects.values_list("pk", flat=True))
        assert set(Subscription.objects.values_list("source", flat=True)) <= places | {0}

    def sweep(self) -> None:
        """Where someone lives is on no page but theirs, in no mail, no log, and in the database in the vault alone."""
        pages = ["/", "/avis/", "/avis/registre/", "/avis/registre.csv", "/avis.atom", "/avis/?zone=commune-99002"]
        pages += [publication.get_absolute_url() for publication in Publication.objects.all()]
        readers = [None, self.staff["agent"], *map(self.person, self.square.homes)]
        said = "".join(read(reader, page) for reader in readers for page in pages)
        said += "".join(str(letter.message()) for letter in mail.outbox) + "".join(self.heard.lines)
        said += str(list(JournalEntry.objects.values_list("verb", "details")))
        stored = dump()
        for spot in SPOTS:
            assert [canary for canary in spot.canaries() if re.search(canary, said) or re.search(canary, stored)] == []
            assert not any(raw.hex() in stored for raw in spot.bytes())
        for outline in Outline.objects.filter(kind="parcelles", handed_at__isnull=False):
            assert outline.shape is None
        register = read(None, "/avis/registre/")
        out = Publication.objects.registered()
        assert register.count('class="register-line"') == min(out.count(), 20)
        exact = {self.person(name).pk for name, home in self.square.homes.items() if home.precision == "exact"}
        assert {person.pk for person in Person.objects.all() if vault.addresses_of(person)} == exact


def read(reader: Person | None, page: str) -> str:
    """A page, without what the forms hold of chance."""
    client = Client()
    if reader is not None:
        client.force_login(reader, "allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(page)
    body = b"".join(getattr(response, "streaming_content", [])) if response.streaming else response.content
    return body.decode()


def dump() -> str:
    """The whole database but the vault, geometry in hexadecimal."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(("vault_", "sqlite_", "territory_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                found += [cell for row in cursor.fetchall() for cell in row]
    return "\n".join(cell.hex() if isinstance(cell, bytes | memoryview) else str(cell) for cell in found)


@pytest.fixture
def square(db: None) -> None:
    """Val-d’Ombre, a second département beside it, a quartier, and three services of two persons."""
    land = lay_territory()
    other = make_zone("departement", "98", "Val-Clair", box(2.4, 49, 2.5, 49.2))
    sourdun = make_zone("commune", "98001", "Sourdun", box(2.4, 49.1, 2.5, 49.2), joinable=True)
    halles = make_zone("quartier", "99002Q1", "Les Halles", HALLES[0], nature="quartier")
    wholes = {
        other: [land.region],
        sourdun: [other, land.region],
        halles: [land.bois, land.epci, land.departement, land.region],
    }
    for part, several in wholes.items():
        for whole in several:
            link(part, whole)
    Territory.objects.update(codes=["99", "98"], root=land.region)
    staff = [make_person(f"{name}@example.org", name.title(), land.remy) for name in ("agent", "second", "admin")]
    admin = people.make_administrator("admin@example.org")
    for rank in range(VOICES):
        voice = people.create_service(
            by=admin, name=f"Service {rank}", zone=land.clairval, scope=land.region, owner=staff[0]
        )
        people.add_member(voice, by=staff[0], person=staff[1], role=Membership.Role.EDITOR)
    run_until_idle()


def test_each_sees_what_concerns_them_whatever_happens(square: None) -> None:
    """R-PRIV-6, 7, 9, 13, 16; R-LAW-23."""
    tries = int(os.environ.get("STORIES", "6"))
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=tries, stateful_step_count=20, deadline=None, derandomize=tries < 10, database=None,
            suppress_health_check=list(HealthCheck), print_blob=False,
            phases=[Phase.explicit, Phase.generate],
        ),
    )  # fmt: skip


class Always:
    """What Hypothesis would choose from, when the story is told in advance."""

    def __init__(self, number: int) -> None:
        self.number = number

    def draw(self, _from: Any) -> int:
        """The same each time."""
        return self.number


def test_a_notice_that_moves_is_taken_back_from_where_it_was(square: None) -> None:
    """From a shape to a zone, a shape, everyone, and back: few stories of chance go by all of these (R-PRIV-16)."""
    machine = Machine()
    try:
        machine.begin()
        machine.join_or_move(name="cleo", said=(SPOTS[3], "exact"))
        [number] = machine.square.notices
        chosen: Any = Always(number)
        for rank in (1, 6, 7, 8, 0, 9, 5, 8, 2, 6, 4):
            machine.retarget(data=chosen, aim=AIMS[rank])
            if AIMS[rank].fine:
                machine.second(data=chosen, out=True)
            machine.each_sees_what_concerns_them_and_why()
    finally:
        machine.teardown()
