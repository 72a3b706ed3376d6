"""« Mon espace »: what I said and what became of it, where I go, the voices I speak in, what I follow."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from parvis.agenda.models import Showing
from parvis.people.access import member_of, member_required
from parvis.people.models import Reason, Voice
from parvis.publications.models import Draft, Publication, State

PER_PAGE, COMING, FOLLOWED = 20, 12, 8


@member_required
def my_space(request: HttpRequest) -> HttpResponse:
    """Everything of mine, with its state and the reason of every refusal."""
    person = member_of(request)
    state = request.GET.get("etat", "")
    written = Publication.objects.written_by(person).order_by("-created_at")
    met = set(written.order_by().values_list("state", flat=True).distinct())
    if state in State.values:
        written = written.filter(state=state)
    page = Paginator(written.shown().prefetch_related("decisions"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "state": state,
        "states": [(value, label) for value, label in State.choices if value in met or value == state],
        "to_read": Publication.objects.awaiting_second(person)
        .select_related("voice", "author")
        .order_by("-pk")[:COMING],
        "drafts": Draft.objects.open_to(person).select_related("voice").order_by("-saved_at")[:COMING],
        "place": person.home,
        "voices": Voice.objects.spoken_by(person).shown().order_by("kind", "search_name")[:50],
        # Each of these lists has its page, or ends by itself: the first of them are enough here.
        "coming": Showing.objects.visible_to(person).attended_by(person).upcoming(timezone.now()).shown()[:COMING],
        "followed": Voice.objects.visible_to(person)
        .filter(audience__subscriptions__person=person, audience__subscriptions__reason=Reason.FOLLOW)
        .shown()
        .order_by("search_name")[:FOLLOWED],
    }
    return render(request, "home/my_space.html", context)
