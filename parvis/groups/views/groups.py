"""The directory of groups, the page of one, founding and changing it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.core.once import submit_once
from parvis.groups import actions
from parvis.groups.forms import EnterForm, GroupForm, SettingsForm
from parvis.groups.models import Ban, Group, GroupTheme, Invitation, Member, Message, Request, Topic
from parvis.groups.unread import unread
from parvis.people.access import member_of, member_required, reader_of
from parvis.people.models import Person, Voice
from parvis.people.ties import done, refused
from parvis.publications.models import Publication, State
from parvis.publications.models.publications import LAST_POSITION, position_asked
from parvis.territory.current import current
from parvis.territory.models import Zone

# After so long, a topic without an answer is shown to whoever animates; and a group is said to sleep.
PATIENCE, SLEEP, ALONE = timedelta(days=2), timedelta(days=30), 5
PER_PAGE, MINE, ANIMATORS, TOPICS, WAITING, SAID = 20, 50, 12, 20, 10, 5


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Groups one may come across, the last heard first; those one is in above, and in no list of anyone else."""
    person = reader_of(request)
    theme = request.GET.get("theme", "")
    mine = list(Group.objects.joined_by(person).shown().order_by("-position")[:MINE]) if person else []
    found = Group.objects.found().exclude(pk__in=[group.pk for group in mine])
    if theme in Voice.Theme.values:
        found = found.filter(Exists(GroupTheme.objects.filter(group=OuterRef("pk"), theme=theme)))
    near = request.GET.get("pres") == "1" and person is not None and person.lives_in is not None
    if near and person is not None and person.lives_in:
        found = found.filter(voice__scope__in=Zone.objects.current().containing(Zone(pk=person.lives_in[0])))
    page = Paginator(found.shown(), PER_PAGE).get_page(request.GET.get("page"))
    themes = GroupTheme.objects.filter(group__in=Group.objects.found().order_by()).order_by()
    met = set(themes.values_list("theme", flat=True).distinct())
    context = {
        "page": page,
        "themes": [(value, label) for value, label in Voice.Theme.choices if value in met],
        "theme": theme if theme in met else "",
        "near": near,
        "can_be_near": person is not None and person.lives_in is not None,
        "mine": mine,
    }
    if person:
        invited = Invitation.objects.reaching(person).values("group")
        context["invited"] = Group.objects.visible_to(person).filter(pk__in=invited).shown()[:MINE]
    return render(request, "groups/directory.html", context)


