"""What follows an import without holding it up."""

from collections.abc import Iterator

import shapely

from parvis.core.jobs import alone
from parvis.core.models import JournalEntry
from parvis.territory.importer.drawing import draw
from parvis.territory.importer.zones import Draft
from parvis.territory.models import Territory, Zone, ZoneLink, ZoneMap

WIDE = (Zone.Kind.REGION, Zone.Kind.DEPARTEMENT)
# What is drawn, and what groups it.
DRAWN = (Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT, Zone.Kind.EPCI)


@alone
def draw_parts(_entry: JournalEntry) -> None:
    """Draw the régions and départements that are only a part of the territory; one at a time, for all of France."""
    root = Territory.objects.select_related("root").get().root
    # A région of which the territory is one département holds it and, as far as we know, lies in it.
    larger = Zone.objects.containing(root).values("pk")
    parts = list(Zone.objects.current().of_kind(*WIDE).inside(root).exclude(pk__in=larger).drawn())
    for zone in parts:
        drafts = list(_drafts(zone))
        slugs = dict(Zone.objects.current().of_kind(*DRAWN).overlapping(zone).values_list("code", "slug"))
        svg = draw(drafts, {draft.key: slugs[draft.code] for draft in drafts}, f"Carte {zone.of_place}")
        ZoneMap.objects.update_or_create(zone=zone, defaults={"svg": svg})
    ZoneMap.objects.exclude(zone__in=parts).delete()


def _drafts(zone: Zone) -> Iterator[Draft]:
    """What is drawn of `zone`, as the importer had it; of an intercommunalité, what lies there."""
    inside = Zone.objects.current().of_kind(*DRAWN).overlapping(zone)
    links = ZoneLink.objects.filter(part__in=inside.of_kind(Zone.Kind.COMMUNE), whole__in=inside)
    held: dict[int, set[str]] = {}
    for whole, code in links.values_list("whole", "part__code"):
        held.setdefault(whole, set()).add(code)
    for one in inside.iterator(chunk_size=500):
        shape = shapely.from_wkb(bytes(one.geometry)) if one.geometry and one.kind != Zone.Kind.EPCI else None
        drawn = one.joinable and one.kind != Zone.Kind.EPCI
        draft = Draft(one.kind, one.code, one.name, one.article, one.population, shape, drawn)
        draft.extent.whole = held.get(one.pk, set())
        yield draft
