"""What an update of the registers does to what was said: where it was said joins another zone, or lies in others."""

from collections.abc import Collection
from typing import Any

from django.db import models, transaction
from django.db.models import F

from parvis.core import journal
from parvis.publications.actions.spreading import gather_back, spread
from parvis.publications.kinds import KINDS
from parvis.publications.models import Outline, Publication, Revision, Targeting
from parvis.publications.wording import addressees
from parvis.territory.models import Zone, ZoneLink

# Publications read at once.
PORTION = 500


@transaction.atomic
def join_publications(former: Zone, successor: Zone) -> int:
    """What was said in `former` or to it is of `successor` from now on; how many. Nothing the second time."""
    placed = Publication.objects.filter(place=former)
    targetings = Targeting.objects.filter(zone=former)
    numbers = set(placed.values_list("pk", flat=True)) | set(targetings.values_list("publication", flat=True))
    placed.update(place=successor)
    twice = Targeting.objects.filter(zone=successor).values("publication")
    targetings.filter(publication__in=list(twice.filter(publication__in=numbers))).delete()
    targetings.update(zone=successor, zone_kind=successor.kind)
    _rename(Outline.communes.through.objects, "outline", former, successor)
    _rename(Revision.zones.through.objects, "revision", former, successor)
    moved = sum(kind.join(former, successor) for kind in KINDS.values())
    if numbers or moved:
        _say_again(numbers)
        journal.record("publication.rehomed", by=None, target=successor, publications=len(numbers))
    return len(numbers)


def _rename(touched: models.Manager[Any], whose: str, former: Zone, successor: Zone) -> None:
    """Of the zones of each drawing or revision, one stands for two."""
    both = touched.filter(zone=successor).values_list(whose, flat=True)
    touched.filter(zone=former, **{f"{whose}__in": list(both)}).delete()
    touched.filter(zone=former).update(zone=successor)


@transaction.atomic
def spread_again(zones: Collection[int], renamed: Collection[int] = ()) -> None:
    """Write again feeds, pages and agendas of what was said to `zones`, which lie in others; `renamed` have a new name.

    The order of what was said does not change.
    """
    said = Targeting.objects.filter(zone__in=zones).order_by().values_list("publication", flat=True).distinct()
    drawn = Outline.communes.through.objects.filter(zone__in=zones).values_list("outline", flat=True)
    numbers = {*said, *drawn} if zones else set()
    _spread_again(numbers)
    if renamed:
        named = Targeting.objects.filter(zone__in=renamed).values_list("publication", flat=True)
        _say_again(set(named))
    if numbers or renamed:
        journal.record("publication.spread_again", by=None, publications=len(numbers))


@transaction.atomic
def spread_over(quartiers: Collection[int]) -> None:
    """Write again the feeds of what runs in or across these quartiers, which were drawn since."""
    said = Targeting.objects.filter(zone__in=quartiers).values_list("publication", flat=True)
    wholes = ZoneLink.objects.filter(part__in=quartiers).values("whole")
    drawn = Outline.communes.through.objects.filter(zone__in=wholes).values_list("outline", flat=True)
    numbers = {*said, *drawn}
    _spread_again(numbers)
    if numbers:
        journal.record("publication.spread_again", by=None, publications=len(numbers))


def _spread_again(numbers: Collection[int]) -> None:
    online = Publication.objects.visible_to(None).filter(pk__in=numbers).order_by("pk")
    for publication in online.select_related("voice").defer("voice__zone").iterator(chunk_size=PORTION):
        gather_back(publication)
        spread(publication)


def _say_again(numbers: Collection[int]) -> None:
    """Write the phrase that says for whom these publications are."""
    for publication in Publication.objects.filter(pk__in=numbers).only("pk", "addressed"):
        targetings = publication.targetings.select_related("zone").defer("zone__geometry").order_by("pk")
        zones = [targeting.zone for targeting in targetings]
        # What was drawn is called by its streets.
        addressed = addressees(zones) if zones else publication.addressed
        # A card says where it was said, besides for whom.
        Publication.objects.filter(pk=publication.pk).update(addressed=addressed, version=F("version") + 1)
