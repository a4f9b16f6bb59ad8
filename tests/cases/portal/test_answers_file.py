"""The portal's pages of answers by file: template, upload, preview, job, results, history."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cases.flows import answer_files
from cases.models import AnswerFile
from cases.pages.timeline import timeline
from cases.portal import answers_file, answers_file_downloads
from surveillance.jobs.models import SILENCE, Job
from tests.cast import answers_csv

HEADING = ["request", "number", "url", "title", "due", "outcome", "ground", "text", "answer_id"]


@pytest.fixture
def dots(dot, client_of):
    return client_of(dot)


@pytest.fixture
def takedown(story):
    return story.issued(listings=4)


def row(takedown, number: int, outcome: str = "removed") -> tuple[object, ...]:
    return (takedown.reference, number, outcome, "", "")


def page(client, file: AnswerFile, name: str = "portal-file", query: str = "", **headers):
    return client.get(reverse(name, args=[file.reference]) + query, **headers)


def body(response) -> str:
    return response.content.decode()


def table_of(response) -> list[list[str]]:
    """The rows of a download, CSV or XLSX, as a spreadsheet program shows them."""
    content = b"".join(response.streaming_content)
    if content.startswith(b"PK"):
        sheet = load_workbook(io.BytesIO(content))["answers"]
        return [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def template(client, extension: str, query: str = "") -> list[list[str]]:
    return table_of(client.get(reverse("portal-files-template", args=[extension]) + query))


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_the_template_has_a_row_for_each_listing_that_waits(dots, takedown, story, extension):
    other = story.issued_notice(listings=1)
    heading, *rows = template(dots, extension)
    assert heading == HEADING
    items = [*takedown.items.order_by("number"), *other.items.all()]
    expected = {
        (item.takedown.reference, str(item.number), item.listing.url, item.listing.title)
        for item in items
    }
    assert {tuple(cells[:4]) for cells in rows} == expected
    assert all(cells[5:] == ["", "", "", ""] for cells in rows)
    _heading, *of_one = template(dots, extension, f"?request={other.reference}")
    assert [cells[0] for cells in of_one] == [other.reference]


def test_the_template_offers_the_allowed_values(dots, takedown):
    address = reverse("portal-files-template", args=["xlsx"])
    book = load_workbook(io.BytesIO(b"".join(dots.get(address).streaming_content)))
    lists = {}
    for validation in book["answers"].data_validations.dataValidation:
        sheet, cells = validation.formula1.replace("'", "").split("!")
        first_row = str(validation.sqref).partition(":")[0]
        lists[first_row] = [cell.value for (cell,) in book[sheet][cells.replace("$", "")]]
    assert lists["F2"] == ["removed", "not_found", "refused", "needs_information"]
    assert lists["G2"][0] == "not_this_product"
    assert len(lists["G2"]) == 5


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_template_filled_in_can_be_uploaded(dots, takedown, extension, story):
    address = reverse("portal-files-template", args=[extension])
    content = b"".join(dots.get(address).streaming_content)
    if extension == "xlsx":
        book = load_workbook(io.BytesIO(content))
        book["answers"]["F2"], book["answers"]["F3"] = "not_found", "removed"
        out = io.BytesIO()
        book.save(out)
        content = out.getvalue()
    else:
        content = content.replace(b'"","","",""\r\n', b'"removed","","",""\r\n', 2)
    upload = io.BytesIO(content)
    upload.name = f"answers.{extension}"
    response = dots.post(reverse("portal-files"), {"file": upload})
    file = AnswerFile.objects.get()
    assert response.headers["Location"] == reverse("portal-file", args=[file.reference])
    assert (file.ready, file.left_open, file.refused) == (2, 2, 0)


def test_the_template_is_of_the_reader_alone(dots, takedown, cast, client_of):
    devs = client_of(cast.dev)
    assert template(devs, "csv") == [HEADING]
    address = reverse("portal-files-template", args=["csv"])
    assert devs.get(f"{address}?request={takedown.reference}").status_code == 404
    assert dots.get(reverse("portal-files-template", args=["pdf"])).status_code == 404


def test_a_template_holds_no_more_than_a_file_may(dots, takedown, monkeypatch):
    monkeypatch.setattr(answers_file_downloads, "LINES", 3)
    assert len(template(dots, "csv")) == 1 + 3


def test_the_way_there(dots, takedown):
    address = reverse("portal-files")
    assert f'href="{address}"' in body(dots.get(reverse("portal")))
    one = body(dots.get(reverse("portal-takedown", args=[takedown.reference])))
    assert f'href="{address}?request={takedown.reference}"' in one


@pytest.mark.parametrize(
    ("name", "status"), [("dot", 200), ("dev", 200), ("ana", 403), ("ada", 403), ("eve", 302)]
)
def test_who_may_look(cast, client_of, name, status):
    client = client_of(getattr(cast, name, None))
    assert client.get(reverse("portal-files")).status_code == status


@pytest.mark.parametrize(
    ("route", "extra"),
    [
        ("portal-file", []),
        ("portal-file-progress", []),
        ("portal-file-results", ["csv"]),
        ("portal-file-hand_in", []),
        ("portal-file-stop", []),
    ],
)
def test_a_rival_finds_no_file(story, cast, client_of, route, extra):
    file = story.answer_file()
    address = reverse(route, args=[file.reference, *extra])
    assert client_of(cast.dev).get(address).status_code == 404
    assert client_of(cast.ana).get(address).status_code == 403


def test_a_file_that_cannot_be_read_is_refused_at_its_field(dots, takedown):
    upload = answers_csv(("x",), columns=("colour",))
    response = dots.post(reverse("portal-files"), {"file": upload})
    assert response.status_code == 422
    assert "We do not know these columns: “colour”" in body(response)
    assert not AnswerFile.objects.exists()


def test_the_preview_shows_errors_first_and_each_cell(dots, takedown, story):
    file = story.answer_file(row(takedown, 1), row(takedown, 2, "gone"))
    shown = body(page(dots, file))
    assert "There is no such outcome" in shown
    assert "(C3)" in shown
    assert "Hand in 1 answer" in shown
    good = body(page(dots, file, query="?rows=ready"))
    assert f"{takedown.reference}/1" in good
    assert "There is no such outcome" not in good


def test_a_long_preview_has_pages(dots, takedown, story, monkeypatch):
    monkeypatch.setattr(answers_file, "ROWS_A_PAGE", 2)
    file = story.answer_file(*(row(takedown, number) for number in (1, 2, 3, 4)))
    first = page(dots, file)
    assert [one.row for one in first.context["page"]["rows"]] == [2, 3]
    second = page(dots, file, query=first.context["page"]["next_url"])
    assert [one.row for one in second.context["page"]["rows"]] == [4, 5]
    assert page(dots, file, query="?after=nonsense").status_code == 404


def test_handing_in_watching_and_the_result(dots, takedown, story, time):
    file = story.answer_file(row(takedown, 1), row(takedown, 2))
    response = dots.post(reverse("portal-file-hand_in", args=[file.reference]))
    assert response.status_code == 302
    waiting = body(page(dots, file))
    assert 'hx-trigger="every 2s"' in waiting
    assert "It begins when a worker is free" in waiting
    assert "Reload" in waiting
    Job.objects.update(state="running", done=1, progressed_at=time.now)
    Job.objects.update(started_at=time.now - timedelta(minutes=3))
    part = body(page(dots, file, "portal-file-progress", HTTP_HX_REQUEST="true"))
    assert "about 3 minutes left" in part
    assert reverse("portal-file-stop", args=[file.reference]) in part
    Job.objects.update(state="queued")
    answer_files.answer_next()
    ended = page(dots, file, "portal-file-progress", HTTP_HX_REQUEST="true")
    assert ended.headers["HX-Refresh"] == "true"
    assert "Every answer was taken" in body(page(dots, file))


def test_a_silent_job_is_said_to_be_so(dots, story, time):
    file = story.handed_in_file()
    Job.objects.update(state="running", progressed_at=time.now)
    time.pass_(SILENCE + timedelta(seconds=1))
    assert "Nothing has been heard of it" in body(page(dots, file))


def test_stopping(dots, story):
    file = story.handed_in_file()
    dots.post(reverse("portal-file-stop", args=[file.reference]))
    shown = body(page(dots, file))
    assert "It was stopped" in shown
    assert "1 row was not reached" in shown
    assert "Go on with 1 row" in shown


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_the_file_of_results_corrected_is_uploaded_again(dots, takedown, story, extension):
    file = story.answer_file(row(takedown, 1), row(takedown, 2, "gone"))
    answer_files.hand_in(file, by=story.dot)
    answer_files.answer_next()
    address = reverse("portal-file-results", args=[file.reference, extension])
    heading, good, bad = table_of(dots.get(address))
    assert heading == ["request", "number", "outcome", "ground", "text", "result", "reason"]
    assert good[-2:] == ["answered", ""]
    assert bad[5] == "refused"
    assert bad[6].startswith("outcome: There is no such outcome. Write one of: removed,")
    bad[2] = "not_found"
    again = answer_files.upload(by=story.dot, file=answers_csv(good, bad, columns=tuple(heading)))
    assert (again.unchanged, again.ready, again.refused) == (1, 1, 0)


def test_the_history_of_files_is_the_platforms(dots, story, cast, client_of):
    first, second = story.answer_file(), story.handed_in_file()
    shown = body(dots.get(reverse("portal-files")))
    assert shown.index(second.reference) < shown.index(first.reference)
    assert first.reference not in body(client_of(cast.dev).get(reverse("portal-files")))


def test_the_same_file_again_is_said_to_be_known(dots, takedown, story):
    first = story.answer_file(row(takedown, 1))
    answer_files.hand_in(first, by=story.dot)
    answer_files.answer_next()
    shown = body(page(dots, story.answer_file(row(takedown, 1))))
    assert "The very same file was handed in before" in shown
    assert first.reference in shown


def test_staff_and_platform_see_that_the_answer_came_by_file(dots, takedown, story, rf):
    file = story.answer_file(row(takedown, 1))
    answer_files.hand_in(file, by=story.dot)
    answer_files.answer_next()
    said = f"By file {file.reference}, row 2."
    desk = timeline(takedown.reference, rf.get("/").GET).entries
    assert said in [entry.detail for entry in desk]
    assert said in body(dots.get(reverse("portal-takedown", args=[takedown.reference])))


def test_a_supervisors_imports_do_not_show_it(story, cast, client_of):
    file = story.handed_in_file()
    bos = client_of(cast.bo)
    assert file.job.reference not in body(bos.get(reverse("import-list")))
    assert bos.get(reverse("import-detail", args=[file.job.reference])).status_code == 404
