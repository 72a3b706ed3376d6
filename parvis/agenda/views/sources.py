"""Calendars kept elsewhere: those of one's organisations, what each would bring, what it brought."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.agenda.actions import sources
from parvis.agenda.forms.sources import AddSourceForm, NewFileForm, SettleForm, StopForm, importers, keys_shown
from parvis.agenda.imports.tables import guessed
from parvis.agenda.models import Imported, Reading, Source
from parvis.core.once import submit_once
from parvis.people.access import member_of, member_required
from parvis.people.models import Person
from parvis.publications.models import Publication

# Calendars of all one's organisations, and readings of one, that a page shows.
LISTED, TOLD = 60, 10


@member_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The calendars of one's organisations, with what was read last of each."""
    person = member_of(request)
    rows = Source.objects.open_to(person).select_related("voice").order_by("voice__search_name", "-pk")[:LISTED]
    last = {reading.source_id: reading for reading in latest(list(rows))}
    context = {"rows": [(row, last.get(row.pk)) for row in rows], "may": importers(person).exists()}
    return render(request, "agenda/sources.html", context)


def latest(rows: list[Source]) -> list[Reading]:
    """The last reading of each, in one statement."""
    readings = Reading.objects.filter(source__in=rows).defer("content", "remarks", "sample")
    return list(readings.order_by("source", "pk"))


@member_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a calendar, at an address or in a file; it is read, and nothing comes in before one has seen what would."""
    person = member_of(request)
    if not importers(person).exists():
        return render(request, "agenda/no_organisation.html")
    asked = {"voice": request.GET.get("voix", "")}
    form = AddSourceForm(request.POST or None, request.FILES or None, person=person, initial=asked)
    if form.is_valid():
        try:
            return redirect(submit_once(person, form.cleaned_data["key"], lambda: added(form, person)))
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "agenda/add_source.html", {"form": form}, status=422 if form.is_bound else 200)


def added(form: AddSourceForm, person: Person) -> str:
    """The address of the calendar that the form adds."""
    data = form.cleaned_data
    upload: UploadedFile[bytes] | None = data["file"]
    source = sources.add_source(
        voice=data["voice"],
        by=person,
        category=data["category"],
        commune=data["commune"],
        url=data["url"],
        content=upload.read() if upload else None,
        name=upload.name or "" if upload else "",
    )
    return source.get_absolute_url()


@member_required
@require_http_methods(["GET", "POST"])
def source(request: HttpRequest, number: int) -> HttpResponse:
    """One calendar: how far its reading is, what it would bring or brought, and what one may do of it."""
    person = member_of(request)
    rows = Source.objects.open_to(person).select_related("voice", "commune", "kept_by").defer("commune__geometry")
    one = get_object_or_404(rows, pk=number)
    reading = one.latest
    shown = reading.columns if reading else []
    sent = request.POST if request.method == "POST" else None
    act = sent.get("action", "") if sent is not None else ""
    forms = {
        "settle": SettleForm(one, shown, guessed(shown), sent if act == "settle" else None),
        "file": NewFileForm(sent, request.FILES) if act == "file" else NewFileForm(),
        "stop": StopForm(sent if act == "stop" else None),
    }
    if sent is not None:
        if act in forms and not forms[act].is_valid():
            return shown_with(request, one, reading, forms, status=422)
        try:
            words = acted(act, one, person, request, forms)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            if words:
                messages.success(request, words)
        return redirect("sources") if act == "drop" else redirect(one)
    return shown_with(request, one, reading, forms)


def acted(act: str, one: Source, person: Person, request: HttpRequest, forms: dict[str, Any]) -> str:
    """Do what was asked; what to say of it. 404 when nobody asks that."""
    match act:
        case "accept":
            sources.accept_source(one, by=person)
        case "refresh":
            sources.refresh_source(one, by=person)
        case "file":
            upload = forms["file"].cleaned_data["file"]
            sources.refresh_source(one, by=person, content=upload.read(), name=upload.name or "")
        case "settle":
            data, form = forms["settle"].cleaned_data, forms["settle"]
            columns = form.columns if form.names else None
            sources.change_source(one, by=person, commune=data["commune"], category=data["category"], columns=columns)
        case "let_in":
            keys = [key for key in request.POST.getlist("key") if key in keys_shown(one.latest)]
            sources.let_in(one, by=person, keys=keys)
        case "stop":
            sources.stop_source(one, by=person, withdraw=bool(forms["stop"].cleaned_data["withdraw"]))
            return _("Ce calendrier n’est plus suivi.")
        case "resume":
            sources.resume_source(one, by=person)
        case "drop":
            sources.drop_source(one, by=person)
            return _("Le calendrier est retiré de la liste.")
        case _:
            raise Http404
    return ""


def shown_with(
    request: HttpRequest, one: Source, reading: Reading | None, forms: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The page of a calendar."""
    remarks = reading.remarks if reading else []
    like = {remark["like"] for remark in remarks if remark.get("like")}
    known = Publication.objects.open_to(member_of(request)).in_bulk(like)
    context = {
        "source": one,
        "reading": reading,
        "forms": forms,
        "alike": [(remark, known.get(remark["like"])) for remark in remarks if remark.get("key")],
        "left": [remark for remark in remarks if remark["is_left"] and not remark.get("key")],
        "mended": [remark for remark in remarks if not remark["is_left"]],
        "readings": one.readings.defer("content", "remarks", "sample", "columns")[1:TOLD],
        "count": Imported.objects.filter(source=one).count(),
    }
    return render(request, "agenda/source.html", context, status=status)
