"""Where one lives, what one receives and why; following a page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.people import actions
from parvis.people.access import member_of, member_required
from parvis.people.forms import CommuneForm
from parvis.people.models import Reason, Subscription, Voice
from parvis.people.views.sign_up import safe_next


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
        "of_places": mine.exclude(reason=Reason.FOLLOW).select_related("audience__zone").order_by("reason", "pk"),
        "followed": Paginator(
            mine.filter(reason=Reason.FOLLOW, audience__voice__in=Voice.objects.visible_to(person))
            .select_related("audience__voice__zone")
            .order_by("audience__voice__name"),
            20,
        ).get_page(request.GET.get("page")),
    }
    return render(request, "people/places.html", context)


@member_required
@require_POST
def mute(request: HttpRequest, number: int) -> HttpResponse:
    """Let a place rest, or wake it: `muted` says which."""
    person = member_of(request)
    subscription = get_object_or_404(Subscription, pk=number, person=person)
    if request.POST.get("muted"):
        actions.mute(subscription, by=person)
        messages.success(request, _("C’est en sourdine : votre fil ne le montre plus."))
    else:
        actions.unmute(subscription, by=person)
        messages.success(request, _("Votre fil le montre de nouveau."))
    return redirect("places")


@member_required
@require_POST
def follow(request: HttpRequest, number: int) -> HttpResponse:
    """Follow a page; with `action=unfollow`, no longer."""
    person = member_of(request)
    voice = get_object_or_404(Voice.objects.visible_to(person), pk=number)
    try:
        if request.POST.get("action") == "unfollow":
            actions.unfollow(person, voice)
            messages.success(request, _("Vous ne suivez plus %(name)s.") % {"name": voice.name})
        else:
            actions.follow(person, voice)
            messages.success(request, _("Vous suivez %(name)s.") % {"name": voice.name})
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    address = safe_next(request)
    return redirect(address if address != "/" else voice.get_absolute_url())
