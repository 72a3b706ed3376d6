"""A place is proposed, verified, corrected, merged with another or taken away; events follow it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda.actions.following import move_follows
from parvis.agenda.models import Event, Venue
from parvis.core import journal, text
from parvis.core.text import fold
from parvis.people.models import Person, Voice
from parvis.people.names import clean_name
from parvis.publications.actions import Refused
from parvis.publications.rights import kinds_of_voice
from parvis.territory.models import Zone

# Places that one person proposes in a day.
MOST_A_DAY = 30


class About(TypedDict, total=False):
    """What a place says of itself beside its name."""

    address: str
    access: str
    point: tuple[float, float] | None


@transaction.atomic
def propose_venue(*, by: Person, name: str, commune: Zone, **about: Unpack[About]) -> Venue:
    """A place that anyone may see at once when a moderator let `by` through before, else once it is verified.

    Raises Refused.
    """
    require_proposer(by)
    since = timezone.now() - timedelta(days=1)
    if not by.is_moderator and Venue.objects.filter(proposed_by=by, created_at__gt=since).count() >= MOST_A_DAY:
        raise Refused(_("Cela fait beaucoup de lieux en un jour : continuez demain."))
    said = _said(name, about)
    _check_alone(said["search_name"], commune)
    venue = Venue.objects.create(commune=commune, proposed_by=by, **said)
    journal.record("venue.proposed", by=by, target=venue)
    if by.trusted_at or Venue.objects.under(by).filter(pk=venue.pk).exists():
        _open(venue)
    return venue


@transaction.atomic
def correct_venue(venue: Venue, *, by: Person, name: str, **about: Unpack[About]) -> Venue:
    """Say otherwise what it is; its commune stays. Raises Refused."""
    if not Venue.objects.changeable_by(by).filter(pk=venue.pk).exists():
        raise Refused(_("Seule la modération corrige un lieu vérifié."))
    said = _said(name, about)
    _check_alone(said["search_name"], venue.commune, but=venue)
    for field, value in said.items():
        setattr(venue, field, value)
    venue.save(update_fields=[*said])
    if venue.opened_at:
        _gather(venue)
    journal.record("venue.corrected", by=by, target=venue)
    return venue


@transaction.atomic
def verify_venue(venue: Venue, *, by: Person) -> Venue:
    """Say that it is there and right: anyone sees it. Nothing the second time."""
    _check_moderator(venue, by)
    if Venue.objects.filter(pk=venue.pk, verified_at=None).update(verified_at=timezone.now()):
        venue.refresh_from_db()
        _open(venue)
        journal.record("venue.verified", by=by, target=venue)
    return venue


@transaction.atomic
def merge_venues(venue: Venue, *, into: Venue, by: Person) -> Venue:
    """Say that `venue` is `into`: its events follow, and its address leads there. Raises Refused."""
    # Of two who merge each into the other at once, one does.
    list(Venue.objects.select_for_update().filter(pk__in=[venue.pk, into.pk]).order_by("pk"))
    _check_moderator(venue, by)
    _check_moderator(into, by)
    if venue.pk == into.pk:
        raise Refused(_("Choisissez un autre lieu que celui-ci."))
    # What the one that stays did not say.
    learnt: dict[str, Any] = {
        name: getattr(venue, name) for name in ("address", "access") if not getattr(into, name) and getattr(venue, name)
    }
    if into.point is None and venue.point:
        learnt |= {"lon": venue.lon, "lat": venue.lat}
    Venue.objects.filter(pk=into.pk).update(**learnt)
    into.refresh_from_db()
    Event.objects.filter(held_at=venue).update(held_at=into)
    move_follows(venue, into)
    Venue.objects.filter(merged_into=venue).update(merged_into=into)
    Venue.objects.filter(pk=venue.pk).update(merged_into=into)
    _open(into)
    journal.record("venue.merged", by=by, target=venue, into=into.pk)
    return into


@transaction.atomic
def remove_venue(venue: Venue, *, by: Person) -> None:
    """Take it off the directory; what is held there keeps its words. Nothing the second time."""
    _check_moderator(venue, by)
    journal.record("venue.removed", by=by, target=venue)
    Venue.objects.filter(pk=venue.pk).delete()


def require_proposer(person: Person) -> None:
    """Refuse whoever neither moderates nor announces events."""
    speaks = Voice.objects.spoken_by(person).filter(kind__in=kinds_of_voice("event")).exists()
    if not (speaks or person.is_moderator):
        raise Refused(_("Seuls ceux qui annoncent des événements proposent des lieux."))


def housed(said: Sequence[tuple[dict[str, Any], int]]) -> None:
    """Attach each event to the place that its venue names in its commune: `said` are its columns, and the commune.

    It takes the address of the place when it says none; what is at someone's home is at no place (R-PRIV-12).
    """
    known = Venue.objects.by_name(commune for _columns, commune in said)
    for columns, commune in said:
        venue = None if columns.get("home_address") else known.get((commune, fold(columns.get("venue", ""))[:160]))
        columns["held_at"] = venue
        if venue and not columns.get("address"):
            columns["address"] = venue.address


def _said(name: str, about: About) -> dict[str, Any]:
    kept = clean_name(name, 160)
    lon, lat = about.get("point") or (None, None)
    address = " ".join(text.clean(about.get("address", "")).split())[:200]
    access = about.get("access", "")
    said = {"name": kept, "search_name": fold(kept)[:160], "address": address, "access": access}
    return said | {"lon": lon, "lat": lat}


def _check_alone(search_name: str, commune: Zone, *, but: Venue | None = None) -> None:
    same = Venue.objects.filter(commune=commune, search_name=search_name, merged_into=None)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise Refused(_("Un lieu de ce nom est déjà dans l’annuaire, dans cette commune."))


def _check_moderator(venue: Venue, by: Person) -> None:
    if not Venue.objects.under(by).filter(pk=venue.pk).exists():
        raise Refused(_("Ce lieu n’est pas de ceux que vous modérez."))


def _open(venue: Venue) -> None:
    if venue.opened_at is None:
        venue.opened_at = timezone.now()
        Venue.objects.filter(pk=venue.pk).update(opened_at=venue.opened_at)
    _gather(venue)


def _gather(venue: Venue) -> None:
    """Attach the events that name it in words."""
    rows = Event.objects.filter(commune=venue.commune_id, held_at=None, home_address="")
    words = rows.order_by().values_list("venue", flat=True).distinct()
    found = rows.filter(venue__in=[one for one in words if fold(one)[:160] == venue.search_name])
    found.filter(address="").update(address=venue.address, held_at=venue)
    found.update(held_at=venue)
