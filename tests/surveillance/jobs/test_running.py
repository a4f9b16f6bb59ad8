"""A job's row while it runs, how each way of ending shows, and its one entry in the trail."""

import pytest

from surveillance.accounts.actor import PUBLIC, SYSTEM, Actor
from surveillance.audit.models import AuditEntry
from surveillance.flow import Forbidden
from surveillance.jobs import running as running_module
from surveillance.jobs.counts import Counts
from surveillance.jobs.flows import IMPORT_FEED, cancel
from surveillance.jobs.models import SILENCE, Job, JobProblem
from surveillance.jobs.running import Stopped, running

pytestmark = pytest.mark.django_db


def problem(row: int) -> JobProblem:
    return JobProblem(
        kind=JobProblem.Kind.REJECTED, row=row, native_id="A1", field="date", reason="Not a date."
    )


def import_job(**facts):
    return running(IMPORT_FEED, label="week.xml", by=SYSTEM, total=100, **facts)


@pytest.fixture
def _looks_every_time(monkeypatch):
    monkeypatch.setattr(running_module, "SECONDS_BETWEEN_LOOKS", 0.0)


def test_a_job_that_is_done_keeps_its_counts_and_problems(time):
    with import_job(file="week.xml", sha256="ab") as job:
        with job.step(done=40) as step:
            step.counts = Counts(read=3, new=2, rejected=1)
            step.problems = [problem(2)]
        with job.step(done=100) as step:
            step.counts = Counts(read=1, unchanged=1)
    row = Job.objects.get()
    assert row.state == Job.State.DONE
    assert row.counts == Counts(read=4, new=2, unchanged=1, rejected=1)
    assert row.share == 1.0
    assert row.finished_at == time.now
    assert [str(one) for one in row.problems.all()] == ["row 2 (A1) date: Not a date. "]


def test_one_entry_tells_of_the_whole_import():
    with import_job(file="week.xml", sha256="ab") as job, job.step(done=100) as step:
        step.counts = Counts(read=2, new=2)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.subject) == ("feed.import", job.row.reference)
    assert entry.facts == {
        "file": "week.xml",
        "sha256": "ab",
        "error": "",
        "read": 2,
        "new": 2,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
        "left_out": 0,
    }
    assert entry.changes["state"] == ["running", "done"]
    assert IMPORT_FEED.past % entry.facts == "imported week.xml: 2 new, 0 updated, 0 rejected"


@pytest.mark.usefixtures("_looks_every_time")
def test_the_row_moves_while_the_job_runs(time):
    with import_job() as job:
        with job.step(done=40) as step:
            step.counts = Counts(read=3, new=3)
        row = Job.objects.get()
        assert (row.state, row.done, row.share, row.counts.new) == ("running", 40, 0.4, 3)


def test_the_row_is_written_once_a_second_at_most(django_assert_num_queries):
    with import_job() as job:
        with django_assert_num_queries(3), job.step(done=40) as step:  # savepoint, setting, release
            step.counts = Counts(read=3, new=3)
        assert Job.objects.get().done == 0
    assert Job.objects.get().done == 40


@pytest.mark.usefixtures("_looks_every_time")
def test_a_job_stops_before_its_next_batch_when_asked(cast):
    bo = Actor.of(cast.bo)
    steps = []
    with import_job() as job:
        for number in range(3):
            with job.step(done=number) as step:
                step.counts = Counts(read=1, new=1)
                steps.append(number)
            cancel(job.row, by=bo)
    assert steps == [0]
    row = Job.objects.get()
    assert (row.state, row.counts.new) == (Job.State.CANCELLED, 1)
    assert list(AuditEntry.objects.values_list("verb", flat=True).order_by("-id")[:2]) == [
        "feed.import",
        "job.cancel",
    ]


def test_stopped_fails_the_job_with_its_sentence():
    with import_job(file="week.xml") as job:
        raise Stopped("The file breaks off.")
    row = Job.objects.get()
    assert (row.state, job.state, job.error) == ("failed", "failed", "The file breaks off.")
    assert [line.text for line in row.lines.all()] == ["The file breaks off."]
    assert AuditEntry.objects.get().facts["error"] == "The file breaks off."


def test_an_error_of_the_program_goes_on_and_its_words_stay_out_of_the_log():
    with pytest.raises(ZeroDivisionError), import_job():
        raise ZeroDivisionError("Eve Ng, 3 years")
    row = Job.objects.get()
    assert row.state == Job.State.FAILED
    (line,) = row.lines.all()
    assert "ZeroDivisionError" in line.text
    assert "Eve" not in line.text


def test_control_c_cancels():
    with pytest.raises(KeyboardInterrupt), import_job():
        raise KeyboardInterrupt
    assert Job.objects.get().state == Job.State.CANCELLED


def test_a_step_that_fails_leaves_nothing_behind():
    def half_done() -> None:
        with import_job() as job, job.step(done=10) as step:
            step.counts = Counts(read=5)
            Job.objects.filter(pk=job.row.pk).update(label="half done")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    row = Job.objects.get()
    assert (row.label, row.counts) == ("week.xml", Counts())


def test_without_the_right_nothing_is_written():
    with pytest.raises(Forbidden), running(IMPORT_FEED, label="week.xml", by=PUBLIC):
        pass
    assert not Job.objects.exists()


def test_a_killed_job_is_seen_as_stalled(time):
    with import_job() as job:
        assert not job.row.is_stalled(time.now)
        assert job.row.is_stalled(time.now + 2 * SILENCE)
        assert list(Job.objects.stalled(time.now + 2 * SILENCE)) == [job.row]
    assert not Job.objects.stalled(time.now + 2 * SILENCE).exists()


def test_the_line_of_counts_is_the_same_in_every_language():
    counts = Counts(read=9, new=3, updated=2, unchanged=1, rejected=2, left_out=1)
    assert str(counts) == "9 rows read, 3 new, 2 updated, 1 unchanged, 2 rejected"
    assert counts + counts == Counts(18, 6, 4, 2, 4, 2)
