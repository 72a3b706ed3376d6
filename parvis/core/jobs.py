"""The worker: runs the queue and the clock, survives `kill -9`, gives up only loudly.

A job is a function of one journal entry. It may run twice (its worker died after the work and before the note),
so it must be written to do nothing the second time (R-REL-6).
"""

import logging
import signal
import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta

from django.conf import settings
from django.db import close_old_connections, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from parvis.core.models import Job, JournalEntry, Periodic

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
IDLE_SECONDS = 0.5

Effect = Callable[[JournalEntry], None]

log = logging.getLogger(__name__)
_alone: set[Effect] = set()


class NotBefore(Exception):
    """Raised by an effect whose hour has not come: it runs at `at`, as if it had never been tried."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


def alone(effect: Effect) -> Effect:
    """Mark an effect that speaks to the outside: it holds no transaction while a mail server thinks."""
    _alone.add(effect)
    return effect


def run_next() -> bool:
    """Run one due job; whether there was one."""
    job = Job.objects.claim(timezone.now(), LEASE)
    if job is None:
        return False
    effect: Effect = import_string(job.effect)
    try:
        with nullcontext() if effect in _alone else transaction.atomic():
            effect(job.entry)
            Job.objects.filter(pk=job.pk, attempts=job.attempts).update(state=Job.State.DONE, leased_until=None)
    except NotBefore as hour:
        Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
            state=Job.State.WAITING, run_at=hour.at, leased_until=None, attempts=job.attempts - 1
        )
    except Exception as error:
        log.exception("job %s of entry %s failed", job.effect, job.entry_id)
        _postpone(job, error)
    return True


def _postpone(job: Job, error: Exception) -> None:
    """Try again later, each time later; after MAX_ATTEMPTS the job is dead and stays visible (F-20)."""
    dead = job.attempts >= MAX_ATTEMPTS
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
        state=Job.State.DEAD if dead else Job.State.WAITING,
        run_at=timezone.now() + timedelta(seconds=5 * 3**job.attempts),
        leased_until=None,
        error=f"{type(error).__name__}: {error}"[:2000],
    )


def run_clock() -> None:
    """Run what is due by the clock; two schedulers never run the same period twice (F-16)."""
    periodic: dict[str, timedelta] = import_string(settings.PERIODIC)
    now = timezone.now()
    for name, every in periodic.items():
        Periodic.objects.get_or_create(name=name, defaults={"next_at": now})
        if not Periodic.objects.filter(name=name, next_at__lte=now).update(next_at=now + every):
            continue
        try:
            import_string(name)()
        except Exception:
            log.exception("periodic %s failed", name)


def work_forever() -> None:
    """Work until SIGTERM or SIGINT; the job in hand is finished first."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        close_old_connections()
        try:
            import_string(settings.SETTLE)()
            run_clock()
            busy = run_next()
        except Exception:
            # The database is away or locked: the queue is still there when it comes back.
            log.exception("worker could not reach the queue")
            busy = False
        if not busy:
            stop.wait(IDLE_SECONDS)
