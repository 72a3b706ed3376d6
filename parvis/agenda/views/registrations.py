"""Who registered: for those who organise, and for nobody else."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.agenda import actions
from parvis.agenda.forms.seats import SeatsForm
from parvis.agenda.models import Attendance
from parvis.agenda.views.events import own_event
from parvis.people.access import member_of, member_required

PER_PAGE = 100


@member_required
@require_http_methods(["GET", "POST"])
def registrations(request: HttpRequest, number: int) -> HttpResponse:
    """The seats of an event, and who has one or waits; no moderator and no administrator opens it."""
    one = own_event(request, number)
    begins = {name: getattr(one, name) for name in ("takes_registrations", "capacity", "question")}
    form = SeatsForm(request.POST if request.method == "POST" else None, initial=begins)
    if form.is_valid():
        actions.set_seats(one, by=member_of(request), **form.cleaned_data)
        messages.success(request, _("C’est enregistré."))
        return redirect("registrations", one.pk)
    listed = Attendance.objects.listed_for(one) if one.takes_registrations else Attendance.objects.none()
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    status = 422 if form.is_bound else 200
    return render(request, "agenda/registrations.html", {"event": one, "form": form, "page": page}, status=status)
