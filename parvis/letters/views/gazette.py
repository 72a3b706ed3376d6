"""The gazette of a commune, for everyone; one's own letters, for oneself alone; and the rules of both."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.letters import rules
from parvis.letters.contents import contents_of, gazette_of
from parvis.letters.models import Issue, Often, rhythm_of
from parvis.letters.periods import WEEK, Period, last_week, named, now_on
from parvis.people.access import member_of, member_required
from parvis.territory.models import Zone

COMMUNES = (Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT)
# How many weeks back one may read: what a commune said in the year.
WEEKS = 52
# Letters on the page of one's own: they are kept for sixty days.
LISTED = 70


@require_safe
def commune(request: HttpRequest, code: str) -> HttpResponse:
    """What a commune reads: the seven days up to now, or a week past, « ?semaine=2026-W48 »."""
    zone = Zone.objects.addressed(COMMUNES, code).filter(is_context=False).drawn().order_by("kind").first()
    if zone is None:
        raise Http404
    if zone.successor_id:
        return redirect(f"{Zone.objects.drawn().get(pk=zone.successor_id).get_absolute_url()}gazette/", permanent=True)
    now = timezone.now()
    period = _asked(request.GET.get("semaine", ""), now_on(now))
    past = period.before if period.key else last_week(now)
    after = period.after if period.key else None
    context = {
        "zone": zone,
        "letter": gazette_of(zone, period),
        "period": period,
        "past": past if past.closes > now - WEEK * WEEKS else None,
        "after": after if after and after.closes <= now else None,
    }
    return render(request, "letters/commune.html", context)


def _asked(key: str, latest: Period) -> Period:
    """The week of an address; the present for none. Http404 for one that is no week, not over, or too long ago."""
    if not key:
        return latest
    period = named(key)
    if period is None or period.often != Often.WEEKLY:
        raise Http404
    if not latest.closes - WEEK * WEEKS < period.closes <= latest.closes:
        raise Http404
    return period


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The rules by which a letter is composed, as they are in the code."""
    events = {str(often): most for often, most in rules.EVENTS.items()}
    return render(request, "letters/rules.html", {"rules": rules, "events": events})


@member_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The letters one got, newest first."""
    person = member_of(request)
    issues = Issue.objects.filter(person=person).select_related("zone").defer("zone__geometry").order_by("-day")
    listed = [(issue, period) for issue in issues[:LISTED] if (period := named(issue.period))]
    return render(request, "letters/mine.html", {"issues": listed, "rhythm": rhythm_of(person)})


@member_required
@require_safe
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """One letter of one's own: for its reader alone, as far as they may still read what it leads to (R-SEC-3)."""
    person, period = member_of(request), named(key)
    rows = Issue.objects.select_related("person", "zone").defer("zone__geometry")
    issue = get_object_or_404(rows, person=person, period=key)
    if period is None:
        raise Http404
    context = {"issue": issue, "letter": contents_of(issue, period, with_news=False), "period": period}
    return render(request, "letters/letter.html", context)
