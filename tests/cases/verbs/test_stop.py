"""answer_file.stop: the worker is asked to stop; what it has answered stays."""

from cases.flows import answer_files
from surveillance.jobs.models import Job
from tests.contract import VerbContract


class TestStop(VerbContract):
    transition = answer_files.STOP
    begin = "handed_in_file"
    by = "dot"
    joined = ["job.cancel"]
    outsiders = ("ana", "bo", "dev", "eve")

    def perform(self, row, by):
        return answer_files.stop(row, by=by)


def test_one_that_still_waits_is_over_at_once(story):
    file = answer_files.stop(story.handed_in_file(), by=story.dot)
    job = Job.objects.get(pk=file.job_id)
    assert (job.state, job.cancel_requested) == ("cancelled", True)
    assert answer_files.answer_next() is None
    file.refresh_from_db()
    assert (file.ready, file.answered) == (1, 0)