@require_safe
def group(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What a group is, who looks after it, who is inside; for whom may read them, its discussions."""
    person = reader_of(request)
    one = get_object_or_404(Group.objects.visible_to(person).shown(), pk=number)
    if one.voice.slug != slug:
        return redirect(one, permanent=True)
    return group_page(request, one)


def group_page(request: HttpRequest, one: Group, form: EnterForm | None = None) -> HttpResponse:
    """The page of a group, with the form to enter: a new one, or one that comes back with its errors."""
    person = reader_of(request)
    mine = person and one.members.filter(person=person).first()
    context: dict[str, Any] = {
        "group": one,
        "voice": one.voice,
        "mine": mine,
        "animators": one.members.animators().shown()[:ANIMATORS],
        "published": Publication.objects.visible_to(person).filter(voice=one.pk).order_by("-position").shown()[:SAID],
        "reads": Group.objects.read_by(person).filter(pk=one.pk).exists(),
    }
    if context["reads"]:
        context |= talked(one, person, request.GET.get("avant", ""))
    if person and not mine:
        context |= outside(one, person, form)
    if mine and mine.is_animator:
        context["asking"] = Request.objects.waiting().filter(group=one)[:100].count()
        context |= asleep(one)
        said = Message.objects.under(mine.person).filter(topic__group=one)
        reported = Q(state=State.ONLINE, reported_at__isnull=False)
        context["to_read"] = said.filter(Q(state=State.PENDING) | reported)[:100].count()
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "groups/group.html", context, status=status)


def talked(one: Group, person: Person | None, cursor: str) -> dict[str, Any]:
    """The topics of a group: pinned first, the last heard, and how much of each one has not read."""
    before = position_asked(cursor)
    first = before == LAST_POSITION
    topics = Topic.objects.visible_to(person).filter(group=one).shown()
    found = list(topics.filter(pinned=False, position__lt=before).order_by("-position")[: TOPICS + 1])
    shown = [*(topics.filter(pinned=True).listed() if first else ()), *found[:TOPICS]]
    waiting = Topic.objects.open_to(person).filter(group=one).exclude(state="online") if person and first else None
    return {
        "topics": shown,
        "waiting_topics": waiting.shown().order_by("-opened_at")[:WAITING] if waiting is not None else [],
        "older": found[TOPICS - 1].position if len(found) > TOPICS else None,
        "is_first": first,
        "fresh": unread(person, shown) if person else {},
    }


def asleep(one: Group) -> dict[str, Any]:
    """What an animator would wake: topics nobody answered, and the whole group when nobody has written for a month."""
    now = timezone.now()
    alone = one.topics.filter(state=State.ONLINE, reply_count=0, closed_at=None, opened_at__lt=now - PATIENCE)
    return {
        "unanswered": alone.order_by("-opened_at")[:ALONE],
        "sleeps": not one.archived_at and (one.last_heard or one.founded_at) < now - SLEEP,
    }


def outside(one: Group, person: Person, form: EnterForm | None) -> dict[str, Any]:
    """How someone who is not in it may enter: kept out, invited, waiting for an answer, or with a form."""
    banned = Ban.objects.filter(group=one, person=person).first()
    asked = Request.objects.filter(group=one, person=person).order_by("-at").first()
    waiting = asked is not None and asked.answered_at is None
    enters = not (banned or waiting or one.archived_at)
    return {
        "banned": banned,
        "asked": asked,
        "invited": Invitation.objects.reaching(person).filter(group=one).exists(),
        "form": (form or EnterForm(person=person, group=one, auto_id="enter_%s")) if enters else None,
    }


@member_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Found a group."""
    person = member_of(request)
    home = person.home
    form = GroupForm(
        request.POST if request.method == "POST" else None,
        person=person,
        initial={"commune": home.zone.name} if home else {},
    )
    if form.is_valid() and not form.unanswered:
        try:
            address = submit_once(person, form.cleaned_data["key"], lambda: founded(form, person))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Le groupe est ouvert."))
            return redirect(address)
    return render(request, "groups/create.html", {"form": form}, status=422 if form.errors else 200)


def founded(form: GroupForm, person: Person) -> str:
    """Found the group that the form says; its address."""
    territory = current()
    data = form.cleaned_data
    assert form.found is not None
    scope = form.scope_zone(territory.root if territory else None)
    made = actions.found(by=person, voice=data["voice"], name=data["name"], zone=form.found, scope=scope, **form.told)
    return made.get_absolute_url()


def animated(request: HttpRequest, number: int) -> Group:
    """The group of this number, for whoever looks after it; for anyone else there is no such page."""
    return get_object_or_404(Group.objects.animated_by(member_of(request)).shown(), pk=number)


@member_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, number: int) -> HttpResponse:
    """Change what a group says of itself and its rules."""
    one = animated(request, number)
    form = SettingsForm(one, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.change(one, by=member_of(request), version=form.cleaned_data["version"], **form.told)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Les réglages du groupe sont enregistrés."))
            return redirect(one)
    return render(request, "groups/settings.html", {"form": form, "group": one}, status=422 if form.errors else 200)


@member_required
@require_POST
def archive(request: HttpRequest, number: int) -> HttpResponse:
    """Close a group to new words, or wake it."""
    one = animated(request, number)
    try:
        if request.POST.get("action") == "reopen":
            actions.reopen(one, by=member_of(request))
            words = _("Le groupe est rouvert.")
        else:
            actions.archive(one, by=member_of(request))
            words = _("Le groupe est archivé : il se lit, mais plus rien ne s’y ajoute.")
    except ValidationError as refusal:
        return refused(request, refusal, back=one.get_absolute_url())
    return done(request, words, back=one.get_absolute_url())


def role_of(one: Group, person: Person | None) -> Member | None:
    """What `person` is in the group; None outside."""
    return one.members.filter(person=person).first() if person else None
