"""Files that are not what they should be, for every feed; compression, memory, fingerprints."""

import dataclasses
import gzip
import io
import tracemalloc
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellers.feeds import json_records
from sellers.feeds.base import AlertRecord, IncidentRecord, Notice, Rejection, content_hash
from sellers.feeds.reasons import FeedError, Problem, Reason, reason_sentence, remedy_sentence
from sellers.feeds.registry import ALERT_FEEDS, INCIDENT_FEEDS
from sellers.feeds.saferproducts import COLUMNS
from tests.sellers.feeds.feed_files import (
    OECD_RECALL,
    SAMPLES,
    alert_file,
    canadian_file,
    incident_file,
    korean_lines,
    oecd_feed,
    oecd_lines,
    read,
    read_alert,
    read_incident,
    recall_file,
)

FEEDS = [*INCIDENT_FEEDS, *ALERT_FEEDS]
FILES: dict[str, Callable[[], bytes]] = {
    "saferproducts": lambda: incident_file({}, {"Incident Description": "it broke\ntwice"}),
    "cpsc": lambda: recall_file({}, {"RecallNumber": "26607"}),
    "safety_gate": lambda: alert_file(
        {}, {"product": "Doll"}, pictures=("https://ec.europa.eu/1",)
    ),
    "health_canada": lambda: canadian_file({}, {"NID": "82175"}),
    "oecd": lambda: oecd_feed({}, {"title": "Dolls"}),
    "safety_korea": lambda: korean_lines({}, {"id": "KR:90000002"}),
}
LINES = {"oecd": oecd_lines, "safety_korea": korean_lines}


def problem_of(name: str, content: bytes) -> FeedError:
    with pytest.raises(FeedError) as caught:
        read(name, content)
    return caught.value


def test_every_feed_is_entered_under_its_own_name() -> None:
    assert [*FILES] == FEEDS
    for name in FEEDS:
        feed = INCIDENT_FEEDS.get(name) or ALERT_FEEDS[name]
        assert feed.name == name
        assert feed.title
        assert feed.licence


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_an_empty_file(name: str, content: bytes) -> None:
    error = problem_of(name, content)
    assert error.problem is Problem.EMPTY
    assert str(error).startswith("The file is empty. Expected a")


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("page", [b"<!DOCTYPE html><html>503", b"\n  <HTML><body>Sorry</body>"])
def test_a_web_page(name: str, page: bytes) -> None:
    assert problem_of(name, page).problem is Problem.WEB_PAGE
    assert problem_of(name, gzip.compress(page)).problem is Problem.WEB_PAGE


@pytest.mark.parametrize("name", FEEDS)
def test_gzip_is_read_as_it_is(name: str) -> None:
    content = FILES[name]()
    plain = read(name, content)
    assert len(plain) == 2
    assert not any(isinstance(record, Rejection) for record in plain)
    assert read(name, gzip.compress(content)) == plain


@pytest.mark.parametrize("name", FEEDS)
def test_a_gzip_file_that_breaks_off_or_is_damaged(name: str) -> None:
    compressed = bytearray(gzip.compress(FILES[name]()))
    assert problem_of(name, bytes(compressed[:-12])).problem is Problem.BROKEN_GZIP
    compressed[len(compressed) // 2] ^= 0xFF
    assert problem_of(name, bytes(compressed)).problem is Problem.BROKEN_GZIP


@pytest.mark.parametrize("name", FEEDS)
def test_the_callers_stream_stays_open_and_need_not_seek(name: str) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_arguments: int) -> int:
            raise io.UnsupportedOperation("seek")

    stream = Pipe(FILES[name]())
    feed = INCIDENT_FEEDS.get(name) or ALERT_FEEDS[name]
    assert len(list(feed.read(stream))) == 2
    assert not stream.closed


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("other", FEEDS)
def test_the_file_of_another_feed(name: str, other: str) -> None:
    if name != other:
        assert problem_of(name, FILES[other]()).expected


def test_the_wrong_table_is_named_with_its_line() -> None:
    error = problem_of("saferproducts", b"Title,Date,Summary\nStuffed animals,3/25/2008 ,Recall\n")
    assert error.problem is Problem.WRONG_FORMAT
    assert error.line == 2
    assert str(error) == (
        "Line 2: Found no header line that begins with “Report No.”. Expected a SaferProducts.gov "
        "export of incident reports (CSV, 40 columns)."
    )


