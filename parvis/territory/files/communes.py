"""The communes that files name by their INSEE codes, delegated ones under the commune they are now part of."""

from django.utils.translation import gettext as _

from parvis.territory.files.opened import UnreadableFile
from parvis.territory.models import Zone, ZoneLink


def communes_by_code() -> dict[str, int]:
    """The number of the commune (or arrondissement) of each code of the territory."""
    kinds = (Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT)
    current = Zone.objects.current()
    own = dict(current.of_kind(*kinds).values_list("code", "pk"))
    links = ZoneLink.objects.filter(
        part__in=current.of_kind(Zone.Kind.DELEGUEE), whole__kind=Zone.Kind.COMMUNE, relation=ZoneLink.Relation.WITHIN
    )
    if not own:
        raise UnreadableFile(_("Importez d’abord le territoire : parvis init."))
    return dict(links.values_list("part__code", "whole_id")) | own
