"""The list of conversations, one of them, and the first words to someone."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.conversations import actions, rights
from parvis.conversations.forms import AnswerForm, BeginForm
from parvis.conversations.models import Closing, Conversation, Draft, Line, Place, Side
from parvis.conversations.models.conversations import sides_of
from parvis.conversations.rights import Overtaken, Refused
from parvis.conversations.thread import Reader, draw, page_of
from parvis.core import text
from parvis.core.once import submit_once
from parvis.people.access import member_of, member_required
from parvis.people.models import Person, Voice
from parvis.people.ties import noted, refused, undo_of, unread_by
from parvis.publications.models.publications import LAST_POSITION, position_asked
from parvis.publications.threads import asked_in

PER_PAGE = 20


@dataclass(frozen=True)
class Row:
    """One conversation in a list: with whom, as whom, its last words, whether they are new."""

    side: Side
    other: Side | None
    last: Line | None
    is_new: bool


@member_required
@require_safe
def messages_page(request: HttpRequest) -> HttpResponse:
    """One's conversations, the last heard first; with ?liste=demandes, what strangers wrote."""
    person = member_of(request)
    asked = request.GET.get("liste") == "demandes"
    before = position_asked(request.GET.get("avant", ""))
    mine = sides_of(person).kept_by(person)
    found = (mine.asked() if asked else mine.taken()).filter(position__lt=before, position__gt=0)
    sides = list(found.select_related("voice", "conversation").order_by("-position")[: PER_PAGE + 1])
    context = {
        "rows": rows_of(sides[:PER_PAGE], person),
        "goes_on": sides[PER_PAGE - 1].position if len(sides) > PER_PAGE else None,
        "older": before < LAST_POSITION,
        "asked": asked,
        "asking": len(mine.asked().values_list("pk")[: PER_PAGE + 1]),
        "undo": undo_of(request),
    }
    return render(request, "conversations/messages.html", context)


def rows_of(sides: list[Side], person: Person) -> list[Row]:
    """What a list says of each, in a few statements whatever their number."""
    numbers = [side.conversation_id for side in sides]
    others = Side.objects.filter(conversation__in=numbers).exclude(pk__in=[side.pk for side in sides])
    other = {one.conversation_id: one for one in others.select_related("voice__zone").defer("voice__zone__geometry")}
    read = dict(Place.objects.filter(person=person, conversation__in=numbers).values_list("conversation", "position"))
    last = {
        line.conversation_id: line
        for line in Line.objects.filter(conversation__in=numbers, position__in=[side.position for side in sides])
    }
    return [
        Row(
            side,
            other.get(side.conversation_id),
            last.get(side.conversation_id),
            side.position > read.get(side.conversation_id, 0),
        )
        for side in sides
    ]


@member_required
@require_safe
def conversation(request: HttpRequest, number: int) -> HttpResponse:
    """What was said, from where one stopped; and the form to go on."""
    one = get_object_or_404(Conversation.objects.visible_to(member_of(request)), pk=number)
    return conversation_page(request, one)


def conversation_page(request: HttpRequest, one: Conversation, form: AnswerForm | None = None) -> HttpResponse:
    """The page of a conversation, with the form: a new one, or one that comes back with its errors."""
    person = member_of(request)
    try:
        mine, theirs = rights.sides(one, person)
    except Refused as error:
        raise Http404 from error
    page = page_of(one, person, asked_in(request.GET))
    leaves_out = bool(theirs.voice_id and unread_by(person, [theirs.voice_id]))
    reader = Reader(person, mine, theirs, seen_by(theirs, one), leaves_out)
    refusal = why_not(mine, theirs, person)
    last = page.rows[-1].position if page.rows else 0
    form = form or begun_answer(one, person)
    closing = Closing.objects.current().filter(voice=mine.voice, other=theirs.voice).first()
    context: dict[str, Any] = {
        "conversation": one,
        "mine": mine,
        "theirs": theirs,
        "page": page,
        "lines": draw(page.rows, reader),
        "last": last,
        "unread_from": page.unread,
        "closing": closing,
        "form": None if refusal else form,
        # How far they had read when they wrote, unless they have just been shown what came since.
        "seen": form["seen"].value() if form.is_bound and not form.overtaken else last,
        "refusal": refusal,
        "undo": undo_of(request),
    }
    return render(request, "conversations/conversation.html", context, status=422 if form.is_bound else 200)


