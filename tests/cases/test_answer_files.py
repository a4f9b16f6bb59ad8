"""Answers by file: answer_file.upload checks and changes nothing, answers.give answers each row."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.flows import answer_files, items
from cases.models import AnswerFile, AnswerRow, Item
from cases.states import ItemState
from cases.tasks import answer_from_files
from surveillance.audit.models import AuditEntry
from surveillance.flow import Forbidden
from surveillance.jobs import running as running_module
from surveillance.jobs.models import SILENCE, Job
from surveillance.jobs.sweeps import forget_files, give_up_stalled
from surveillance.outbox import queue
from tests.cast import answer_with, answers_csv

REFUSED = ("refused", "compliant", "It complies.")


@pytest.fixture
def takedown(story):
    return story.issued(listings=6)


def removed(takedown, *numbers: int) -> list[tuple[object, ...]]:
    return [(takedown.reference, number, "removed", "", "") for number in numbers]


def states(takedown) -> list[str]:
    return list(takedown.items.order_by("number").values_list("state", flat=True))


def numbers_of(file: AnswerFile) -> dict[str, int]:
    """Those that are not zero, and as the rows say as well."""
    file.refresh_from_db()
    told = {state: getattr(file, state) for state in AnswerRow.State.values}
    assert told == {state: file.rows.filter(state=state).count() for state in told}
    return {state: number for state, number in told.items() if number}


def remarks(file: AnswerFile, row: int) -> list[tuple[str, str, str]]:
    found = file.rows.get(row=row).remarks
    return [(one["column"], one["value"], one["what"]) for one in found]


def columns_at_fault(file: AnswerFile, row: int) -> set[str]:
    return {one["column"] for one in file.rows.get(row=row).remarks if one["is_error"]}


def given(file: AnswerFile, by) -> AnswerFile:
    answer_files.hand_in(file, by=by)
    answer_files.answer_next()
    file.refresh_from_db()
    return file


def deeds() -> int:
    return AuditEntry.objects.filter(verb="item.answer").count()


# the preview


def test_an_upload_is_kept_with_its_hash_and_answers_nothing(takedown, story, time):
    before = states(takedown)
    file = story.answer_file(*removed(takedown, 1, 2))
    assert (file.state, file.filename, file.uploaded_at) == ("checked", "answers.csv", time.now)
    assert len(file.sha256) == 64
    assert file.file.read().startswith(b"\xef\xbb\xbf")
    assert numbers_of(file) == {"ready": 2}
    assert (states(takedown), deeds()) == (before, 0)
    entry = AuditEntry.objects.get(verb="answer_file.upload")
    assert entry.facts == {"file": "answers.csv", "sha256": file.sha256, "rows": 2}


@pytest.mark.parametrize("name", ["ana", "bo", "ada", "eve", "system"])
def test_only_a_platform_uploads(takedown, cast, name):
    with pytest.raises(Forbidden):
        answer_files.upload(by=cast.actor(name), file=answers_csv(*removed(takedown, 1)))
    assert not AnswerFile.objects.exists()


def test_every_error_of_every_cell_is_said_at_once(takedown, story):
    file = story.answer_file(
        ("", "x", "gone", "", ""),
        (takedown.reference, 1, "refused", "because", ""),
        (takedown.reference, 2, "needs_information", "", ""),
        (takedown.reference, 99, "removed", "", ""),
    )
    assert numbers_of(file) == {"refused": 4}
    assert columns_at_fault(file, 2) == {"request", "number", "outcome"}
    assert columns_at_fault(file, 3) == {"ground", "text"}
    assert columns_at_fault(file, 4) == {"text"}
    assert "with a listing 99" in remarks(file, 5)[0][2]
    first = file.rows.get(row=2).remarks
    assert {"cell": "C2", "value": "gone", "remedy": first[2]["remedy"]}.items() <= first[2].items()
    assert all(remark["remedy"] for remark in first)


def test_rows_that_say_the_same_and_rows_that_disagree(takedown, story):
    file = story.answer_file(
        *removed(takedown, 1, 1),
        (takedown.reference, 2, "removed", "", ""),
        (takedown.reference, 2, *REFUSED),
    )
    assert numbers_of(file) == {"ready": 1, "unchanged": 1, "refused": 2}
    assert remarks(file, 3)[0][2] == "Row 2 says the same."
    assert columns_at_fault(file, 4) == columns_at_fault(file, 5) == {"number"}


def test_one_answer_id_for_two_listings(takedown, story):
    columns = ("request", "number", "outcome", "answer_id")
    rows = [(takedown.reference, number, "removed", "A-1") for number in (1, 2)]
    file = answer_files.upload(by=story.dot, file=answers_csv(*rows, columns=columns))
    assert columns_at_fault(file, 2) == columns_at_fault(file, 3) == {"answer_id"}


def test_an_answer_id_that_was_used_for_something_else(takedown, story):
    item = takedown.items.get(number=1)
    items.answer(item, answer_with(ItemState.REMOVED, "A-1"), by=story.dot)
    columns = ("request", "number", "outcome", "answer_id")
    rows = [(takedown.reference, 2, "removed", "A-1")]
    file = answer_files.upload(by=story.dot, file=answers_csv(*rows, columns=columns))
    assert columns_at_fault(file, 2) == {"answer_id"}
    assert numbers_of(file) == {"refused": 1}


def test_rows_that_nobody_has_filled_in_stay_open(takedown, story):
    file = story.answer_file(*removed(takedown, 1), (takedown.reference, 2, "", "", ""))
    assert numbers_of(given(file, story.dot)) == {"answered": 1, "left_open": 1}
    assert states(takedown)[:2] == ["removed", "pending"]


def test_an_address_of_another_listing_is_refused(takedown, story):
    """Sorting one column alone would answer for the wrong listings."""
    first, second = (takedown.items.get(number=number).listing.url for number in (1, 2))
    columns = ("request", "number", "url", "outcome")
    rows = [(takedown.reference, 1, second, "removed"), (takedown.reference, 2, second, "removed")]
    file = answer_files.upload(by=story.dot, file=answers_csv(*rows, columns=columns))
    assert numbers_of(file) == {"ready": 1, "refused": 1}
    assert first in remarks(file, 2)[0][2]


def test_what_does_not_wait_for_an_answer(story):
    """The same answer again is unchanged, another is refused, and says where the item stands."""
    found = {}
    for begin in ("answered", "confirmed", "asked", "withdrawn_item", "refusal_accepted"):
        item = getattr(story, begin)()
        file = story.answer_file((item.takedown.reference, item.number, "not_found", "", ""))
        assert numbers_of(file) == {"refused": 1}
        found[begin] = remarks(file, 2)[0][2]
    assert len(set(found.values())) == len(found)
    answered = story.answered()
    same = (answered.takedown.reference, 1, "removed", "", answered.answer_text)
    assert numbers_of(story.answer_file(same)) == {"unchanged": 1}


def test_a_rival_finds_nothing_and_learns_nothing(takedown, story, cast):
    """Foreign and unknown requests are told apart by nothing but what was asked."""
    unknown = "TD-2026-999999"
    rows = [(takedown.reference, 1, "removed", "", ""), (unknown, 1, "removed", "", "")]
    file = answer_files.upload(by=cast.actor("dev"), file=answers_csv(*rows))
    assert numbers_of(file) == {"refused": 2}
    told = [remarks(file, row)[0][2] for row in (2, 3)]
    assert told[0].replace(takedown.reference, unknown) == told[1]
    assert not file.rows.filter(item__isnull=False).exists()


def test_the_statements_of_an_upload_do_not_grow_with_its_rows(story):
    counts = []
    for listings in (3, 30):
        takedown = story.issued(listings=listings)
        with CaptureQueriesContext(connection) as queries:
            story.answer_file(*removed(takedown, *range(1, listings + 1)))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"request,number,outcome\n", "There is no row below"),
        (b"request,number,result,colour\n1,2,3,4\n", "do not know these columns: “colour”"),
        (b"request,number\n1,2\n", "columns are missing: outcome"),
        (b"request,number,outcome,outcome\n", "there twice: outcome"),
        (b"\n\n", "The file is empty"),
    ],
)
def test_what_is_refused_as_a_whole(story, content, said):
    with pytest.raises(ValidationError, match=said):
        answer_files.upload(by=story.dot, file=SimpleUploadedFile("a.csv", content))
    assert not AnswerFile.objects.exists()


# the answers


def test_a_worker_answers_in_the_name_of_the_agent(takedown, story, dot):
    rows = [*removed(takedown, 1), (takedown.reference, 2, *REFUSED)]
    file = story.answer_file(*rows)
    answer_files.hand_in(file, by=story.dot)
    assert answer_from_files() == 1
    assert numbers_of(file) == {"answered": 2}
    assert states(takedown)[:2] == ["removed", "refused"]
    entry = AuditEntry.objects.filter(verb="item.answer").earliest("id")
    assert entry.actor_user_id == dot.pk
    assert entry.facts["by_file"] == f"{file.reference}/2"
    job = Job.objects.get(pk=file.job_id)
    assert (job.state, job.counts.new, job.share) == ("done", 2, 1.0)
    assert AuditEntry.objects.get(verb="answers.give").facts["new"] == 2
    assert answer_from_files() == 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_told_once_it_is_handed_in(story, monkeypatch):
    file = story.answer_file()
    told = []
    monkeypatch.setattr(queue, "start", told.append)
    answer_files.hand_in(file, by=story.dot)
    assert told == ["cases.answer_from_files"]


def test_the_same_file_twice_changes_nothing_twice(takedown, story):
    rows = [*removed(takedown, 1), (takedown.reference, 2, *REFUSED)]
    given(story.answer_file(*rows), story.dot)
    before = (states(takedown), deeds())
    again = story.answer_file(*rows)
    assert numbers_of(again) == {"unchanged": 2}
    assert (states(takedown), deeds()) == before


def test_a_corrected_file_changes_what_differs(takedown, story):
    wrong = (takedown.reference, 2, "refused", "", "It complies.")
    given(story.answer_file(*removed(takedown, 1), wrong), story.dot)
    assert states(takedown)[:2] == ["removed", "pending"]
    right = (takedown.reference, 2, *REFUSED)
    corrected = story.answer_file(*removed(takedown, 1), right)
    assert numbers_of(given(corrected, story.dot)) == {"unchanged": 1, "answered": 1}
    assert deeds() == 2


def test_two_uploads_of_the_same_answers_at_once(takedown, story):
    """Both were checked before either was handed in: each answer is given once."""
    first, second = (story.answer_file(*removed(takedown, 1, 2, 3)) for _ in range(2))
    for file in (first, second):
        answer_files.hand_in(file, by=story.dot)
    answer_files.answer_next()
    answer_files.answer_next()
    assert numbers_of(first) == {"answered": 3}
    assert numbers_of(second) == {"unchanged": 3}
    assert deeds() == 3


def test_two_uploads_that_disagree(takedown, story):
    """The second is refused with the reason, also after a preview that found nothing wrong."""
    first = story.answer_file(*removed(takedown, 1))
    second = story.answer_file((takedown.reference, 1, *REFUSED))
    given(first, story.dot)
    assert numbers_of(given(second, story.dot)) == {"refused": 1}
    assert "starts from “pending”" in second.rows.get().reason
    assert states(takedown)[0] == "removed"


def test_an_answer_that_was_rejected_can_be_given_again(takedown, story, time):
    given(story.answer_file(*removed(takedown, 1)), story.dot)
    item = takedown.items.get(number=1)
    time.pass_(timedelta(days=1))
    items.reject_answer(item, by=story.ana, reason="It is still on sale.")
    again = story.answer_file(*removed(takedown, 1))
    assert numbers_of(given(again, story.dot)) == {"answered": 1}


def test_of_two_files_one_at_a_time(takedown, story, time):
    for number in (1, 2):
        answer_files.hand_in(story.answer_file(*removed(takedown, number)), by=story.dot)
    jobs = list(Job.objects.order_by("id"))
    Job.objects.filter(pk=jobs[0].pk).update(state="running", progressed_at=time.now)
    assert answer_files.answer_next() is None


def test_an_agent_who_has_left_answers_no_more(takedown, story, dot):
    file = story.answer_file(*removed(takedown, 1))
    answer_files.hand_in(file, by=story.dot)
    dot.is_active = False
    dot.save()
    answer_files.answer_next()
    job = Job.objects.get()
    assert job.state == "failed"
    assert "may no longer answer" in job.lines.get().text
    assert numbers_of(file) == {"ready": 1}


@contextmanager
def chunks_of(monkeypatch, size: int, after_first):
    """Each chunk is looked at; `after_first` happens when the first has been given."""
    monkeypatch.setattr(answer_files, "CHUNK", size)
    monkeypatch.setattr(running_module, "SECONDS_BETWEEN_LOOKS", 0.0)
    real, seen = answer_files._answer_chunk, []

    def chunk(file, agent):
        counts = real(file, agent)
        seen.append(counts)
        if len(seen) == 1:
            after_first(file)
        return counts

    with monkeypatch.context() as patch:
        patch.setattr(answer_files, "_answer_chunk", chunk)
        yield


def test_stopped_in_the_middle_it_says_what_was_done_and_goes_on(takedown, story, monkeypatch):
    file = story.answer_file(*removed(takedown, 1, 2, 3, 4, 5))
    answer_files.hand_in(file, by=story.dot)
    with chunks_of(monkeypatch, 2, lambda file: answer_files.stop(file, by=story.dot)):
        answer_files.answer_next()
    assert numbers_of(file) == {"answered": 2, "ready": 3}
    job = Job.objects.get()
    assert (job.state, job.counts.new, job.counts.read) == ("cancelled", 2, 2)
    assert numbers_of(given(file, story.dot)) == {"answered": 5}
    assert deeds() == 5


def test_killed_in_the_middle_it_is_given_up_and_goes_on(takedown, story, monkeypatch, time):
    class Killed(BaseException):
        """As SIGKILL: nothing of the job runs any more."""

    def die(_file) -> None:
        raise Killed

    file = story.answer_file(*removed(takedown, 1, 2, 3, 4))
    answer_files.hand_in(file, by=story.dot)
    monkeypatch.setattr(running_module.RunningJob, "finish", lambda self, state: None)
    with chunks_of(monkeypatch, 2, die), pytest.raises(Killed):
        answer_files.answer_next()
    monkeypatch.undo()
    assert numbers_of(file) == {"ready": 4}, "the chunk that was cut off left something"
    assert deeds() == 0
    time.pass_(2 * SILENCE)
    assert give_up_stalled(time.now) == 1
    assert numbers_of(given(file, story.dot)) == {"answered": 4}


def test_the_file_stays_when_its_job_has_ended(takedown, story):
    file = given(story.answer_file(*removed(takedown, 1)), story.dot)
    assert forget_files() == 0
    assert file.file.storage.exists(file.file.name)


def test_a_feed_does_not_wait_for_answers_nor_is_it_taken_for_one(takedown, story):
    answer_files.hand_in(story.answer_file(*removed(takedown, 1)), by=story.dot)
    assert running_module.Job.objects.on_files().count() == 0
    assert Item.objects.filter(state="removed").count() == 0
