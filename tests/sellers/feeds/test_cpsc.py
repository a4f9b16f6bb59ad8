"""Recalls of the CPSC: real ones to the letter, and each kind of dirt that they come with."""

from datetime import date

import pytest

from sellers.feeds.base import AlertLevel, AlertRecord, Hazard, Measure, Rejection
from sellers.feeds.reasons import FeedError, Problem
from sellers.feeds.registry import ALERT_FEEDS
from tests.sellers.feeds.feed_files import (
    RECALL,
    SAMPLES,
    notice_codes,
    read,
    read_recall,
    recall_file,
)


@pytest.fixture(scope="module")
def sample() -> dict[str, AlertRecord]:
    with (SAMPLES / "cpsc.json").open("rb") as file:
        records = list(ALERT_FEEDS["cpsc"].read(file))
    assert len(records) == 200
    return {record.native_id: record for record in records if isinstance(record, AlertRecord)}


def test_a_real_recall(sample: dict[str, AlertRecord]) -> None:
    recall = sample["26607"]
    assert recall.number == "26-607"
    assert recall.title == (
        "Biometric Gun Safes Recalled Due to Serious Injury Hazard and Risk of Death; "
        "Sold Exclusively on Amazon.com by BBRKIN"
    )
    assert recall.product_name == "BBRKIN and MouTec Biometric Firearm Safes"
    assert recall.brand == "BBRKIN"
    assert recall.models == ("QHXP029B",)
    assert recall.hazards == (Hazard.INJURIES,)
    assert recall.measures == (Measure(action="Repair"),)
    assert recall.remedies == ("repair",)
    assert recall.what_to_do.startswith("Consumers should immediately stop using")
    assert recall.incidents == "None reported"
    assert recall.level is AlertLevel.UNKNOWN
    assert recall.country_of_origin == "CN"
    assert recall.notifying_country == "US"
    assert recall.published_on == date(2026, 7, 9)
    assert recall.pictures == ("https://www.cpsc.gov/s3fs-public/bbrkinfire-1.png",)
    assert recall.online_trader == (
        "Amazon.com from March 2020 through February 2024 for between $260 and $409."
    )
    assert recall.units == "9,100"
    assert recall.raw["RecallID"] == 10855
    assert recall.notices == ()


def test_every_recall_of_the_sample_is_accepted(sample: dict[str, AlertRecord]) -> None:
    assert len(sample) == 200


def test_real_barcodes(sample: dict[str, AlertRecord]) -> None:
    assert sample["25203"].gtins == ("00089301008588",)
    assert sample["25203"].models == ("DXH70CFAVX",)
    assert len(sample["26331"].gtins) == 15
    assert len(sample["25197"].gtins) == 10
    assert notice_codes(sample["25197"]) == [("ProductUPCs", "gtin_invalid")]
    assert sample["08346"].gtins == ()
    assert len(sample["08346"].notices) == 6


@pytest.mark.parametrize(
    ("written", "native_id", "number"),
    [
        ("26348", "26348", "26-348"),
        ("26-348", "26348", "26-348"),
        ("99145A", "99145a", "99-145a"),
        ("99-145a", "99145a", "99-145a"),
        ("05141", "05141", "05-141"),
        (26348, "26348", "26-348"),
    ],
)
def test_forms_of_the_number(written: object, native_id: str, number: str) -> None:
    recall = read_recall(RecallNumber=written)
    assert (recall.native_id, recall.number) == (native_id, number)
    assert recall.notices == ()


def test_a_number_that_lost_its_zero() -> None:
    recall = read_recall(RecallNumber="8230")
    assert (recall.native_id, recall.number) == ("08230", "08-230")
    assert notice_codes(recall) == [("RecallNumber", "number_restored")]


@pytest.mark.parametrize(
    ("company", "brand"),
    [
        ("Shenzhen Fengqisi Car Industry Co., Ltd., dba FENGQS, of China", "FENGQS"),
        ("Shenzhen Coral Island Furniture Co, d/b/a Coral Island, of China", "Coral Island"),
        ("Nutritional Fundamentals for Health (dba NFH), of Canada", "NFH"),
        ("Hongyaodekejiyouxiangongsi, dba online seller Wilteexs, of China", "Wilteexs"),
        ("Parke-Bell Ltd. Inc., dba Touch of Class, of Huntingburg, Indiana", "Touch of Class"),
        ("Hello to Green\u00a0dba Press Play Products of Bell, California", "Press Play Products"),
        ("Whele LLC d/b/a Perch, of Boston, Massachusetts; Amusty Inc.", "Perch"),
        ("Sound Around Inc. dba SereneLife Home", "SereneLife Home"),
        ("HydroJug, Inc., of Ogden, Utah", ""),
    ],
)
def test_the_brand_behind_the_company(company: str, brand: str) -> None:
    assert read_recall(Importers=[{"Name": company}]).brand == brand


@pytest.mark.parametrize(
    ("description", "brand"),
    [
        ("This recall involves VST-brand residential heaters.", "VST"),
        ("The Kori Gey-branded water toy kits were sold", "Kori Gey"),
        ("This recall involves Model Year 2026 Trek-branded bicycles", "Trek"),
        ("Glen Dimplex Americas’ Cadet-branded heaters", "Cadet"),
        ("This recall involves plush toys.", ""),
    ],
)
def test_the_brand_in_the_description(description: str, brand: str) -> None:
    assert read_recall(Description=description).brand == brand


