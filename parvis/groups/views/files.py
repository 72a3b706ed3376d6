"""What goes with messages: a file, whose rights are asked at every download (R-SEC-5); a poll, answered."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis.groups import actions
from parvis.groups.models import File, Group, Message, Poll
from parvis.people.access import member_of, member_required, reader_of
from parvis.people.ties import done, refused
from parvis.publications.documents import download


@require_safe
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    """A file, for those who may read its message now: gone with it, and with their place in the group."""
    return download(get_object_or_404(File.objects.open_to(reader_of(request)), pk=number))


@member_required
@require_POST
def vote(request: HttpRequest, number: int) -> HttpResponse:
    """Answer a poll, or change one’s mind."""
    person = member_of(request)
    readable = Message.objects.visible_to(person).filter(topic__group__in=Group.objects.joined_by(person))
    poll = get_object_or_404(
        Poll.objects.filter(message__in=readable).select_related("message__topic__group"), pk=number
    )
    chosen = [one for one in poll.choices.all() if str(one.pk) in request.POST.getlist("choice")]
    back = poll.message.get_absolute_url()
    try:
        actions.vote(poll, by=person, choices=chosen)
    except ValidationError as refusal:
        return refused(request, refusal, back=back)
    return done(request, _("Votre réponse est notée. Vous pouvez la changer jusqu’à la fin du sondage."), back=back)
