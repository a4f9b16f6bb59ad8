"""job.cancel: asks, once, and only while the job runs."""

import pytest

from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.audit.models import AuditEntry
from surveillance.flow import NotVisible, WrongState
from surveillance.jobs.flows import IMPORT_FEED, cancel
from surveillance.jobs.models import Job
from surveillance.jobs.running import running


@pytest.fixture
def job(cast) -> Job:
    """A row that says it is running, as another process sees it."""
    with running(IMPORT_FEED, label="week.xml", by=Actor.of(cast.bo), file="week.xml") as work:
        yield work.row


def test_asks_and_leaves_the_state_to_the_job(job, bo, as_):
    cancel(job, by=as_(bo))
    row = Job.objects.get()
    assert (row.cancel_requested, row.state, row.version) == (True, "running", 2)
    assert row.started_by == bo
    entry = AuditEntry.objects.get(verb="job.cancel")
    assert entry.changes == {"cancel_requested": [False, True]}


def test_not_twice(job, bo, as_):
    cancel(job, by=as_(bo))
    with pytest.raises(WrongState, match="already"):
        cancel(job, by=as_(bo))


def test_not_by_an_inspector_who_sees_no_jobs(job, ana, as_):
    with pytest.raises(NotVisible):
        cancel(job, by=as_(ana))


def test_not_by_a_platform(job, dot, as_):
    with pytest.raises(NotVisible):
        cancel(job, by=as_(dot))


def test_not_when_it_has_ended(cast, as_):
    with running(IMPORT_FEED, label="week.xml", by=SYSTEM, file="week.xml") as work:
        pass
    with pytest.raises(WrongState, match="done"):
        cancel(work.row, by=as_(cast.bo))
