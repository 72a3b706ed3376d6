"""Makes the élus and town halls of the territory known before any of them opens a space here."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from parvis.people.models import Audience, Mandate, Voice
from parvis.people.names import search_name, slug_of
from parvis.people.registers.seats import Register, Seat
from parvis.territory.importer import Progress
from parvis.territory.importer.merge import Wanted, merge
from parvis.territory.models import TownHall, Zone

__all__ = ["import_elus"]

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
    seats: dict[str, list[Seat]] = {}
    for seat in Register().seats():
        seats.setdefault(seat.key, []).append(seat)
    progress("Élus et mandats", 0.5)
    with transaction.atomic():
        _write_elus(seats)
        _write_mandates(seats)
        progress("Mairies", 0.9)
        _write_town_halls()
        _write_audiences()
    progress("Élus importés", 1.0)
    return len(seats)


def _write_elus(seats: dict[str, list[Seat]]) -> None:
    registered = Voice.objects.exclude(register_key=None)
    in_office = Mandate.objects.current().values("voice")
    # Whoever nobody opened and who left every office is out of sight, and comes back with a new mandate.
    returning = registered.filter(opened_at=None, closed_at__isnull=False).exclude(pk__in=in_office)
    merge(
        registered,
        ("register_key",),
        {(key,): _voice(found) for key, found in seats.items()},
        delete=False,
        version="version",
    )
    back = [voice.pk for voice in returning if voice.register_key in seats]
    Voice.objects.filter(pk__in=back).update(closed_at=None)


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


def _write_mandates(seats: dict[str, list[Seat]]) -> None:
    mandates = Mandate.objects.exclude(voice__register_key=None)
    voices = dict(Voice.objects.exclude(register_key=None).values_list("register_key", "pk"))
    wanted: Wanted = {
        (voices[seat.key], str(seat.kind), seat.zone.pk): {
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
    running = mandates.filter(ended_on=None).values_list("pk", "voice_id", "kind", "zone_id")
    gone = [pk for pk, *key in running if tuple(key) not in wanted]
    Mandate.objects.filter(pk__in=gone).update(ended_on=timezone.localdate())
    _leave_office()


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
    halls = TownHall.objects.select_related("zone").defer("zone__geometry")
    opened = set(
        Voice.objects.exclude(opened_at=None).exclude(town_hall_of=None).values_list("town_hall_of", flat=True)
    )
    wanted: Wanted = {(hall.zone_id,): _town_hall(hall) for hall in halls if hall.zone_id not in opened}
    unopened = Voice.objects.exclude(town_hall_of=None).filter(opened_at=None)
    merge(unopened, ("town_hall_of_id",), wanted, delete=False, version="version")


def _town_hall(hall: TownHall) -> dict[str, Any]:
    name = f"Mairie {hall.zone.of_place}"
    return {
        "kind": Voice.Kind.SERVICE,
        "name": name,
        "search_name": search_name(name),
        "slug": slug_of(name),
        "zone_id": hall.zone_id,
        "scope_id": hall.zone_id,
        "email": hall.email,
        "phone": hall.phone,
        "website": hall.website,
    }


def _write_audiences() -> None:
    missing = Zone.objects.current().filter(audience=None)
    Audience.objects.bulk_create([Audience(zone_id=pk) for pk in missing.values_list("pk", flat=True)])
