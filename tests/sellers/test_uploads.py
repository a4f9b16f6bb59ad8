"""Uploaded files of feeds: feed.upload by a person, feed.import and feed.rehearse by a worker."""

import gzip
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from cases.models import Report
from sellers.flows import feed_imports, uploads
from sellers.models import Alert
from sellers.tasks import import_uploads
from surveillance.accounts.actor import SYSTEM
from surveillance.audit.models import AuditEntry
from surveillance.flow import Forbidden
from surveillance.jobs import queueing, sweeps
from surveillance.jobs.counts import Counts
from surveillance.jobs.flows import IMPORT_FEED, cancel
from surveillance.jobs.models import SILENCE, Job
from surveillance.jobs.running import running
from surveillance.outbox import queue
from tests.sellers.feeds.feed_files import canadian_file, incident_file

THREE = canadian_file({}, {"NID": "2", "Last updated": None}, {"NID": "3"})


@pytest.fixture
def bo(cast):
    return cast.actor("bo")


def given(by, content: bytes = THREE, feed: str = "health_canada", **options) -> Job:
    file = SimpleUploadedFile(options.pop("name", "recalls.json"), content)
    return uploads.upload(by=by, feed=feed, file=file, **options)


def test_an_upload_is_kept_and_queued_with_its_hash(bo, cast, time):
    job = given(bo)
    job.refresh_from_db()
    assert (job.state, job.label, job.kind) == ("queued", "recalls.json", "feed.import")
    assert (job.started_by, job.started_at, job.total) == (cast.bo, time.now, len(THREE))
    assert job.file.read() == THREE
    assert re.fullmatch(r"J-2026-\d{6}", job.reference)
    entry = AuditEntry.objects.get(verb="feed.upload")
    assert (entry.subject, entry.actor) == (job.reference, f"supervisor:{cast.bo.pk}")
    assert entry.facts == job.facts
    assert len(job.facts["sha256"]) == 64
    assert not Alert.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_told_once_the_upload_is_committed(bo, monkeypatch):
    told = []
    monkeypatch.setattr(queue, "start", told.append)
    given(bo)
    assert told == ["feeds.import_uploads"]


@pytest.mark.parametrize("name", ["ana", "dot", "eve"])
def test_only_who_may_import_may_upload(cast, name):
    with pytest.raises(Forbidden):
        given(cast.actor(name))
    assert not Job.objects.exists()


def test_a_file_that_is_empty_or_too_large_is_refused_with_its_name(bo, monkeypatch):
    with pytest.raises(ValidationError, match="“recalls.json” is empty"):
        given(bo, b"")
    monkeypatch.setattr(uploads, "LIMIT", 2**20)
    with pytest.raises(ValidationError, match="larger than 1 MB. Compress it"):
        given(bo, b"x" * (2**20 + 1))
    assert not Job.objects.exists()


def test_a_path_in_the_name_is_dropped(bo):
    assert given(bo, name="C:\\Users\\bo\\recalls.json").label == "recalls.json"


def test_the_worker_imports_it_in_the_name_of_the_system(bo, cast):
    job = given(bo)
    assert uploads.import_next() == job
    job.refresh_from_db()
    assert (job.state, job.counts) == ("done", Counts(read=3, new=2, rejected=1))
    assert (job.share, job.started_by) == (1.0, cast.bo)
    assert {entry.actor for entry in AuditEntry.objects.filter(verb="alert.receive")} == {"system"}
    assert AuditEntry.objects.get(verb="feed.import").subject == job.reference
    assert uploads.import_next() is None


def test_reports_and_compressed_files_are_imported_too(bo):
    given(bo, gzip.compress(incident_file({})), feed="saferproducts", name="toys.csv.gz")
    assert import_uploads() == 1
    assert Report.objects.get().feed == "saferproducts"


def test_a_rehearsal_counts_and_lists_and_writes_no_alert(bo):
    job = given(bo, dry_run=True)
    uploads.import_next()
    job.refresh_from_db()
    assert (job.state, job.kind) == ("done", "feed.rehearse")
    assert job.counts == Counts(read=3, new=2, rejected=1)
    assert [problem.native_id for problem in job.problems.all()] == ["2"]
    assert not Alert.objects.exists()
    assert AuditEntry.objects.get(verb="feed.rehearse").facts["new"] == 2


def test_the_same_file_again_is_unchanged(bo):
    for _ in range(2):
        given(bo)
    assert import_uploads() == 2
    assert [job.counts for job in Job.objects.order_by("id")] == [
        Counts(read=3, new=2, rejected=1),
        Counts(read=3, unchanged=2, rejected=1),
    ]


def test_a_file_of_another_feed_fails_with_a_sentence_that_names_it(bo):
    job = given(bo, feed="safety_gate")
    uploads.import_next()
    job.refresh_from_db()
    assert job.state == "failed"
    line = job.lines.get().text
    assert line.startswith("recalls.json")
    assert "Expected a weekly report of the EU Safety Gate" in line


def test_a_file_that_is_gone_fails_its_job(bo):
    job = given(bo)
    default_storage.delete(job.file.name)
    uploads.import_next()
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.lines.get().text == "The uploaded file is gone. Upload it again."


def test_a_feed_that_is_no_longer_read_fails_its_job(bo):
    job = given(bo, feed="rapex")
    uploads.import_next()
    job.refresh_from_db()
    assert job.state == "failed"


def test_an_import_that_takes_too_long_keeps_what_it_wrote(bo, monkeypatch):
    monkeypatch.setattr(feed_imports, "BATCH", 1)
    monkeypatch.setattr(uploads, "SECONDS", 0.0)
    job = given(bo)
    uploads.import_next()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "longer than a job may" in job.lines.get().text


def test_the_problems_are_in_the_uploaders_language(cast, bo, monkeypatch):
    cast.bo.language = "ja"
    cast.bo.save(update_fields=["language"])
    languages = []
    monkeypatch.setattr(
        uploads, "import_into", lambda *_, **__: languages.append(translation.get_language())
    )
    given(bo)
    uploads.import_next()
    assert languages == ["ja"]


def test_one_file_at_a_time_so_that_letters_find_a_worker(bo, time):
    first, second = given(bo), given(bo, name="second.json")
    assert queueing.claim(time.now) == first
    assert queueing.claim(time.now) is None
    time.pass_(2 * SILENCE)
    assert queueing.claim(time.now) == second


def test_an_import_by_command_does_not_hold_up_the_queue(bo, time):
    given(bo)
    with running(IMPORT_FEED, label="week.xml", by=SYSTEM, file="week.xml"):
        assert queueing.claim(time.now) is not None


def test_cancelled_while_it_waits_is_cancelled_at_once(bo):
    job = cancel(given(bo), by=bo)
    assert (job.state, job.cancel_requested) == ("cancelled", True)
    assert job.finished_at
    assert uploads.import_next() is None


def test_the_file_of_a_job_that_has_ended_is_forgotten(bo):
    done, waiting = given(bo), given(bo, name="second.json")
    uploads.import_next()
    place = done.file.name
    assert sweeps.forget_files() == 1
    assert not default_storage.exists(place)
    assert default_storage.exists(waiting.file.name)
    assert Job.objects.get(pk=done.pk).file.name == ""
    assert sweeps.forget_files() == 0
