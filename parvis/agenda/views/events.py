"""An event: its page, announcing one, correcting and cancelling it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.agenda import actions
from parvis.agenda.exports import json_ld
from parvis.agenda.forms import MORE_DATES, AnnounceForm, CorrectEventForm, organisers
from parvis.agenda.forms.events import DETAILS
from parvis.agenda.forms.repeats import fields_of
from parvis.agenda.models import Attendance, CoOrganiser, Event, Follow, Merged, Occurrence, Refusal, Series, Showing
from parvis.core.once import submit_once
from parvis.people.access import member_of, member_required, reader_of
from parvis.people.models import Person, Voice
from parvis.people.ties import done, refused
from parvis.publications.actions import Refused
from parvis.publications.forms import ReplyForm
from parvis.publications.models import Decision, Publication, Saved, State
from parvis.publications.rights import waits_again
from parvis.publications.views.reading import status_of, thread_of
from parvis.publications.views.writing import corrected

# Times shown on the page of an event, former texts, and others nearby.
TIMES, REVISIONS, NEARBY = 20, 10, 4


def event(request: HttpRequest, number: int) -> HttpResponse:
    """One event: when, where, by whom; to its author and moderators, also what became of it."""
    person = reader_of(request)
    found = Publication.objects.open_to(person).of_kind("event").shown()
    publication = found.filter(pk=number).first() or the_same_as(number, person)
    if publication.get_absolute_url() != request.path:
        return redirect(publication, permanent=True)
    return event_page(request, publication)


def event_page(request: HttpRequest, publication: Publication, form: ReplyForm | None = None) -> HttpResponse:
    """The page of an event, with the form to comment if it is open: a new one, or one that comes back."""
    person = reader_of(request)
    one, now = publication.event, timezone.now()
    times = list(one.occurrences.all())
    for time in times:
        time.event = one
    coming = [time for time in times if time.closes_at > now][:TIMES]
    ties = ties_to(publication, person)
    going = Attendance.objects.counted_at(coming) if coming else {}
    attended = Attendance.objects.of(person, coming)
    refusals = Refusal.objects.of(person, coming)
    full = Attendance.objects.full_among(coming, one.capacity)
    told = told_by(one, person)
    context: dict[str, Any] = {
        "publication": publication,
        "event": one,
        "coming": [
            (time, going.get(time.pk, 0), attended.get(time.pk, "full" if time.pk in full else "")) for time in coming
        ],
        "past": [time for time in times if time.closes_at <= now][-TIMES:],
        "series": Series.objects.filter(event=one).first(),
        **ties,
        "refusals": [(time, refusals[time.pk]) for time in coming if time.pk in refusals],
        # Where someone lives is told to who has a seat and was accepted (R-PRIV-12).
        "may_come": ties["mine"] or "mine" in attended.values(),
        "decision": decision_on(publication),
        "revisions": publication.revisions.all()[:REVISIONS],
        "json_ld": json_ld(one, coming or times[-1:], [row.voice for row in told["with_others"]])
        if publication.is_online
        else "",
        "nearby": nearby(one, person) if publication.is_online else [],
        "shared": settings.SITE_URL + publication.get_absolute_url(),
    }
    # Closed again, what was said stays.
    if publication.answerable or publication.reply_count:
        context |= thread_of(request, publication, form)
    return render(request, "agenda/event.html", context | told, status=status_of(form))


def ties_to(publication: Publication, person: Person | None) -> dict[str, bool]:
    """What it is to `person`: said in one of their voices, theirs to moderate, put aside, followed. One statement."""
    if person is None:
        return dict.fromkeys(("mine", "moderated", "saved", "followed"), False)
    this = Publication.objects.filter(pk=OuterRef("pk"))
    ties = {
        "mine": Exists(this.written_by(person)),
        "moderated": Exists(this.under(person)),
        "saved": Exists(Saved.objects.filter(person=person, publication=OuterRef("pk"))),
        "followed": Exists(Follow.objects.filter(person=person, event=OuterRef("pk"))),
    }
    found: dict[str, bool] = Publication.objects.filter(pk=publication.pk).annotate(**ties).values(*ties).get()
    return found


def the_same_as(number: int, person: Person | None) -> Publication:
    """The event that the one of this number turned out to be; Http404 for anything else."""
    into = Merged.objects.standing().filter(event=number).values("into")
    return get_object_or_404(Publication.objects.visible_to(person).shown(), pk__in=into)


def told_by(one: Event, person: Person | None) -> dict[str, Any]:
    """Who organises it with who announced it, those of them that `person` speaks for, and who announced it too."""
    rows = list(CoOrganiser.objects.filter(event=one).shown().order_by("accepted_at", "pk"))
    voices = Voice.objects.spoken_by(person).filter(pk__in=[row.voice_id for row in rows])
    spoken = set(voices.values_list("pk", flat=True)) if person and rows else set()
    also = Merged.objects.standing().filter(into=one).select_related("event__publication__voice")
    return {
        "with_others": [row for row in rows if row.accepted_at],
        "invited": [row for row in rows if row.voice_id in spoken],
        "also_said": also[:REVISIONS],
    }


@member_required
@require_POST
def attend(request: HttpRequest, number: int) -> HttpResponse:
    """« J’y vais » at one time of an event, or no longer: `action` says which."""
    person = member_of(request)
    one = get_object_or_404(Occurrence.objects.open_to(person).select_related("event__publication"), pk=number)
    back = one.event.publication.get_absolute_url()
    match request.POST.get("action"):
        case "attend":
            try:
                seated = actions.attend(person, one, answer=request.POST.get("answer", ""))
            except Refused as refusal:
                return refused(request, refusal, back=back)
            words = _("C’est noté : %(when)s.") if seated else _("Vous êtes sur la liste d’attente : %(when)s.")
            if seated and one.event.home_address:
                words = _("Votre demande est envoyée : %(when)s. L’adresse vous sera donnée si elle est acceptée.")
            return done(request, words % {"when": one.when}, undo="unattend", back=back)
        case "unattend":
            actions.unattend(person, one)
            return done(request, _("C’est noté : vous n’y allez plus."), undo="attend", back=back)
    raise Http404


def decision_on(publication: Publication) -> Decision | None:
    """The decision that explains why it is not online, for those who may see it."""
    if publication.state not in {State.REFUSED, State.HIDDEN}:
        return None
    return publication.decisions.filter(verdict__in=["refuse", "hide"]).first()


def nearby(event: Event, person: Person | None) -> list[Showing]:
    """What comes next in the same commune."""
    showings = Showing.objects.visible_to(person).in_zone(event.commune).upcoming(timezone.now())
    return list(showings.exclude(occurrence__event=event).shown()[:NEARBY])


@member_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Announce an event, in the voice of an organisation; to who speaks in none, how to create one."""
    person = member_of(request)
    if not organisers(person).exists():
        return render(request, "agenda/no_organisation.html")
    asked = {"voice": request.GET.get("voix", "")}
    form = AnnounceForm(request.POST or None, request.FILES or None, person=person, initial=asked)
    if form.is_valid():
        try:
            address = submit_once(person, form.cleaned_data["key"], lambda: announced(form, person))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, thanks(address))
            return redirect(address)
    return render(request, "agenda/publish.html", {"form": form}, status=422 if form.is_bound else 200)


