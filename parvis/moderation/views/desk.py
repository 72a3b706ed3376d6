"""The moderators' desk: what waits, and one thing to decide on. For anyone else it does not exist."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from parvis.conversations.models import Line
from parvis.core import text
from parvis.core.once import submit_once
from parvis.core.templatetags.ui import ago
from parvis.groups.models import Group, Message
from parvis.moderation import actions, queue
from parvis.moderation.actions import KEEP
from parvis.moderation.forms import DecisionForm
from parvis.moderation.models import Item, field_of
from parvis.people.access import reader_of
from parvis.people.models import Person, Voice
from parvis.publications.actions import AlreadyDecided
from parvis.publications.models import Decision, Publication, Reply, State
from parvis.publications.models.publications import UNSENT
from parvis.publications.rights import profiles_under

PER_PAGE = 20
DECISIONS_SHOWN = 10
SAID = {
    Decision.Verdict.APPROVE: gettext_lazy("« %(title)s » est en ligne."),
    Decision.Verdict.REFUSE: gettext_lazy("« %(title)s » est refusé ; son auteur reçoit le motif."),
    Decision.Verdict.HIDE: gettext_lazy("« %(title)s » est masqué ; son auteur reçoit le motif."),
    Decision.Verdict.RESTORE: gettext_lazy("« %(title)s » est remis en ligne."),
    KEEP: gettext_lazy("« %(title)s » reste en ligne ; qui l’a signalé est prévenu."),
}
SAID_OF_PROFILE = {
    Decision.Verdict.HIDE: gettext_lazy(
        "La présentation de %(name)s est masquée ; ses responsables reçoivent le motif."
    ),
    Decision.Verdict.RESTORE: gettext_lazy("La présentation de %(name)s est de nouveau visible."),
    KEEP: gettext_lazy("La présentation de %(name)s reste visible ; qui l’a signalée est prévenu."),
}


def moderator_of(request: HttpRequest) -> Person:
    """Who moderates somewhere, or animates a group; for anyone else the page does not exist."""
    person = reader_of(request)
    if person is None or not (person.is_moderator or Group.objects.animated_by(person).exists()):
        raise Http404
    return person


@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for this moderator, oldest first; of one of the groups they animate, with ?groupe=."""
    moderator = moderator_of(request)
    group = None
    if number := text.number(request.GET.get("groupe", "")):
        group = get_object_or_404(Group.objects.animated_by(moderator).shown(), pk=number)
    waiting = queue.waiting_for(moderator, group.pk if group else None)
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    cases = [(case, DecisionForm(item=case.item, auto_id=form_ids(case))) for case in queue.cases(list(page))]
    return render(request, "moderation/desk.html", {"page": page, "cases": cases, "group": group})


def form_ids(case: queue.Case) -> str:
    """Identifiers of fields that no other form of the page has."""
    return f"{field_of(case.item)}{case.item.pk}-%s"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, number: int) -> HttpResponse:
    """One publication to decide on, with what was decided before."""
    mine = Publication.objects.under(moderator_of(request)).exclude(state__in=UNSENT)
    return decide(request, get_object_or_404(mine.shown(), pk=number))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """One reply to decide on, under what it answers."""
    mine = Reply.objects.under(moderator_of(request)).select_related("publication__voice", "publication__place")
    return decide(request, get_object_or_404(mine.shown(), pk=number))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, number: int) -> HttpResponse:
    """What one voice wrote about itself, to decide on."""
    return decide(request, get_object_or_404(profiles_under(moderator_of(request)).shown(), pk=number))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, number: int) -> HttpResponse:
    """One message of a group, to decide on."""
    mine = Message.objects.under(moderator_of(request)).exclude(state=State.WITHDRAWN)
    return decide(request, get_object_or_404(mine.shown().select_related("topic__group__voice__zone"), pk=number))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, number: int) -> HttpResponse:
    """One private message that was reported, with its neighbours and nothing else, to decide on."""
    return decide(request, get_object_or_404(Line.objects.under(moderator_of(request)).shown(), pk=number))


def decide(request: HttpRequest, item: Item) -> HttpResponse:
    """Show `item` and its form; apply the decision sent. A second one is told of the first, and changes nothing."""
    form = DecisionForm(request.POST or None, item=item)
    status = 200
    if form.is_valid():
        data = form.cleaned_data
        try:
            # The forms of one card share a key: each verdict is one act.
            key = uuid.uuid5(data["key"], data["verdict"])
            address = submit_once(reader_of(request), key, lambda: decided(form, moderator_of(request)))
        except AlreadyDecided:
            messages.error(request, who_decided(item))
            return redirect(request.path)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, said(item, data["verdict"]))
            return redirect(address)
    if form.is_bound:
        status = 422
    context: dict[str, Any] = {
        "case": queue.case_of(item),
        "form": form,
        "decisions": item.decisions.select_related("by")[:DECISIONS_SHOWN],
    }
    return render(request, "moderation/case.html", context, status=status)


def decided(form: DecisionForm, by: Person) -> str:
    """Apply what the form says; the address to go to then."""
    data = form.cleaned_data
    actions.decide(form.item, by=by, verdict=data["verdict"], rule=data["rule"], reason=data["reason"])
    # Whoever only animates goes back to what waits in their group.
    group = form.item.topic.group_id if isinstance(form.item, Message) and not by.is_moderator else None
    return f"/moderation/?groupe={group}" if group else "/moderation/"


def who_decided(item: Item) -> str:
    """Who decided, when and what: « Déjà décidé par Dominique Prat, il y a 2 min : refus »."""
    last = item.decisions.select_related("by").first()
    if last is None or last.by is None:
        return _("Ce contenu a changé entre-temps : voici où il en est.")
    said = {"name": last.by.name, "when": ago(last.at), "verdict": last.get_verdict_display()}
    return _("Déjà décidé par %(name)s, %(when)s : %(verdict)s.") % said


def said(item: Item, verdict: str) -> str:
    """What was done, with a few words to recognise it by."""
    if isinstance(item, Voice):
        return str(SAID_OF_PROFILE[verdict]) % {"name": item.name}
    return str(SAID[verdict]) % {"title": item.headline if isinstance(item, Publication) else item.body[:40]}
