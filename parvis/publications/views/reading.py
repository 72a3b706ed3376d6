"""Reading: the list of notices, a notice, a post and its replies, a picture, a feed for other programs."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from shapely import from_wkb

from parvis.core import text
from parvis.people.access import reader_of
from parvis.people.models import Person
from parvis.people.ties import unread_by
from parvis.publications.around import newest_around
from parvis.publications.drawing import sketch
from parvis.publications.forms import ReplyForm
from parvis.publications.models import Decision, Draft, Outline, Publication, Reply, Saved, State
from parvis.publications.models.publications import LAST_POSITION, position_asked
from parvis.publications.rights import ADDRESSABLE, is_kept_away
from parvis.publications.ways import ways_to
from parvis.territory.current import current
from parvis.territory.models import Zone, ZoneLink

PER_PAGE, REPLIES, REVISIONS, FOUND, IN_ATOM = 20, 30, 10, 12, 50
# Zones of one notice listed on its page; the others are counted.
ZONES = 20


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Every notice online, newest first, for everyone (R-PRIV-8); those that concern a zone with `?zone=`."""
    zone = zone_asked(request.GET.get("zone", ""))
    words = request.GET.get("lieu", "")[:80]
    found = places_named(words) if words else []
    if len(found) == 1:
        return redirect(f"/avis/?zone={found[0].kind}-{found[0].code}")
    before = position_asked(request.GET.get("avant", ""))
    if zone:
        wholes = ZoneLink.objects.filter(part=zone).values_list("whole_id", flat=True)
        newest = newest_around(zone, wholes, ("notice",), PER_PAGE + 1, before)["notice"]
    else:
        online = Publication.objects.visible_to(reader_of(request)).of_kind("notice").filter(position__lt=before)
        newest = list(online.order_by("-position").shown()[: PER_PAGE + 1])
    context = {"notices": newest[:PER_PAGE], "goes_on": len(newest) > PER_PAGE, "older": before < LAST_POSITION}
    return render(request, "publications/notices.html", context | {"zone": zone, "words": words, "found": found})


def zone_asked(value: str) -> Zone | None:
    """The zone « commune-60057 » names, None for an empty value. Raises Http404 for one that does not exist."""
    if not value:
        return None
    kind, _dash, code = value.partition("-")
    if not code.replace("-", "").isalnum():
        raise Http404
    zone = get_object_or_404(Zone.objects.addressed([kind], code).filter(is_context=False).drawn())
    return Zone.objects.drawn().get(pk=zone.successor_id) if zone.successor_id else zone


def places_named(words: str) -> list[Zone]:
    """The zones one may mean by `words`; the only one so named, if there is one."""
    zones = Zone.objects.current().of_kind(*ADDRESSABLE).defer("geometry")
    found = list(zones.named(words)[:FOUND])
    same = [zone for zone in found if zone.search_name == text.fold(words)]
    return same if len(same) == 1 else found


@require_safe
def notice(request: HttpRequest, number: int) -> HttpResponse:
    """One notice: what, for whom, until when, by which service."""
    person = reader_of(request)
    publication = get_object_or_404(Publication.objects.open_to(person).of_kind("notice").shown(), pk=number)
    if publication.get_absolute_url() != request.path:
        return redirect(publication, permanent=True)
    return notice_page(request, publication)


def notice_page(request: HttpRequest, publication: Publication, form: ReplyForm | None = None) -> HttpResponse:
    """The page of a notice; its answers for the service, their own for whoever answered (R-PRIV-10)."""
    person = reader_of(request)
    zones = Zone.objects.filter(targetings__publication=publication).defer("geometry").order_by("kind", "search_name")
    context = about(publication, person) | {
        "zones": zones[:ZONES],
        "more_zones": max(zones.count() - ZONES, 0),
        "sketch": drawn(publication),
    }
    if person is not None and (publication.answerable or publication.is_fine):
        answers = Reply.objects.open_to(person).filter(publication=publication).exclude(state=State.WITHDRAWN)
        page = Paginator(answers.shown().order_by("created_at", "pk"), REPLIES).get_page(request.GET.get("page"))
        shown = list(page.object_list)
        if form is None and publication.answerable and publication.is_online and not context["mine"]:
            form = ReplyForm(person=person, on=publication)
        waits = Publication.objects.awaiting_second(person).filter(pk=publication.pk).exists()
        context |= {"page": page, "replies": shown, "own_replies": own_replies(person, shown), "reasons": {}}
        context |= {"form": form, "to_read": waits}
    return render(request, "publications/notice.html", context, status=status_of(form))


def drawn(publication: Publication) -> SafeString | None:
    """Where a targeted notice goes, as anyone may see it; None when it was addressed to places by their names."""
    outline = Outline.objects.filter(publication=publication).first()
    if outline is None:
        return None
    return sketch([from_wkb(bytes(outline.public))], said=_("Zone : %(place)s") % {"place": publication.addressed})


