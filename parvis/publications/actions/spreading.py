"""How a publication comes online, reaches feeds and places, and leaves them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from shapely import from_wkb

from parvis.core import journal
from parvis.people import vault
from parvis.people.models import Audience, Person, Voice
from parvis.publications.kinds import KINDS
from parvis.publications.models import Delivery, Listing, Outline, Publication, Reply, State
from parvis.publications.models.publications import position
from parvis.territory.models import Zone, ZoneLink

# How many expired publications one run of the clock takes away: SQLite has one writer.
PURGE_SIZE = 500


def move(
    item: Publication | Reply,
    allowed: QuerySet[Publication] | QuerySet[Reply],
    *,
    before: State,
    after: State,
    **fields: Any,
) -> bool:
    """Change the state of `item`, one of `allowed`, by one conditional statement; whether it was us who did.

    `before` is tested on the row itself, so that of two who decide at once, the second changes nothing.
    """
    row = type(item).objects.filter(pk=item.pk, state=before, pk__in=allowed.values("pk"))
    won = row.update(state=after, **fields)
    if won:
        for name, value in {"state": after, **fields}.items():
            setattr(item, name, value)
    return bool(won)


def come_online(publication: Publication, at: datetime) -> dict[str, Any]:
    """The fields that a publication takes when it goes online for the first time."""
    return {"published_at": at, "position": position(at, publication.pk)}


def spread(publication: Publication) -> None:
    """Write its rows in feeds and on pages of places; call it in the transaction that puts it online."""
    if not publication.is_online or publication.position is None:
        return
    zones = list(publication.targetings.values_list("zone", flat=True))
    touched = list(Outline.communes.through.objects.filter(outline=publication.pk).values_list("zone", flat=True))
    Audience.objects.bulk_create([Audience(zone_id=zone) for zone in zones], ignore_conflicts=True)
    around = _crossed(publication, zones, touched)
    Audience.objects.coarse_of_zones(around)
    to = Q(zone__in=zones, coarse=False) | Q(zone__in=around, coarse=True)
    for voice in (publication.voice, *KINDS[publication.kind].also_by(publication)):
        to |= _following(voice)
    audiences = Audience.objects.filter(to)
    common = {"publication": publication, "position": publication.position, "kind": publication.kind}
    Delivery.objects.bulk_create(
        [
            Delivery(audience=audience, voice=publication.voice, expires_at=publication.expires_at, **common)
            for audience in audiences
        ],
        ignore_conflicts=True,
    )
    within = ZoneLink.objects.filter(part__in=[*zones, *touched], relation=ZoneLink.Relation.WITHIN)
    wholes = set(within.values_list("whole", flat=True)) | set(zones)
    Listing.objects.bulk_create([Listing(zone_id=zone, **common) for zone in sorted(wholes)], ignore_conflicts=True)
    KINDS[publication.kind].put_online(publication)


@transaction.atomic
def share_again(publication: Publication) -> None:
    """Deliver it again: other voices say it too, or no longer."""
    publication.deliveries.all().delete()
    spread(publication)


def spread_many(said: Sequence[tuple[Publication, Zone]]) -> None:
    """`spread` for many of one voice, each addressed to one whole commune or wider; in a few statements."""
    first = said[0][0]
    zones = {zone.pk: zone for _publication, zone in said}
    audiences = Audience.objects.of_zones(list(zones.values()))
    followers = list(Audience.objects.filter(_following(first.voice)))
    Delivery.objects.bulk_create(
        Delivery(
            audience=audience,
            publication=one,
            position=one.position or 0,
            kind=one.kind,
            voice=one.voice,
            expires_at=one.expires_at,
        )
        for one, zone in said
        for audience in (audiences[zone.pk], *followers)
    )
    wholes: dict[int, set[int]] = {zone: {zone} for zone in zones}
    within = ZoneLink.objects.filter(part__in=zones, relation=ZoneLink.Relation.WITHIN)
    for part, whole in within.values_list("part", "whole"):
        wholes[part].add(whole)
    Listing.objects.bulk_create(
        Listing(zone_id=whole, publication=one, position=one.position or 0, kind=one.kind)
        for one, zone in said
        for whole in sorted(wholes[zone.pk])
    )
    KINDS[first.kind].put_online(*(one for one, _zone in said))


def _following(voice: Voice) -> Q:
    """The audiences, made the first time, of those who follow a voice, or the theme of an organisation."""
    Audience.objects.bulk_create([Audience(voice=voice)], ignore_conflicts=True)
    if not voice.theme or not voice.is_collective:
        return Q(voice=voice)
    Audience.objects.bulk_create([Audience(theme=voice.theme)], ignore_conflicts=True)
    return Q(voice=voice) | Q(theme=voice.theme)


def _crossed(publication: Publication, zones: list[int], touched: list[int]) -> list[Zone]:
    """Zones of which a part only is concerned: whoever gave nothing finer is told so.

    The commune of a quartier that is addressed; the communes and the quartiers that a drawing crosses.
    """
    parts = ZoneLink.objects.filter(part__in=zones, part__kind=Zone.Kind.QUARTIER)
    communes = Q(pk__in=parts.values("whole")) | Q(pk__in=touched)
    found = list(Zone.objects.current().joinable().filter(communes).drawn())
    if touched:
        shape = from_wkb(bytes(Outline.objects.values_list("public", flat=True).get(publication=publication)))
        quartiers = Zone.objects.current().of_kind(Zone.Kind.QUARTIER).exclude(geometry=None)
        near = quartiers.filter(pk__in=ZoneLink.objects.filter(whole__in=touched).values("part"))
        found += [zone for zone in near if from_wkb(bytes(zone.geometry or b"")).intersects(shape)]
    return found


def warn(publication: Publication, *, by: Person) -> None:
    """Note that those concerned must hear of it now; call it in the transaction that puts it online."""
    if publication.is_alert:
        journal.record("publication.alerted", by=by, target=publication, after=0)


def gather_back(publication: Publication) -> None:
    """Take its rows away from feeds, places and the pages of its kind."""
    publication.deliveries.all().delete()
    publication.listings.all().delete()
    KINDS[publication.kind].take_offline(publication)


def note_word(voice: Voice, at: datetime) -> None:
    """Note when a voice spoke in public: first, since an inhabitant's page is public from then on, and last."""
    word = int(at.timestamp())
    Voice.objects.filter(pk=voice.pk).update(
        spoke_at=Coalesce("spoke_at", Value(at)), last_word=Greatest("last_word", Value(word))
    )
    voice.spoke_at, voice.last_word = voice.spoke_at or at, max(voice.last_word, word)


def trust(person: Person | None, at: datetime) -> None:
    """Note that a moderator let this account's words through: its next ones go online at once."""
    if person is not None:
        Person.objects.filter(pk=person.pk, trusted_at=None).update(trusted_at=at)
        person.trusted_at = person.trusted_at or at


def purge_expired() -> int:
    """Take away what has expired, by the clock; how many. Run again, it finds nothing left."""
    now = timezone.now()
    listed = Exists(Listing.objects.filter(publication=OuterRef("pk")))
    gone = list(Publication.objects.filter(listed, expires_at__lte=now)[:PURGE_SIZE])
    for publication in gone:
        with transaction.atomic():
            gather_back(publication)
            if publication.is_fine:
                vault.take_back(publication.pk)
            journal.record("publication.expired", by=None, target=publication, kind=publication.kind)
    return len(gone)
