"""The page of what is new, and the one where one chooses."""

from typing import NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.notifications import actions
from parvis.notifications.finding import Found, found_of, things_of
from parvis.notifications.forms import ChannelsForm
from parvis.notifications.keeping import read
from parvis.notifications.models import Notification
from parvis.notifications.wording import WORDS, named, sentence
from parvis.people.access import member_of, member_required
from parvis.people.models import Voice

PER_PAGE = 20


class Line(NamedTuple):
    """One line of the page."""

    row: Notification
    icon: str
    words: str
    voice: Voice | None
    found: Found


@member_required
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """What is new, newest first; what one may no longer read is left out."""
    person = member_of(request)
    mine = Notification.objects.to(person).select_related("voice")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    things = things_of(person, page)
    lines = [
        Line(row, WORDS[row.what].icon, sentence(row, found.title), named(row), found)
        for row in page
        if (found := found_of(row, things))
    ]
    unread = Notification.objects.to(person).unread().exists()
    return render(request, "notifications/notifications.html", {"page": page, "lines": lines, "unread": unread})


@member_required
@require_POST
def open_one(request: HttpRequest, number: int) -> HttpResponse:
    """Note that one was read, and go where it leads."""
    person = member_of(request)
    row = get_object_or_404(Notification.objects.to(person), pk=number)
    found = found_of(row, things_of(person, [row]))
    read(person, row)
    if found is None:
        messages.error(request, _("Ce contenu n’est plus accessible."))
        return redirect("notifications")
    return redirect(found.address)


@member_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Note that all were read."""
    read(member_of(request))
    messages.success(request, _("Tout est marqué comme lu."))
    return redirect("notifications")


@member_required
@require_http_methods(["GET", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """What one is told, and how."""
    person = member_of(request)
    form = ChannelsForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid():
        actions.choose(person, form.channels)
        messages.success(request, _("Vos choix sont enregistrés."))
        return redirect("channels")
    return render(request, "notifications/channels.html", {"form": form})
