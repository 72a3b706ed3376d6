"""Another zone for a notice online: chosen as in the composer, and read again by a second person when it is finer."""

from copy import copy
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.core.once import submit_once
from parvis.people.access import member_of, member_required
from parvis.people.models import Person
from parvis.publications import actions
from parvis.publications.forms import RetargetForm
from parvis.publications.forms.aiming import ON_PLAN
from parvis.publications.models import Outline, Publication, State
from parvis.publications.views.composing import Preview, named_of, plan_of, preview_of, with_zone
from parvis.publications.views.reading import drawn

CHANGED = [State.ONLINE, State.REVIEW]


@member_required
@require_http_methods(["GET", "POST"])
def retarget(request: HttpRequest, number: int) -> HttpResponse:
    """Choose another zone for a notice of one of their services. « Ajouter » and « Aperçu » send nothing."""
    person = member_of(request)
    own = Publication.objects.written_by(person).of_kind("notice").filter(state__in=CHANGED)
    publication = get_object_or_404(own.shown(), pk=number)
    made = partial(RetargetForm, publication=publication, person=person)
    if request.method != "POST":
        if not publication.is_online:
            return redirect(publication)
        return page(request, made(initial=now(publication)))
    if "add" in request.POST:
        return page(request, *with_zone(request, made))
    form = made(request.POST)
    if "preview" in request.POST:
        form.is_valid()
        form.forgive()
        return page(request, form, preview=preview_of(form, copy(publication), person))
    if form.is_valid():
        try:
            address = submit_once(person, form.cleaned_data["key"], lambda: retargeted(form, person))
        except ValidationError as error:
            form.add_error(None, error)
            form.read_again()
        else:
            messages.success(request, told(publication.pk))
            return redirect(address)
    return page(request, form)


def told(number: int) -> str:
    """What became of the notice, in one sentence."""
    if Publication.objects.filter(pk=number, state=State.REVIEW).exists():
        return _("La zone est changée. Une seconde personne relit l’avis : d’ici là, il n’est plus affiché.")
    return _("La zone est changée : l’avis est en ligne pour les personnes concernées.")


def now(publication: Publication) -> dict[str, Any]:
    """Where it goes now, as far as one would begin from it: its zones by name, or the commune of what was drawn."""
    outline = Outline.objects.filter(publication=publication).first()
    if outline is None:
        return {"zones": list(publication.targetings.values_list("zone", flat=True))}
    commune = outline.communes.order_by("pk").first()
    return {"aim": ON_PLAN, "commune": commune.code if commune else ""}


def retargeted(form: RetargetForm, person: Person) -> str:
    """Send the notice where the form says; its address."""
    data, publication = form.cleaned_data, form.publication
    # What they read, and not what it has become since.
    publication.version = data["version"]
    zones = [] if form.target else list(data["zones"].defer("geometry"))
    said = actions.retarget(publication, by=person, zones=zones, target=form.target, second=data["second"])
    if said.state == State.REVIEW:
        # Sent back, it is a draft with all its words.
        actions.keep_draft(None, voice=said.voice, by=person, typed=whole(form), publication=said)
    return said.get_absolute_url()


def whole(form: RetargetForm) -> dict[str, Any]:
    """The notice and its new zone, as the composer would have them typed."""
    said = form.publication
    assert said.expires_at is not None
    words = {name: getattr(said, name) for name in ("title", "body", "purpose", "answerable", "is_alert", "image_alt")}
    until = timezone.localdate(said.expires_at).isoformat()
    return form.typed() | words | {"voice": str(said.voice_id), "expires_on": until}


def page(
    request: HttpRequest, form: RetargetForm, more: dict[str, Any] | None = None, *, preview: Preview | None = None
) -> HttpResponse:
    """The form beside what it changes; 422 when something was sent that cannot be."""
    publication = form.publication
    context = {"form": form, "publication": publication, "preview": preview, "plan": plan_of(form)}
    context |= {"sketch": drawn(publication), "named": named_of(form), **(more or {})}
    wrong = form.is_bound and preview is None
    return render(request, "publications/retarget.html", context, status=422 if wrong else 200)
