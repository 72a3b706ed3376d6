"""The guided visit: one becomes someone fictional in one click. It exists in the demonstration and nowhere else."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from parvis.demo.visit import Role, lent, roles
from parvis.people.access import reader_of
from parvis.people.models import Person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest) -> HttpResponse:
    """What each role can do; a POST takes the one it names and goes where its step leads."""
    if not settings.DEMO:
        raise Http404
    people = lent()
    if request.method == "POST":
        return _become(request, people)
    offered = [(role, people.get(role.account)) for role in roles().values() if role.account in people | {"": None}]
    return render(request, "demo/visit.html", {"offered": offered, "known": {role.key for role, _person in offered}})


def _become(request: HttpRequest, people: dict[str, Person]) -> HttpResponseRedirect:
    """Sign in as the person of a role, in a session of their own; or sign out."""
    role = roles().get(request.POST.get("role", ""))
    if role is None or (role.account and role.account not in people):
        raise Http404
    if not role.account:
        logout(request)
    elif reader_of(request) != people[role.account]:
        person = people[role.account]
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
        messages.success(request, _("Vous voici %(name)s.") % {"name": person.name})
    return redirect(_address(role, request.POST.get("step", "")))


def _address(role: Role, step: str) -> str:
    """Where a step leads; the first when none is named."""
    number = int(step) if step.isascii() and step.isdigit() and len(step) < 3 else 0
    return role.steps[min(number, len(role.steps) - 1)].link
