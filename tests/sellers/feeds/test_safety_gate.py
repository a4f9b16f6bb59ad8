"""Alerts of the Safety Gate: real ones to the letter, and each kind of dirt that they have."""

from datetime import date

import pytest

from sellers.feeds.base import AlertLevel, AlertRecord, Hazard, Measure, ProductKind, Rejection
from sellers.feeds.registry import ALERT_FEEDS
from tests.sellers.feeds.feed_files import SAMPLES, alert_file, notice_codes, read, read_alert

REPORTS = sorted((SAMPLES / "safety_gate").glob("*.xml*"))


@pytest.fixture(scope="module")
def sample() -> dict[str, AlertRecord]:
    records: list[AlertRecord | Rejection] = []
    for path in REPORTS:
        with path.open("rb") as file:
            records.extend(ALERT_FEEDS["safety_gate"].read(file))
    assert len(records) == 495
    return {record.native_id: record for record in records if isinstance(record, AlertRecord)}


def test_a_real_alert(sample: dict[str, AlertRecord]) -> None:
    alert = sample["66012"]
    assert alert.number == "A11/0056/13"
    assert alert.url == (
        "https://ec.europa.eu/safety-gate-alerts/screen/webReport/alertDetail/66012"
    )
    assert alert.title == "Soft toy: Koochie Easter"
    assert alert.product_name == "Soft toy"
    assert alert.brand == "Koochie"
    assert alert.models == ("1369378",)
    assert alert.gtins == ("05050836937815",)
    assert alert.batch == "5 050836 937815"
    assert alert.category == "Toys"
    assert alert.hazards == (Hazard.CHOKING,)
    assert alert.hazard_text.startswith("The product poses a risk of choking because")
    assert alert.measures == (
        Measure("Withdrawal of the product from the market", "Other", False, date(2013, 3, 27)),
    )
    assert alert.level is AlertLevel.OTHER
    assert alert.kind is ProductKind.CONSUMER
    assert (alert.country_of_origin, alert.notifying_country) == ("CN", "MT")
    assert alert.published_on == date(2013, 8, 16)
    assert alert.pictures == (
        "https://ec.europa.eu/safety-gate-alerts/public/api/notification/image/389423",
        "https://ec.europa.eu/safety-gate-alerts/public/api/notification/image/389424",
    )
    assert str(alert.raw["danger"]).startswith("null The product")
    assert "order" not in alert.raw
    assert notice_codes(alert) == [("batchNumber", "gtin_elsewhere")]


def test_a_recent_alert_sold_online(sample: dict[str, AlertRecord]) -> None:
    alert = sample["10099544"]
    assert alert.number == "SR/02222/26"
    assert alert.online_trader == "Temu"
    assert alert.models == ("KY-2401",)
    assert [measure.in_force_on for measure in alert.measures] == [date(2026, 4, 1), None, None]


def test_every_alert_of_the_sample_is_accepted(sample: dict[str, AlertRecord]) -> None:
    assert len(sample) == 495


def test_one_case_number_for_two_alerts(sample: dict[str, AlertRecord]) -> None:
    same = [alert for alert in sample.values() if alert.number == "0259/06"]
    assert sorted(alert.native_id for alert in same) == ["-11089", "-11090"]


def test_both_record_types_are_read(sample: dict[str, AlertRecord]) -> None:
    assert "companyRecallCode" in sample["10099544"].raw
    assert "companyRecallCode" not in sample["10008086"].raw
    assert len(sample["10008086"].gtins) == 6


def test_look_alike_letters_in_a_brand(sample: dict[str, AlertRecord]) -> None:
    alert = sample["10008266"]
    assert alert.brand == "Вalkupu"
    assert notice_codes(alert) == [("brand", "mixed_scripts")]
    assert alert.country_of_origin == "TR"


@pytest.mark.parametrize(
    "number",
    [
        "0123/05",
        "012/05",
        "A12/0123/19",
        "A12/01234/22",
        "SR/01234/26",
        "OR/00012/24",
        "INFO/00012/21",
        "EM/00001/25",
        "A11/0056/13",
    ],
)
def test_forms_of_the_case_number(number: str) -> None:
    alert = read_alert(caseNumber=f"{number} ")
    assert alert.number == number
    assert alert.notices == ()


