"""Reporting what one reads: anyone may, with or without an account (R-LAW-18)."""

from typing import Any

from allauth.core import ratelimit
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from parvis.conversations.models import Line
from parvis.core.once import submit_once
from parvis.groups.models import Message
from parvis.moderation import actions
from parvis.moderation.forms import ReportForm
from parvis.moderation.models import Item, Report, field_of
from parvis.people.access import reader_of
from parvis.people.models import Voice
from parvis.publications.models import Publication, Reply

SALT = "parvis.moderation.report"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, number: int) -> HttpResponse:
    """Report a publication that one can read."""
    gate = Publication.objects.visible_to(reader_of(request)).shown()
    return report(request, get_object_or_404(gate, pk=number))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """Report a reply that one can read."""
    gate = Reply.objects.visible_to(reader_of(request)).shown().select_related("publication")
    return report(request, get_object_or_404(gate, pk=number))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, number: int) -> HttpResponse:
    """Report what a voice wrote about itself; a register's words are reported to the register."""
    gate = Voice.objects.visible_to(reader_of(request)).presented().shown()
    return report(request, get_object_or_404(gate, pk=number))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, number: int) -> HttpResponse:
    """Report a message of a group, to those who animate it and to the moderators of the place."""
    gate = Message.objects.visible_to(reader_of(request)).shown()
    return report(request, get_object_or_404(gate, pk=number))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, number: int) -> HttpResponse:
    """Report a private message that one received: a moderator then reads it with its neighbours."""
    person = reader_of(request)
    gate = Line.objects.visible_to(person).exclude(author=person).shown()
    return report(request, get_object_or_404(gate, pk=number))


def report(request: HttpRequest, item: Item) -> HttpResponse:
    """The form about `item`, then its receipt."""
    person = reader_of(request)
    form = ReportForm(request.POST or None, person=person)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if not allowed(request):
            form.add_error(None, _("Beaucoup de signalements viennent de votre connexion : attendez une heure."))
            status = 429
        else:
            try:
                return redirect(submit_once(person, form.cleaned_data["key"], lambda: sent(form, item, request)))
            except ValidationError as error:
                form.add_error(None, error)
    context: dict[str, Any] = {"form": form, "item": item, "what": field_of(item)}
    return render(request, "moderation/report.html", context, status=status)


def allowed(request: HttpRequest) -> bool:
    """Whether this person, or this connection, has not reported too often (R-SEC-19)."""
    person = reader_of(request)
    if person:
        return ratelimit.consume(request, action="report_as_member", user=person)
    return ratelimit.consume(request, action="report")


def sent(form: ReportForm, item: Item, request: HttpRequest) -> str:
    """Record the report; the address of its receipt. A machine gets the same, and nothing is written."""
    if form.is_from_a_machine:
        return f"/signaler/recu/{signing.dumps(0, salt=SALT)}/"
    data = form.cleaned_data
    made = actions.report(
        item,
        by=reader_of(request),
        rule=data["rule"],
        explanation=data["explanation"],
        email=data.get("email", ""),
    )
    return f"/signaler/recu/{signing.dumps(made.pk, salt=SALT)}/"


@never_cache
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What was received, and what happens next; only for whoever holds the signed address."""
    try:
        number = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    made = Report.objects.filter(pk=number).first()
    return render(request, "moderation/receipt.html", {"report": made})
