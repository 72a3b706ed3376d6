"""One's own calendar: where one goes, at a secret address for the calendar of a telephone (R-SEC-10)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.agenda import actions, feeds
from parvis.agenda.models import CalendarKey, Showing
from parvis.agenda.views.feeds import TYPES
from parvis.people.access import member_of, member_required


@member_required
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Make the address, which is shown once, replace it or close it."""
    person = member_of(request)
    address = ""
    match request.POST.get("action"):
        case "make":
            address = f"{settings.SITE_URL}/mon-agenda/{actions.make_calendar_key(by=person)}.ics"
        case "drop":
            actions.drop_calendar_key(by=person)
            return redirect("my_calendar")
    key = CalendarKey.objects.filter(person=person).first()
    return render(request, "agenda/personal.html", {"address": address, "key": key})


@require_safe
def calendar(_request: HttpRequest, secret: str) -> HttpResponse:
    """Where its owner goes, as they may read it at this moment; nothing that any cache may keep."""
    keys = CalendarKey.objects.select_related("person").filter(person__is_active=True)
    person = get_object_or_404(keys, digest=actions.digest_of(secret)).person
    rows = Showing.objects.visible_to(person).attended_by(person).upcoming(timezone.now()).shown()[: feeds.IN_CALENDAR]
    name = _("Mes rendez-vous")
    body = feeds.calendar(name, (row.occurrence for row in rows), whole=False)
    headers = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
    return HttpResponse(body, content_type=TYPES["ics"], headers=headers)
