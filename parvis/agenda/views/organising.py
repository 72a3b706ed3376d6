"""Who organises an event with the voice that announced it: invited, and answering."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.agenda import actions
from parvis.agenda.models import CoOrganiser, Event
from parvis.agenda.views.events import own_event
from parvis.core import text
from parvis.people.access import member_of, member_required
from parvis.people.models import Voice, VoiceQuerySet
from parvis.people.ties import refused
from parvis.publications.actions import Refused
from parvis.publications.rights import kinds_of_voice

FOUND = 12


@member_required
@require_http_methods(["GET", "POST"])
def co_organisers(request: HttpRequest, number: int) -> HttpResponse:
    """Those invited to organise an event, and a search for others: ?q=; POST invites a voice or takes one off."""
    one, person = own_event(request, number), member_of(request)
    if request.method == "POST":
        chosen = text.number(request.POST.get("voice", ""))
        try:
            match request.POST.get("action"):
                case "invite":
                    voice = get_object_or_404(invitable(one), pk=chosen)
                    actions.invite_to_organise(one, voice, by=person)
                    messages.success(request, _("%(voice)s est invité à co-organiser.") % {"voice": voice.name})
                case "remove":
                    asked = get_object_or_404(CoOrganiser.objects.select_related("voice"), event=one, voice=chosen)
                    actions.leave_organising(asked, by=person)
                    messages.success(request, _("%(voice)s n’est plus co-organisateur.") % {"voice": asked.voice.name})
                case _:
                    raise Http404
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("co_organisers", one.pk)
    words = request.GET.get("q", "").strip()[:80].replace("\0", "")
    known = CoOrganiser.objects.filter(event=one).shown().order_by("accepted_at", "pk")
    found = (
        invitable(one).exclude(pk__in=[row.voice_id for row in known]).named(words) if words else Voice.objects.none()
    )
    context = {"event": one, "known": known, "words": words, "found": found.order_by("search_name").shown()[:FOUND]}
    return render(request, "agenda/co_organisers.html", context)


def invitable(event: Event) -> VoiceQuerySet:
    """The voices that may organise it too."""
    kinds = [kind for kind in kinds_of_voice("event") if kind != Voice.Kind.HABITANT]
    return Voice.objects.listed_in_directory().filter(kind__in=kinds).exclude(pk=event.publication.voice_id)


@member_required
@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Say yes to organising with another, no, or no longer: `action` says which."""
    person = member_of(request)
    rows = CoOrganiser.objects.answerable_by(person).select_related("voice", "event__publication")
    asked = get_object_or_404(rows, pk=number)
    try:
        match request.POST.get("action"):
            case "accept":
                actions.accept_to_organise(asked, by=person)
                messages.success(request, _("%(voice)s co-organise cet événement.") % {"voice": asked.voice.name})
            case "leave":
                actions.leave_organising(asked, by=person)
                messages.success(request, _("%(voice)s n’est pas co-organisateur.") % {"voice": asked.voice.name})
            case _:
                raise Http404
    except Refused as refusal:
        return refused(request, refusal, back=asked.event.publication.get_absolute_url())
    return redirect(asked.event.publication)
