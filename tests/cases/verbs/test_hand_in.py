"""answer_file.hand_in: a worker is asked to give the answers that are ready."""

import pytest

from cases.flows import answer_files
from surveillance.flow import WrongState
from tests.contract import VerbContract


class TestHandIn(VerbContract):
    transition = answer_files.HAND_IN
    begin = "answer_file"
    by = "dot"
    changes = {"state", "job_id"}
    outsiders = ("ana", "bo", "dev", "eve")

    def perform(self, row, by):
        return answer_files.hand_in(row, by=by)


def test_the_job_waits_for_a_worker_and_knows_how_many_answers(story, dot):
    file = answer_files.hand_in(story.answer_file(), by=story.dot)
    job = file.job
    assert (job.state, job.kind, job.total, job.started_by) == ("queued", "answers.give", 1, dot)
    assert job.facts == {"file": "answers.csv", "answer_file": file.reference}


def test_a_file_without_a_good_row_is_not_handed_in(story):
    file = story.answer_file(("TD-2026-999999", 1, "removed", "", ""))
    with pytest.raises(WrongState, match="No row of it is left"):
        answer_files.hand_in(file, by=story.dot)
