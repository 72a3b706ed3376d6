"""A topic: read from where one stopped, answered, opened."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.core.once import submit_once
from parvis.core.tokens import token_of
from parvis.groups import actions
from parvis.groups.forms import MessageForm, TopicForm
from parvis.groups.models import Draft, Group, Member, Message, Topic
from parvis.groups.thread import PER_PAGE, page_of, reader_in
from parvis.groups.views.groups import role_of
from parvis.people.access import member_of, member_required, reader_of
from parvis.people.models import Person
from parvis.people.ties import noted, refused
from parvis.publications.models import State
from parvis.publications.models.publications import position_asked
from parvis.publications.threads import asked_in, news_since


@require_safe
def topic(request: HttpRequest, slug: str, number: int) -> HttpResponse:  # noqa: ARG001 - the number decides
    """A topic, opened at the first message one has not read; from its beginning for who has read nothing."""
    person = reader_of(request)
    return topic_page(request, get_object_or_404(Topic.objects.open_to(person).shown(), pk=number))


def topic_page(request: HttpRequest, one: Topic, form: MessageForm | None = None) -> HttpResponse:
    """The page of a topic, with the form to answer: a new one, or one that comes back with its errors."""
    person = reader_of(request)
    mine = role_of(one.group, person)
    form = form or form_for(request, one, mine)
    token = token_of(request).decode() if mine else ""
    reader = reader_in(one, person, mine, token=token, answers=form is not None)
    page = page_of(reader, asked_in(request.GET))
    context: dict[str, Any] = {
        "topic": one,
        "group": one.group,
        "mine": mine,
        "page": page,
        "form": form,
        "answer": one.answer if one.answer_id and one.answer else None,
        "unread": reader.left_out,
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "groups/topic.html", context, status=status)


def form_for(request: HttpRequest, one: Topic, mine: Member | None) -> MessageForm | None:
    """A form to answer, for a member of a topic that takes answers, with the draft they kept or what they quote."""
    if mine is None or one.closed_at or one.state != State.ONLINE or not mine.may_write:
        return None
    draft = Draft.objects.filter(person=mine.person_id, topic=one).first()
    quoted = request.GET.get("citer", "")
    initial = {"body": draft.body if draft else "", "quoted": quoted if quoted.isdigit() and len(quoted) < 16 else ""}
    return MessageForm(person=member_of(request), initial=initial, auto_id="reply_%s", kept=draft)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """Answer a topic, or keep the draft of an answer."""
    person = member_of(request)
    one = get_object_or_404(Topic.objects.open_to(person).shown(), pk=number)
    if request.method != "POST":
        return redirect(one)
    form = MessageForm(request.POST, request.FILES, person=person, auto_id="reply_%s")
    if "draft" in request.POST:
        return drafted(request, one.group, one, form)
    if form.is_valid():
        try:
            address = submit_once(person, form.cleaned_data["key"], lambda: replied(form, one, person))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if address == one.get_absolute_url():
                messages.success(request, _("Votre message est envoyé à l’animation, qui le lit avant les autres."))
            return redirect(address)
    return topic_page(request, one, form)


def replied(form: MessageForm, one: Topic, person: Person) -> str:
    """Send the answer; its place in the topic, or the topic while it waits."""
    data = form.cleaned_data
    made = actions.reply(
        one, by=person, voice=data["voice"], body=data["body"], quoted=form.quoted_message, files=form.attached
    )
    return made.get_absolute_url() if made.state == State.ONLINE else one.get_absolute_url()


def drafted(request: HttpRequest, group: Group, one: Topic | None, form: Any) -> HttpResponse:
    """Keep what was typed; a script that asks for it every now and then gets no page."""
    try:
        actions.keep_draft(
            group, by=member_of(request), topic=one, title=form.data.get("title", ""), body=form.data.get("body", "")
        )
    except ValidationError as refusal:
        return refused(request, refusal, back="/groupes/")
    back = one.get_absolute_url() if one else reverse("open_topic", args=[group.pk])
    return noted(request, _("Le brouillon est gardé : vous le retrouverez ici."), back=back)


@require_safe
@never_cache
def message(request: HttpRequest, number: int) -> HttpResponse:
    """Where a message stands: its topic, from a little before it."""
    found = get_object_or_404(Message.objects.open_to(reader_of(request)).select_related("topic"), pk=number)
    address = found.topic.get_absolute_url()
    if found.position is None:
        return redirect(f"{address}#message-{found.pk}")
    before = Message.objects.filter(topic=found.topic_id, state=State.ONLINE, position__lte=found.position)
    near = list(before.order_by("-position").values_list("position", flat=True)[:PER_PAGE])
    # All that precedes fits: the topic is shown from its beginning.
    since = "0" if len(near) < PER_PAGE else str(near[4])
    return redirect(f"{address}?depuis={since}#message-{found.pk}")


@member_required
@require_http_methods(["GET", "POST"])
def open_topic(request: HttpRequest, number: int) -> HttpResponse:
    """Begin to talk about something."""
    person = member_of(request)
    group = get_object_or_404(Group.objects.joined_by(person).shown(), pk=number)
    draft = Draft.objects.filter(person=person, group=group, topic=None).first()
    initial = {"title": draft.title, "body": draft.body} if draft else {}
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = TopicForm(*sent, person=person, initial=initial, kept=draft)
    if request.method == "POST" and "draft" in request.POST:
        return drafted(request, group, None, form)
    if form.is_valid():
        try:
            address = submit_once(person, form.cleaned_data["key"], lambda: opened(form, group, person))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(address)
    context = {"form": form, "group": group, "mine": role_of(group, person)}
    return render(request, "groups/open_topic.html", context, status=422 if form.errors else 200)


def opened(form: TopicForm, group: Group, person: Person) -> str:
    """Open the topic; its address."""
    data = form.cleaned_data
    said = {"voice": data["voice"], "title": data["title"], "body": data["body"]}
    made = actions.open_topic(group, by=person, files=form.attached, poll=form.poll, **said)
    return made.get_absolute_url()


@member_required
@require_POST
def read(request: HttpRequest, number: int) -> HttpResponse:
    """Note how far one has read."""
    person = member_of(request)
    one = get_object_or_404(Topic.objects.visible_to(person).select_related("group__voice"), pk=number)
    position = position_asked(request.POST.get("position", ""))
    actions.read(one, min(position, one.position), by=person)
    words = _("La prochaine fois, le sujet s’ouvrira après ce que vous avez lu.")
    return noted(request, words, back=one.group.get_absolute_url())


@require_safe
@never_cache
def news(request: HttpRequest, number: int) -> HttpResponse:
    """How many messages appeared since a position: for a page that is open, without reloading it."""
    one = get_object_or_404(Topic.objects.visible_to(reader_of(request)), pk=number)
    online = Message.objects.filter(topic=one, state=State.ONLINE)
    return news_since(request, one.position, lambda known: online.filter(position__gt=known))
