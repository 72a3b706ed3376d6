"""Whom one knows, who asks, and whom one keeps away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.people import actions
from parvis.people.access import member_of, member_required, safe_next
from parvis.people.forms import BlockForm
from parvis.people.models import Block, Contact, Person, Voice
from parvis.people.models.contacts import holds_office
from parvis.people.ties import known_to, undo_of
from parvis.people.views.following import Acts, act

PER_PAGE = 20
OF_CONTACTS: Acts = {
    "ask": (actions.ask_contact, "withdraw", _("Votre demande est envoyée à %(name)s.")),
    "withdraw": (actions.withdraw_contact, "", _("Votre demande à %(name)s est retirée.")),
    "accept": (actions.accept_contact, "remove", _("%(name)s fait partie de vos contacts.")),
    "decline": (actions.decline_contact, "", _("C’est noté. %(name)s n’en sait rien.")),
    "remove": (actions.remove_contact, "", _("%(name)s ne fait plus partie de vos contacts.")),
    "unblock": (actions.unblock, "", _("%(name)s peut de nouveau vous joindre.")),
}


@member_required
@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Requests first, then contacts; with `?liste=bloques`, whom one keeps away. Nobody else sees it."""
    person = member_of(request)
    kept_away = request.GET.get("liste") == "bloques"
    blocked, known = Block.objects.filter(person=person), Contact.objects.of(person)
    shown = blocked.select_related("voice__zone").defer("voice__zone__geometry").order_by("voice__search_name", "pk")
    rows: Any = shown if kept_away else _with_voices(known).order_by("-accepted_at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    asking = _with_voices(Contact.objects.asked_to(person)).order_by("-at")[:PER_PAGE]
    asked = _with_voices(Contact.objects.asked_by(person)).order_by("-at")[:PER_PAGE]
    context = {
        "kept_away": kept_away,
        "page": page,
        "voices": [row.voice if kept_away else _other(row, person) for row in page],
        "asking": [one.asker.voice for one in asking],
        "asked": [one.asked.voice for one in asked],
        "known_count": known.count() if kept_away else page.paginator.count,
        "blocked_count": page.paginator.count if kept_away else blocked.count(),
        "undo": undo_of(request),
    }
    return render(request, "people/contacts.html", context)


def _with_voices(rows: Any) -> Any:
    """With the voice of each, for those who still have one."""
    # Asked of each row: joined, a database may begin by everyone who has one.
    open_to = Voice.objects.filter(closed_at=None)
    shown = rows.filter(*(Exists(open_to.filter(person=OuterRef(side))) for side in ("asker", "asked")))
    return shown.select_related("asker__voice__zone", "asked__voice__zone").defer(
        "asker__voice__zone__geometry", "asked__voice__zone__geometry"
    )


def _other(row: Contact, person: Person) -> Any:
    return row.asked.voice if row.asker_id == person.pk else row.asker.voice


@member_required
@require_POST
def contact(request: HttpRequest, number: int) -> HttpResponse:
    """Ask, answer, take back, part, let reach one again: `action` says which."""
    voice = get_object_or_404(known_to(member_of(request)), pk=number)
    return act(request, OF_CONTACTS, voice, voice.name, "/contacts/")


@member_required
@require_http_methods(["GET", "POST"])
def block(request: HttpRequest, number: int) -> HttpResponse:
    """What it means to keep someone away, then doing so; whoever holds a mandate says why."""
    person = member_of(request)
    mine = known_to(person).exclude(person=person).filter(kind__in=actions.BLOCKED)
    voice = get_object_or_404(mine, pk=number)
    stated = voice.person_id is not None and holds_office(person)
    form = BlockForm(request.POST if request.method == "POST" else None, stated=stated)
    if form.is_valid():
        try:
            actions.block(person, voice, form.cleaned_data.get("reason", ""))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _g("%(name)s ne peut plus vous joindre.") % {"name": voice.name})
            return redirect(safe_next(request, "/contacts/?liste=bloques"))
    context = {"voice": voice, "form": form, "stated": stated}
    return render(request, "people/block.html", context, status=422 if form.errors else 200)
