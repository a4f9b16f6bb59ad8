"""The pages of imports: the list, the upload, one job as it goes on, its problems as a file."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sellers.flows import uploads
from sellers.models import Alert
from surveillance.jobs.models import SILENCE, Job, JobProblem
from tests.sellers.feeds.feed_files import canadian_file

THREE = canadian_file({}, {"NID": "2", "Last updated": None}, {"NID": "3"})


@pytest.fixture
def desk(cast, client_of):
    return client_of(cast.bo)


def a_file(content: bytes = THREE, name: str = "recalls.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(desk, *files, feed: str = "health_canada", **fields):
    data = {"feed": feed, "file": list(files)} | fields
    return desk.post(reverse("import-upload"), data)


def job_page(desk, job: Job, name: str = "import-detail", **headers):
    return desk.get(reverse(name, args=[job.reference]), **headers)


@pytest.fixture
def job(desk) -> Job:
    send(desk, a_file())
    return Job.objects.get()


@pytest.fixture
def running_job(job, time) -> Job:
    """Half of its file is read after a minute."""
    Job.objects.filter(pk=job.pk).update(
        state="running", done=job.total // 2, read=1200, new=1200, progressed_at=time.now
    )
    Job.objects.filter(pk=job.pk).update(started_at=time.now - timedelta(minutes=3))
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("route", ["import-list", "import-upload"])
@pytest.mark.parametrize(
    ("name", "status"),
    [("bo", 200), ("ada", 200), ("ana", 403), ("dot", 403), ("eve", 302)],
)
def test_who_may_look(cast, client_of, route, name, status):
    client = client_of(getattr(cast, name, None))
    assert client.get(reverse(route)).status_code == status


@pytest.mark.parametrize(
    "route", ["import-detail", "import-progress", "import-problems", "import-cancel"]
)
def test_an_inspector_sees_no_job(cast, client_of, job, route):
    assert job_page(client_of(cast.ana), job, route).status_code == 403


@pytest.mark.parametrize(
    "route", ["import-detail", "import-progress", "import-problems", "import-cancel"]
)
def test_a_job_that_does_not_exist(desk, route):
    assert desk.get(reverse(route, args=["J-2026-999999"])).status_code == 404


def test_only_importers_have_it_in_their_navigation(cast, client_of):
    assert reverse("import-list") in client_of(cast.bo).get(reverse("desk")).content.decode()
    assert reverse("import-list") not in client_of(cast.ana).get(reverse("desk")).content.decode()


def test_one_file_leads_to_its_job(desk):
    response = send(desk, a_file())
    job = Job.objects.get()
    assert response.headers["Location"] == reverse("import-detail", args=[job.reference])
    body = desk.get(response.headers["Location"]).content.decode()
    assert "recalls.json" in body
    assert "1 file is waiting for a worker" in body
    assert "Health Canada recalls and safety alerts" in body
    assert job.facts["sha256"] in body


def test_several_files_lead_to_the_list_in_their_order(desk):
    response = send(desk, a_file(), a_file(name="second.json"), dry_run="on")
    assert response.headers["Location"] == reverse("import-list")
    assert list(Job.objects.order_by("id").values_list("label", "kind")) == [
        ("recalls.json", "feed.rehearse"),
        ("second.json", "feed.rehearse"),
    ]
    body = desk.get(reverse("import-list")).content.decode()
    assert body.index("second.json") < body.index("recalls.json")


@pytest.mark.parametrize(
    ("files", "fields", "said"),
    [
        ((), {}, "This field is required"),
        ((a_file(b"", "empty.json"),), {}, "“empty.json” is empty"),
        ((a_file(b"x" * 2_000_000, "big.json"),), {}, "“big.json” is larger than 1 MB"),
        ((a_file(),), {"feed": "rapex"}, "rapex is not one of the available choices"),
        (tuple(a_file(b"x") for _ in range(51)), {}, "These are 51 files. Send at most 50"),
    ],
)
def test_what_is_refused_is_said_at_its_field(desk, monkeypatch, files, fields, said):
    monkeypatch.setattr(uploads, "LIMIT", 2**20)
    response = send(desk, *files, **fields)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Job.objects.exists()


def test_when_one_file_is_refused_none_is_taken(desk):
    assert send(desk, a_file(), a_file(b"", "empty.json")).status_code == 422
    assert not Job.objects.exists()


def test_the_list_is_filtered_by_state_feed_and_name(desk, job):
    for query, is_shown in {
        "?state=queued": True,
        "?state=done": False,
        "?feed=health_canada": True,
        "?feed=cpsc": False,
        "?q=recalls": True,
        "?q=zebra": False,
        f"?q={job.reference.lower()}": True,
    }.items():
        body = desk.get(reverse("import-list") + query).content.decode()
        assert (reverse("import-detail", args=[job.reference]) in body) is is_shown, query


def test_a_job_that_waits_asks_again_and_can_be_cancelled(desk, job):
    body = job_page(desk, job).content.decode()
    assert 'hx-trigger="every 2s"' in body
    assert "It begins when a worker is free" in body
    assert reverse("import-cancel", args=[job.reference]) in body
    assert re.search(r"<noscript><a [^>]*>Reload", body)


def test_how_far_it_is_and_how_long_it_will_take(desk, running_job):
    response = job_page(desk, running_job, "import-progress", HTTP_HX_REQUEST="true")
    body = response.content.decode()
    assert body.lstrip().startswith("<section")
    assert '<progress id="job-progress" max="100" value="50">' in body
    assert "50 % of the file" in body
    assert "about 3 minutes left" in body
    assert "1,200" in body


def test_a_silent_job_is_said_to_be_so(desk, running_job, time):
    time.pass_(SILENCE + timedelta(seconds=1))
    assert "Nothing has been heard of it" in job_page(desk, running_job).content.decode()


def test_polling_ends_with_the_job(desk, job):
    uploads.import_next()
    response = job_page(desk, job, "import-progress", HTTP_HX_REQUEST="true")
    assert response.headers["HX-Refresh"] == "true"
    body = job_page(desk, job).content.decode()
    assert "hx-trigger" not in body
    assert reverse("import-cancel", args=[job.reference]) not in body


def test_a_finished_job_shows_its_rejected_rows_with_reason_and_remedy(desk, job):
    uploads.import_next()
    body = job_page(desk, job).content.decode()
    assert "“Last updated” is empty" in body
    assert "Fill in “Last updated” as the source" in body
    assert reverse("import-problems", args=[job.reference]) in body


def test_the_same_file_again_is_said_to_be_known(desk, job):
    uploads.import_next()
    send(desk, a_file(name="once-more.json"))
    again = Job.objects.order_by("-id").first()
    assert "The very same file was imported before" in job_page(desk, again).content.decode()
    uploads.import_next()
    body = job_page(desk, again).content.decode()
    assert "Nothing was written: we had all of it already" in body
    assert reverse("import-detail", args=[job.reference]) in body
    assert Alert.objects.count() == 2


def test_a_failed_job_says_why(desk):
    send(desk, a_file(b"<html>Try later"))
    uploads.import_next()
    body = job_page(desk, Job.objects.get()).content.decode()
    banner = body.partition("The file was not read to its end")[2][:300]
    assert "This is a web page" in banner


def test_cancel(desk, job):
    desk.post(reverse("import-cancel", args=[job.reference]))
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_all_problems_as_a_file_that_excel_may_open(desk, job):
    uploads.import_next()
    JobProblem.objects.create(
        job=job, kind="mended", row=1, native_id="=1+1", field="@a", reason="+b", remedy="Zoé"
    )
    response = job_page(desk, job, "import-problems")
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="{job.reference}-problems.csv"'
    )
    text = b"".join(response.streaming_content).decode()
    assert text.startswith('\ufeff"Kind","Row",')
    header, rejected, mended = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert len(header) == 6
    assert rejected[:4] == ["rejected", "2", "2", "Last updated"]
    assert mended == ["mended or in doubt", "1", "'=1+1", "'@a", "'+b", "Zoé"]


def test_the_list_costs_the_same_however_many_jobs(desk, django_assert_max_num_queries):
    for number in range(8):
        send(desk, a_file(name=f"{number}.json"))
    desk.get(reverse("import-list"))
    with django_assert_max_num_queries(12):
        desk.get(reverse("import-list"))