@require_safe
def post(request: HttpRequest, number: int) -> HttpResponse:
    """A post and its replies."""
    publication = get_object_or_404(Publication.objects.open_to(reader_of(request)).of_kind("post").shown(), pk=number)
    return post_page(request, publication)


def post_page(request: HttpRequest, publication: Publication, form: ReplyForm | None = None) -> HttpResponse:
    """The page of a post, with the form to answer: a new one, or one that comes back with its errors."""
    context = about(publication, reader_of(request)) | thread_of(request, publication, form)
    return render(request, "publications/post.html", context, status=status_of(form))


def thread_of(request: HttpRequest, publication: Publication, form: ReplyForm | None = None) -> dict[str, Any]:
    """What is answered under a publication, for `publications/thread.html`: a page of it, and the form to answer."""
    person = reader_of(request)
    replies = Reply.objects.open_to(person).filter(publication=publication).exclude(state=State.WITHDRAWN)
    page = Paginator(replies.shown().order_by("created_at", "pk"), REPLIES).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    if form is None and person is not None and publication.is_online and publication.takes_replies:
        form = None if is_kept_away(publication, person) else ReplyForm(person=person, on=publication)
    return {
        "page": page,
        "replies": shown,
        "unread": unread_by(person, (reply.voice_id for reply in shown)),
        "own_replies": own_replies(person, shown),
        "reasons": reasons(shown),
        "form": form,
    }


def status_of(form: ReplyForm | None) -> int:
    """That of a page that shows a form: whether it comes back with its errors."""
    return 422 if form is not None and form.is_bound else 200


def own_replies(person: Person | None, replies: list[Reply]) -> set[int]:
    """The numbers of those that one of their voices wrote."""
    if person is None or not replies:
        return set()
    mine = Reply.objects.written_by(person).filter(pk__in=[reply.pk for reply in replies])
    return set(mine.values_list("pk", flat=True))


def reasons(replies: list[Reply]) -> dict[int, Decision]:
    """The latest decision on each reply that is refused or hidden."""
    numbers = [reply.pk for reply in replies if reply.state in {State.REFUSED, State.HIDDEN}]
    if not numbers:
        return {}
    decisions = Decision.objects.filter(reply__in=numbers, verdict__in=["refuse", "hide"]).order_by("at")
    return {decision.reply_id: decision for decision in decisions if decision.reply_id}


def about(publication: Publication, person: Person | None) -> dict[str, Any]:
    """What the page of any publication tells: its corrections to all; its state and its reason to who may know."""
    mine = person is not None and Publication.objects.written_by(person).filter(pk=publication.pk).exists()
    moderated = person is not None and Publication.objects.under(person).filter(pk=publication.pk).exists()
    decision = None
    if publication.state in {State.REFUSED, State.HIDDEN}:
        decision = publication.decisions.filter(verdict__in=["refuse", "hide"]).first()
    ways = ways_to(person, publication) if person is not None and publication.is_online else []
    return {
        "publication": publication,
        # Why it is in their feed, the strongest reason only; « Gérer » tells the others.
        "why": next((way.reason for way in ways if not way.muted), ""),
        "mine": mine,
        "saved": person is not None and Saved.objects.filter(person=person, publication=publication).exists(),
        "moderated": moderated,
        "decision": decision,
        "revisions": publication.revisions.all()[:REVISIONS] if publication.edited_at else [],
    }


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """The picture of a publication or of a draft, for who may read it: hidden with it, gone with it (R-SEC-5)."""
    person = reader_of(request)
    # A notice written again from one that was taken back shows the same.
    shown = Publication.objects.open_to(person).filter(image=name).order_by("-pk").first()
    draft = Draft.objects.open_to(person).filter(image=name).first() if person and shown is None else None
    kept = shown or draft
    if kept is None:
        raise Http404
    try:
        file = kept.image.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/webp")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if shown is not None and shown.is_online:
        patch_cache_control(response, public=True, max_age=300)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
def notices_atom(request: HttpRequest) -> HttpResponse:
    """The latest notices as an Atom feed."""
    territory = current()
    if territory is None:
        raise Http404
    feed = Atom1Feed(
        title=_("Avis des services publics, %(place)s") % {"place": territory.name},
        link=settings.SITE_URL + "/avis/",
        description="",
        language="fr",
        feed_url=settings.SITE_URL + request.path,
    )
    for publication in Publication.objects.visible_to(None).of_kind("notice").shown().order_by("-position")[:IN_ATOM]:
        address = settings.SITE_URL + publication.get_absolute_url()
        feed.add_item(
            title=text.typo(publication.title),
            link=address,
            unique_id=f"{settings.SITE_URL}/publications/{publication.pk}/",
            description=text.sanitise(publication.body_html),
            author_name=f"{publication.voice.name} ({publication.voice.badge_text})",
            pubdate=publication.published_at,
            updateddate=publication.edited_at or publication.published_at,
            categories=[publication.addressed],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
