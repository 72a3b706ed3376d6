"""How often one wants a letter; and the link at its foot, which ends it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parvis.letters import actions, stopping
from parvis.letters.forms import RhythmForm
from parvis.letters.models import Often, rhythm_of
from parvis.notifications.models import Kind
from parvis.people.access import member_of, member_required


@member_required
@require_http_methods(["GET", "POST"])
def rhythm(request: HttpRequest) -> HttpResponse:
    """Never, every day or every week; of all one's places, or of one commune."""
    person = member_of(request)
    chosen = rhythm_of(person)
    form = RhythmForm(request.POST if request.method == "POST" else None, person=person, chosen=chosen)
    if form.is_valid():
        actions.choose_rhythm(person, **form.cleaned_data)
        none = form.cleaned_data["often"] == Often.NEVER
        said = _("Vous ne recevrez plus la lettre.") if none else _("Votre choix est enregistré.")
        messages.success(request, said)
        return redirect("rhythm")
    return render(request, "letters/rhythm.html", {"form": form, "email": person.email})


# A mail program posts to it without session nor token: the address is signed, and all it can do is end a mail.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """What the link of a mail ends: asked on a page, since programs open links, and done by POST (RFC 8058)."""
    said = stopping.read(token)
    if said is None:
        raise Http404
    done = request.method == "POST"
    if done:
        actions.stop(said)
    kind = Kind(said.what).label if said.what in Kind.values else ""
    response = render(request, "letters/stop.html", {"done": done, "kind": kind})
    # The address is a key: no page it leads to learns of it.
    response["Referrer-Policy"] = "no-referrer"
    return response
