"""OECD GlobalRecalls in both formats: real records, and what is odd in them."""

from datetime import date

import pytest

from sellers.feeds.base import AlertRecord, Hazard, Rejection, content_hash
from tests.sellers.feeds.feed_files import (
    OECD_RECALL,
    SAMPLES,
    notice_codes,
    oecd_feed,
    oecd_lines,
    read,
    read_oecd,
)

ADDRESS = "http://PoliciesApplications.oecd.org/GlobalRecalls/Recall/"


def sample(name: str) -> dict[str, AlertRecord]:
    rows = read("oecd", (SAMPLES / name).read_bytes())
    assert not any(isinstance(row, Rejection) for row in rows)
    return {row.native_id: row for row in rows if isinstance(row, AlertRecord)}


@pytest.fixture(scope="module")
def lines() -> dict[str, AlertRecord]:
    return sample("oecd.jsonl")


@pytest.fixture(scope="module")
def feed() -> dict[str, AlertRecord]:
    return sample("oecd_rss.xml")


def test_every_record_of_the_samples_is_accepted(lines, feed) -> None:
    assert (len(lines), len(feed)) == (36, 48)


def test_a_real_record_of_the_lines(lines: dict[str, AlertRecord]) -> None:
    recall = lines["EN/US/00180"]
    assert (recall.number, recall.notifying_country) == ("00180", "US")
    assert recall.title == recall.product_name == "Kawasaki Prairie ATV, 1997-1999 models"
    assert recall.description.startswith("The following 4-wheel drive Prairie ATV")
    assert recall.published_on == date(2000, 9, 13)
    assert recall.recall_url.startswith("https://www.cpsc.gov/Recalls/2000/CPSC-Kawasaki")
    assert recall.pictures == (f"{ADDRESS}EN/US/00180/00180.jpg",)
    assert recall.url == (
        "https://globalrecalls.oecd.org/#/recalls/"
        "http%3A%2F%2FPoliciesApplications.oecd.org%2FGlobalRecalls%2FRecall%2FEN%2FUS%2F00180"
    )


def test_a_real_record_of_the_feed(feed: dict[str, AlertRecord]) -> None:
    recall = feed["EN/AU/PS1134914"]
    assert recall.title == "ORBEA Optima Asphalt & Comfort e-bikes"
    assert recall.description.startswith(
        "Optima step-through e-bikes in two models:\nAsphalt\nComfort"
    )
    assert "<" not in recall.description
    assert (recall.notifying_country, recall.published_on) == ("AU", date(2026, 8, 19))
    assert feed["EN/US/26699"].models == ("LTBBHG006",)


def test_both_formats_lead_to_the_same_page_and_number(lines, feed) -> None:
    both = lines.keys() & feed.keys()
    assert both
    for native_id in both:
        assert lines[native_id].url == feed[native_id].url
        assert lines[native_id].number == feed[native_id].number


def test_a_recall_in_two_languages_is_two_records_of_one_number(feed) -> None:
    english, french = feed["EN/CA/82500"], feed["FR/CA/82500"]
    assert english.number == french.number == "82500"
    assert french.title.startswith("Store à rouleau manuel")


def test_numbers_with_slashes(lines: dict[str, AlertRecord]) -> None:
    recall = lines["EN/FR/0879/11"]
    assert (recall.number, recall.notifying_country) == ("0879/11", "FR")
    assert recall.country_of_origin == "NZ"


@pytest.mark.parametrize(
    ("address", "title", "hazards"),
    [
        ("2010/Horse-Figures-Recalled-Due-to-Violation-of-Lead-Paint", "Toys", (Hazard.CHEMICAL,)),
        ("2009/Fire-Truck-Recalled-Due-to-Choking-Hazard", "Fire trucks", (Hazard.CHOKING,)),
        ("2011/Recall-to-Repair", "Blinds with a strangulation hazard", (Hazard.STRANGULATION,)),
        ("", "Toys", (Hazard.OTHER,)),
    ],
)
def test_the_hazard_stands_in_the_authoritys_headline(address, title, hazards) -> None:
    recall = read_oecd(
        ext_url=f"https://www.cpsc.gov/Recalls/{address}" * bool(address), title=title
    )
    assert (recall.hazards, recall.hazard_text) == (hazards, "")


def test_several_countries_of_origin() -> None:
    recall = read_oecd(made_in=["CN", "Taiwan"])
    assert recall.country_of_origin == "CN"
    assert notice_codes(recall) == [("made_in", "several_countries")]
    recall = read_oecd(made_in=["Atlantis"])
    assert recall.country_of_origin == ""
    assert notice_codes(recall) == [("made_in", "country_unknown")]


def test_when_it_was_collected_is_no_content() -> None:
    today, tomorrow = read(
        "oecd", oecd_lines({}, {"first_seen": "2026-08-22", "collected_via": "rss"})
    )
    assert isinstance(today, AlertRecord)
    assert isinstance(tomorrow, AlertRecord)
    assert content_hash(today) == content_hash(tomorrow)
    first, second = read("oecd", oecd_feed({"pubDate": "Wed, 19 Aug 2026"}, {"pubDate": "Thu"}))
    assert isinstance(first, AlertRecord)
    assert isinstance(second, AlertRecord)
    assert content_hash(first) == content_hash(second)


BAD = [
    ({"guid": "https://example.org/1"}, "guid", "no_id"),
    ({"guid": f"{OECD_RECALL['guid']}{'9' * 200}"}, "guid", "no_id"),
    ({"title": "  "}, "title", "no_product"),
]


@pytest.mark.parametrize(("entry", "field", "code"), BAD)
@pytest.mark.parametrize("write", [oecd_lines, oecd_feed])
def test_rows_that_cannot_be_used(write, entry, field: str, code: str) -> None:
    _first, rejection, _last = read("oecd", write({}, entry, {}))
    assert isinstance(rejection, Rejection)
    assert (rejection.row, rejection.field, rejection.code) == (2, field, code)
    assert rejection.reason
    assert rejection.remedy


@pytest.mark.parametrize(
    ("day", "code"),
    [("", "date_missing"), ("19 Aug 2026", "no_date"), ("2026-02-30", "no_date")],
)
def test_rows_without_a_day(day: str, code: str) -> None:
    for content in (
        oecd_lines({"date_submitted": day}),
        oecd_feed({"dcterms:dateSubmitted": day}),
    ):
        (rejection,) = read("oecd", content)
        assert isinstance(rejection, Rejection)
        assert (rejection.field, rejection.code) == ("date_submitted", code)
        assert rejection.native_id == "EN/US/26698"
