"""A notice online goes to another zone: who is no longer concerned loses it, and who is now gains it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal
from parvis.people import vault
from parvis.people.models import Person
from parvis.publications import rights
from parvis.publications.actions import outlining, spreading
from parvis.publications.models import Outline, Publication, Revision, State, Targeting
from parvis.publications.models.publications import position
from parvis.publications.rights import Refused
from parvis.publications.targets import Target
from parvis.publications.wording import addressees
from parvis.territory.models import Zone


@transaction.atomic
def retarget(
    publication: Publication,
    *,
    by: Person,
    zones: Sequence[Zone] = (),
    target: Target | None = None,
    second: Person | None = None,
    at: datetime | None = None,
) -> Publication:
    """Send a notice online to `zones` or to a `target` instead. Raises Refused.

    The register keeps the former zone. Finer than a commune, it leaves the public page until a `second` has read it.
    """
    at = at or timezone.now()
    voice = publication.voice
    rights.check_voice(voice, by)
    rights.check_reach(voice, zones, target)
    fine = rights.is_fine(zones, target)
    if fine:
        rights.check_second(voice, by, second)
    _check_kept(publication, fine=fine)
    former, was_drawn = publication.addressed, Outline.objects.filter(publication=publication).exists()
    reached = _zones_of(publication)
    if not (was_drawn or target) and {zone.pk for zone in zones} == reached:
        raise Refused(_("Cet avis s’adresse déjà à cette zone."))
    addressed = target.label if target else addressees(zones)
    place = rights.answering_for(voice, target.communes if target else zones)
    _move(publication, by=by, fine=fine, at=at, addressed=addressed, place=place)
    Revision.objects.create(publication=publication, addressed=former).zones.set(reached)
    outlining.aim(publication, zones, target, by=by)
    journal.record("publication.retargeted", by=by, target=publication)
    if fine:
        journal.record("publication.awaits_second", by=by, target=publication, second=second.pk if second else None)
    else:
        spreading.spread(publication)
        spreading.warn(publication, by=by)
    if was_drawn:
        # Last, as when it goes out.
        vault.take_back(publication.pk)
    return publication


def _check_kept(publication: Publication, *, fine: bool) -> None:
    """Refuse what is no notice online, or what went out without the purpose or the end that a finer zone asks for."""
    if publication.kind != Publication.Kind.NOTICE or not publication.is_online:
        raise Refused(_("Cet avis n’est plus en ligne : sa zone ne change plus."))
    if fine and not (publication.purpose and publication.expires_at):
        raise Refused(_("Cet avis n’a pas de motif ou pas de fin : écrivez-en un autre pour une zone plus fine."))


def _move(publication: Publication, *, by: Person, fine: bool, at: datetime, **fields: Any) -> None:
    """Take the notice from where it goes, and say where it goes now, if it is still as it was read. Raises Refused."""
    fields |= {"is_fine": fine, "second": None, "edited_at": at, "position": position(at, publication.pk)}
    if fine:
        # Whoever chose the zone is not the one who lets it out.
        fields |= {"state": State.REVIEW, "author": by}
    mine = Publication.objects.written_by(by).filter(state=State.ONLINE, version=publication.version)
    row = Publication.objects.visible_to(by, at).filter(pk=publication.pk, pk__in=mine.values("pk"))
    if not row.update(version=F("version") + 1, **fields):
        raise Refused(_("Cet avis vient de changer : relisez-le avant d’en changer la zone."))
    for name, value in fields.items():
        setattr(publication, name, value)
    publication.version += 1
    spreading.gather_back(publication)
    Targeting.objects.filter(publication=publication).delete()
    Outline.objects.filter(publication=publication).delete()


def _zones_of(publication: Publication) -> set[int]:
    """Those it is addressed to, or the communes that what was drawn touches."""
    touched = Outline.communes.through.objects.filter(outline=publication.pk).values_list("zone", flat=True)
    return {*publication.targetings.values_list("zone", flat=True), *touched}
