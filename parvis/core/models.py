"""What every module stands on: the journal, the queue, and the memory of forms already sent."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JournalEntry(models.Model):
    """One act, written once and never changed: who, what, on what, when.

    `actor_id` and `target_id` are plain numbers, since the journal knows no other module and outlives what
    it names. `shows` is whether it may change what a visitor sees: pages kept in memory fall with it. `settles` is
    whether it changes who or what there is, rather than what they say.
    """

    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    target_type = models.CharField(max_length=40, blank=True)
    target_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
    shows = models.BooleanField(default=True)
    settles = models.BooleanField(default=True)

    class Meta:
        indexes = (
            models.Index(fields=["-id"], name="journal_shows", condition=Q(shows=True)),
            models.Index(fields=["-id"], name="journal_settles", condition=Q(settles=True)),
            models.Index(fields=["target_type", "target_id", "id"], name="journal_target"),
            models.Index(fields=["verb", "at"], name="journal_verb"),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.target_type} {self.target_id}"


class JobQuerySet(models.QuerySet["Job"]):
    """The queue, asked in sentences."""

    def due(self, now: datetime) -> "JobQuerySet":
        """Those to run now, those whose worker died included."""
        waiting = Q(state=Job.State.WAITING, run_at__lte=now)
        abandoned = Q(state=Job.State.RUNNING, leased_until__lt=now)
        return self.filter(waiting | abandoned).order_by("run_at", "id")

    def claim(self, now: datetime, lease: timedelta) -> "Job | None":
        """The next due job, leased to the caller; None when there is none. Two workers never get the same."""
        for job in self.due(now)[:20]:
            won = self.filter(pk=job.pk, attempts=job.attempts, state=job.state).update(
                state=Job.State.RUNNING, attempts=F("attempts") + 1, leased_until=now + lease
            )
            if won:
                job.attempts, job.state, job.leased_until = job.attempts + 1, Job.State.RUNNING, now + lease
                return job
        return None


class Job(models.Model):
    """One effect of one act, still to run or done; `effect` names a function of one entry."""

    class State(models.TextChoices):
        """Where a job is in its life; `dead` failed too often and waits for a person."""

        WAITING = "waiting", _("en attente")
        RUNNING = "running", _("en cours")
        DONE = "done", _("fait")
        DEAD = "dead", _("abandonné")

    entry = models.ForeignKey(JournalEntry, models.CASCADE, related_name="jobs")
    effect = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    run_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["entry", "effect"], name="job_once"),)
        indexes = (models.Index(fields=["state", "run_at"], name="job_due"),)

    def __str__(self) -> str:
        return f"{self.effect} ({self.state})"


class Periodic(models.Model):
    """When a function that runs by the clock runs next."""

    name = models.CharField(max_length=120, primary_key=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """A form already acted on and the address its author was sent to (R-REL-5).

    `actor` is the number of the person, 0 for a visitor.
    """

    actor = models.BigIntegerField()
    key = models.UUIDField()
    address = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["actor", "key"], name="submission_once"),)

    def __str__(self) -> str:
        return self.address
