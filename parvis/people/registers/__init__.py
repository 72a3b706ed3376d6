"""Makes the élus and town halls of the territory known before any of them opens a space here."""

from collections.abc import Container
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from parvis.people.models import Audience, Mandate, Voice, VoiceName, VoiceQuerySet
from parvis.people.names import search_name, slug_of
from parvis.people.registers.seats import Line, Register, Seat
from parvis.territory.importer import Progress
from parvis.territory.importer.merge import Wanted, batches, indexed_after, insert, merge
from parvis.territory.importer.sources import damaged
from parvis.territory.models import TownHall, Zone
from parvis.territory.names import turns

__all__ = ["import_elus"]

# Élus written at once: a country has half a million.
PORTION = 2_000
WRITTEN: list[Line] = []
# Where an élu is found: the finest zone they have a seat in.
FINEST = (
    Mandate.Kind.MUNICIPAL,
    Mandate.Kind.DEPARTEMENTAL,
    Mandate.Kind.DEPUTE,
    Mandate.Kind.COMMUNAUTAIRE,
    Mandate.Kind.SENATEUR,
    Mandate.Kind.REGIONAL,
)


def import_elus(progress: Progress) -> int:
    """Write the élus with their mandates, the voice of each town hall and the audience of each zone; how many élus.

    All or nothing; run again with the same files it changes no row. A mandate the files no longer have ends
    today. Raises TerritoryError when a file is damaged.
    """
    progress("Lecture du registre des élus", 0.0)
    lines: dict[str, list[Line]] = {}
    for key, line in Register().lines():
        lines.setdefault(key, []).append(line)
    progress("Élus et mandats", 0.5)
    with transaction.atomic(), indexed_after(Voice, VoiceName, Mandate):
        _come_back(lines)
        for done, keys in enumerate(batches(lines, PORTION)):
            _write_elus(keys, lines)
            # Once written, only who they are is asked again.
            lines.update((key, WRITTEN) for key in keys)
            progress("Élus et mandats", 0.5 + 0.4 * done * PORTION / len(lines))
        _end_mandates(lines)
        _leave_office()
        progress("Mairies", 0.9)
        _write_town_halls()
        _write_audiences()
    progress("Élus importés", 1.0)
    return len(lines)


def _come_back(lines: Container[str]) -> None:
    """Whoever nobody opened and who left every office is out of sight, and comes back with a new mandate."""
    in_office = Mandate.objects.current().values("voice")
    out_of_sight = Voice.objects.exclude(register_key=None).filter(opened_at=None, closed_at__isnull=False)
    known = out_of_sight.exclude(pk__in=in_office).values_list("pk", "register_key")
    for back in batches([pk for pk, key in known if key in lines], PORTION):
        Voice.objects.filter(pk__in=back).update(closed_at=None)


def _write_elus(keys: list[str], lines: dict[str, list[Line]]) -> None:
    """Write some élus with all their mandates; those they no longer have end today."""
    try:
        seats = {key: [line.seat(key) for line in lines[key]] for key in keys}
    except ValueError as error:
        raise damaged() from error
    registered = Voice.objects.filter(register_key__in=seats)
    voices: Wanted = {(key,): _voice(found) for key, found in seats.items()}
    numbers = _write_voices(registered, "register_key", voices)
    mandates = Mandate.objects.filter(voice__in=numbers.values())
    wanted: Wanted = {
        (numbers[seat.key], str(seat.kind), seat.zone.pk): {
            "function": seat.office.function,
            "rank": seat.office.rank,
            "began_on": seat.began_on,
            "function_began_on": seat.function_began_on,
            "ended_on": None,
            "group": seat.group[:200],
        }
        for found in seats.values()
        for seat in found
    }
    merge(mandates, ("voice_id", "kind", "zone_id"), wanted, delete=False)
    running = mandates.current().values_list("pk", "voice_id", "kind", "zone_id")
    gone = [pk for pk, *key in running if tuple(key) not in wanted]
    Mandate.objects.filter(pk__in=gone).update(ended_on=timezone.localdate())


