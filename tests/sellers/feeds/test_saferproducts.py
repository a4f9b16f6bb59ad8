"""Incident reports: real ones to the letter, and each kind of dirt that they come with."""

from datetime import date

import pytest

from sellers.feeds.base import IncidentRecord, InjurySeverity, PersonalFacts, Rejection
from sellers.feeds.registry import INCIDENT_FEEDS
from sellers.feeds.saferproducts import COLUMNS, DISCLAIMER
from tests.sellers.feeds.feed_files import (
    SAMPLES,
    incident_file,
    notice_codes,
    read,
    read_incident,
)


@pytest.fixture(scope="module")
def sample() -> dict[str, IncidentRecord]:
    with (SAMPLES / "saferproducts.csv").open("rb") as file:
        records = list(INCIDENT_FEEDS["saferproducts"].read(file))
    assert len(records) == 300
    return {record.native_id: record for record in records if isinstance(record, IncidentRecord)}


def test_a_real_report(sample: dict[str, IncidentRecord]) -> None:
    report = sample["20180518-47F3F-1762317"]
    assert report.reported_on == date(2018, 5, 18)
    assert report.published_on == date(2018, 8, 27)
    assert report.brand == "Calico Toys"
    assert report.model == "Yellow Labrador Twins"
    assert report.serial_number == "CC2019"
    assert report.manufacturer == "Epoch Everlasting Play"
    assert report.category == (
        "Toys & Children > Toys > Pretend Electronics, Tools, Housewares & Appliances (5020)"
    )
    assert report.injury_severity is InjurySeverity.DEATH
    assert report.raw_severity == "Death"
    assert report.submitter_category == "Medical Examiner and Coroner"
    assert report.incident_description.startswith("A 2 year old deceased child came into")
    assert report.purchased_on is None
    assert report.further_answers["Submitter Has Product"] == "Yes"
    assert report.personal == PersonalFacts(state="New Mexico", age=2, sex="female")
    assert report.notices == ()


def test_every_report_of_the_sample_is_accepted(sample: dict[str, IncidentRecord]) -> None:
    assert len(sample) == 300
    assert all(report.personal.town == report.personal.zip_code == "" for report in sample.values())


@pytest.mark.parametrize(
    ("native_id", "upc", "gtins", "notices"),
    [
        ("20140211-C07F0-2147447338", "0 75656 01369 8", ("00075656013698",), []),
        ("20151212-3F564-2147425903", "see abovr", (), [("UPC", "not_a_code")]),
        ("20220113-CE46C-2147358011", "8 43479 14765", (), [("UPC", "gtin_invalid")]),
        ("20230103-212D1-2147351681", "UPC: 0793466230", (), [("UPC", "gtin_invalid")]),
        ("20230804-40776-2147346017", "B07CHC8379", (), []),
    ],
)
def test_real_barcode_fields(
    sample: dict[str, IncidentRecord],
    native_id: str,
    upc: str,
    gtins: tuple[str, ...],
    notices: list[tuple[str, str]],
) -> None:
    report = sample[native_id]
    assert report.raw_upc == upc
    assert report.gtins == gtins
    assert notice_codes(report) == notices


@pytest.mark.parametrize(
    "before",
    [
        "",
        f"Disclaimer: {DISCLAIMER}\n",
        f"Disclaimer: {DISCLAIMER}\n\n",
        f"SearchResults_IncidentReport_05262025_1947\nDisclaimer: {DISCLAIMER}{',' * 39}\n",
    ],
)
def test_lines_before_the_header(before: str) -> None:
    (record,) = read("saferproducts", incident_file({}, before=before))
    assert isinstance(record, IncidentRecord)
    assert record.product_description == "Water beads"
    assert record.row == 1


@pytest.mark.parametrize(
    ("words", "severity"),
    [
        ("No Incident, No Injury", "none"),
        ("Incident, No Injury", "none"),
        ("Injury - No First Aid or Medical Attention Received", "minor"),
        ("Injury - First Aid Received by Non-Medical Professional", "first_aid"),
        ("Injury - Seen by Medical Professional", "first_aid"),
        ("Injury - Emergency Department Treatment Received", "emergency"),
        ("Injury - Hospital Admission", "hospital"),
        ("Death", "death"),
        ("Injury - Level of care not known", "unknown"),
        ("Unspecified", "unknown"),
        ("", "unknown"),
    ],
)
def test_severities(words: str, severity: str) -> None:
    report = read_incident(_Primary__Victim_Severity=words)
    assert report.injury_severity == severity
    assert report.raw_severity == words
    assert report.notices == ()