def test_missing_columns_are_named() -> None:
    content = incident_file({}).replace(b",UPC,", b",EAN,").replace(b"Report Date", b"When")
    error = problem_of("saferproducts", content)
    assert (error.problem, error.line) == (Problem.MISSING_COLUMNS, 2)
    assert error.detail == "Report Date, UPC"


def test_columns_may_stand_in_another_order() -> None:
    header = ",".join(f'"{column}"' for column in [COLUMNS[0], *reversed(COLUMNS[1:])])
    cells = {"Report No.": "R-1", "Product Description": "Beads", "Report Date": "2/7/2024"}
    row = ",".join(cells.get(column, "") for column in [COLUMNS[0], *reversed(COLUMNS[1:])])
    (record,) = read("saferproducts", f"{header}\n{row}\n".encode())
    assert isinstance(record, IncidentRecord)
    assert record.product_description == "Beads"


def test_text_that_is_not_utf_8_is_named_with_its_line() -> None:
    content = incident_file({}, {"Brand": "Zoé"}).replace("é".encode(), b"\xe9")
    error = problem_of("saferproducts", content)
    assert (error.problem, error.line, error.detail) == (Problem.BAD_ENCODING, 4, "0xe9")
    error = problem_of("cpsc", b'[\n"\xe9"]')
    assert (error.problem, error.line) == (Problem.BAD_ENCODING, 2)
    error = problem_of("health_canada", canadian_file({}, {})[:-2] + b',\n"\n\xe9"]')
    assert (error.problem, error.line, error.detail) == (Problem.BAD_ENCODING, 29, "0xe9")
    error = problem_of("safety_korea", korean_lines({}) + b'{"id": "\xe9"}')
    assert (error.problem, error.line) == (Problem.BAD_ENCODING, 2)


def test_an_unclosed_quote_swallows_no_rows() -> None:
    error = problem_of("saferproducts", incident_file({}) + b'"20240207-X,2/7/2024\nmore\n')
    assert error.problem is Problem.BROKEN_CSV


def test_a_byte_order_mark_is_read_over() -> None:
    for name in FEEDS:
        assert len(read(name, b"\xef\xbb\xbf" + FILES[name]())) == 2


@pytest.mark.parametrize(
    "answer",
    [b"[1, 2", b"[NaN]", b"[" * 100_000, b'[{"a": 1' + b"0" * 10_000 + b"}]"],
)
def test_broken_json(answer: bytes) -> None:
    assert problem_of("cpsc", answer).problem is Problem.BROKEN_JSON


@pytest.mark.parametrize("name", ["cpsc", "health_canada"])
@pytest.mark.parametrize("answer", [b"{}", b'"text"', b'[{"id": 1}]', b"[null, {}]", b"7"])
def test_json_of_another_kind(name: str, answer: bytes) -> None:
    assert problem_of(name, answer).problem is Problem.WRONG_FORMAT


@pytest.mark.parametrize("content", [b"[", b"[ ", b"[\n", b"[1", b"[{}"])
def test_an_array_that_breaks_off_at_its_beginning(content: bytes) -> None:
    assert problem_of("health_canada", content).problem in {
        Problem.BROKEN_JSON,
        Problem.WRONG_FORMAT,
    }


@pytest.mark.parametrize(
    "end",
    [b"", b",", b", {", b', {"NID": "1"', b" {}]", b"] []", b", NaN]", b", 1" + b"0" * 5000 + b"]"],
)
def test_an_array_that_breaks_off_gives_what_came_before(end: bytes) -> None:
    entries = ALERT_FEEDS["health_canada"].read(io.BytesIO(canadian_file({}, {})[:-2] + end))
    assert [type(next(entries)), type(next(entries))] == [AlertRecord, AlertRecord]
    with pytest.raises(FeedError) as caught:
        list(entries)
    assert caught.value.problem is Problem.BROKEN_JSON
    assert caught.value.line == 27


