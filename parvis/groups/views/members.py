"""Entering and leaving a group; its members, and those who wait at its door."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.core.once import submit_once
from parvis.groups import actions
from parvis.groups.forms import EnterForm, InviteForm, WordsForm
from parvis.groups.models import Ban, Group, Invitation, Member, Request
from parvis.groups.views.groups import animated, group_page, role_of
from parvis.people.access import member_of, member_required
from parvis.people.models import Person
from parvis.people.ties import done, refused

PER_PAGE, WAITING = 40, 50
# What a button sends -> the act, and what is said then.
PLAIN = {
    "leave": (actions.leave, _("Vous avez quitté le groupe.")),
    "decline": (actions.decline, _("L’invitation est refusée.")),
    "take_back": (actions.take_back, _("Votre demande est retirée.")),
}


@member_required
@require_POST
def enter(request: HttpRequest, number: int) -> HttpResponse:
    """Join, ask, accept an invitation, or the contrary: `action` says which."""
    person = member_of(request)
    one = get_object_or_404(Group.objects.visible_to(person).shown(), pk=number)
    action = request.POST.get("action", "")
    if action in PLAIN:
        act, words = PLAIN[action]
        try:
            act(one, by=person)
        except ValidationError as refusal:
            return refused(request, refusal, back=one.get_absolute_url())
        still = Group.objects.visible_to(person).filter(pk=one.pk).exists()
        messages.success(request, words)
        return redirect(one if still else "groups")
    if action not in {"join", "ask", "accept"}:
        raise Http404
    form = EnterForm(request.POST, person=person, group=one, auto_id="enter_%s")
    if form.is_valid():
        try:
            submit_once(person, form.cleaned_data["key"], lambda: entered(form, one, person, action))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            asked = action == "ask"
            words = _("Votre demande est envoyée à l’animation du groupe.") if asked else _("Bienvenue dans le groupe.")
            return done(request, words, back=one.get_absolute_url())
    return group_page(request, one, form)


def entered(form: EnterForm, one: Group, person: Person, action: str) -> str:
    """Do what the form says; the address to go to then."""
    voice = form.cleaned_data["voice"]
    if action == "ask":
        actions.ask(one, by=person, voice=voice, words=form.cleaned_data.get("words", ""))
    elif action == "accept":
        actions.accept(one, by=person, voice=voice)
    else:
        actions.join(one, by=person, voice=voice)
    return one.get_absolute_url()


@member_required
@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, number: int) -> HttpResponse:
    """Who is in, for those who are; and for whoever animates, who asks, who is invited, who is kept out."""
    person = member_of(request)
    one = get_object_or_404(Group.objects.joined_by(person).shown(), pk=number)
    mine = role_of(one, person)
    animates = mine is not None and mine.is_animator
    if request.method == "POST" and not animates:
        raise Http404
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        email, key = form.cleaned_data["email"], form.cleaned_data["key"]
        try:
            submit_once(person, key, lambda: invited(one, person, email))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Une place est gardée pour %(email)s.") % {"email": email})
            return redirect("group_members", one.pk)
    listed = Member.objects.visible_to(person).filter(group=one).shown()
    context: dict[str, Any] = {
        "group": one,
        "mine": mine,
        "animates": animates,
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
    }
    if animates:
        context |= {
            "asking": Request.objects.waiting().filter(group=one).select_related("voice__zone")[:WAITING],
            "invitations": Invitation.objects.open().filter(group=one).order_by("-at")[:WAITING],
            "bans": Ban.objects.filter(group=one).select_related("person").order_by("-at")[:WAITING],
        }
    return render(request, "groups/members.html", context, status=422 if form.errors else 200)


def invited(one: Group, person: Person, email: str) -> str:
    """Invite; the address to go to then."""
    actions.invite(one, by=person, email=email.lower())
    return f"/groupes/{one.pk}/membres/"


@member_required
@require_POST
def change(request: HttpRequest, number: int, member: int) -> HttpResponse:
    """Name, remove or keep out a member: `action` says which."""
    person, one = member_of(request), animated(request, number)
    row = get_object_or_404(one.members.select_related("group", "person", "voice"), pk=member)
    back = f"/groupes/{one.pk}/membres/"
    try:
        match request.POST.get("action"):
            case "name":
                actions.name(row, by=person, role=Member.Role.ANIMATOR)
                words = _("%(name)s anime maintenant le groupe.")
            case "unname":
                actions.name(row, by=person, role=Member.Role.MEMBER)
                words = _("%(name)s n’anime plus le groupe.")
            case "remove":
                actions.remove(row, by=person)
                words = _("%(name)s ne fait plus partie du groupe.")
            case "ban":
                actions.ban(row, by=person, reason=request.POST.get("words", ""))
                words = _("%(name)s ne peut plus revenir dans le groupe.")
            case _:
                raise Http404
    except ValidationError as refusal:
        return refused(request, refusal, back=back)
    still = Group.objects.animated_by(person).filter(pk=one.pk).exists()
    return done(request, words % {"name": row.voice.name}, back=back if still else one.get_absolute_url())


@member_required
@require_POST
def answer(request: HttpRequest, number: int, asked: int) -> HttpResponse:
    """Let someone in, or not."""
    person, one = member_of(request), animated(request, number)
    row = get_object_or_404(one.requests.select_related("group", "person", "voice"), pk=asked)
    accepted = request.POST.get("action") == "accept"
    form, back = WordsForm(request.POST), f"/groupes/{one.pk}/membres/"
    if not form.is_valid():
        raise Http404
    try:
        actions.answer(row, by=person, accepted=accepted, words=form.cleaned_data["words"])
    except ValidationError as refusal:
        return refused(request, refusal, back=back)
    words = _("%(name)s fait partie du groupe.") if accepted else _("La réponse est envoyée à %(name)s.")
    return done(request, words % {"name": row.voice.name}, back=back)


@member_required
@require_POST
def unban(request: HttpRequest, number: int, banned: int) -> HttpResponse:
    """Let someone come back if they wish."""
    one = animated(request, number)
    row = get_object_or_404(one.bans.select_related("group"), pk=banned)
    actions.unban(row, by=member_of(request))
    return done(request, _("Cette personne peut revenir."), back=f"/groupes/{one.pk}/membres/")
