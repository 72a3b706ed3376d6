"""The queue: nothing lost, nothing run by two at once, failures retried then set aside (F-20)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from parvis.core import jobs, journal
from parvis.core.models import Job, JournalEntry, Periodic
from tests.core import effects
from tests.worker import run_until_idle


@pytest.fixture(autouse=True)
def _effects(settings):
    settings.EFFECTS = "tests.core.effects.EFFECTS"
    settings.PERIODIC = "tests.core.effects.PERIODIC"
    effects.noted.clear()
    effects.ticks.clear()


@pytest.mark.django_db
def test_all_that_is_due_runs_once():
    entry = journal.record("lamp.lit", by=None)

    assert run_until_idle() == 2
    assert run_until_idle() == 0
    assert effects.noted == [entry.pk]
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.django_db
def test_a_failure_leaves_nothing_and_is_tried_again_later():
    journal.record("lamp.broken", by=None)

    run_until_idle()

    job = Job.objects.get()
    assert (job.state, job.attempts, job.error) == ("waiting", 1, "RuntimeError: no bulb")
    assert job.run_at > timezone.now()
    assert not JournalEntry.objects.filter(verb="half").exists()


@pytest.mark.django_db
def test_after_too_many_failures_the_job_is_dead_and_the_queue_flows():
    journal.record("lamp.broken", by=None)
    Job.objects.update(attempts=jobs.MAX_ATTEMPTS - 1)

    run_until_idle()

    assert Job.objects.get().state == "dead"
    journal.record("lamp.lit", by=None)
    assert run_until_idle() == 2


@pytest.mark.django_db
def test_a_job_whose_worker_died_is_taken_up_when_its_lease_ends():
    journal.record("lamp.lit", by=None)
    now = timezone.now()
    first = Job.objects.claim(now, timedelta(minutes=5))
    second = Job.objects.claim(now, timedelta(minutes=5))
    assert first
    assert second
    assert first.pk != second.pk

    assert Job.objects.claim(now, timedelta(minutes=5)) is None
    again = Job.objects.claim(now + timedelta(minutes=6), timedelta(minutes=5))

    assert again
    assert again.attempts == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_job():
    for _ in range(20):
        journal.record("lamp.lit", by=None)

    def worker(_number):
        try:
            taken = []
            while job := Job.objects.claim(timezone.now(), timedelta(minutes=5)):
                taken.append(job.pk)
            return taken
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = [pk for share in pool.map(worker, range(4)) for pk in share]
    # A worker that lost every race of its batch stops early; what is left is still due.
    while job := Job.objects.claim(timezone.now(), timedelta(minutes=5)):
        taken.append(job.pk)

    assert len(taken) == len(set(taken)) == 40


@pytest.mark.django_db
def test_the_clock_runs_at_once_then_once_per_period(monkeypatch):
    monkeypatch.setitem(effects.PERIODIC, "tests.core.effects.tick", timedelta(hours=1))
    jobs.run_clock()
    jobs.run_clock()
    assert effects.ticks == ["tick"]

    Periodic.objects.update(next_at=timezone.now() - timedelta(minutes=1))
    jobs.run_clock()
    jobs.run_clock()

    assert effects.ticks == ["tick", "tick"]
