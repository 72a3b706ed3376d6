"""Where one lives, and what one receives because of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.people import actions
from parvis.people.access import member_of, member_required
from parvis.people.forms import CommuneForm
from parvis.people.models import Reason, Subscription
from parvis.people.places import parted_from


@member_required
@require_http_methods(["GET", "POST"])
def places(request: HttpRequest) -> HttpResponse:
    """The home commune, a form to move, every subscription with its reason."""
    person = member_of(request)
    home = person.home
    form = CommuneForm(request.POST if request.method == "POST" else None)
    form.fields["commune"].label = _("Votre nouvelle commune") if home else _("Votre commune")
    if form.is_valid() and not form.unanswered and form.found:
        actions.settle(person, form.found, form.canton)
        messages.success(
            request, _("Vous habitez %(place)s. Rien n’est gardé d’avant.") % {"place": form.found.in_place}
        )
        return redirect("places")
    mine = Subscription.objects.filter(person=person)
    context = {
        "form": form,
        "home": home,
        "parted": parted_from(home.zone) if home and home.to_say_again else [],
        "of_places": mine.exclude(reason=Reason.FOLLOW).select_related("audience__zone").order_by("reason", "pk"),
    }
    return render(request, "people/places.html", context)
