"""The public register of what services told a part of the territory (R-PRIV-8): no message to a zone is secret."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import shapely
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from shapely.geometry.base import BaseGeometry

from parvis.publications.drawing import locate
from parvis.publications.models import Outline, Publication, Purpose, Revision, Targeting
from parvis.publications.models.publications import PublicationQuerySet
from parvis.publications.views.reading import places_named, zone_asked
from parvis.territory.current import current
from parvis.territory.models import Zone, ZoneLink

PER_PAGE, IN_FILE, DRAWN = 20, 20_000, 12
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    *("service", "pour", "motif", "publie_le", "affiche_jusqu_au", "deux_personnes", "etat", "adresse"),
    "auparavant",
)


@dataclass(frozen=True)
class Line:
    """One message of the register: its words only while anyone may read them."""

    publication: Publication
    state: str
    is_read: bool
    sketch: SafeString | None
    # Until when it was for whom, before its zone changed.
    formers: list[Revision]


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every notice that went out to a part of the territory, newest first, of one place or purpose or of all."""
    words = request.GET.get("lieu", "")[:80]
    found = places_named(words) if words else []
    purpose = purpose_asked(request)
    if len(found) == 1:
        more = f"&motif={purpose}" if purpose else ""
        return redirect(f"{request.path}?zone={found[0].kind}-{found[0].code}{more}")
    zone = zone_asked(request.GET.get("zone", ""))
    page = Paginator(lines_of(zone, purpose).shown(), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "lines": list(told(list(page.object_list))),
        "zone": zone,
        "purpose": purpose,
        "purposes": Purpose.choices,
        "words": words,
        "typed": words or (zone.name if zone else ""),
        "found": found,
        "query": request.GET.urlencode(),
    }
    return render(request, "publications/register.html", context)


def purpose_asked(request: HttpRequest) -> str:
    """One of the closed list, or nothing. Raises Http404 for another."""
    purpose = request.GET.get("motif", "")
    if purpose and purpose not in Purpose.values:
        raise Http404
    return purpose


def lines_of(zone: Zone | None, purpose: str) -> PublicationQuerySet:
    """What the register holds for a place, or for all: what was told to it, to a part of it or to what contains it."""
    moves = Prefetch("revisions", Revision.objects.exclude(addressed=""))
    lines = Publication.objects.registered().order_by("-position").prefetch_related(moves)
    if purpose:
        lines = lines.filter(purpose=purpose)
    if zone:
        near = Q(zone__in=ZoneLink.objects.filter(part=zone).values("whole"))
        near |= Q(zone__in=ZoneLink.objects.filter(whole=zone).values("part"))
        targeted = Targeting.objects.filter(near, publication=OuterRef("pk"))
        touched = Outline.communes.through.objects.filter(near, outline=OuterRef("pk"))
        # What it was told before it went elsewhere, too.
        formerly = Revision.zones.through.objects.filter(near, revision__publication=OuterRef("pk"))
        lines = lines.filter(Q(Exists(targeted)) | Q(Exists(touched)) | Q(Exists(formerly)))
    return lines


def told(publications: list[Publication]) -> Iterator[Line]:
    """Each as the register says it, with its drawing; six statements for a page."""
    numbers = [publication.pk for publication in publications]
    readable = set(Publication.objects.visible_to(None).filter(pk__in=numbers).values_list("pk", flat=True))
    shapes = outlines_of(numbers)
    for publication in publications:
        drawn = shapes.get(publication.pk)
        sketch = (
            locate(drawn[0], drawn[1], said=_("Zone : %(place)s") % {"place": publication.addressed}) if drawn else None
        )
        moves = list(publication.revisions.all())
        yield Line(publication, state_of(publication), publication.pk in readable, sketch, moves)


def state_of(publication: Publication) -> str:
    """What became of it, in a word."""
    if publication.is_online:
        return _("en cours")
    if publication.state == "online":
        return _("terminé")
    return _("en relecture") if publication.state == "review" else publication.get_state_display()


def outlines_of(numbers: list[int]) -> dict[int, tuple[list[BaseGeometry], list[BaseGeometry]]]:
    """For each notice of these numbers, its shapes as anyone may see them, and the places they lie in."""
    found: dict[int, tuple[list[BaseGeometry], list[BaseGeometry]]] = {}
    territory = current()
    root = Zone.objects.filter(pk=territory.root_id).first() if territory else None
    for targeting in Targeting.objects.filter(publication__in=numbers).select_related("zone")[: DRAWN * PER_PAGE]:
        shape = contour(targeting.zone)
        if shape is not None and root is not None and (whole := contour(root)) is not None:
            found.setdefault(targeting.publication_id, ([], [whole]))[0].append(shape)
    for outline in Outline.objects.filter(publication__in=numbers).prefetch_related("communes"):
        wholes = [shape for zone in outline.communes.all() if (shape := contour(zone)) is not None]
        public = shapely.from_wkb(bytes(outline.public))
        found[outline.pk] = [public], wholes or [public]
    return found


def contour(zone: Zone) -> BaseGeometry | None:
    """The contour of a zone, if it has one."""
    return shapely.from_wkb(bytes(zone.geometry)) if zone.geometry else None


class Echo:
    """A file that gives back each line it is given."""

    def write(self, line: str) -> str:
        """`line` itself."""
        return line


@require_safe
def register_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same, for a spreadsheet: what was said is on the page of each notice while it is online."""
    zone, purpose = zone_asked(request.GET.get("zone", "")), purpose_asked(request)
    rows = (
        lines_of(zone, purpose)
        .select_related("voice")
        .only(*("voice__name", "addressed", "purpose", "published_at", "expires_at", "second", "state", "kind", "slug"))
    )
    answer = StreamingHttpResponse(written(rows[:IN_FILE]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="registre-des-avis.csv"'
    return answer


def written(rows: Iterable[Publication]) -> Iterator[str]:
    """The lines of the file; a spreadsheet must take nothing for a formula."""
    writer = csv.writer(Echo())
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    for row in rows:
        cells = (
            *(row.voice.name, row.addressed, row.get_purpose_display(), day(row.published_at), day(row.expires_at)),
            *(_("oui") if row.second else "", state_of(row), row.get_absolute_url() if row.is_online else ""),
            " ; ".join(f"{move.addressed} ({day(move.at)})" for move in row.revisions.all()),
        )
        yield str(
            writer.writerow(["'" + cell if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell for cell in cells])
        )


def day(moment: Any) -> str:
    """« 2026-11-28 », in the time of the territory."""
    return timezone.localdate(moment).isoformat() if moment else ""
