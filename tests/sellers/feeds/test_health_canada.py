"""Recalls and safety alerts of the Government of Canada: real ones, and what is odd in them."""

from datetime import date

import pytest

from sellers.feeds.base import AlertLevel, AlertRecord, Hazard, Rejection
from tests.sellers.feeds.feed_files import (
    SAMPLES,
    canadian_file,
    notice_codes,
    read,
    read_canadian,
)


@pytest.fixture(scope="module")
def rows() -> list[AlertRecord | Rejection]:
    return read("health_canada", (SAMPLES / "health_canada.json").read_bytes())


@pytest.fixture(scope="module")
def sample(rows: list[AlertRecord | Rejection]) -> dict[str, AlertRecord]:
    return {row.native_id: row for row in rows if isinstance(row, AlertRecord)}


def test_every_row_of_the_sample_is_a_record_or_has_no_day(rows) -> None:
    rejected = [row for row in rows if isinstance(row, Rejection)]
    assert (len(rows), len(rejected)) == (43, 3)
    assert {(row.native_id, row.field, row.code.value) for row in rejected} == {
        (number, "Last updated", "date_missing") for number in ("67746", "68269", "78574")
    }


def test_a_real_recall(sample: dict[str, AlertRecord]) -> None:
    recall = sample["64247"]
    assert (recall.number, recall.notifying_country) == ("64247", "CA")
    assert recall.title == (
        "METALLISK Espresso maker for cooktop, 0.4 l stainless steel recalled due to burn and "
        "injury hazards"
    )
    assert recall.product_name == "METALLISK Espresso maker for cooktop, 0.4 l stainless steel"
    assert recall.category == "Consumer products – Household items"
    assert recall.hazards == (Hazard.BURNS, Hazard.INJURIES)
    assert recall.hazard_text == "Burn hazard, Injury hazard"
    assert "visit IKEA Canada's website." in recall.what_to_do
    assert recall.level is AlertLevel.UNKNOWN
    assert recall.published_on == date(2022, 12, 2)
    assert recall.url.startswith("https://recalls-rappels.canada.ca/en/alert-recall/metallisk")
    assert recall.raw["NID"] == "64247"
    assert recall.notices == ()


def test_older_records_name_their_product_in_the_title_only(sample) -> None:
    recall = sample["57774"]
    assert recall.product_name == "VTech Shake & Sing Elephant Rattle"
    assert notice_codes(recall) == [("Product", "product_from_description")]
    assert sample["23403"].title == sample["23403"].product_name == "Toddler Walker Wagon"


@pytest.mark.parametrize(
    ("organisation", "category", "shown"),
    [
        ("CFIA", "Dairy", "Food – Dairy"),
        ("CFIA", "Food", "Food"),
        ("TC", "Car", "Vehicles – Car"),
        ("Medical devices", "Radiology", "Medical devices – Radiology"),
        ("Consumer product safety", "Toys and games", "Consumer products – Toys and games"),
        ("Communications and Public Affairs Branch", "Drugs", "Drugs"),
        ("TC", "", "Vehicles"),
    ],
)
def test_the_category_begins_with_the_sector(organisation, category, shown) -> None:
    assert read_canadian(Organization=organisation, Category=category).category == shown


def test_a_vehicle_is_named_by_kind_and_maker_and_quoted_by_its_own_number() -> None:
    recall = read_canadian(
        Organization="TC",
        Title="Transport Canada Recall - 2014086 - HEARTLAND",
        Product="RV Trailer recalled by HEARTLAND",
        Issue="Accessories",
        Category="RV Trailer",
    )
    assert (recall.product_name, recall.brand) == ("RV Trailer", "HEARTLAND")
    assert (recall.native_id, recall.number) == ("82174", "2014086")
    assert recall.notices == ()


def test_a_vehicle_without_a_maker() -> None:
    recall = read_canadian(Organization="TC", Product="Car recalled by ")
    assert (recall.product_name, recall.brand) == ("Car", "")


@pytest.mark.parametrize(
    ("product", "brand"),
    [
        ("Oka brand Oka Cheese Fondue", "Oka"),
        ("Certain Good & Gather brand nuts", "Good & Gather"),
        ("Undeclared sulphites in certain David Roberts Two for the Road brand Mix", ""),
        ("Various brands of ice cream", ""),
    ],
)
def test_the_brand_stands_before_the_word_brand(product: str, brand: str) -> None:
    assert read_canadian(Product=product).brand == brand


@pytest.mark.parametrize(
    ("recall_class", "level"),
    [
        ("Type I", AlertLevel.SERIOUS),
        ("Class 1", AlertLevel.SERIOUS),
        ("Type II - Type III", AlertLevel.OTHER),
        ("Type II - Type I", AlertLevel.SERIOUS),
        ("--", AlertLevel.UNKNOWN),
        ("", AlertLevel.UNKNOWN),
    ],
)
def test_levels(recall_class: str, level: AlertLevel) -> None:
    recall = read_canadian(Recall_class=recall_class)
    assert (recall.level, recall.notices) == (level, ())


def test_an_unknown_class_is_told() -> None:
    recall = read_canadian(Recall_class="Class 9")
    assert recall.level is AlertLevel.UNKNOWN
    assert notice_codes(recall) == [("Recall class", "term_unknown")]


@pytest.mark.parametrize(
    ("issue", "hazards"),
    [
        ("Fire hazard - Burn hazard", (Hazard.FIRE, Hazard.BURNS)),
        ("Electrical hazard", (Hazard.ELECTRIC_SHOCK,)),
        ("Aspiration hazard - Choking hazard", (Hazard.CHOKING,)),
        ("E. Coli O157:H7", (Hazard.MICROBIOLOGICAL,)),
    ],
)
def test_hazards_are_several_in_one_field(issue: str, hazards: tuple[Hazard, ...]) -> None:
    recall = read_canadian(Issue=issue, Title="Stools recalled")
    assert recall.hazards == hazards


def test_the_title_tells_the_hazard_that_the_issue_does_not() -> None:
    assert read_canadian(Issue="").hazards == (Hazard.FALL,)


def test_a_hazard_in_doubt_is_told_for_consumer_products_only() -> None:
    doubtful = read_canadian(Issue="Labelling and packaging", Title="Stools recalled")
    assert doubtful.hazards == (Hazard.OTHER,)
    assert notice_codes(doubtful) == [("Issue", "hazard_unknown")]
    food = read_canadian(Issue="Milk", Title="Cheese recalled", Organization="CFIA")
    assert (food.hazards, food.notices) == ((Hazard.OTHER,), ())


@pytest.mark.parametrize(
    ("entry", "field", "code"),
    [
        ({"NID": None}, "NID", "no_id"),
        ({"NID": "RA-1"}, "NID", "no_id"),
        ({"Last updated": None}, "Last updated", "date_missing"),
        ({"Last updated": "2026-02-30"}, "Last updated", "no_date"),
        ({"Last updated": "14/07/2026"}, "Last updated", "no_date"),
        ({"Product": None, "Title": " "}, "Product", "no_product"),
        ("a text", "NID", "not_an_object"),
    ],
)
def test_rows_that_cannot_be_used(entry: object, field: str, code: str) -> None:
    _first, rejection, _last = read("health_canada", canadian_file({}, entry, {}))
    assert isinstance(rejection, Rejection)
    assert (rejection.row, rejection.field, rejection.code) == (2, field, code)
    assert rejection.reason
    assert rejection.remedy
