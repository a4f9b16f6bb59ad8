"""Long work as rows: a job, what it logs, and the rows of its source that it found wrong."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import FlowModel
from surveillance.jobs.counts import NAMES, Counts

# A job says how far it is every second; one that has been silent for so long is dead.
SILENCE = timedelta(minutes=10)


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.may(Right.IMPORT_FEED) else self.none()

    def waiting(self) -> Self:
        """For a worker, the longest waiting first."""
        return self.filter(state=Job.State.QUEUED).order_by("started_at", "id")

    def at_work(self, at: datetime) -> Self:
        """Running, and not silent."""
        return self.filter(state=Job.State.RUNNING, progressed_at__gte=at - SILENCE)

    def on_files(self) -> Self:
        """Those for which a file was uploaded that is kept with them."""
        return self.exclude(file="")

    def of_kinds(self, *verbs: str) -> Self:
        return self.filter(kind__in=verbs)

    def ended_with_file(self) -> Self:
        """Whose uploaded file nobody needs any more."""
        return self.on_files().exclude(state__in=Job.GOING_ON)

    def stalled(self, at: datetime) -> Self:
        """Said to be running, but silent: their process was killed."""
        return self.filter(state=Job.State.RUNNING, progressed_at__lt=at - SILENCE)

    def for_list(self) -> Self:
        return self.select_related("started_by")


def _place(job: Job, filename: str) -> str:
    return f"jobs/{uuid.uuid4()}/{filename}"


class Job(FlowModel):
    """One piece of long work: the import of one file.

    `kind` is the verb that the trail shows for it. `total` and `done` are in the unit that the
    job measures its way in (bytes of a file); `total` is empty where nobody knows the end. The
    numbers of rows are those of `Counts`. `facts` say what it works on: file name, SHA-256.
    `file` is what was uploaded for it, kept until it has ended; `started_at` of one that waits
    for a worker is when it was asked for.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for a worker")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    LABEL = "job"
    GOING_ON = (State.QUEUED, State.RUNNING)

    reference = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=60)
    label = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    total = models.PositiveBigIntegerField(null=True)
    done = models.PositiveBigIntegerField(default=0)
    read = models.PositiveBigIntegerField(default=0)
    new = models.PositiveBigIntegerField(default=0)
    updated = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    left_out = models.PositiveBigIntegerField(default=0)
    facts = models.JSONField(default=dict)
    file = models.FileField(upload_to=_place, max_length=400, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField()
    progressed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    cancel_requested = models.BooleanField(default=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "running"])
                | models.Q(finished_at__isnull=False),
                name="a_job_that_has_ended_says_when",
            )
        ]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="job_newest"),
            models.Index(
                fields=["progressed_at"], condition=models.Q(state="running"), name="job_running"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def counts(self) -> Counts:
        return Counts(**{name: getattr(self, name) for name in NAMES})

    @property
    def share(self) -> float | None:
        """How much is done, 0 to 1; None when nobody knows the end."""
        return min(1.0, self.done / self.total) if self.total else None

    @property
    def goes_on(self) -> bool:
        return self.state in self.GOING_ON

    def is_stalled(self, at: datetime) -> bool:
        return self.state == self.State.RUNNING and self.progressed_at < at - SILENCE


class JobLine(models.Model):
    """A line of a job's log."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="lines")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class JobProblem(models.Model):
    """A row of the source that was refused, or a field of one that was mended or is in doubt.

    `row` counts the source's records from 1; reason and remedy are sentences in the language
    that the job ran in.
    """

    class Kind(models.TextChoices):
        REJECTED = "rejected", _("rejected")
        MENDED = "mended", _("mended or in doubt")

    job = models.ForeignKey(Job, models.CASCADE, related_name="problems")
    kind = models.CharField(max_length=10, choices=Kind)
    row = models.PositiveBigIntegerField()
    native_id = models.TextField(blank=True)
    field = models.TextField(blank=True)
    reason = models.TextField()
    remedy = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["job", "kind", "row"], name="job_problem_kind")]

    def __str__(self) -> str:
        return str(
            _("row %(row)s (%(native_id)s) %(field)s: %(reason)s %(remedy)s")
            % {
                "row": self.row,
                "native_id": self.native_id or _("no number"),
                "field": self.field,
                "reason": self.reason,
                "remedy": self.remedy,
            }
        )
