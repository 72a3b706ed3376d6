"""Writing: choose what to publish, send a notice or a post, answer, correct, withdraw."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.core.once import submit_once
from parvis.people.access import member_of, member_required
from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.forms import (
    CorrectForm,
    PostForm,
    ReplyForm,
    voices_for,
)
from parvis.publications.kinds import KINDS
from parvis.publications.models import Publication, Reply, State
from parvis.publications.rights import Refused, waits_again
from parvis.publications.views.reading import REPLIES
from parvis.territory.current import current
from parvis.territory.models import Zone

# The page of what is answered, with the form that comes back.
Page = Callable[[HttpRequest, Publication, ReplyForm], HttpResponse]
LIVING = [State.REVIEW, State.PENDING, State.ONLINE]
CORRECTED_HERE = ["notice", "post"]


@member_required
@require_safe
def publish(request: HttpRequest) -> HttpResponse:
    """What one may publish, according to the voices one speaks in; for the rest, why not and what to do."""
    person = member_of(request)
    voices = {kind: list(voices_for(person, kind)[:12]) for kind in ("post", "event", "notice")}
    return render(request, "publications/publish.html", {"voices": voices})


@member_required
@require_http_methods(["GET", "POST"])
def publish_post(request: HttpRequest) -> HttpResponse:
    """Say something to the inhabitants of a commune."""
    person = member_of(request)
    if not voices_for(person, "post").exists():
        return redirect("publish")
    initial = {"voice": request.GET["voix"]} if "voix" in request.GET else {}
    form = PostForm(request.POST or None, request.FILES or None, person=person, initial=initial)
    if form.is_valid() and not form.unanswered:
        try:
            address = submit_once(person, form.cleaned_data["key"], lambda: posted(form, person))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, thanks(address))
            return redirect(address)
    return render(request, "publications/publish_post.html", {"form": form}, status=422 if form.is_bound else 200)


def posted(form: PostForm, person: Person) -> str:
    """Publish the post that the form says; its address."""
    data = form.cleaned_data
    zone = addressed_by(data["voice"], form.found)
    draft = actions.compose(
        voice=data["voice"],
        by=person,
        kind="post",
        place=zone,
        title=data["title"],
        body=data["body"],
        zones=[zone],
        image=data["image"],
        image_alt=data["image_alt"],
    )
    return actions.submit(draft, by=person).get_absolute_url()


def addressed_by(voice: Voice, commune: Zone | None) -> Zone:
    """To whom a post goes: everyone for an élu, the commune said or that of their seat for the others."""
    territory = current()
    zone = territory.root if territory and voice.kind == Voice.Kind.ELU else commune or voice.zone
    if zone is None:
        raise Refused(_("Indiquez une commune."))
    return zone


def thanks(address: str) -> str:
    """What happened to the post at `address`, in one sentence."""
    number = int(address.rstrip("/").rpartition("/")[2])
    if Publication.objects.filter(pk=number, state=State.ONLINE).exists():
        return _("Votre publication est en ligne.")
    return _("Votre publication est envoyée à la modération. Vous recevrez sa décision par courriel.")


@member_required
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """Answer a post, or the service that sent a notice."""
    person = member_of(request)
    readable = Publication.objects.open_to(person).shown()
    if request.method != "POST":
        return redirect(get_object_or_404(readable, pk=number))
    publication = get_object_or_404(readable.taking_replies(), pk=number)
    form = ReplyForm(request.POST, person=person, on=publication)
    if form.is_valid():
        try:
            address = submit_once(person, form.cleaned_data["key"], lambda: replied(form, publication, person))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if publication.kind == "notice":
                messages.success(request, _("Votre réponse est envoyée. Seul le service la lit."))
            elif Reply.objects.filter(pk=address.rpartition("-")[2], state=State.PENDING).exists():
                messages.success(request, _("C’est envoyé à la modération, qui le lit avant les autres."))
            return redirect(address)
    page: Page = import_string(KINDS[publication.kind].page)
    return page(request, publication, form)


def replied(form: ReplyForm, publication: Publication, person: Person) -> str:
    """Send the answer; its address: its page of the thread, and its place there."""
    data = form.cleaned_data
    answer = actions.reply(publication, voice=data["voice"], by=person, body=data["body"])
    if answer.is_private:
        return answer.get_absolute_url()
    before = Reply.objects.filter(publication=answer.publication_id, state=State.ONLINE, pk__lt=answer.pk).count()
    page = before // REPLIES + 1
    thread, _hash, anchor = answer.get_absolute_url().partition("#")
    return f"{thread}?page={page}#{anchor}" if page > 1 else f"{thread}#{anchor}"


@member_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """Correct a notice or a post that one of their voices published."""
    person = member_of(request)
    own = Publication.objects.written_by(person).filter(kind__in=CORRECTED_HERE, state__in=LIVING)
    publication = get_object_or_404(own.shown(), pk=number)
    form = CorrectForm(publication, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.correct(publication, by=person, title=form.cleaned_data["title"], body=form.cleaned_data["body"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, corrected(publication))
            return redirect(publication)
    context = {"form": form, "publication": publication, "waits": waits_again(publication, person)}
    return render(request, "publications/correct.html", context, status=422 if form.is_bound else 200)


def corrected(publication: Publication) -> str:
    """What the author of a correction reads."""
    if publication.state == State.PENDING:
        return _("C’est corrigé. Un modérateur relit le nouveau texte avant qu’il paraisse.")
    return _("C’est corrigé. Ce qui était écrit reste lisible sur la page.")


@member_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw what one of their voices published, after asking once."""
    person = member_of(request)
    own = Publication.objects.written_by(person).filter(state__in=LIVING)
    publication = get_object_or_404(own.shown(), pk=number)
    return withdrawal(request, person, publication, publication.get_absolute_url())


@member_required
@require_http_methods(["GET", "POST"])
def withdraw_reply(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw a reply that one of their voices wrote, after asking once."""
    person = member_of(request)
    own = Reply.objects.written_by(person).filter(state__in=LIVING)
    answer = get_object_or_404(own, pk=number)
    # Without the address of an event, which holds its title: they may not read it any more.
    is_open = Publication.objects.visible_to(person).filter(pk=answer.publication_id).exists()
    back = reverse("reply", args=[answer.publication_id]) if is_open else reverse("my_space")
    return withdrawal(request, person, answer, back)


def withdrawal(request: HttpRequest, person: Person, item: Publication | Reply, back: str) -> HttpResponse:
    """Ask, then withdraw `item` and go `back`."""
    if request.method != "POST":
        return render(request, "publications/withdraw.html", {"item": item, "back": back})
    try:
        actions.withdraw(item, by=person)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("C’est retiré : plus personne ne le lit."))
    return redirect(back)
