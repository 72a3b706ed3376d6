"""What reading a calendar again would change: which entries are new, changed, gone, or look like another event."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b

from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda.actions.events import Details
from parvis.agenda.imports.entries import Entry, Found, Remark, Unfit, Unreadable
from parvis.agenda.imports.places import Communes, Outside, spoken
from parvis.agenda.likeness import alike
from parvis.agenda.models import Event, Imported, Occurrence, Showing, Source
from parvis.core.text import fold
from parvis.people.models import Voice
from parvis.publications.models import State
from parvis.publications.rights import zones_open_to
from parvis.territory.models import Zone

# Entries between two words of how far it is; showings of one commune that are looked at, and compared on one day.
STEP, LOOKED_AT, COMPARED = 100, 3_000, 60
LIVING = (State.PENDING, State.ONLINE)

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Ready:
    """An entry as an event of ours: where, and all that it says of itself."""

    entry: Entry
    commune: Zone
    details: Details

    @property
    def digest(self) -> str:
        """Changes when the event would."""
        said = (self.entry.digest, self.commune.pk, sorted(self.details.items()))
        return blake2b(repr(said).encode(), digest_size=16).hexdigest()

    @property
    def first_day(self) -> date:
        """The first day on which one may still go."""
        now = timezone.now()
        coming = [span for span in self.entry.spans if (span.ends_at or span.starts_at) >= now]
        return (coming or self.entry.spans)[0].day


@dataclass
class Plan:
    """What would be done."""

    new: list[Ready] = field(default_factory=list)
    changed: list[tuple[int, Ready]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    same: int = 0
    outside: int = 0
    alike: int = 0
    past: int = 0
    remarks: list[Remark] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each."""
        left = sum(remark.is_left and not remark.key for remark in self.remarks)
        lists = {"new": len(self.new), "changed": len(self.changed), "gone": len(self.gone)}
        return lists | {name: getattr(self, name) for name in ("same", "outside", "alike", "past")} | {"left": left}


def planned(source: Source, found: Found, told: Told) -> Plan:
    """What `found` changes in what came of `source` before. Raises Unreadable when it would all go."""
    plan = Plan(past=found.past, remarks=list(found.said))
    communes, reach = Communes(source.commune), _reach(source.voice)
    rows = Imported.objects.filter(source=source).values_list("key", "event", "digest", "event__publication__state")
    known = {key: (event, digest, state) for key, event, digest, state in rows}
    fresh: list[Ready] = []
    for rank, entry in enumerate(found.entries, 1):
        if rank % STEP == 0:
            told(rank, len(found.entries))
        try:
            ready = _ready(entry, communes, source)
            if reach is not None and ready.commune.pk not in reach:
                shown = {"place": ready.commune.name, "voice": source.voice.name}
                raise Unfit(_("« %(place)s » est hors du périmètre de %(voice)s.") % shown)
        except Outside:
            plan.outside += 1
            continue
        except Unfit as refusal:
            plan.remarks.append(Remark(entry.line, entry.title, str(refusal), is_left=True))
            continue
        if entry.key not in known:
            fresh.append(ready)
        else:
            _compare(plan, ready, *known[entry.key])
    _sift(plan, fresh, source)
    _leave(plan, found, {key: event for key, (event, _digest, state) in known.items() if state in LIVING})
    return plan


def _reach(voice: Voice) -> set[int] | None:
    """The communes that a service may address; None for a voice that addresses them all."""
    if voice.kind != Voice.Kind.SERVICE:
        return None
    return set(zones_open_to(voice).joinable().values_list("pk", flat=True))


def _ready(entry: Entry, communes: Communes, source: Source) -> Ready:
    commune = communes.of(entry.where)
    venue, address = spoken(entry.where, commune)
    details = Details(venue=venue, address=address, origin=source.origin) | entry.details
    details["category"] = details.get("category") or source.category
    return Ready(entry, commune, details)