def test_an_unknown_severity_is_told() -> None:
    report = read_incident(_Primary__Victim_Severity="Broken heart")
    assert report.injury_severity is InjurySeverity.UNKNOWN
    (notice,) = report.notices
    assert notice.reason == "“Broken heart” is not a known degree of injury; it counts as unknown."


def test_fields_that_say_nothing_are_empty() -> None:
    report = read_incident(
        Brand="I don't know",
        Model_Name_or_Number="Unknown ",
        Serial_Number="N/A",
        Retailer="?",
        UPC="Not available ",
        My_Relation_To_The__Primary__Victim="Unspecified",
        _Primary__Victim_s_Age__years_="-1",
        _Primary__Victim_s_Sex="Unknown",
    )
    assert (report.brand, report.model, report.serial_number, report.retailer) == ("", "", "", "")
    assert report.raw_upc == "Not available"
    assert report.identifiers == ()
    assert report.personal == PersonalFacts()
    assert report.notices == ()


def test_dates_with_a_trailing_blank_and_dates_that_are_none() -> None:
    report = read_incident(Purchase_Date="12/15/2023 ", Date_Manufactured="2/30/2023")
    assert report.reported_on == date(2024, 2, 7)
    assert report.purchased_on == date(2023, 12, 15)
    assert report.manufactured_on is None
    assert notice_codes(report) == [("Date Manufactured", "date_unreadable")]


def test_redactions_stay_as_they_stand() -> None:
    report = read_incident(Incident_Description="We gave it to [REDACTED].")
    assert report.incident_description == "We gave it to [REDACTED]."


def test_facts_about_people_stand_apart_and_out_of_logs() -> None:
    report = read_incident(
        City="Nederland", State="Colorado", ZIP="80466", _Primary__Victim_s_Age__years_="3"
    )
    assert report.personal == PersonalFacts("Nederland", "Colorado", "80466", 3)
    assert "Nederland" not in repr(report)
    assert "80466" not in repr(report)


@pytest.mark.parametrize(
    ("state", "zip_code", "restored"),
    [("New Jersey", "7041", "07041"), ("Vest-Agder", "4630", "4630"), ("Ohio", "44101", "44101")],
)
def test_postal_codes_that_lost_their_zero(state: str, zip_code: str, restored: str) -> None:
    report = read_incident(State=state, ZIP=zip_code)
    assert report.personal.zip_code == restored
    assert [notice.value for notice in report.notices] == ([""] if zip_code != restored else [])


def test_an_unreadable_age_is_told_without_the_text() -> None:
    report = read_incident(_Primary__Victim_s_Age__years_="three")
    assert report.personal.age is None
    assert notice_codes(report) == [("(Primary) Victim's Age (years)", "age_unreadable")]
    assert report.notices[0].value == ""


def test_associated_reports() -> None:
    numbers = "20170706-C2441-2147399171, 20230112-A8137-2147351450"
    report = read_incident(Associated_Report_Numbers=numbers)
    assert report.associated_reports == tuple(numbers.split(", "))


def test_a_report_without_description_is_named_by_brand_and_model() -> None:
    report = read_incident(Product_Description=" ", Brand="VTech", Model_Name_or_Number="80-144700")
    assert report.product_description == "VTech 80-144700"
    assert notice_codes(report) == [("Product Description", "product_from_description")]


@pytest.mark.parametrize(
    ("row", "field", "code", "reason"),
    [
        ({"Report No.": " "}, "Report No.", "no_id", "gives no number"),
        ({"Report Date": "13/13/2024"}, "Report Date", "no_date", "is not a date: “13/13/2024”"),
        ({"Report Date": ""}, "Report Date", "no_date", "is not a date"),
        ({"Product Description": "?"}, "Product Description", "no_product", "names no product"),
    ],
)
def test_rows_that_cannot_be_used(row: dict[str, str], field: str, code: str, reason: str) -> None:
    first, rejection, last = read("saferproducts", incident_file({}, row, {}))
    assert isinstance(rejection, Rejection)
    assert (rejection.row, rejection.field, rejection.code) == (2, field, code)
    assert reason in rejection.reason
    assert field in rejection.remedy
    assert (first.row, last.row) == (1, 3)


def test_a_row_of_the_wrong_width_is_rejected_by_number() -> None:
    content = incident_file({}) + b"20240207-X,2/7/2024,too,short\n\n" + incident_file({})[-60:]
    _first, rejection, *_rest = read("saferproducts", content)
    assert isinstance(rejection, Rejection)
    assert (rejection.row, rejection.native_id, rejection.code) == (2, "20240207-X", "column_count")
    assert rejection.reason == "The row has 4 columns instead of as many as the header."


def test_the_disclaimer_goes_with_the_feed() -> None:
    assert INCIDENT_FEEDS["saferproducts"].disclaimer == DISCLAIMER
    assert len(COLUMNS) == 40
