"""Who registered, whom one accepts or not: for those who organise, and for nobody else."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.agenda import actions
from parvis.agenda.forms.seats import SeatsForm
from parvis.agenda.models import Attendance, CoOrganiser, Event
from parvis.agenda.views.events import own_event
from parvis.people.access import member_of, member_required
from parvis.people.models import Person
from parvis.people.ties import refused
from parvis.publications.actions import Refused
from parvis.publications.models import Publication, State

PER_PAGE = 100


@member_required
@require_http_methods(["GET", "POST"])
def registrations(request: HttpRequest, number: int) -> HttpResponse:
    """The seats of an event, and who has one or waits; no moderator and no administrator opens it."""
    person = member_of(request)
    own = Publication.objects.written_by(person).filter(pk=number).exists()
    one = own_event(request, number) if own else shared_event(person, number)
    begins = {name: getattr(one, name) for name in ("takes_registrations", "capacity", "question")}
    form = SeatsForm(request.POST if own and request.method == "POST" else None, initial=begins)
    if form.is_valid():
        actions.set_seats(one, by=person, **form.cleaned_data)
        messages.success(request, _("C’est enregistré."))
        return redirect("registrations", one.pk)
    listed = Attendance.objects.answerable_by(person).listed_for(one)
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {"event": one, "form": form, "page": page, "own": own}
    return render(request, "agenda/registrations.html", context, status=422 if form.is_bound else 200)


def shared_event(person: Person, number: int) -> Event:
    """The event, if `person` speaks in a voice that organises it with another; else 404."""
    shared = CoOrganiser.objects.accepted().answerable_by(person).filter(event=number).order_by()
    living = Event.objects.filter(publication__state__in=[State.PENDING, State.ONLINE])
    rows = living.select_related("publication__voice", "commune").prefetch_related("occurrences")
    return get_object_or_404(rows.filter(pk__in=shared.values("event")))


@member_required
@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Accept someone who asks to come, or refuse someone with a reason: `action` says which."""
    person = member_of(request)
    rows = Attendance.objects.answerable_by(person).select_related("person", "occurrence__event")
    one = get_object_or_404(rows, pk=number)
    event, said = one.occurrence.event_id, {"name": one.person.name}
    match request.POST.get("action"):
        case "accept":
            actions.accept_attendee(one, by=person)
            messages.success(request, _("%(name)s peut venir, et l’apprend.") % said)
        case "refuse":
            try:
                actions.refuse_attendee(one, by=person, reason=request.POST.get("reason", ""))
            except Refused as refusal:
                return refused(request, refusal, back=reverse("registrations", args=[event]))
            messages.success(request, _("%(name)s ne viendra pas, et lit votre motif.") % said)
        case _:
            raise Http404
    return redirect("registrations", event)