def begun_answer(one: Conversation, person: Person) -> AnswerForm:
    """The form to go on, with the draft they kept."""
    draft = Draft.objects.filter(person=person, conversation=one).first()
    return AnswerForm(auto_id="answer_%s", initial={"body": draft.body} if draft else {}, kept=draft)


def why_not(mine: Side, theirs: Side, person: Person) -> str:
    """Why one cannot go on, in a sentence; empty when one can."""
    try:
        rights.check_reply(mine, theirs, person)
    except Refused as refusal:
        return str(refusal.messages[0])
    waits = theirs.accepted_at is None and mine.conversation.lines.filter(voice=mine.voice).exists()
    return _("Votre message attend d’être accepté : vous pourrez en écrire un autre ensuite.") if waits else ""


def seen_by(theirs: Side, one: Conversation) -> int:
    """How far the other has read, if they are a person who chose to say so; else 0."""
    other = theirs.voice.person_id if theirs.voice else None
    if other is None or not Person.objects.filter(pk=other, shows_reading=True).exists():
        return 0
    return Place.objects.filter(person=other, conversation=one).values_list("position", flat=True).first() or 0


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Go on with a conversation."""
    person = member_of(request)
    one = get_object_or_404(Conversation.objects.visible_to(person), pk=number)
    if request.method != "POST":
        return redirect(one)
    if "draft" in request.POST:
        return drafted(request, one.get_absolute_url(), conversation=one)
    form = AnswerForm(request.POST, request.FILES, auto_id="answer_%s")
    if form.is_valid():
        data = form.cleaned_data

        def said() -> str:
            line = actions.answer(one, by=person, body=data["body"], files=form.attached, seen=data["seen"])
            return line.get_absolute_url()

        try:
            return redirect(submit_once(person, data["key"], said))
        except Overtaken as refusal:
            form.add_error(None, refusal)
            form.overtaken = True
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return conversation_page(request, one, form)


def drafted(request: HttpRequest, back: str, **where: Any) -> HttpResponse:
    """Keep what was typed; a script that asks for it every now and then gets no page."""
    words: dict[str, Any] = {name: request.POST.get(name, "") for name in ("subject", "body")}
    try:
        actions.keep_draft(by=member_of(request), **where, **words)
    except ValidationError as refusal:
        return refused(request, refusal, back="/messages/")
    return noted(request, _("Le brouillon est gardé : vous le retrouverez ici."), back=back)


@member_required
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """The first words to the voice of ?a=; the conversation that one has with it already, if one has."""
    person = member_of(request)
    if "a" not in request.GET:
        return redirect("messages")
    to = get_object_or_404(rights.reachable(person).shown(), pk=text.number(request.GET.get("a", "")))
    own = Voice.objects.filter(person=person).first()
    there = Conversation.objects.visible_to(person).filter(pair=pair_of(own, to)).first() if own else None
    if there is not None and request.method == "GET":
        return redirect(there)
    if "draft" in request.POST:
        return drafted(request, request.get_full_path(), to=to)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    draft = Draft.objects.filter(person=person, to=to).first()
    initial = {"subject": draft.subject, "body": draft.body} if draft else {}
    form = BeginForm(*sent, person=person, to=to, initial=initial, kept=draft)
    refusal = why_not_to(person, form, to)
    if form.is_valid():
        data = form.cleaned_data

        def said() -> str:
            words = {"body": data["body"], "subject": data.get("subject", "")}
            line = actions.begin(to, by=person, voice=data["voice"], files=form.attached, **words)
            return line.get_absolute_url()

        try:
            address = submit_once(person, data["key"], said)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Votre message est envoyé à %(name)s.") % {"name": to.name})
            return redirect(address)
    context = {"to": to, "form": form, "refusal": refusal}
    return render(request, "conversations/begin.html", context, status=422 if form.errors else 200)


def pair_of(own: Voice, to: Voice) -> str:
    """What names the conversation of two voices; nothing that exists for a service."""
    return "" if to.kind == Voice.Kind.SERVICE else f"{min(own.pk, to.pk)}-{max(own.pk, to.pk)}"


def why_not_to(person: Person, form: BeginForm, to: Voice) -> str:
    """Why nothing can be sent, whatever the voice; empty when it can."""
    try:
        if form.voices:
            rights.door(person, form.voices[0], to)
        else:
            return _("Votre compte n’a pas de voix : l’administration du site peut vous aider.")
    except Refused as refusal:
        return str(refusal.messages[0])
    return ""
