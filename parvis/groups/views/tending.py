"""What one does with messages and topics: correct, take back, react; and what animators do with them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.groups import actions
from parvis.groups.forms import EditForm, MoveForm
from parvis.groups.models import Group, Message, Topic
from parvis.people.access import member_of, member_required
from parvis.people.ties import done, refused
from parvis.publications.models import State

LIVING = [State.PENDING, State.ONLINE]


def own_message(request: HttpRequest, number: int) -> Message:
    """A message that one of their voices wrote, in a group they are still in."""
    person = member_of(request)
    mine = Message.objects.open_to(person).written_by(person).filter(state__in=LIVING)
    mine = mine.filter(topic__group__in=Group.objects.joined_by(person))
    return get_object_or_404(mine.select_related("topic__group__voice", "voice"), pk=number)


@member_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Correct a message; when it changed meanwhile, both texts are on the page (R-REL-10)."""
    one = own_message(request, number)
    form = EditForm(one, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.edit(one, by=member_of(request), body=form.cleaned_data["body"], version=one.version)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("C’est corrigé. Ce qui était écrit reste lisible sous le message."))
            return redirect(one.get_absolute_url())
    context = {"form": form, "message": one, "topic": one.topic, "group": one.topic.group}
    return render(request, "groups/edit_message.html", context, status=422 if form.is_bound else 200)


@member_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a message back, after asking once."""
    one = own_message(request, number)
    if request.method != "POST":
        return render(request, "groups/withdraw_message.html", {"message": one, "topic": one.topic})
    back = one.topic.group.get_absolute_url() if one.opens else one.topic.get_absolute_url()
    try:
        actions.withdraw(one, by=member_of(request))
    except ValidationError as refusal:
        return refused(request, refusal, back=back)
    messages.success(request, _("C’est retiré : plus personne ne le lit."))
    return redirect(back)


@member_required
@require_POST
def react(request: HttpRequest, number: int) -> HttpResponse:
    """Say thanks, agree, come along; the same again takes it off."""
    person = member_of(request)
    found = Message.objects.visible_to(person).filter(topic__group__in=Group.objects.joined_by(person))
    one = get_object_or_404(found.select_related("topic__group"), pk=number)
    try:
        actions.react(one, by=person, kind=request.POST.get("kind", ""))
    except ValidationError as refusal:
        return refused(request, refusal, back=one.get_absolute_url())
    return redirect(one.get_absolute_url())


@member_required
@require_POST
def keep_answer(request: HttpRequest, number: int) -> HttpResponse:
    """Mark the message that answers its topic: whoever opened it, or an animator; for others there is no such page."""
    person = member_of(request)
    found = Message.objects.visible_to(person).filter(topic__group__in=Group.objects.joined_by(person))
    one = get_object_or_404(found.select_related("topic__group"), pk=number)
    animates = Group.objects.animated_by(person).filter(pk=one.topic.group_id).exists()
    if one.topic.author_id != person.pk and not animates:
        raise Http404
    try:
        actions.keep_answer(one, by=person)
    except ValidationError as refusal:
        return refused(request, refusal, back=one.get_absolute_url())
    return redirect(one.get_absolute_url())


@member_required
@require_POST
def tend(request: HttpRequest, number: int) -> HttpResponse:
    """Pin a topic, close it, or the contrary: `action` says which."""
    person = member_of(request)
    mine = Topic.objects.filter(group__in=Group.objects.animated_by(person)).exclude(state=State.WITHDRAWN)
    one = get_object_or_404(mine.select_related("group__voice"), pk=number)
    try:
        match request.POST.get("action"):
            case "pin" | "unpin" as action:
                actions.pin(one, by=person, pinned=action == "pin")
                words = _("Le sujet est épinglé.") if action == "pin" else _("Le sujet n’est plus épinglé.")
            case "close":
                actions.close(one, by=person, reason=request.POST.get("reason", ""))
                words = _("Le sujet est clos.")
            case "reopen":
                actions.reopen_topic(one, by=person)
                words = _("Le sujet est rouvert.")
            case _:
                raise Http404
    except ValidationError as refusal:
        return refused(request, refusal, back=one.get_absolute_url())
    return done(request, words, back=one.get_absolute_url())


@member_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, number: int) -> HttpResponse:
    """Carry a message, and perhaps those that follow, to another topic: a new one, or one of the group."""
    person = member_of(request)
    mine = Message.objects.filter(topic__group__in=Group.objects.animated_by(person), state=State.ONLINE, opens=False)
    one = get_object_or_404(mine.select_related("topic__group__voice", "voice"), pk=number)
    form = MoveForm(one, request.POST if request.method == "POST" else None)
    if form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        try:
            if data["topic"]:
                actions.move(one, by=person, topic=data["topic"], following=data["following"])
                target = data["topic"]
            else:
                target = actions.split(one, by=person, title=data["title"], following=data["following"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("C’est déplacé."))
            return redirect(target)
    context = {"form": form, "message": one, "topic": one.topic, "group": one.topic.group}
    return render(request, "groups/move_message.html", context, status=422 if form.is_bound else 200)