def announced(form: AnnounceForm, person: Person) -> str:
    """Announce what the form says; the address of the event."""
    data = form.cleaned_data
    first, *others = form.spans
    publication = actions.announce(
        voice=data["voice"],
        by=person,
        commune=data["commune"],
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        all_day=first.all_day,
        others=others,
        repeat=form.comes_back,
        image=data["image"],
        image_alt=data["image_alt"],
        title=data["title"],
        body=data["body"],
        answerable=data["answerable"],
        **form.details,
    )
    return publication.get_absolute_url()


def thanks(address: str) -> str:
    """What happened to the event at `address`, in one sentence."""
    number = int(address.rstrip("/").rpartition("/")[2].rpartition("-")[2])
    if Publication.objects.filter(pk=number, state=State.ONLINE).exists():
        return _("Votre événement est en ligne.")
    return _("Votre événement est envoyé à la modération. Vous recevrez sa décision par courriel.")


@member_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """Correct an event that one of their voices announced."""
    one = own_event(request, number)
    series = Series.objects.filter(event=one).first()
    times = [time for time in one.occurrences.all() if time.series_at is None]
    begins = said_by(one, series, times)
    form = CorrectEventForm(one, request.POST or None, initial=begins, more=max(MORE_DATES, len(times) + 1))
    if form.is_valid():
        try:
            publication = actions.correct_event(
                one,
                by=member_of(request),
                title=form.cleaned_data["title"],
                body=form.cleaned_data["body"],
                spans=form.spans,
                repeat=form.comes_back,
                answerable=form.cleaned_data["answerable"],
                **form.details,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, corrected(publication))
            return redirect(publication)
    status = 422 if form.is_bound else 200
    context = {"form": form, "event": one, "waits": waits_again(one.publication, member_of(request))}
    return render(request, "agenda/correct.html", context, status=status)


def said_by(event: Event, series: Series | None, times: list[Occurrence]) -> dict[str, Any]:
    """What the form of `event` begins with; `times` are those no rule says."""
    first, others = (series, times) if series else (times[0], times[1:])
    start = timezone.localtime(first.starts_at)
    end = timezone.localtime(first.ends_at) if first.ends_at else None
    days = (end - timedelta(microseconds=1)).date() - start.date() if end else timedelta()
    # A night that ends at two in the morning is one date.
    overnight = days == timedelta(days=1) and end is not None and end.time() <= start.time() and not first.all_day
    said = {name: getattr(event, name) for name in DETAILS} | {"access": event.needs}
    for number, other in enumerate(others, 2):
        said[f"day_{number}"] = other.first_day
        if not other.all_day and timezone.localtime(other.starts_at).time() != start.time():
            said[f"start_{number}"] = timezone.localtime(other.starts_at).time()
            said[f"end_{number}"] = timezone.localtime(other.ends_at).time() if other.ends_at else None
    return said | {
        "title": event.publication.title,
        "body": event.publication.body,
        "answerable": event.publication.answerable,
        "day": start.date(),
        "last_day": start.date() + days if days and not overnight else None,
        "all_day": first.all_day,
        "start": None if first.all_day else start.time(),
        "end": None if first.all_day or end is None else end.time(),
        **(fields_of(series) if series else {}),
    }


def own_event(request: HttpRequest, number: int) -> Event:
    """The event, if one of the voices of this person announced it and it can still change; else 404."""
    own = Publication.objects.written_by(member_of(request)).filter(state__in=[State.PENDING, State.ONLINE])
    events = Event.objects.select_related("publication__voice", "commune").prefetch_related("occurrences")
    return get_object_or_404(events, publication__in=own.filter(pk=number))
