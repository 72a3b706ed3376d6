"""What an administrator does with the zones of their own: draw, redraw, and take away without losing what was said."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from shapely import from_wkb
from shapely.geometry.base import BaseGeometry

from parvis.core import journal
from parvis.core.text import fold
from parvis.people.access import require_administrator
from parvis.people.models import Person, Role, Voice
from parvis.publications.actions.joining import spread_again
from parvis.publications.models import Publication, State
from parvis.territory import current
from parvis.territory.models import Territory, Zone
from parvis.territory.quartiers import commune_of, drawn_in, put

# Of notices, services and roles named at once.
NAMED = 10


@transaction.atomic
def draw_quartier(commune: Zone, *, name: str, nature: str, shape: BaseGeometry, by: Person) -> Zone:
    """A zone of their own in the commune; one that was taken away comes back with its address. Raises ValidationError.

    The shape was read by `shape_from_geojson`. A job finds who lives there.
    """
    require_administrator(by)
    _lock()
    _check_name(commune, name)
    zone, _changed = put(commune, name, nature, shape)
    _moved()
    journal.record("quartier.drawn", by=by, target=zone, quartiers=[zone.pk])
    return zone


@transaction.atomic
def change_quartier(quartier: Zone, *, name: str, nature: str, shape: BaseGeometry, by: Person) -> Zone:
    """Another name, another kind or another contour: what was said to it follows. Raises ValidationError."""
    require_administrator(by)
    _lock()
    before = Zone.objects.current().of_kind(Zone.Kind.QUARTIER).get(pk=quartier.pk)
    commune = commune_of(before)
    assert commune is not None
    _check_name(commune, name, but=before)
    redrawn = not from_wkb(bytes(before.geometry or b"")).equals(shape)
    kept = shape if redrawn else from_wkb(bytes(before.geometry or b""))
    renamed = [before.pk] if before.name != name else []
    zone, changed = put(commune, name, nature, kept, quartier=before)
    if changed:
        _moved()
        spread_again((), renamed)
        journal.record("quartier.changed", by=by, target=zone, quartiers=[zone.pk] if redrawn else [])
    return zone


@transaction.atomic
def remove_quartier(quartier: Zone, *, by: Person) -> None:
    """Nobody is written to there any more; the register and past notices keep its name.

    A job gives its commune to whoever had chosen it. Raises ValidationError while something stands on it.
    """
    require_administrator(by)
    _lock()
    held = held_by(quartier)
    if held:
        raise ValidationError(_("Ce quartier sert encore : %s.") % ", ".join(held))
    commune = commune_of(quartier)
    today = timezone.localdate()
    if not Zone.objects.current().filter(pk=quartier.pk).update(ended_on=today, successor=commune):
        raise ValidationError(_("Ce quartier est déjà supprimé."))
    _moved()
    journal.record("quartier.removed", by=by, target=quartier, quartiers=[quartier.pk])


def held_by(quartier: Zone) -> list[str]:
    """What must end before `quartier` can: notices that run or wait, services and roles of it; each in a few words."""
    now = timezone.now()
    running = Publication.objects.filter(Q(place=quartier) | Q(targetings__zone=quartier)).distinct()
    waiting = (State.ONLINE, State.REVIEW, State.PENDING)
    running = running.filter(Q(expires_at=None) | Q(expires_at__gt=now), state__in=waiting)
    voices = Voice.objects.filter(Q(zone=quartier) | Q(scope=quartier), closed_at=None)
    roles = Role.objects.current().filter(zone=quartier).select_related("person")
    titles = running.order_by("-pk").values_list("title", flat=True)[:NAMED]
    held = [_("l’avis « %s »") % title for title in titles]
    held += [_("la page %s") % name for name in voices.order_by("pk").values_list("name", flat=True)[:NAMED]]
    return held + [_("le rôle de %s") % role.person.name for role in roles[:NAMED]]


def _check_name(commune: Zone, name: str, but: Zone | None = None) -> None:
    """Refuse a name that another of the commune bears, today or, when one changes, before it was taken away."""
    others = drawn_in(commune).filter(search_name=fold(name))
    others = others.exclude(pk=but.pk) if but else others.filter(ended_on=None)
    if others.exists():
        raise ValidationError(
            _("%(name)s existe déjà %(place)s : donnez un autre nom, ou changez celui qui existe.")
            % {"name": capfirst(name), "place": commune.in_place}
        )


def _lock() -> None:
    """Of two who draw at once, the second waits: a number is given once."""
    Territory.objects.select_for_update().get()


def _moved() -> None:
    """What is kept in memory of zones falls, in every process."""
    Territory.objects.update(version=F("version") + 1)
    transaction.on_commit(current.forget)
