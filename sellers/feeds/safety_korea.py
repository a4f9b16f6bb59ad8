"""Recalls within the Republic of Korea (제품안전정보센터, SafetyKorea), as JSONL in Korean.

Ordered under Article 11 of the Framework Act on Product Safety (제품안전기본법), or voluntary under
its Article 13. The names of products and companies are kept in Korean. No hazard is stated, so it
is "other" for all. A running number and the days on which a record was seen tell of its
collection, not of the recall; they are left out of what is compared.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from sellers.feeds.base import AlertRecord, Feed, Hazard, Measure, Notice, Rejection
from sellers.feeds.json_records import entries_of_lines, text_of
from sellers.feeds.reasons import Reason
from sellers.feeds.sources import Source
from sellers.feeds.web_addresses import web_address
from sellers.feeds.wording import named, plain_line, shortened

_KEYS = ("id", "product_name", "recall_kind_source", "date_published")
_COLLECTION = frozenset({"first_seen", "last_seen", "source_payload"})
_NUMBER = re.compile(r"KR:(\d{1,18})")
_ORDERED = {"명령에따른리콜": True, "자발적리콜": False}
_PARTS = re.compile(r"\s+/\s+")
_LABELLED = re.compile(r"[(\[](?P<label>[^()\[\]]{1,20})[)\]]\s*(?P<value>.+)")
_NUMBER_LABELS = frozenset({"품번", "모델명", "모델", "style no.", "style no", "model", "art no."})
_NAME_LABELS = frozenset({"상품명", "제품명", "품명", "온라인"})
_LONGEST_MODEL = 80
_NAME_WIDTH = 500


def read(stream: BinaryIO) -> Iterator[AlertRecord | Rejection]:
    """Recalls in the order of the file, one at a time in memory.

    Raises ``FeedError`` when the file is no such list.
    """
    source = Source(stream, expected=_("a list of SafetyKorea's recalls (JSONL)"))
    with source.opened() as content:
        for row, entry in enumerate(entries_of_lines(source, content, _KEYS), start=1):
            if entry is None:
                yield Rejection(row, "", "id", Reason.NOT_AN_OBJECT)
            else:
                yield _alert(row, entry)


def _alert(row: int, entry: dict[str, object]) -> AlertRecord | Rejection:
    written = plain_line(text_of(entry, "id"))
    key = _NUMBER.fullmatch(written)
    if key is None:
        return Rejection(row, "", "id", Reason.NO_ID, shortened(written, 200))
    day = plain_line(text_of(entry, "date_published"))
    published_on = _date(day)
    if published_on is None:
        code = Reason.NO_DATE if day else Reason.DATE_MISSING
        return Rejection(row, written, "date_published", code, shortened(day, 200))
    product_name = named(text_of(entry, "product_name")) or named(text_of(entry, "title"))
    if not product_name:
        return Rejection(row, written, "product_name", Reason.NO_PRODUCT)
    return _record(row, key[1], published_on, product_name, entry)


def _record(
    row: int, number: str, published_on: date, product_name: str, entry: dict[str, object]
) -> AlertRecord:
    notices: list[Notice] = []
    models, trade_names = _models_and_names(plain_line(text_of(entry, "model")), notices)
    title = ": ".join(filter(None, (product_name, ", ".join(trade_names))))
    return AlertRecord(
        source=FEED.name,
        native_id=f"KR:{number}",
        number=number,
        url=web_address("source_url", text_of(entry, "source_url"), notices),
        title=shortened(title, _NAME_WIDTH),
        product_name=shortened(title, _NAME_WIDTH),
        brand="",
        models=models,
        identifiers=(),
        category=named(text_of(entry, "category_source")),
        hazards=(Hazard.OTHER,),
        hazard_text="",
        description="",
        measures=(_measure(entry, notices),),
        country_of_origin="",
        notifying_country="KR",
        published_on=published_on,
        pictures=(),
        online_trader="",
        raw={name: value for name, value in entry.items() if name not in _COLLECTION},
        row=row,
        notices=tuple(notices),
    )


def _measure(entry: dict[str, object], notices: list[Notice]) -> Measure:
    kind = plain_line(text_of(entry, "recall_kind_source"))
    if kind not in _ORDERED:
        notices.append(Notice("recall_kind_source", Reason.TERM_UNKNOWN, shortened(kind, 200)))
    company = named(text_of(entry, "company"))
    return Measure(action="Recall", operator=company, ordered=_ORDERED.get(kind))


def _models_and_names(text: str, notices: list[Notice]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(model numbers, trade names) of "(품번) LE4W185GRY / (상품명) 발란스 그레이".

    A part without a label is a number when it is plain ASCII with a digit: "마스크" (a mask) as a
    model would be found again in every shop.
    """
    models: list[str] = []
    names: list[str] = []
    for part in _PARTS.split(text):
        labelled = _LABELLED.fullmatch(part)
        label = labelled["label"].strip().casefold() if labelled else ""
        is_known = label in _NUMBER_LABELS or label in _NAME_LABELS
        value = named(labelled["value"] if labelled and is_known else part)
        looks_like_number = value.isascii() and any(letter.isdigit() for letter in value)
        if label in _NUMBER_LABELS or (looks_like_number and label not in _NAME_LABELS):
            models.append(value)
        elif value:
            names.append(value)
    if any(len(model) > _LONGEST_MODEL for model in models):
        notices.append(Notice("model", Reason.MODEL_IS_PROSE))
        models = [model for model in models if len(model) <= _LONGEST_MODEL]
    return tuple(dict.fromkeys(filter(None, models))), tuple(dict.fromkeys(names))


def _date(text: str) -> date | None:
    """The day of "2026-08-20"."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-08-20") else None
    except ValueError:
        return None


FEED = Feed(
    name="safety_korea",
    title="SafetyKorea recalls",
    read=read,
    licence="Notices of the Korean Agency for Technology and Standards; no licence is stated.",
)
