"""Following, muting, and the page where one reads all of it: « Mes abonnements »."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from parvis.people import actions
from parvis.people.access import member_of, member_required
from parvis.people.models import Mute, Person, Reason, Subscription, Voice
from parvis.people.ties import done, refused, undo_of
from parvis.territory.models import Zone

PER_PAGE = 20
# Places that one belongs to and let rest: those of a home are about ten.
RESTING = 60
HEADINGS = {
    Voice.Kind.ASSOCIATION: _("Associations"),
    Voice.Kind.ELU: _("Élus"),
    Voice.Kind.GROUPE: _("Groupes"),
    Voice.Kind.HABITANT: _("Habitants"),
    Voice.Kind.SERVICE: _("Services publics"),
    "theme": _("Thèmes"),
    None: _("Communes"),
}
# What a button sends -> the act, its inverse, and what is said then.
Acts = dict[str, tuple[Callable[[Person, Any], None], str, Any]]
OF_VOICES: Acts = {
    "follow": (actions.follow, "unfollow", _("Vous suivez %(name)s.")),
    "unfollow": (actions.unfollow, "follow", _("Vous ne suivez plus %(name)s.")),
    "mute": (actions.mute, "unmute", _("Votre fil ne montre plus ce que dit %(name)s.")),
    "unmute": (actions.unmute, "mute", _("Votre fil montre de nouveau ce que dit %(name)s.")),
}
OF_COMMUNES: Acts = {
    "follow": (actions.follow_commune, "unfollow", _("Vous suivez %(name)s.")),
    "unfollow": (actions.unfollow_commune, "follow", _("Vous ne suivez plus %(name)s.")),
}
OF_THEMES: Acts = {
    "follow": (actions.follow_theme, "unfollow", _("Vous suivez le thème %(name)s.")),
    "unfollow": (actions.unfollow_theme, "follow", _("Vous ne suivez plus le thème %(name)s.")),
}
OF_AUDIENCES: Acts = {
    "mute": (actions.mute_audience, "unmute", _("En sourdine : %(name)s. Les alertes de sécurité restent affichées.")),
    "unmute": (actions.unmute_audience, "mute", _("De nouveau dans votre fil : %(name)s.")),
}


@member_required
@require_POST
def follow(request: HttpRequest, number: int) -> HttpResponse:
    """Follow a voice, mute it, or the contrary: `action` says which."""
    voice = get_object_or_404(Voice.objects.visible_to(member_of(request)), pk=number)
    return act(request, OF_VOICES, voice, voice.name, voice.get_absolute_url())


@member_required
@require_POST
def follow_commune(request: HttpRequest, number: int) -> HttpResponse:
    """Follow a commune, or no longer."""
    commune = get_object_or_404(Zone.objects.current().joinable().defer("geometry"), pk=number)
    return act(request, OF_COMMUNES, commune, commune.name, commune.get_absolute_url())


@member_required
@require_POST
def follow_theme(request: HttpRequest, theme: str) -> HttpResponse:
    """Follow a theme, or no longer."""
    if theme not in Voice.Theme.values:
        raise Http404
    return act(request, OF_THEMES, theme, str(Voice.Theme(theme).label), reverse("following"))


@member_required
@require_POST
def mute(request: HttpRequest, number: int) -> HttpResponse:
    """Let what is said to a place rest, or wake it."""
    mine = Subscription.objects.filter(person=member_of(request), audience__zone__isnull=False)
    audience = get_object_or_404(mine.select_related("audience__zone").defer("audience__zone__geometry"), pk=number)
    name = audience.audience.zone.short_name if audience.audience.zone else ""
    return act(request, OF_AUDIENCES, audience.audience, name, reverse("places"))


def act(request: HttpRequest, acts: Acts, target: Any, name: str, back: str) -> HttpResponse:
    """Do one of `acts` on `target`, say so, and how to undo it."""
    try:
        doing, undo, words = acts[request.POST.get("action", "")]
    except KeyError as error:
        raise Http404 from error
    try:
        doing(member_of(request), target)
    except ValidationError as refusal:
        return refused(request, refusal, back=back)
    return done(request, words % {"name": name}, undo=undo, back=back)


@member_required
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """Whom and what one follows; with `?liste=sourdine`, what one no longer reads. Nobody else sees it."""
    person = member_of(request)
    followed, muted = followed_by(person), muted_by(person)
    resting = {
        one.audience_id: one
        for one in Subscription.objects.filter(person=person, muted=True, audience__zone__isnull=False)
        .select_related("audience__zone")
        .defer("audience__zone__geometry")
        .order_by("-reason", "pk")[:RESTING]
    }
    silent = request.GET.get("liste") == "sourdine"
    page = Paginator(muted if silent else followed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "silent": silent,
        "page": page,
        "groups": [] if silent else grouped(page.object_list),
        "resting": list(resting.values()),
        "followed_count": page.paginator.count if not silent else followed.count(),
        "muted_count": len(resting) + (page.paginator.count if silent else muted.count()),
        "themes": [] if silent else themes_left(person),
        "undo": undo_of(request),
    }
    return render(request, "people/following.html", context)


def themes_left(person: Person) -> list[tuple[str, str]]:
    """The themes that `person` does not follow."""
    mine = Subscription.objects.filter(person=person, reason=Reason.FOLLOW, audience__theme__isnull=False)
    followed = set(mine.values_list("audience__theme", flat=True))
    return [(value, str(label)) for value, label in Voice.Theme.choices if value not in followed]


def followed_by(person: Person) -> Any:
    """Voices by type, then themes, then communes."""
    # Asked of each row: a list of all whom one may see is as long as a country.
    seen = Exists(Voice.objects.visible_to(person).filter(pk=OuterRef("audience__voice"))) | Q(audience__voice=None)
    mine = Subscription.objects.filter(seen, person=person, reason=Reason.FOLLOW)
    shown = mine.select_related("audience__voice__zone", "audience__zone").defer(
        "audience__voice__zone__geometry", "audience__zone__geometry"
    )
    kind, theme = F("audience__voice__kind").asc(nulls_last=True), F("audience__theme").asc(nulls_last=True)
    return shown.order_by(kind, theme, "audience__voice__search_name", "audience__zone__search_name", "pk")


def muted_by(person: Person) -> Any:
    """Voices one no longer reads, by name."""
    mine = Mute.objects.filter(Exists(Voice.objects.visible_to(person).filter(pk=OuterRef("voice"))), person=person)
    shown = mine.select_related("voice__zone").defer("voice__zone__geometry")
    return shown.order_by("voice__search_name", "pk")


def kind_of(row: Subscription) -> str | None:
    """Under which heading it stands."""
    if row.audience.theme:
        return "theme"
    return row.audience.voice.kind if row.audience.voice else None


def grouped(rows: Any) -> list[tuple[Any, list[Subscription]]]:
    """The subscriptions of one page under the heading of their type."""
    by_kind = groupby(rows, kind_of)
    return [(HEADINGS[kind], list(group)) for kind, group in by_kind]