def _write_voices(known: VoiceQuerySet, key: str, wanted: Wanted) -> dict[Any, int]:
    """Write voices told apart by the field `key`, found by the names they bear; their numbers by that key."""
    named = dict(known.values_list(key, "search_name"))
    merge(known, (key,), wanted, delete=False, version="version")
    numbers = dict(known.values_list(key, "pk"))
    renamed = [(numbers[one], row) for (one,), row in wanted.items() if named.get(one) != row["search_name"]]
    for some in batches((pk for pk, row in renamed if named), PORTION):
        VoiceName.objects.filter(voice__in=some).delete()
    turned = ((text, str(row["kind"]), pk) for pk, row in renamed for text in turns(row["search_name"]))
    insert(VoiceName, ("text", "kind", "voice_id"), turned)
    return numbers


def _voice(seats: list[Seat]) -> dict[str, Any]:
    first = min(seats, key=lambda seat: (seat.office.weight, seat.zone.code))
    home = min(seats, key=lambda seat: (FINEST.index(Mandate.Kind(seat.kind)), seat.zone.code))
    return {
        "kind": Voice.Kind.ELU,
        "name": first.name,
        "search_name": search_name(first.name),
        "slug": slug_of(first.name),
        "gender": first.gender,
        "title": first.office.title[:200],
        "zone_id": home.zone.pk,
    }


def _end_mandates(lines: Container[str]) -> None:
    """End today what those the files no longer have still held."""
    running = Mandate.objects.current().exclude(voice__register_key=None).values_list("pk", "voice__register_key")
    gone = [pk for pk, key in running.iterator() if key not in lines]
    for pks in batches(gone, PORTION):
        Mandate.objects.filter(pk__in=pks).update(ended_on=timezone.localdate())


def _leave_office() -> None:
    """Those without any office left: a space someone opened says so, the others are out of sight."""
    registered = Voice.objects.exclude(register_key=None).filter(closed_at=None)
    former = registered.exclude(pk__in=Mandate.objects.current().values("voice"))
    former.filter(opened_at=None).update(closed_at=timezone.now(), version=F("version") + 1)
    for gender, title in (("f", "Ancienne élue"), ("m", "Ancien élu")):
        stale = former.filter(gender=gender).exclude(opened_at=None).exclude(title=title)
        stale.update(title=title, version=F("version") + 1)


def _write_town_halls() -> None:
    """The voice of each town hall; once someone opened it, its profile is theirs."""
    halls = TownHall.objects.values_list("zone_id", "email", "phone", "website").iterator()
    opened = set(
        Voice.objects.exclude(opened_at=None).exclude(town_hall_of=None).values_list("town_hall_of", flat=True)
    )
    unopened = Voice.objects.exclude(town_hall_of=None).filter(opened_at=None)
    for some in batches((hall for hall in halls if hall[0] not in opened), PORTION):
        zones = Zone.objects.only(*Zone.NAMED).in_bulk([number for number, *_said in some])
        wanted: Wanted = {(number,): _town_hall(zones[number], *said) for number, *said in some}
        _write_voices(unopened.filter(town_hall_of__in=zones), "town_hall_of_id", wanted)


def _town_hall(zone: Zone, email: str, phone: str, website: str) -> dict[str, Any]:
    name = f"Mairie {zone.of_place}"
    return {
        "kind": Voice.Kind.SERVICE,
        "name": name,
        "search_name": search_name(name),
        "slug": slug_of(name),
        "zone_id": zone.pk,
        "scope_id": zone.pk,
        "email": email,
        "phone": phone,
        "website": website,
        # It closes when its commune joins another, and opens again if the commune comes back.
        "closed_at": None,
    }


def _write_audiences() -> None:
    missing = Zone.objects.current().exclude(audiences__coarse=False)
    insert(Audience, ("zone_id",), list(missing.values_list("pk")))
