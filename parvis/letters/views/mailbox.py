"""The mailbox of the demonstration."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parvis.letters.mailbox import SHOWN, latest


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The latest mails; it exists only where no mail leaves."""
    if not settings.MAIL_PAGE:
        raise Http404
    return render(request, "letters/mailbox.html", {"mails": latest(settings.EMAIL_FILE_PATH), "shown": SHOWN})
