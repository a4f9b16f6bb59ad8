"""Running a job: its row says how far it is, and it stops when it is asked to.

    with running(IMPORT_FEED, label=name, by=by, file=name) as job:
        for batch in batches:
            with job.step(done=stream.tell()) as step:
                step.counts, step.problems = write(batch)
    return job.counts

What a step writes, what it found wrong and how far the job is are one transaction.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.copying import copy_in
from surveillance.flow import Forbidden, Transition, perform
from surveillance.jobs.counts import Counts
from surveillance.jobs.models import Job, JobLine, JobProblem
from surveillance.references import Kind, next_reference

# How often a job says how far it is, and looks whether it is asked to stop.
SECONDS_BETWEEN_LOOKS = 1.0


class Stopped(Exception):
    """Raised within `running`: the job cannot go on. The message is a sentence for its log."""


class Cancelled(Exception):
    """Raised by `step`: somebody asked the job to stop."""


@dataclass(slots=True)
class Step:
    """What one batch has counted and found wrong; filled in by whoever does it."""

    counts: Counts = field(default_factory=Counts)
    problems: Sequence[JobProblem] = ()


class RunningJob:
    """A job while its process works on it. `counts` is exact, the row at most a second behind."""

    def __init__(self, row: Job, transition: Transition, by: Actor, at: datetime | None) -> None:
        self.row = row
        self.counts = Counts()
        self.error = ""
        self._done = 0
        self._transition = transition
        self._by = by
        self._at = at
        self._next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS

    @property
    def state(self) -> str:
        return self.row.state

    @contextmanager
    def step(self, *, done: int) -> Iterator[Step]:
        """One batch, all or nothing; `done`: how far the job is after it.

        Raises Cancelled, before anything is done, when somebody has asked the job to stop or it
        was given up for dead.
        """
        is_time = time.monotonic() >= self._next_look
        if is_time and not self._may_go_on():
            raise Cancelled
        step = Step()
        with transaction.atomic():
            _commit_without_waiting()
            yield step
            for problem in step.problems:
                problem.job = self.row
            copy_in(step.problems)
            if is_time:
                counts = self.counts + step.counts
                Job.objects.filter(pk=self.row.pk).update(
                    progressed_at=self._now(), done=done, **counts.as_facts()
                )
        self.counts += step.counts
        self._done = done
        if is_time:
            self._next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS

    def log(self, text: str) -> None:
        JobLine.objects.create(job=self.row, at=self._now(), text=text)

    def fail(self, sentence: str) -> None:
        self.error = sentence
        self.log(sentence)

    def finish(self, state: Job.State) -> None:
        """The last state and the exact counts, with the one entry in the trail.

        A job that was given up for dead has its last state already.
        """
        if not Job.objects.filter(pk=self.row.pk, state=Job.State.RUNNING).exists():
            self.row.refresh_from_db()
            return
        with perform(self._transition, self.row, by=self._by, at=self._now()) as change:
            row = change.row
            row.state = state
            row.finished_at = row.progressed_at = change.at
            row.done = self._done
            for name, number in self.counts.as_facts().items():
                setattr(row, name, number)
            change.note(**row.facts, **self.counts.as_facts(), error=self.error)
        self.row = change.row

    def _may_go_on(self) -> bool:
        rows = Job.objects.filter(pk=self.row.pk, state=Job.State.RUNNING)
        return rows.filter(cancel_requested=False).exists()

    def _now(self) -> datetime:
        return self._at or clock.now()


@contextmanager
def running(
    transition: Transition,
    *,
    label: str,
    by: Actor,
    at: datetime | None = None,
    total: int | None = None,
    **facts: Any,
) -> Iterator[RunningJob]:
    """A job of the kind that `transition` ends: a row while it runs, one audit entry at its end.

    `Stopped` and `Cancelled` end here: ask the job for `state` and `error`. Other errors fail
    the job and go on to the caller. Raises Forbidden before anything is written.
    """
    if not by.may(transition.right):
        raise Forbidden(
            _("You may not do this: it needs the right “%(right)s”.") % {"right": transition.right}
        )
    row = _started(transition, label, by, at or clock.now(), total, facts)
    with carrying_out(row, transition, by=by, at=at) as job:
        yield job


@contextmanager
def carrying_out(
    row: Job, transition: Transition, *, by: Actor, at: datetime | None = None
) -> Iterator[RunningJob]:
    """The same for a row that says already that it runs: one that waited and was claimed."""
    job = RunningJob(row, transition, by, at)
    ended = Job.State.FAILED
    try:
        yield job
        ended = Job.State.DONE
    except Cancelled:
        ended = Job.State.CANCELLED
    except Stopped as reason:
        job.fail(str(reason))
    except KeyboardInterrupt:
        ended = Job.State.CANCELLED
        raise
    except Exception as error:
        # Its name only: the message of a database error may quote the row, which may be personal.
        job.fail(_("An error of the program stopped it: %(name)s") % {"name": type(error).__name__})
        raise
    finally:
        job.finish(ended)


def _commit_without_waiting() -> None:
    """This transaction's commit does not wait for the disk; the one that ends the job does, and
    with it everything before is safe. A crash may lose whole batches, which run again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def _started(
    transition: Transition,
    label: str,
    by: Actor,
    at: datetime,
    total: int | None,
    facts: dict[str, Any],
) -> Job:
    return Job.objects.create(
        reference=next_reference(Kind.JOB, at),
        kind=transition.verb,
        label=label,
        total=total,
        facts=facts,
        started_by_id=by.user_id,
        started_at=at,
        progressed_at=at,
        changed_at=at,
    )
