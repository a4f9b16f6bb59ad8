"""Korean recalls: a made-up sample of the real shape, and each kind of row in it."""

from datetime import date

import pytest

from sellers.feeds.base import AlertRecord, Hazard, Measure, Rejection, content_hash
from tests.sellers.feeds.feed_files import (
    SAMPLES,
    korean_lines,
    notice_codes,
    read,
    read_korean,
)


def test_the_sample_is_read_whole() -> None:
    rows = read("safety_korea", (SAMPLES / "safety_korea.jsonl").read_bytes())
    records = [row for row in rows if isinstance(row, AlertRecord)]
    assert len(rows) == len(records) == 6
    first = records[0]
    assert (first.native_id, first.number) == ("KR:90000001", "90000001")
    assert first.title == first.product_name == "장난감 자동차(완구): 빨간 경주차"
    assert first.models == ("TC-100R",)
    assert first.category == "완구"
    assert first.measures == (Measure(action="Recall", operator="가나토이", ordered=True),)
    assert first.hazards == (Hazard.OTHER,)
    assert (first.notifying_country, first.published_on) == ("KR", date(2026, 3, 2))
    assert first.notices == ()


@pytest.mark.parametrize(
    ("written", "models", "names"),
    [
        ("TC-100R", ("TC-100R",), ""),
        ("마스크", (), "마스크"),
        ("(품번) LE4W185 / (상품명) 발란스 2", ("LE4W185",), "발란스 2"),
        ("(STYLE NO.) NSDW1", ("NSDW1",), ""),
        ("[모델명] 바람7", ("바람7",), ""),
        ("(온라인) 우비 kd32", (), "우비 kd32"),
        ("(색상) A1", (), "(색상) A1"),
        ("NA", (), ""),
        ("", (), ""),
    ],
)
def test_a_name_is_not_taken_for_a_model_number(written, models, names: str) -> None:
    recall = read_korean(model=written)
    assert recall.models == models
    assert recall.title == "장난감(완구)" + (f": {names}" if names else "")


def test_a_list_that_is_too_long_for_a_model_number_is_told() -> None:
    recall = read_korean(model="A1" * 50)
    assert recall.models == ()
    assert notice_codes(recall) == [("model", "model_is_prose")]


def test_who_ordered_it() -> None:
    assert read_korean(recall_kind_source="자발적리콜").measures[0].ordered is False
    recall = read_korean(recall_kind_source="리콜")
    assert recall.measures[0].ordered is None
    assert notice_codes(recall) == [("recall_kind_source", "term_unknown")]


def test_the_day_on_which_it_was_seen_is_no_content() -> None:
    later = read_korean(first_seen="2026-06-02", last_seen="2026-06-09", source_payload={"n": 1})
    assert content_hash(later) == content_hash(read_korean())


@pytest.mark.parametrize(
    ("entry", "field", "code"),
    [
        ({"id": "10019756"}, "id", "no_id"),
        ({"date_published": "2026.03.02"}, "date_published", "no_date"),
        ({"product_name": "", "title": "-"}, "product_name", "no_product"),
    ],
)
def test_rows_that_cannot_be_used(entry, field: str, code: str) -> None:
    _first, rejection, _last = read("safety_korea", korean_lines({}, entry, {}))
    assert isinstance(rejection, Rejection)
    assert (rejection.row, rejection.field, rejection.code) == (2, field, code)
