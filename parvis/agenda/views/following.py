"""Following an event or a place, or no longer."""

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from parvis.agenda import actions
from parvis.agenda.models import Event, Follow, Venue
from parvis.people.access import member_of, member_required
from parvis.people.views.following import Acts, act
from parvis.publications.models import Publication

OF_EVENTS: Acts = {
    "follow": (actions.follow_event, "unfollow", _("Vous suivez « %(name)s » : vous saurez ce qui change.")),
    "unfollow": (actions.unfollow_event, "follow", _("Vous ne suivez plus « %(name)s ».")),
}
OF_VENUES: Acts = {
    "follow": (actions.follow_venue, "unfollow", _("Vous suivez %(name)s : vous saurez ce qui s’y annonce.")),
    "unfollow": (actions.unfollow_venue, "follow", _("Vous ne suivez plus %(name)s.")),
}


@member_required
@require_POST
def follow_event(request: HttpRequest, number: int) -> HttpResponse:
    """Follow an event, or no longer, even one that nobody reads any more: `action` says which."""
    person = member_of(request)
    gate = Exists(Publication.objects.visible_to(person).filter(pk=OuterRef("pk")))
    mine = Q(pk__in=Follow.objects.filter(person=person).exclude(event=None).values("event"))
    event = get_object_or_404(Event.objects.filter(gate | mine).select_related("publication"), pk=number)
    return act(request, OF_EVENTS, event, event.publication.title, event.publication.get_absolute_url())


@member_required
@require_POST
def follow_venue(request: HttpRequest, number: int) -> HttpResponse:
    """Follow a place, or no longer."""
    venue = get_object_or_404(Venue.objects.visible_to(member_of(request)), pk=number)
    return act(request, OF_VENUES, venue, venue.name, venue.get_absolute_url())