def test_an_array_is_read_the_same_wherever_its_chunks_end(monkeypatch: pytest.MonkeyPatch) -> None:
    content = canadian_file({}, {"NID": 82175, "Title": "Zoé’s “tower” stool"}, 12, "text", None)
    whole = read("health_canada", content)
    for size in range(1, 60):
        monkeypatch.setattr(json_records, "_CHUNK", size)
        assert read("health_canada", content) == whole


def test_an_endless_entry_is_refused_before_it_fills_the_memory() -> None:
    content = canadian_file({})[:-2] + b', {"Title": "' + b"x" * 9_000_000
    assert problem_of("health_canada", content).problem is Problem.TOO_LARGE


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("first", [b"[]", b"{}", b'{"id": 1}', b"7", b"title,id", b"{"])
def test_lines_of_another_kind(name: str, first: bytes) -> None:
    content = first + b"\n" + LINES[name]({})
    assert problem_of(name, content).problem is Problem.WRONG_FORMAT


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("line", [b"[]", b"{", b"7", b"[" * 100_000, b'{"id": NaN}'])
def test_a_line_that_is_no_record_is_rejected_and_the_others_are_read(
    name: str, line: bytes
) -> None:
    before, rejection, after = read(name, LINES[name]({}, b"", line, {}))
    assert isinstance(rejection, Rejection)
    assert (rejection.row, rejection.code) == (2, "not_an_object")
    assert not isinstance(before, Rejection)
    assert not isinstance(after, Rejection)
    assert after.row == 3


def test_a_report_that_breaks_off_gives_what_came_before() -> None:
    content = alert_file({}, {})[:-40]
    records = ALERT_FEEDS["safety_gate"].read(io.BytesIO(content))
    assert isinstance(next(records), AlertRecord)
    with pytest.raises(FeedError) as caught:
        list(records)
    assert caught.value.problem is Problem.BROKEN_XML
    assert caught.value.line == 1


def test_xml_that_would_grow_or_reach_out_is_refused() -> None:
    for declaration in ('<!ENTITY a "b">', '<!ENTITY a SYSTEM "file:///etc/passwd">'):
        content = f"<!DOCTYPE x [{declaration}]><Safety-Gate>&a;</Safety-Gate>".encode()
        assert problem_of("safety_gate", content).problem is Problem.BROKEN_XML


@pytest.mark.parametrize("report_date", ["", "2026-08-14", "31/02/2026"])
def test_a_report_without_a_date(report_date: str) -> None:
    error = problem_of("safety_gate", alert_file({}, report_date=report_date))
    assert error.problem is Problem.NO_REPORT_DATE


def test_other_xml_is_named() -> None:
    error = problem_of("safety_gate", b"<rss><channel/></rss>")
    assert (error.problem, error.detail) == (Problem.WRONG_FORMAT, "<rss>")


def test_the_files_name_stands_in_the_sentence() -> None:
    stream = io.BytesIO(b"")
    stream.name = "/somewhere/weekly.xml"
    with pytest.raises(FeedError, match=r"^weekly\.xml: The file is empty"):
        list(ALERT_FEEDS["safety_gate"].read(stream))


@pytest.mark.parametrize("name", FEEDS)
@given(content=st.binary(max_size=300))
def test_arbitrary_bytes_give_records_or_a_feed_error(name: str, content: bytes) -> None:
    outcome(name, content)
    outcome(name, gzip.compress(content))


@pytest.mark.parametrize("name", FEEDS)
@given(data=st.data())
def test_damaged_files_give_records_or_a_feed_error(name: str, data: st.DataObject) -> None:
    content = bytearray(FILES[name]())
    places = st.integers(0, len(content) - 1)
    for place in data.draw(st.lists(places, max_size=8), label="places"):
        content[place] = data.draw(st.integers(0, 255), label="byte")
    cut = data.draw(st.integers(0, len(content)), label="cut")
    outcome(name, bytes(content))
    outcome(name, bytes(content[:cut]))


