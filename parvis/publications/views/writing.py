"""Writing: choose what to publish, send a notice or a post, answer, correct, withdraw."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.core.once import submit_once
from parvis.people.access import member_of, member_required
from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.forms import (
    CorrectForm,
    NoticeForm,
    PostForm,
    ReplyForm,
    exact,
    voices_for,
    zones_named,
)
from parvis.publications.models import Publication, Reply, State
from parvis.publications.rights import Refused, waits_again
from parvis.publications.views.reading import REPLIES, post_page, zone_asked
from parvis.territory.current import current
from parvis.territory.models import Zone

LIVING = [State.PENDING, State.ONLINE]
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
def publish_notice(request: HttpRequest) -> HttpResponse:
    """Send a notice; « Ajouter » looks for a zone and keeps all that was typed."""
    person = member_of(request)
    if not voices_for(person, "notice").exists():
        return render(request, "publications/no_service.html", status=200)
    if "add" in request.POST:
        return render(request, "publications/publish_notice.html", with_zone(request, person))
    form = NoticeForm(request.POST or None, request.FILES or None, person=person, initial=asked(request))
    if form.is_valid():
        try:
            address = submit_once(person, form.cleaned_data["key"], lambda: noticed(form, person))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Votre avis est en ligne."))
            return redirect(address)
    return render(request, "publications/publish_notice.html", {"form": form}, status=422 if form.is_bound else 200)


def asked(request: HttpRequest) -> dict[str, Any]:
    """What the address of the page says already: a zone and a voice."""
    zone = zone_asked(request.GET.get("zone", ""))
    said = {"voice": request.GET["voix"]} if "voix" in request.GET else {}
    return said | {"zones": [zone.pk] if zone else []}


def with_zone(request: HttpRequest, person: Person) -> dict[str, Any]:
    """The form as it was typed, with the zones that were looked for: ticked when there is no doubt."""
    typed = request.POST
    words = typed.get("search", "")[:80]
    initial = {name: typed.getlist("zones") if name == "zones" else typed[name] for name in typed}
    voice = NoticeForm(person=person, initial=initial).chosen_voice
    found = zones_named(voice, words) if words.strip() else []
    sure = exact(found, words)
    initial["zones"] = [*typed.getlist("zones"), *(str(zone.pk) for zone in sure)]
    if sure:
        initial["search"] = ""
    form = NoticeForm(person=person, initial=initial, found=found)
    return {
        "form": form,
        "added": sure[0] if sure else None,
        "to_choose": len(found) if not sure else 0,
        "not_found": not found,
        "words": words.strip(),
        "lost_image": bool(request.FILES),
    }


def noticed(form: NoticeForm, person: Person) -> str:
    """Send the notice that the form says; its address."""
    data = form.cleaned_data
    zones: list[Zone] = list(data["zones"].defer("geometry"))
    voice: Voice = data["voice"]
    # The moderators of the one zone answer for it; of several, those of all the reach of the service.
    place = zones[0] if len(zones) == 1 else voice.scope or voice.zone or zones[0]
    draft = actions.compose(
        voice=voice,
        by=person,
        kind="notice",
        place=place,
        title=data["title"],
        body=data["body"],
        zones=zones,
        is_alert=data["is_alert"],
        expires_at=form.expires_at,
        image=data["image"],
        image_alt=data["image_alt"],
    )
    return actions.submit(draft, by=person).get_absolute_url()


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
    """Answer a post."""
    person = member_of(request)
    publication = get_object_or_404(Publication.objects.open_to(person).of_kind("post").shown(), pk=number)
    if request.method != "POST":
        return redirect(publication)
    form = ReplyForm(request.POST, person=person, kind="post", auto_id="reply_%s")
    if form.is_valid():
        try:
            address = submit_once(person, form.cleaned_data["key"], lambda: replied(form, publication, person))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if Reply.objects.filter(pk=address.rpartition("-")[2], state=State.PENDING).exists():
                messages.success(request, _("Votre réponse est envoyée à la modération, qui la lit avant les autres."))
            return redirect(address)
    return post_page(request, publication, form)


def replied(form: ReplyForm, publication: Publication, person: Person) -> str:
    """Send the answer; its address: its page of the thread, and its place there."""
    data = form.cleaned_data
    answer = actions.reply(publication, voice=data["voice"], by=person, body=data["body"])
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
    answer = get_object_or_404(own.select_related("publication"), pk=number)
    return withdrawal(request, person, answer, answer.publication.get_absolute_url())


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
