"""One's own calendar: where one goes, what one follows; at a secret address for one's telephone (R-SEC-10)."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.agenda import actions, feeds
from parvis.agenda.models import Attendance, CalendarKey, Follow, Showing
from parvis.agenda.views.feeds import TYPES
from parvis.people.access import member_of, member_required
from parvis.people.ties import undo_of

PER_PAGE = 20


@member_required
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """What one follows; make the address of one's calendar, which is shown once, replace it or close it."""
    person = member_of(request)
    address = ""
    match request.POST.get("action"):
        case "make":
            address = f"{settings.SITE_URL}/mon-agenda/{actions.make_calendar_key(by=person)}.ics"
        case "drop":
            actions.drop_calendar_key(by=person)
            return redirect("my_calendar")
    key = CalendarKey.objects.filter(person=person).first()
    page = Paginator(Follow.objects.of(person).shown(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"address": address, "key": key, "page": page, "undo": undo_of(request)}
    return render(request, "agenda/personal.html", context)


@require_safe
def calendar(_request: HttpRequest, secret: str) -> HttpResponse:
    """Where its owner goes and what they follow, as they may read it now; nothing that any cache may keep."""
    keys = CalendarKey.objects.select_related("person").filter(person__is_active=True)
    person = get_object_or_404(keys, digest=actions.digest_of(secret)).person
    coming = Showing.objects.visible_to(person).on_calendar_of(person).upcoming(timezone.now())
    times = [row.occurrence for row in coming.shown()[: feeds.IN_CALENDAR]]
    accepted = Attendance.objects.welcome().filter(person=person, occurrence__in=times)
    welcome = set(accepted.values_list("occurrence", flat=True))
    body = feeds.calendar(_("Mes rendez-vous"), times, whole=False, welcome=welcome)
    headers = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
    return HttpResponse(body, content_type=TYPES["ics"], headers=headers)
