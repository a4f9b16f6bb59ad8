"""job.give_up: a job whose process was killed does not run for ever."""

from datetime import timedelta

import pytest

from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.audit.models import AuditEntry
from surveillance.flow import Forbidden, WrongState
from surveillance.jobs import running as running_module
from surveillance.jobs import sweeps
from surveillance.jobs.counts import Counts
from surveillance.jobs.flows import IMPORT_FEED, give_up
from surveillance.jobs.models import SILENCE, Job
from surveillance.jobs.running import running

pytestmark = pytest.mark.django_db
LONG = SILENCE + timedelta(seconds=1)


@pytest.fixture
def work(time):
    """A job that says it is running; what its process would do next is up to the test."""
    with running(IMPORT_FEED, label="week.xml", by=SYSTEM, file="week.xml") as job:
        yield job


def test_a_silent_job_fails_with_a_sentence(work, time):
    time.pass_(LONG)
    assert sweeps.give_up_stalled(time.now) == 1
    row = Job.objects.get()
    assert (row.state, row.finished_at) == ("failed", time.now)
    assert row.lines.get().text.startswith("Its process stopped without a word")
    entry = AuditEntry.objects.get(verb="job.give_up")
    assert (entry.actor, entry.subject) == ("system", row.reference)


def test_once(work, time):
    time.pass_(LONG)
    assert sweeps.give_up_stalled(time.now) == 1
    assert sweeps.give_up_stalled(time.now) == 0


def test_not_a_job_that_says_how_far_it_is(work, time):
    time.pass_(SILENCE)
    assert sweeps.give_up_stalled(time.now) == 0
    with pytest.raises(WrongState, match="it is alive"):
        give_up(work.row, by=SYSTEM)


def test_not_by_a_person(work, time, cast):
    time.move_to(time.now + LONG)
    with pytest.raises(Forbidden):
        give_up(work.row, by=Actor.of(cast.bo))


def test_a_job_that_was_only_slow_stops_and_leaves_the_verdict(time, monkeypatch):
    monkeypatch.setattr(running_module, "SECONDS_BETWEEN_LOOKS", 0.0)
    steps = []
    with running(IMPORT_FEED, label="week.xml", by=SYSTEM, file="week.xml") as job:
        for number in range(2):
            with job.step(done=number) as step:
                step.counts = Counts(read=1, new=1)
                steps.append(number)
            time.pass_(LONG)
            sweeps.give_up_stalled(time.now)
    assert steps == [0]
    assert job.state == "failed"
    assert not AuditEntry.objects.filter(verb="feed.import").exists()