def test_models_stand_in_the_description() -> None:
    recall = read_recall(
        Description="Gas ranges with model numbers NS-RGFGSS1&nbsp;and NS-RGFCGS2.",
        Products=[{"Name": "Ranges", "Model": "NS-1, NS-2"}],
    )
    assert recall.models == ("NS-1", "NS-2", "NS-RGFGSS1", "NS-RGFCGS2")
    assert recall.description == "Gas ranges with model numbers NS-RGFGSS1 and NS-RGFCGS2."


def test_addresses_with_one_slash() -> None:
    recall = read_recall(
        URL="https:/www.cpsc.gov/Recalls/1", Images=[{"URL": "https:/www.cpsc.gov/a.png"}]
    )
    assert recall.url == "https://www.cpsc.gov/Recalls/1"
    assert recall.pictures == ("https://www.cpsc.gov/a.png",)
    assert notice_codes(recall) == [("URL", "url_mended"), ("Images", "url_mended")]


def test_what_the_source_lacks_is_empty() -> None:
    recall = read_recall(URL=None, RecallID=None, Products=[{"Name": "Gas Ranges"}])
    assert (recall.url, recall.description, recall.units, recall.brand) == ("", "", "", "")
    assert recall.pictures == recall.models == recall.remedies == ()
    assert recall.identifiers == ()
    assert recall.country_of_origin == ""


def test_a_barcode_that_lost_its_zero_and_one_that_is_none() -> None:
    recall = read_recall(ProductUPCs=[{"UPC": "47406146888"}, {"UPC": "see label"}, {"UPC": ""}])
    assert recall.gtins == ("00047406146888",)
    assert notice_codes(recall) == [
        ("ProductUPCs", "gtin_restored"),
        ("ProductUPCs", "not_a_code"),
    ]


def test_several_countries_of_origin() -> None:
    recall = read_recall(ManufacturerCountries=[{"Country": "Taiwan or Vietnam"}])
    assert recall.country_of_origin == "TW"
    assert notice_codes(recall) == [("ManufacturerCountries", "several_countries")]
    recall = read_recall(ManufacturerCountries=[{"Country": "Atlantis"}])
    assert recall.country_of_origin == ""
    assert notice_codes(recall) == [("ManufacturerCountries", "country_unknown")]


def test_hazards_come_from_the_titles_cause_and_the_sentence() -> None:
    recall = read_recall(
        Title="CreateOn Recalls Cubes Due to Magnet Ingestion Hazard; Sold on Fire.com",
        Hazards=[{"Name": "The fire truck can break, posing a choking hazard."}],
    )
    assert recall.hazards == (Hazard.CHOKING, Hazard.INGESTION)
    recall = read_recall(Title="Clips Recalled", Hazards=[{"Name": "The clips are unlawful."}])
    assert recall.hazards == (Hazard.OTHER,)
    assert notice_codes(recall) == [("Hazards", "hazard_unknown")]


def test_a_text_that_breaks_off_is_told() -> None:
    recall = read_recall(Description="Aluminum bats with…")
    assert notice_codes(recall) == [("Description", "text_cut_off")]


def test_a_recall_without_products_is_named_by_its_title() -> None:
    recall = read_recall(Products=[])
    assert recall.product_name == recall.title == RECALL["Title"]
    assert notice_codes(recall) == [("Products", "product_from_description")]


@pytest.mark.parametrize(
    ("recall", "field", "code"),
    [
        ({"RecallNumber": None}, "RecallNumber", "no_id"),
        ({"RecallNumber": "unknown"}, "RecallNumber", "no_id"),
        ({"RecallDate": "July 9, 2026"}, "RecallDate", "no_date"),
        ({"RecallDate": "2026-02-30T00:00:00"}, "RecallDate", "no_date"),
        ({"Products": [{"Name": ""}], "Title": None}, "Products", "no_product"),
        ("a text", "RecallNumber", "not_an_object"),
    ],
)
def test_rows_that_cannot_be_used(recall: object, field: str, code: str) -> None:
    _first, rejection, _last = read("cpsc", recall_file({}, recall, {}))
    assert isinstance(rejection, Rejection)
    assert (rejection.row, rejection.field, rejection.code) == (2, field, code)
    assert rejection.reason
    assert rejection.remedy


def test_an_error_of_the_service_comes_as_a_recall() -> None:
    answer = recall_file({"RecallID": 0, "Title": "Error retrieving Recalls: timeout"})
    with pytest.raises(FeedError, match="“Error retrieving Recalls: timeout”") as caught:
        read("cpsc", answer)
    assert caught.value.problem is Problem.SERVICE_ERROR


def test_the_bare_error_record_is_told_as_one() -> None:
    with pytest.raises(FeedError) as caught:
        read("cpsc", b'[{"RecallID":0,"Title":"Error retrieving Recalls"}]')
    assert caught.value.problem is Problem.SERVICE_ERROR


def test_an_answer_without_recalls_is_no_error() -> None:
    assert read("cpsc", b"[]") == []


def test_nothing_in_a_raw_record_is_refused_by_a_database() -> None:
    recall = read_recall(Title="Cubes\u0000 Due to Fire\ud800", Extra={"a\u0000": ["\u0000b"]})
    assert recall.raw["Title"] == "Cubes Due to Fire\ufffd"
    assert recall.raw["Extra"] == {"a": ["b"]}
    assert recall.title == "Cubes Due to Fire\ufffd"