@pytest.mark.parametrize("name", FEEDS)
@given(text=st.text(alphabet=st.characters(exclude_categories=[]), max_size=60))
def test_any_text_in_any_field_gives_a_record_or_a_rejection(name: str, text: str) -> None:
    content = {
        "saferproducts": lambda: _filled_incident(text),
        "cpsc": lambda: recall_file(
            dict.fromkeys(("RecallNumber", "RecallDate", "Description", "URL"), text),
            {"Title": text, "Products": [{"Name": text}], "ProductUPCs": [{"UPC": text}]},
        ),
        "safety_gate": lambda: _filled_alert(text),
        "health_canada": lambda: canadian_file(
            dict.fromkeys(("Title", "Product", "Issue", "Category", "Recall class", "URL"), text),
            {"NID": text, "Last updated": text},
        ),
        "oecd": lambda: oecd_lines(
            dict.fromkeys(("title", "description", "ext_url", "image_url"), text),
            {"guid": OECD_RECALL["guid"] + text, "made_in": [text]},
        ),
        "safety_korea": lambda: korean_lines(
            dict.fromkeys(("model", "company", "recall_kind_source", "source_url"), text),
            {"id": text, "date_published": text, "product_name": text},
        ),
    }[name]()
    for record in read(name, content):
        if isinstance(record, Rejection):
            assert record.reason
            assert record.remedy
        else:
            assert len(content_hash(record)) == 64


def outcome(name: str, content: bytes) -> None:
    """Reads ``content``; any exception but a FeedError that can be put into words is a fault."""
    with suppress(FeedError):
        try:
            read(name, content)
        except FeedError as error:
            str(error)
            raise


def _filled_incident(text: str) -> bytes:
    text = text.encode("utf-8", "replace").decode().replace("\r", "")
    return incident_file({column: text for column in COLUMNS if column != "Report Date"})


def _filled_alert(text: str) -> bytes:
    text = "".join(letter for letter in text if letter.isprintable())
    tags = ("brand", "type_numberOfModel", "barcode", "danger", "measures", "onlineTrader", "type")
    return alert_file(dict.fromkeys(tags, text), pictures=(text,))


def repeated_report(times: int) -> bytes:
    with gzip.open(SAMPLES / "safety_gate" / "report_690.xml.gz") as file:
        report = file.read()
    start = report.index(b"<notifications")
    end = report.rindex(b"</notifications>") + len(b"</notifications>")
    return report[:start] + report[start:end] * times + report[end:]


LONG_FILES: dict[str, Callable[[int], bytes]] = {
    "safety_gate": repeated_report,
    "health_canada": lambda times: canadian_file(*[{"Product": "Stools " * 30}] * 400 * times),
    "oecd": lambda times: oecd_feed(*[{"description": "Cubes " * 200}] * 200 * times),
    "safety_korea": lambda times: korean_lines(*[{"company": "Toys " * 60}] * 400 * times),
}


@pytest.mark.parametrize("name", LONG_FILES)
def test_memory_stays_flat_however_long_the_file_is(name: str) -> None:
    """Twenty times the records may not need twice the memory."""

    def peak(times: int) -> tuple[int, int]:
        content = gzip.compress(LONG_FILES[name](times), 1)
        tracemalloc.start()
        records = sum(1 for _ in ALERT_FEEDS[name].read(io.BytesIO(content)))
        _now, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return records, highest

    (few, small), (many, large) = peak(1), peak(20)
    assert many == 20 * few
    assert large < 2 * small


def test_an_equal_hash_means_unchanged() -> None:
    first, second = read("safety_gate", alert_file({"product": "Doll"}, {"product": "Doll"}))
    assert isinstance(first, AlertRecord)
    assert isinstance(second, AlertRecord)
    assert first.row != second.row
    assert content_hash(first) == content_hash(second)
    noticed = dataclasses.replace(first, notices=(Notice("brand", Reason.MIXED_SCRIPTS),))
    assert content_hash(noticed) == content_hash(first)


def test_any_change_of_content_changes_the_hash() -> None:
    base = read_alert()
    for fields in ({"brand": "Elif"}, {"danger": "Hot."}, {"level": "Other risk levels"}):
        assert content_hash(read_alert(**fields)) != content_hash(base)
    report = read_incident()
    assert content_hash(read_incident(City="Butler")) != content_hash(report)
    assert content_hash(read_incident(UPC="N/A")) != content_hash(report)


def test_every_reason_has_sentences_that_take_any_value() -> None:
    for code in Reason:
        assert reason_sentence(code, field="UPC", value="{x}")
        assert remedy_sentence(code, field="UPC", value="{x}")
