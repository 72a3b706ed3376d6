"""A believable world of any size, written straight into the tables: what the bench reads.

    PARVIS_DATA_DIR=… [DATABASE_URL=…] python -m bench.world [--deliveries 100000] [--territory 60]

Sizes are said in deliveries, the rest is in proportion: for 10^7 of them, 1,000,000 publications, 200,000 members with
places and follows, 20,000 associations, 50,000 events. The territory and its élus are real, everyone else is invented.
Rows are those that actions would have written, which a test compares; run on an empty database only.
"""

import argparse
import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")

import django

django.setup()

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.tables import Table, first_free, stored
from parvis.agenda.jobs import set_past_aside
from parvis.agenda.models import Attendance, DayCount, Event, Occurrence, Showing
from parvis.core.models import JournalEntry
from parvis.initialise import initialise
from parvis.people.actions.belonging import Where, belongings
from parvis.people.models import Audience, Membership, Mute, Person, Place, Reason, Subscription, Voice, VoiceName
from parvis.people.names import search_name, slug_of
from parvis.people.places import cantons_of
from parvis.publications.models import Delivery, Listing, Publication, Reply, Saved, Targeting
from parvis.publications.models.publications import position
from parvis.publications.wording import addressees
from parvis.territory.models import Territory, Zone, ZoneLink
from parvis.territory.names import turns

YEARS = timedelta(days=3 * 365)
DELIVERIES_EACH, MEMBERS_PER, ASSOCIATIONS_PER, EVENTS = 10, 50, 500, 0.05
WIDEST = 60
FIRST = ("Anne", "Louis", "Jeanne", "Paul", "Marie", "Hugo", "Lina", "Karim", "Zoé", "Inès", "Samir", "Élise", "Tom")
LAST = ("Martin", "Bernard", "Petit", "Durand", "Leroy", "Moreau", "Garcia", "Roux", "Fontaine", "Girard", "Nguyen")
FAMILIES = [f"{start}{end}" for start in LAST for end in ("", "-Dupré", "-Lemaire", "in", "el", "ot", "eau", "y")]
THINGS = ("Chorale", "Foyer", "Atelier", "Club", "Amicale", "Comité", "Ensemble", "Jardin", "Théâtre", "Cercle")
SENTENCES = (
    "Nous nous retrouvons samedi matin devant la mairie, chacun apporte ce qu’il veut.",
    "La rue de l’Église sera fermée de huit heures à midi pendant les travaux.",
    "Il reste quelques places, écrivez-nous avant jeudi.",
    "Merci à toutes celles et ceux qui ont prêté la main dimanche dernier.",
    "Quelqu’un aurait-il trouvé un trousseau de clés près du stade ?",
    "Le marché change de place tant que dure la fête.",
)


COLUMNS: dict[type[models.Model], str] = {
    Person: "id email name password charter_version trusted_at is_located",
    Voice: "id kind name search_name slug gender theme zone scope listed verified_at opened_at spoke_at person",
    VoiceName: "voice text kind",
    Place: "id person kind precision zone canton",
    Audience: "id zone voice coarse",
    Subscription: "person audience reason source grants muted",
    Membership: "person voice role",
    Mute: "person voice",
    Publication: "id kind state author voice place title slug body body_html addressed is_alert created_at"
    " published_at position expires_at reply_count version",
    Targeting: "publication zone zone_kind voice_kind is_root",
    Delivery: "audience publication position kind voice expires_at",
    Listing: "zone publication position kind",
    Reply: "publication author voice state body body_html created_at",
    Event: "publication category venue commune",
    Occurrence: "id event starts_at ends_at",
    Showing: "zone occurrence starts_at ends_at category",
    DayCount: "zone day category count",
    Saved: "person publication",
    Attendance: "person occurrence",
    JournalEntry: "at verb actor_id target_type target_id details",
}


class Land:
    """The zones, and what each holds and is held by."""

    def __init__(self) -> None:
        kinds = [Zone.Kind.COMMUNE, Zone.Kind.EPCI]
        zones = {zone.pk: zone for zone in Zone.objects.current().filter(kind__in=kinds).defer("geometry")}
        self.communes = [one for one in zones.values() if one.kind == Zone.Kind.COMMUNE and one.joinable]
        self.shares = list(accumulate(one.population or 100 for one in self.communes))
        self.root = Territory.objects.get().root
        self.wholes, self.touching = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
        parts = defaultdict[int, list[Zone]](list)
        of_ours = {one.pk for one in self.communes}
        current = set(Zone.objects.filter(ended_on=None).values_list("pk", flat=True))
        for part, whole, relation in ZoneLink.objects.values_list("part", "whole", "relation"):
            if whole in current:
                self.touching[part].add(whole)
            if relation == ZoneLink.Relation.WITHIN:
                self.wholes[part].add(whole)
                if part in of_ours and whole in zones and part != whole:
                    parts[whole].append(zones[part])
        self.groups = [tuple(sorted(group, key=lambda one: one.pk)[:WIDEST]) for group in parts.values() if group]

    def commune(self, chance: random.Random) -> Zone:
        """One where many people live more often than another."""
        return chance.choices(self.communes, cum_weights=self.shares)[0]


