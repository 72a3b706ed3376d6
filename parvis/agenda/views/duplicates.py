"""Events that look like one and the same, for those who moderate both."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from parvis.agenda import actions
from parvis.agenda.likeness import probable
from parvis.agenda.models import Event
from parvis.agenda.views.venues import moderator_of
from parvis.core import text
from parvis.people.models import Person
from parvis.publications.models import Publication

PER_PAGE = 15


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def duplicates(request: HttpRequest) -> HttpResponse:
    """The pairs to look at, the likest first; POST keeps one of the two, or both."""
    moderator = moderator_of(request)
    if request.method == "POST":
        decide(request, moderator)
        return redirect("duplicates")
    page = Paginator(probable(moderator, timezone.now()), PER_PAGE).get_page(request.GET.get("page"))
    known = Publication.objects.shown().in_bulk({number for pair in page for number in pair})
    pairs = [(known[one], known[other]) for one, other in page if one in known and other in known]
    return render(request, "agenda/duplicates.html", {"page": page, "pairs": pairs})


def decide(request: HttpRequest, moderator: Person) -> None:
    """Do what was asked of two events, and say it. Http404 for what is not asked of anyone."""
    rows = Event.objects.select_related("publication__voice")
    theirs = rows.filter(publication__in=Publication.objects.under(moderator))
    two = theirs.in_bulk([text.number(request.POST.get(name, "")) for name in ("one", "other")])
    one, other = (two.get(text.number(request.POST.get(name, ""))) for name in ("one", "other"))
    if one is None or other is None:
        raise Http404
    try:
        match request.POST.get("action"):
            case "keep_one":
                actions.merge_events(other, into=one, by=moderator)
            case "keep_other":
                actions.merge_events(one, into=other, by=moderator)
            case "apart":
                actions.tell_apart(one, other, by=moderator)
                messages.success(request, _("Ce sont deux événements : on ne vous le demandera plus."))
                return
            case _:
                raise Http404
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("C’est un seul événement : l’autre adresse y mène."))