def _compare(plan: Plan, ready: Ready, event: int, digest: str, state: str) -> None:
    """Of an entry that came before: the same, changed, or kept off since by someone."""
    entry = ready.entry
    if state not in LIVING:
        why = _("Vous l’avez retiré : il ne revient pas.")
        if state in {State.REFUSED, State.HIDDEN}:
            why = _("La modération l’a écarté : il ne revient pas.")
        plan.remarks.append(Remark(entry.line, entry.title, why))
        plan.same += 1
    elif digest == ready.digest:
        plan.same += 1
    else:
        plan.changed.append((event, ready))


def _sift(plan: Plan, fresh: list[Ready], source: Source) -> None:
    """Keep as new what is not there already under another name, nor twice in the same calendar (R-MOD-20)."""
    standing = _standing(fresh)
    own = _own(source, fresh)
    met: dict[tuple[str, datetime, int], int] = {}
    for ready in fresh:
        entry = ready.entry
        title = fold(entry.title)
        same = (title, entry.spans[0].starts_at, ready.commune.pk)
        if same in met:
            why = _("C’est le même événement qu’à la ligne %(line)s.") % {"line": met[same]}
            plan.remarks.append(Remark(entry.line, entry.title, why, is_left=True))
            continue
        met[same] = entry.line
        like = own.get((entry.title, entry.spans[0].starts_at)) or next(
            (event for known, event in standing.get((ready.commune.pk, ready.first_day), ()) if alike(title, known)), 0
        )
        if like and entry.key not in source.different:
            plan.alike += 1
            why = _("Il ressemble à un événement déjà à l’agenda.")
            plan.remarks.append(Remark(entry.line, entry.title, why, is_left=True, key=entry.key, like=like))
            continue
        plan.new.append(ready)


def _standing(fresh: list[Ready]) -> dict[tuple[int, date], list[tuple[str, int]]]:
    """What is on the agenda of these communes on these days: folded titles and numbers."""
    days = defaultdict[int, set[date]](set)
    for ready in fresh:
        days[ready.commune.pk].add(ready.first_day)
    found = defaultdict[tuple[int, date], list[tuple[str, int]]](list)
    for commune, wanted in days.items():
        on = Showing.objects.visible_to(None).filter(zone=commune).between(min(wanted), max(wanted))
        rows = on.values_list("starts_at", "occurrence__event", "occurrence__event__publication__title")
        for starts_at, event, title in rows[:LOOKED_AT]:
            day = timezone.localtime(starts_at).date()
            if day in wanted and len(found[commune, day]) < COMPARED:
                found[commune, day].append((fold(title), event))
    return found


def _own(source: Source, fresh: list[Ready]) -> dict[tuple[str, datetime], int]:
    """What this voice announced already, by title and time, whether anyone may read it yet or not."""
    if not fresh:
        return {}
    starts = [ready.entry.spans[0].starts_at for ready in fresh]
    rows = Occurrence.objects.filter(
        starts_at__range=(min(starts), max(starts)),
        event__publication__voice=source.voice_id,
        event__publication__state__in=LIVING,
    )
    said = rows.values_list("event__publication__title", "starts_at", "event")[:LOOKED_AT]
    return {(title, starts_at): event for title, starts_at, event in said}


def _leave(plan: Plan, found: Found, living: dict[str, int]) -> None:
    """What came before, is still to come, and is in the calendar no more."""
    missing = {key: event for key, event in living.items() if key not in found.known} if found.is_whole else {}
    missing |= {key: event for key, event in living.items() if key in found.gone}
    now = timezone.now()
    coming = Event.objects.filter(pk__in=missing.values(), occurrences__starts_at__gte=now)
    plan.gone = sorted(coming.exclude(status=Event.Status.CANCELLED).values_list("pk", flat=True).distinct())
    if plan.gone and not found.known | found.gone:
        raise Unreadable(
            _(
                "Ce calendrier est devenu vide : rien n’a été retiré. Si c’est voulu, arrêtez-le en retirant ce qui "
                "en vient."
            )
        )