class World:
    """What is invented, table by table, from a seed."""

    def __init__(self, deliveries: int, progress: Progress, seed: int = 60) -> None:
        self.deliveries, self.progress, self.chance, self.land = deliveries, progress, random.Random(seed), Land()
        self.now = timezone.now().replace(microsecond=0)
        self.members: list[tuple[int, int, Zone]] = []
        self.organisations: list[tuple[int, int, Zone]] = []
        self.services: list[tuple[int, int, tuple[Zone, ...]]] = []
        self.elus = list(
            Voice.objects.filter(kind="elu", closed_at=None).order_by("pk").values_list("pk", flat=True)[:200]
        )
        self.zone_audience: dict[int, int] = {}
        self.voice_audience: dict[int, int] = {}
        self.theme_audience: dict[int, int] = {}
        self.words: dict[int, int] = {}
        self.begins: Counter[tuple[int, Any, str]] = Counter()
        self.tables = {model: Table(model, *names.split()) for model, names in COLUMNS.items()}
        self.numbers: dict[type[models.Model], int] = {
            model: first_free(model) for model in (Person, Voice, Place, Audience, Publication, Occurrence)
        }

    def add(self, model: type[models.Model], *row: Any) -> int:
        """A row, with the next number first when the table is one that others point to; that number, or 0."""
        number = self.numbers.get(model, 0)
        if number:
            self.numbers[model] += 1
            row = (number, *row)
        self.tables[model].add(*row)
        return number

    def flush(self) -> None:
        """Write all that waits, what is pointed to first."""
        for table in self.tables.values():
            table.flush()

    def counted(self, what: str, count: int) -> Iterator[int]:
        """`count` times, written as it goes, before everyone's eyes."""
        task = self.progress.add_task(what, total=count)
        for rank in range(count):
            yield rank
            if rank % 2_000 == 1_999:
                self.flush()
                self.progress.update(task, completed=rank + 1)
        self.flush()
        self.progress.update(task, completed=count)

    def people(self) -> None:
        """Members with their voice, home and subscriptions; associations and services with their owners."""
        every = Zone.objects.current().exclude(kind="circonscription").defer("geometry")
        self.zone_audience = {zone: one.pk for zone, one in Audience.objects.of_zones(list(every)).items()}
        self.coarse = {zone: one.pk for zone, one in Audience.objects.coarse_of_zones(self.land.communes).items()}
        themes = {theme: Audience.objects.of_theme(theme).pk for theme in Voice.Theme.values}
        self.numbers[Audience] = first_free(Audience)
        for voice in self.elus:
            self.voice_audience[voice] = self.add(Audience, None, voice, False)
        for rank in self.counted("Membres", max(self.deliveries // MEMBERS_PER, 20)):
            self.member(rank)
        for rank in self.counted("Associations", max(self.deliveries // ASSOCIATIONS_PER, 10)):
            commune, owner = self.land.commune(self.chance), self.members[rank % len(self.members)][0]
            name = f"{self.chance.choice(THINGS)} {self.chance.choice(FAMILIES)} {commune.name} {rank}"
            theme = self.chance.choice(Voice.Theme.values)
            voice = self.organisation(Voice.Kind.ASSOCIATION, name, commune, None, owner, theme)
            self.theme_audience[voice] = themes[theme]
            self.organisations.append((voice, owner, commune))
        groups = self.land.groups or [tuple(self.land.communes)]
        for rank in self.counted("Services", max(len(groups), self.deliveries // 20_000)):
            group, owner = groups[rank % len(groups)], self.members[-1 - rank % len(self.members)][0]
            name = f"Service {rank} {group[0].name}"
            seat = self.land.root
            self.services.append((self.organisation(Voice.Kind.SERVICE, name, seat, seat, owner, ""), owner, group))
        self.follows()

    def member(self, rank: int) -> None:
        """Someone, somewhere."""
        name, commune = f"{self.chance.choice(FIRST)} {self.chance.choice(FAMILIES)}", self.land.commune(self.chance)
        at, canton, zones = stored(self.now - YEARS), *home_in(commune)
        person = self.add(Person, f"m{rank}@bench.invalid", name, "!", "2026", at, False)
        listed = rank % 10 == 0
        found = search_name(name)
        said = (Voice.Kind.HABITANT, name, found, slug_of(name), "", "", commune.pk, None, listed, None, at, at, person)
        voice = self.add(Voice, *said)
        self.named(voice, found, Voice.Kind.HABITANT)
        self.voice_audience[voice] = self.add(Audience, None, voice, False)
        place = self.add(Place, person, Place.Kind.HOME.value, Place.Precision.COMMUNE.value, commune.pk, canton)
        rest = self.chance.random() < 0.03
        for zone, reason in zones:
            muted = rest and reason == Reason.EPCI
            grants = reason != Reason.COARSE
            self.add(Subscription, person, self.zone_audience[zone], reason.value, place, grants, muted)
        self.add(Subscription, person, self.coarse[commune.pk], Reason.COARSE.value, place, False, False)
        self.members.append((person, voice, commune))

    def organisation(self, kind: str, name: str, seat: Zone, scope: Zone | None, owner: int, theme: str) -> int:
        """An association or a service, verified, and its owner."""
        at, found = stored(self.now - YEARS), search_name(name)
        reach = scope.pk if scope else None
        said = (kind, name, found, slug_of(name), "", theme, seat.pk, reach, True, at, at, at, None)
        voice = self.add(Voice, *said)
        self.named(voice, found, kind)
        self.voice_audience[voice] = self.add(Audience, None, voice, False)
        self.add(Membership, owner, voice, Membership.Role.OWNER.value)
        return voice

    def named(self, voice: int, found: str, kind: str) -> None:
        """Let it be found by its name."""
        for text in sorted(turns(found)):
            self.add(VoiceName, voice, text, kind)

    def follows(self) -> None:
        """Who follows whom, a few of them followed by many; one in twenty leaves a voice out."""
        for rank in self.counted("Abonnements", len(self.members)):
            person = self.members[rank][0]
            for voice in {self.some(self.organisations)[0] for _ in range(self.chance.randrange(9))}:
                row = (person, self.voice_audience[voice], Reason.FOLLOW.value, 0, False, False)
                self.add(Subscription, *row)
            if rank % 20 == 0:
                self.add(Mute, person, self.some(self.organisations)[0])

    def some(self, speakers: list[Any]) -> Any:
        """One of them; the first ones are far more often the one."""
        return speakers[int(len(speakers) * self.chance.random() ** 3)]

    def publications(self) -> None:
        """What everyone said in three years, oldest first."""
        count, delivered = max(self.deliveries // DELIVERIES_EACH, 50), self.tables[Delivery]
        for rank in self.counted("Publications", count):
            behind = delivered.written + len(delivered.rows) < rank * self.deliveries / count
            at = self.now - YEARS + (YEARS - timedelta(minutes=1)) * (rank / count)
            self.say(rank, at, behind=behind)
        for (zone, day, category), number in sorted(self.begins.items()):
            self.add(DayCount, zone, day, category, number)
        self.flush()

    def say(self, rank: int, at: datetime, *, behind: bool) -> None:
        """One publication, to more zones when fewer were reached than asked."""
        die, zones = self.chance.random(), list[Zone]()
        if die < 0.35:
            speaker, author, group = self.some(self.services)
            wide = group if behind else group[: 1 + rank % 8]
            self.publish("notice", "service", speaker, author, list(wide), at)
        elif die < 0.6:
            speaker, author, seat = self.some(self.organisations)
            if die < 0.35 + EVENTS:
                self.publish("event", "association", speaker, author, [seat], at)
                return
            zones = list(
                {one.pk: one for one in (seat, *(self.land.commune(self.chance) for _ in range(rank % 5)))}.values()
            )
            self.publish("post", "association", speaker, author, zones, at)
        elif die < 0.63 and self.elus:
            self.publish("post", "elu", self.chance.choice(self.elus), None, [self.land.root], at)
        else:
            author, speaker, seat = self.some(self.members)
            self.publish("post", "habitant", speaker, author, [seat], at)

    def publish(
        self, kind: str, voice_kind: str, voice: int, author: int | None, zones: list[Zone], at: datetime
    ) -> None:
        """Its rows, and those of feeds, places and agendas while it is online."""
        number, chance = self.numbers[Publication], self.chance
        place, moment, said = zones[0].pk, stored(at), " ".join(chance.choices(SENTENCES, k=chance.randrange(2, 9)))
        title = "" if kind == "post" and number % 2 else " ".join(said.split()[:5])
        expires = at + timedelta(days=45) if kind == "notice" and number % 10 == 0 else None
        state = "withdrawn" if number % 50 == 0 else "online"
        online = state == "online" and (expires is None or expires > self.now)
        place_in_order, until = position(at, number), stored(expires)
        replies = number % 4 if kind == "post" else 0
        self.add(
            Publication, kind, state, author, voice, place, title, slug_of(title) if title else "", said,
            f"<p>{said}</p>", phrase(tuple(zones)), kind == "notice" and number % 200 == 1, moment, moment,
            place_in_order, until, replies, 1 + (number % 20 == 0),
        )  # fmt: skip
        self.words[voice] = int(at.timestamp())
        for zone in zones:
            self.add(Targeting, number, zone.pk, zone.kind, voice_kind, zone == self.land.root)
        for _ in range(replies):
            answerer, answering, _seat = chance.choice(self.members)
            self.add(Reply, number, answerer, answering, "online", "Merci !", "<p>Merci !</p>", moment)
        self.add(JournalEntry, moment, "publication.published", author, "publication", number, f'{{"kind": "{kind}"}}')
        if online:
            followers = (self.voice_audience[voice], self.theme_audience.get(voice, 0))
            for audience in filter(None, (*(self.zone_audience[zone.pk] for zone in zones), *followers)):
                self.add(Delivery, audience, number, place_in_order, kind, voice, until)
            for whole in sorted({whole for zone in zones for whole in (zone.pk, *self.land.wholes[zone.pk])}):
                self.add(Listing, whole, number, place_in_order, kind)
            if number % 7 == 0:
                self.add(Saved, chance.choice(self.members)[0], number)
        if kind == "event":
            self.event(number, zones[0], at, online=online)

    def event(self, number: int, commune: Zone, at: datetime, *, online: bool) -> None:
        """Once, or for one in ten every week of a season; someone goes to half of them."""
        category = self.chance.choice(Event.Category.values)
        self.add(Event, number, category, "Salle des fêtes", commune.pk)
        start = (at + timedelta(days=self.chance.randrange(2, 90))).replace(minute=0, second=0)
        for week in range(12 if number % 10 == 0 else 1):
            opens = start + timedelta(weeks=week)
            closes = opens + timedelta(hours=2)
            occurrence = self.add(Occurrence, number, stored(opens), stored(closes))
            if number % 2:
                self.add(Attendance, self.chance.choice(self.members)[0], occurrence)
            for zone in sorted(self.land.touching[commune.pk]) if online else ():
                self.add(Showing, zone, occurrence, stored(opens), stored(closes), category)
                self.begins[zone, timezone.localtime(opens).date(), category] += 1

    def settle(self) -> None:
        """What is known at the end: what is over, last words, and the numbers that the database gives from now on."""
        set_past_aside()
        with connection.cursor() as cursor:
            if any(field.name == "last_word" for field in Voice._meta.fields):
                cursor.executemany(
                    "UPDATE people_voice SET last_word = %s WHERE id = %s",
                    [(at, voice) for voice, at in self.words.items()],
                )
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self.numbers)):
                cursor.execute(statement)


@cache
def home_in(commune: Zone) -> tuple[int | None, list[tuple[int, Reason]]]:
    """The canton that someone there says is theirs, if one must say it; every zone that matters to them, and why."""
    cantons = list(cantons_of(commune))
    canton = cantons[0] if len(cantons) > 1 else None
    mine = belongings(Place.Kind.HOME, Where(commune, canton))
    return canton.pk if canton else None, [(zone.pk, reason) for zone, reason in mine.items()]


@cache
def phrase(zones: tuple[Zone, ...]) -> str:
    """The zones in one phrase, as a card says them."""
    return addressees(list(zones))


def fill(deliveries: int, progress: Progress | None = None) -> Iterable[Table]:
    """A world of about so many deliveries on the territory that is there; the tables, which know how many they took."""
    world = World(deliveries, progress or Progress(disable=True))
    world.people()
    world.publications()
    world.settle()
    return world.tables.values()


def main() -> None:
    """Prepare the database and the territory when they are not there, and fill them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--deliveries", type=int, default=100_000)
    parser.add_argument("--territory", nargs="+", default=["60"])
    options, console = parser.parse_args(), Console()
    call_command("migrate", verbosity=0)
    if not Territory.objects.exists():
        initialise(options.territory, console)
    if Publication.objects.exists():
        raise SystemExit("There is a world here already: give another PARVIS_DATA_DIR or DATABASE_URL.")
    with connection.cursor() as cursor:
        # Nothing here needs to survive a power cut, and every row points to one that was just written.
        hurry = ["PRAGMA synchronous=OFF", "PRAGMA foreign_keys=OFF", "PRAGMA cache_size=-2000000"]
        for statement in hurry if connection.vendor == "sqlite" else ["SET session_replication_role = replica"]:
            cursor.execute(statement)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress, transaction.atomic():
        tables = fill(options.deliveries, progress)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")
    console.print(", ".join(f"{table.model._meta.model_name} {table.written:,}" for table in tables))


if __name__ == "__main__":
    main()
