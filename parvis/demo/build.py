"""Builds the demonstration: a fictional population for any territory, and the accounts one can borrow."""

from datetime import datetime
from time import monotonic

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from parvis.core.models import Job, JournalEntry
from parvis.core.text import NBSP
from parvis.demo import circles, private
from parvis.demo.calendar import import_programme
from parvis.demo.cast import gather
from parvis.demo.gallery import open_gallery
from parvis.demo.homes import move_in
from parvis.demo.scenario import Account, Scenario, read
from parvis.demo.stage import set_stage
from parvis.demo.story import tell
from parvis.demo.street import draw_quartier, draw_street
from parvis.demo.targeted import aim
from parvis.demo.venues import open_venues
from parvis.demo.visit import lent
from parvis.letters.actions import choose_rhythm
from parvis.letters.gazette import queue
from parvis.letters.models import Often
from parvis.letters.periods import last_week
from parvis.people.models import Person
from parvis.territory import clock

# The effects that write to people, and what is done by hand here.
LETTERS = Q(effect__startswith="parvis.letters.") | Q(effect__startswith="parvis.moderation.")
LETTERS |= Q(effect="parvis.people.jobs.deliver_inside") | Q(effect__startswith="parvis.notifications.")


def accounts() -> tuple[Account, ...]:
    """The accounts one may borrow, in the order in which to show them."""
    return read().accounts


def build(console: Console, *, now: datetime | None = None) -> None:
    """Fill an imported territory, in one transaction; nothing on a site already filled.

    The same territory and the same `now` give the same site. ImproperlyConfigured unless `settings.DEMO`: fiction
    never enters a real site.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("Le contenu de démonstration n’entre pas dans un vrai site.")
    if Person.objects.filter(is_demo=True).exists():
        return
    # « 18:30 » is said, and read, at the time of the territory.
    clock.settle()
    started = monotonic()
    columns = (SpinnerColumn(), TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn())
    shown = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    scenario = read()
    with shown as progress, translation.override("fr"), open_gallery(scenario) as gallery, transaction.atomic():
        last_job = Job.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        stage = set_stage(now or timezone.now())
        draw_quartier(draw_street(stage.commune(1)))
        cast = gather(scenario, stage, progress)
        tell(cast, gallery, progress)
        open_venues(cast)
        import_programme(cast)
        aim(cast)
        circles.gather(cast, progress)
        private.confide(cast, progress)
        move_in(cast)
        private.tell_all(JournalEntry.objects.filter(jobs__pk__gt=last_job).distinct())
        # Nobody waits for letters about a life that was made up this minute.
        Job.objects.filter(LETTERS, pk__gt=last_job).delete()
        # But those whom one may become have the letter of the week, which leaves when the site is served.
        for person in lent().values():
            choose_rhythm(person, often=Often.WEEKLY, zone=None)
        queue(list(lent().values()), last_week(now or timezone.now()))
    seconds = f"{monotonic() - started:.1f}".replace(".", ",")
    console.print(f"{_summary(scenario)} en {seconds}{NBSP}s", highlight=False)


def _summary(scenario: Scenario) -> str:
    """« Démonstration : 300 habitants, 95 organisations, 700 publications fictives »."""
    organisations = len(scenario.associations) + len(scenario.services)
    said = len(scenario.notices) + len(scenario.events) + len(scenario.posts)
    people = f"{len(scenario.inhabitants)} habitants, {organisations} organisations"
    return f"Démonstration{NBSP}: {people}, {said} publications fictives"
