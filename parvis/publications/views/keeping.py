"""What one does with a publication for oneself: put it aside, know why it is in one's feed and change that."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis.people.access import member_of, member_required
from parvis.people.ties import done, to_voice, undo_of
from parvis.publications import actions
from parvis.publications.models import Publication, Saved
from parvis.publications.ways import ways_to

PER_PAGE = 20


@member_required
@require_safe
def manage(request: HttpRequest, number: int) -> HttpResponse:
    """« Gérer »: every reason why this publication is in their feed, each with its button."""
    person = member_of(request)
    publication = get_object_or_404(Publication.objects.visible_to(person).shown(), pk=number)
    ways = ways_to(person, publication)
    tie = to_voice(person, publication.voice)
    heard = [way for way in ways if not way.muted]
    context = {
        "publication": publication,
        "ways": ways,
        "reason": heard[0].reason if heard else "",
        "shown": bool(ways) if publication.is_alert else bool(heard) and not tie["muted"],
        "own": publication.voice.person_id == person.pk,
        "saved": Saved.objects.filter(person=person, publication=publication).exists(),
        "undo": undo_of(request),
        **tie,
    }
    return render(request, "publications/manage.html", context)


@member_required
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """What one put aside, newest first; what nobody reads any more is only counted."""
    person = member_of(request)
    readable = Saved.objects.readable_by(person)
    page = Paginator(readable, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    publications = Publication.objects.visible_to(person).shown().in_bulk([row.publication_id for row in rows])
    context = {
        "page": page,
        "rows": [(row, publications[row.publication_id]) for row in rows if row.publication_id in publications],
        "gone": Saved.objects.unreadable_by(person).count(),
        "undo": undo_of(request),
    }
    return render(request, "publications/saved.html", context)


@member_required
@require_POST
def save(request: HttpRequest, number: int) -> HttpResponse:
    """Put aside, or take off: what was taken away since is still theirs to take off."""
    person = member_of(request)
    readable = Publication.objects.visible_to(person)
    match request.POST.get("action"):
        case "save":
            publication = get_object_or_404(readable, pk=number)
            actions.save(person, publication)
            words, undo = _("Enregistré : vous le retrouverez dans « Mon espace »."), "unsave"
        case "unsave":
            mine = Saved.objects.filter(person=person).values("publication")
            publication = get_object_or_404(readable | Publication.objects.filter(pk__in=mine), pk=number)
            actions.unsave(person, publication)
            words, undo = _("Retiré de vos enregistrements."), "save"
        case _:
            raise Http404
    return done(request, words, undo=undo, back=publication.get_absolute_url())


@member_required
@require_POST
def forget_unreadable(request: HttpRequest) -> HttpResponse:
    """Take off all that nobody reads any more."""
    actions.forget_unreadable(member_of(request))
    return done(request, _("C’est retiré de votre liste."), back=reverse("saved"))
