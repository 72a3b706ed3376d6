"""Who may: the checks that actions begin with, and the pages for members and for administrators."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from parvis.people.models import Person, Voice

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def reader_of(request: HttpRequest) -> Person | None:
    """Who is reading; None for a visitor."""
    # Out of its lazy wrapper, so that what is asked of them costs what it should.
    person = getattr(request.user, "_wrapped", request.user) if isinstance(request.user, Person) else None
    return cast("Person | None", person)


def hold(person: Person) -> Person:
    """Their row, theirs alone until the transaction ends. PermissionDenied when the account was erased meanwhile."""
    held = Person.objects.select_for_update().filter(pk=person.pk).first()
    if held is None:
        raise PermissionDenied(_("Ce compte n’existe plus."))
    return held


def member_of(request: HttpRequest) -> Person:
    """Who is acting, behind `member_required`; PermissionDenied for a visitor."""
    if not isinstance(request.user, Person):
        raise PermissionDenied(_("Connectez-vous pour continuer."))
    return request.user


def safe_next(request: HttpRequest, back: str = "/") -> str:
    """The page to go back to, if it is one of ours; else `back`."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else back


def member_required(view: View[P]) -> View[P]:
    """A page for people with an account: others go to /connexion/ and come back. No cache keeps it (R-SEC-23)."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if reader_of(request) is None:
            # What was being sent cannot be sent again by a redirection; where it was being sent from can be read.
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def administrator_required(view: View[P]) -> View[P]:
    """A page for administrators only; for anyone else it does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = reader_of(request)
        if person is None or not person.is_administrator:
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def require_administrator(person: Person) -> None:
    """Stop whoever is not an administrator today."""
    if not person.is_administrator:
        raise PermissionDenied(_("Seule l’administration du site peut faire cela."))


def require_manager(voice: Voice, person: Person) -> Voice:
    """`voice`, locked, for someone who may manage it: its owners; for a service, the administration too."""
    locked = Voice.objects.select_for_update(of=("self",)).filter(pk=voice.pk, closed_at=None).first()
    allowed = Voice.objects.managed_by(person).filter(pk=voice.pk).exists()
    if locked is None or not (allowed or (locked.kind == Voice.Kind.SERVICE and person.is_administrator)):
        raise PermissionDenied(_("Vous ne gérez pas cette page."))
    return locked
