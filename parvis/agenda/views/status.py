"""Whether an event, or one of its times, still takes place as announced."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.agenda import actions
from parvis.agenda.forms import StatusForm, TimeForm
from parvis.agenda.models import Occurrence
from parvis.agenda.views.events import own_event
from parvis.people.access import member_of, member_required

# Times one may change one by one.
TIMES = 60


@member_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Ask, then say that an event will not take place."""
    one = own_event(request, number)
    if request.method == "POST":
        actions.cancel_event(one, by=member_of(request), note=request.POST.get("note", ""))
        messages.success(request, _("L’événement est annulé. Il reste visible à l’agenda, marqué comme annulé."))
        return redirect(one.publication)
    return render(request, "agenda/cancel.html", {"event": one})


@member_required
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, number: int) -> HttpResponse:
    """Say what becomes of an event as a whole, and choose one of its times to say it of that one."""
    one = own_event(request, number)
    begins = {"status": one.status, "note": one.status_note}
    form = StatusForm(request.POST or None, initial=begins)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.change_status(one, by=member_of(request), status=said["status"], note=said["note"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("C’est dit : l’agenda, les calendriers et les personnes inscrites le savent."))
            return redirect(one.publication)
    now = timezone.now()
    times = [time for time in one.occurrences.all() if time.closes_at > now]
    for time in times:
        time.event = one
    context: dict[str, Any] = {"form": form, "event": one, "times": times[:TIMES]}
    return render(request, "agenda/status.html", context, status=422 if form.is_bound else 200)


@member_required
@require_http_methods(["GET", "POST"])
def time(request: HttpRequest, number: int) -> HttpResponse:
    """Say what becomes of one time of an event."""
    rows = Occurrence.objects.select_related("event__publication__voice", "event__commune")
    occurrence = get_object_or_404(rows, pk=number)
    occurrence.event = one = own_event(request, occurrence.event_id)
    begins = {"status": occurrence.status, "note": occurrence.note, "venue": occurrence.venue}
    form = TimeForm(occurrence, request.POST or None, initial=begins)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("status", "note", "venue")}
        try:
            actions.change_time(occurrence, by=member_of(request), span=form.span, **said)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("C’est dit pour cette date : %(when)s.") % {"when": occurrence.when})
            return redirect(one.publication)
    context = {"form": form, "event": one, "occurrence": occurrence}
    return render(request, "agenda/status.html", context, status=422 if form.is_bound else 200)
