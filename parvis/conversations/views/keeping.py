"""What one does with conversations: agree, delete, close; and files, whose rights are asked at every download."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.conversations import actions, rights
from parvis.conversations.forms import CloseForm, WritersForm
from parvis.conversations.models import Conversation, File, Line
from parvis.people.access import member_of, member_required, reader_of
from parvis.people.models import Person, Voice
from parvis.people.ties import done, noted, refused
from parvis.publications.documents import download
from parvis.publications.models.publications import position_asked
from parvis.publications.threads import news_since

# What a button sends -> the act, what is said then, where one goes.
ACTS: dict[str, tuple[Callable[..., None], object, bool]] = {
    "accept": (actions.accept, gettext_lazy("Vous pouvez répondre."), True),
    "decline": (actions.decline, gettext_lazy("C’est noté. La personne n’en sait rien."), False),
    "forget": (actions.forget, gettext_lazy("La conversation est supprimée pour vous."), False),
    "reopen": (actions.reopen, gettext_lazy("Cette personne peut de nouveau vous écrire."), True),
}


@member_required
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Accept, ignore, delete for oneself, take messages again: `action` says which."""
    person = member_of(request)
    one = get_object_or_404(Conversation.objects.visible_to(person), pk=number)
    if request.POST.get("action") not in ACTS:
        raise Http404
    doing, words, stays = ACTS[request.POST["action"]]
    try:
        doing(one, by=person)
    except ValidationError as refusal:
        return refused(request, refusal, back="/messages/")
    return done(request, str(words), back=one.get_absolute_url() if stays else "/messages/")


@member_required
@require_POST
def read(request: HttpRequest, number: int) -> HttpResponse:
    """Note how far one has read."""
    person = member_of(request)
    one = get_object_or_404(Conversation.objects.visible_to(person), pk=number)
    actions.read(one, min(position_asked(request.POST.get("position", "")), one.position), by=person)
    return noted(
        request, _("La prochaine fois, la conversation s’ouvrira après ce que vous avez lu."), back="/messages/"
    )


@require_safe
@never_cache
def news(request: HttpRequest, number: int) -> HttpResponse:
    """How much was said since a position: for a page that is open, without reloading it."""
    person = reader_of(request)
    one = get_object_or_404(Conversation.objects.visible_to(person), pk=number)
    lines = Line.objects.visible_to(person).filter(conversation=one)
    return news_since(request, one.position, lambda known: lines.filter(position__gt=known))


@member_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Take no message from someone for a while, for a reason that they are told; for organisations alone."""
    person = member_of(request)
    one = get_object_or_404(Conversation.objects.visible_to(person), pk=number)
    mine, theirs = rights.sides(one, person)
    if mine.voice is None or mine.voice.kind == Voice.Kind.HABITANT or theirs.voice is None:
        raise Http404
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.close(one, by=person, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("%(name)s reçoit votre motif.") % {"name": theirs.voice.name})
            return redirect(one)
    context = {"conversation": one, "mine": mine, "theirs": theirs, "form": form}
    return render(request, "conversations/close.html", context, status=422 if form.errors else 200)


@member_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take back what one wrote."""
    person = member_of(request)
    line = get_object_or_404(Line.objects.visible_to(person).filter(author=person), pk=number)
    back = f"/messages/{line.conversation_id}/"
    if request.method == "GET":
        return render(request, "conversations/withdraw.html", {"line": line, "back": back})
    try:
        actions.withdraw(line, by=person)
    except ValidationError as refusal:
        return refused(request, refusal, back=back)
    return done(request, _("Votre message est retiré."), back=back)


@require_safe
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    """A file, for those who may read its line now: gone with it, and with their place in the conversation."""
    return download(get_object_or_404(File.objects.visible_to(reader_of(request)), pk=number))


@member_required
@require_http_methods(["GET", "POST"])
def writers(request: HttpRequest) -> HttpResponse:
    """Who may write to one."""
    person = member_of(request)
    chosen = Person.objects.only("writers", "shows_reading").get(pk=person.pk)
    initial = {"writers": rights.writers_of(person), "shows_reading": chosen.shows_reading}
    form = WritersForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        actions.choose(person, **form.cleaned_data)
        messages.success(request, _("Vos choix sont enregistrés."))
        return redirect("writers")
    return render(request, "conversations/writers.html", {"form": form, "is_usual": not chosen.writers})