@pytest.mark.parametrize("number", ["0350/05 – 0352/05", "0806/10.", "0559.11", ""])
def test_an_odd_case_number_is_kept_and_told(number: str) -> None:
    alert = read_alert(caseNumber=number)
    assert (alert.native_id, alert.number) == ("10100001", number)
    assert notice_codes(alert) == [("caseNumber", "number_odd")]


def test_a_date_far_from_the_reports_week() -> None:
    (alert,) = read("safety_gate", alert_file({}, report_date="20/01/2006", year="2005", week="1"))
    assert isinstance(alert, AlertRecord)
    assert alert.published_on == date(2006, 1, 20)
    assert notice_codes(alert) == [("report_date", "date_doubtful")]


def test_tags_and_entities_become_text() -> None:
    alert = read_alert(
        brand="Kraft &amp; Dele",
        danger='Risk <a href="https://x.test">of fire</a>.<br/>Hot &gt; 60&nbsp;°C',
        description="<script>steal()</script>A <b>lamp</b>",
    )
    assert alert.brand == "Kraft & Dele"
    assert alert.hazard_text == "Risk of fire.\nHot > 60 °C"
    assert alert.description == "A lamp"


@pytest.mark.parametrize(
    ("danger", "text"),
    [("null The product burns.", "The product burns."), ("nullified", "nullified"), ("", "")],
)
def test_the_word_null_before_the_danger(danger: str, text: str) -> None:
    assert read_alert(danger=danger).hazard_text == text


def test_measures_are_taken_apart_again() -> None:
    alert = read_alert(
        measures="Type of economic operator to whom the measure(s) were ordered: Importer"
        "Category of measure(s): Import rejected at borderDate of entry into force: 21/01/2025"
        "Type of economic operator taking notified measure(s): Other"
        "Category of measure(s): Stop of salesDate of entry into force: Unknown"
    )
    assert alert.measures == (
        Measure("Import rejected at border", "Importer", True, date(2025, 1, 21)),
        Measure("Stop of sales", "Other", False, None),
    )
    assert alert.notices == ()


def test_a_measure_that_cannot_be_taken_apart_is_kept() -> None:
    alert = read_alert(measures="Withdrawn by the shop")
    assert alert.measures == (Measure("Withdrawn by the shop"),)
    assert notice_codes(alert) == [("measures", "measure_unreadable")]


def test_several_risks() -> None:
    alert = read_alert(riskType="Burns, Electric shock, Health risk / other")
    assert alert.hazards == (Hazard.BURNS, Hazard.ELECTRIC_SHOCK, Hazard.OTHER)
    alert = read_alert(riskType="Blow, Fire")
    assert alert.hazards == (Hazard.OTHER, Hazard.FIRE)
    assert notice_codes(alert) == [("riskType", "hazard_unknown")]


@pytest.mark.parametrize(
    ("level", "ours"),
    [
        ("Serious risk", AlertLevel.SERIOUS),
        ("Other risk levels", AlertLevel.OTHER),
        ("Other types of alerts", AlertLevel.UNKNOWN),
    ],
)
def test_levels(level: str, ours: AlertLevel) -> None:
    alert = read_alert(level=level, type="Professional")
    assert (alert.level, alert.kind) == (ours, ProductKind.PROFESSIONAL)
    assert alert.notices == ()


def test_terms_that_are_new_to_us_are_told() -> None:
    alert = read_alert(level="Mild", type="Pet", countryOfOrigin="Atlantis")
    assert (alert.level, alert.kind) == (AlertLevel.UNKNOWN, ProductKind.CONSUMER)
    assert notice_codes(alert) == [
        ("level", "term_unknown"),
        ("type", "term_unknown"),
        ("countryOfOrigin", "country_unknown"),
    ]


@pytest.mark.parametrize("brand", ["Unknown", "Not specified", "unknown.", "-", "(No brand)"])
def test_brands_that_say_nothing(brand: str) -> None:
    alert = read_alert(brand=brand, type_numberOfModel=" / CS04413PE04", name="OVS")
    assert alert.brand == ""
    assert alert.models == ("CS04413PE04",)
    assert alert.title == "Soft toy: OVS"


