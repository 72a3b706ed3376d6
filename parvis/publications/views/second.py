"""What a second person of a service does with a notice finer than a commune: let it out, or send it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from shapely import from_wkb

from parvis.people.access import member_of, member_required
from parvis.publications import actions
from parvis.publications.drawing import locate
from parvis.publications.forms import SecondForm
from parvis.publications.models import Outline, Publication, State
from parvis.publications.views.composing import drawn
from parvis.publications.views.register import outlines_of


@member_required
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest, number: int) -> HttpResponse:
    """Read what someone else of the service wrote, as those concerned will, and decide."""
    person = member_of(request)
    waiting = Publication.objects.awaiting_second(person)
    if request.method == "POST" and not waiting.filter(pk=number).exists():
        # Of two who decide at once, the second reads what the first decided.
        notices = Publication.objects.written_by(person).of_kind("notice").exclude(state=State.REVIEW)
        decided = get_object_or_404(notices, pk=number)
        messages.error(request, _("Quelqu’un a déjà décidé : voici ce qu’est devenu cet avis."))
        return redirect(decided)
    publication = get_object_or_404(waiting.shown(), pk=number)
    form = SecondForm(publication, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            if form.cleaned_data["verdict"] == "approve":
                actions.countersign(publication, by=person)
                messages.success(request, _("L’avis est en ligne. Vos deux noms sont au journal."))
                return redirect(publication)
            actions.send_back(publication, by=person, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("L’avis est renvoyé à son auteur, avec votre raison."))
            return redirect("my_space")
    context = {"publication": publication, "form": form, "sketch": exactly(publication)}
    return render(request, "publications/second.html", context, status=422 if form.is_bound else 200)


def exactly(publication: Publication) -> SafeString | None:
    """Where it goes, as its author drew it: finer than what anyone else will see."""
    outline = Outline.objects.filter(publication=publication).prefetch_related("communes").first()
    if outline is not None:
        shape = from_wkb(bytes(outline.shape or outline.public))
        return drawn(shape, list(outline.communes.all()), publication.addressed)
    shapes, wholes = outlines_of([publication.pk]).get(publication.pk, ([], []))
    return locate(shapes, wholes, said=_("Zone : %(place)s") % {"place": publication.addressed}) if wholes else None