@pytest.mark.parametrize(
    ("trader", "text"),
    [
        ("AliExpress() / Amazon() / ", "AliExpress; Amazon"),
        ("Other(TEMU.com (unique identifier: 6011)) / ", "TEMU.com (unique identifier: 6011)"),
        ("Other(https://flyingtiger.com/) / ", "https://flyingtiger.com/"),
        ("Amazon(-) / Other(fr.shein.com) / ", "Amazon; fr.shein.com"),
        ("a shop", "a shop"),
    ],
)
def test_online_traders(trader: str, text: str) -> None:
    assert read_alert(onlineTrader=trader).online_trader == text


def test_an_amazon_number_identifies_the_product() -> None:
    alert = read_alert(onlineTrader="Amazon(ASIN B0FDQ43JHG) / ", barcode="4006592453091")
    assert [one.value for one in alert.identifiers] == ["04006592453091", "B0FDQ43JHG"]
    assert alert.gtins == ("04006592453091",)


@pytest.mark.parametrize(
    ("barcode", "gtins", "notices"),
    [
        ("8 002 100 234066", ("08002100234066",), []),
        ("EAN 6933893332863", ("06933893332863",), []),
        ("10253837xxx", (), [("barcode", "gtin_invalid")]),
        ("97138695352", ("00097138695352",), [("barcode", "gtin_restored")]),
        ("FV-024", (), [("barcode", "not_a_code")]),
        ("Not specified ", (), []),
    ],
)
def test_barcodes(barcode: str, gtins: tuple[str, ...], notices: list[tuple[str, str]]) -> None:
    alert = read_alert(barcode=barcode)
    assert alert.gtins == gtins
    assert notice_codes(alert) == notices


def test_a_barcode_under_the_model_is_found() -> None:
    alert = read_alert(type_numberOfModel="Item No: 6334, bar code: 0 274211 000030 ")
    assert alert.models == ("6334",)
    assert alert.gtins == ("00274211000030",)
    assert notice_codes(alert) == [("type_numberOfModel", "gtin_elsewhere")]


@pytest.mark.parametrize(
    ("fields", "product"),
    [
        ({"name": "Ballon ballons"}, "Ballon ballons"),
        ({"description": "Plastic high chair “Brevi – Pony”. Foldable."}, None),
        ({"brand": "Brevi"}, "Brevi"),
        ({"type_numberOfModel": "Ref. 991"}, "Toys"),
    ],
)
def test_a_product_without_a_name(fields: dict[str, str], product: str | None) -> None:
    alert = read_alert(product="", **fields)
    assert alert.product_name == product or alert.product_name == (
        "Plastic high chair “Brevi – Pony”."
    )
    assert notice_codes(alert) == [("product", "product_from_description")]


@pytest.mark.parametrize(
    ("category", "ours"),
    [
        ("Other - -", "Other"),
        ("Other - ", "Other"),
        ("Other -  Herbal product for smoking", "Other - Herbal product for smoking"),
        ("Motor vehicles", "Motor vehicles"),
    ],
)
def test_categories(category: str, ours: str) -> None:
    assert read_alert(category=category).category == ours


def test_picture_addresses_that_are_none_are_left_out() -> None:
    alert = read_alert(("https://ec.europa.eu/1", "javascript:alert(1)"))
    assert alert.pictures == ("https://ec.europa.eu/1",)
    assert notice_codes(alert) == [("pictures", "url_unreadable")]


@pytest.mark.parametrize(
    ("alert", "field", "code"),
    [
        ({"reference": ""}, "reference", "no_id"),
        ({"reference": "https://ec.europa.eu/alertDetail/none"}, "reference", "no_id"),
        ({"product": "Unknown"}, "product", "no_product"),
    ],
)
def test_rows_that_cannot_be_used(alert: dict[str, str], field: str, code: str) -> None:
    _first, rejection, _last = read("safety_gate", alert_file({}, alert, {}))
    assert isinstance(rejection, Rejection)
    assert (rejection.row, rejection.field, rejection.code) == (2, field, code)
    assert rejection.native_id in {"SR/02810/26", "10100001"}
    assert rejection.reason
    assert rejection.remedy


def test_a_tag_within_a_field_is_read_over() -> None:
    content = alert_file({"caseNumber": "X"}).replace(b">X<", b">1150/09<br/><")
    (alert,) = read("safety_gate", content)
    assert isinstance(alert, AlertRecord)
    assert alert.number == "1150/09"
