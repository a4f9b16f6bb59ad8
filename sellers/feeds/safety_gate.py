"""Alerts of the EU Safety Gate (until 2018: RAPEX), as its weekly reports in XML.

Published by the European Commission under Article 34 of Regulation (EU) 2023/988, before
it Article 12 of Directive 2001/95/EC. The unique key of an alert is the number at the end
of its ``reference`` address; its case number stands twice in one report (0259/06) and
changes when an alert is upgraded, so that is only what people quote.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import BinaryIO
from xml.etree.ElementTree import Element

from django.utils.translation import gettext_lazy as _

from sellers.feeds.barcode_fields import barcode_field
from sellers.feeds.base import (
    AlertLevel,
    AlertRecord,
    Feed,
    Hazard,
    Measure,
    Notice,
    ProductKind,
    Rejection,
)
from sellers.feeds.countries import country_code
from sellers.feeds.hazards import hazards_of_terms
from sellers.feeds.identifiers import Identifier, labelled_identifiers, shop_identifiers
from sellers.feeds.model_numbers import split_models
from sellers.feeds.reasons import Problem, Reason
from sellers.feeds.sources import Source
from sellers.feeds.web_addresses import web_address
from sellers.feeds.wording import (
    first_sentence,
    is_filler,
    mixes_alphabets,
    named,
    plain_line,
    plain_text,
    shortened,
    storable,
)
from sellers.feeds.xml_elements import elements

_TEXT_FIELDS = (
    "caseNumber",
    "reference",
    "category",
    "product",
    "brand",
    "name",
    "type_numberOfModel",
    "batchNumber",
    "barcode",
    "riskType",
    "danger",
    "measures",
    "URLrecall",
    "description",
    "notifyingCountry",
    "countryOfOrigin",
    "type",
    "level",
    "onlineTrader",
)
_ROOT = "Safety-Gate"
_ALERT = "notifications"
_HEADER = ("report_date", "report_year", "report_week")
_DETAIL_ID = re.compile(r"/alertDetail/(-?\d+)\s*$")
_CASE_NUMBER = re.compile(r"(?:(?:A11|A12|SR|OR|INFO|EM)/\d{4,5}|\d{3,4})/\d\d")
_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})")
_NULL_PREFIX = re.compile(r"^null\s+(?=\S)")
_OTHER_CATEGORY = re.compile(r"^Other\s*-[\s-]*")
_MEASURES = re.compile(r"(?=Type of economic operator )")
_MEASURE = re.compile(
    r"Type of economic operator (?P<ordered>to whom the measure\(s\) were ordered"
    r"|taking notified measure\(s\)):\s*(?P<operator>.*?)\s*"
    r"Category of measure\(s\):\s*(?P<action>.*?)\s*"
    r"Date of entry into force:\s*(?P<day>\d\d/\d\d/\d{4})?.*",
    re.DOTALL,
)
_TRADER = re.compile(r"([^()/]+)\((.*?)\)\s*/\s*(?=[^()/]+\(|$)")
_LEVELS = {
    "Serious risk": AlertLevel.SERIOUS,
    "Other risk levels": AlertLevel.OTHER,
    "Other types of alerts": AlertLevel.UNKNOWN,
}
_KINDS = {"Consumer": ProductKind.CONSUMER, "Professional": ProductKind.PROFESSIONAL}
_NAME_WIDTH = 500
_DERIVED_NAME_WIDTH = 120
_DOUBTFUL_AFTER_DAYS = 60


def read(stream: BinaryIO) -> Iterator[AlertRecord | Rejection]:
    """Alerts of one weekly report, in its order, one at a time in memory.

    Raises ``FeedError`` when the file is no such report or breaks off.
    """
    source = Source(stream, expected=_("a weekly report of the EU Safety Gate (XML)"))
    header: dict[str, str] = {}
    row = 0
    with source.opened() as content:
        for element in elements(source, content, root=_ROOT, depth=1):
            if element.tag in _HEADER:
                header[element.tag] = plain_line(element.text or "")
            elif element.tag == _ALERT:
                row += 1
                yield _alert(row, _raw_fields(element), header, _published_on(source, header))


def _published_on(source: Source, header: Mapping[str, str]) -> date:
    day = _date(header.get("report_date", ""))
    if day is None:
        raise source.error(Problem.NO_REPORT_DATE, detail=header.get("report_date", ""))
    return day


def _raw_fields(element: Element) -> dict[str, object]:
    """The alert's fields by tag as they stand, ``pictures`` as a list of addresses.

    Left out is ``order``, the place within the report.
    """
    fields: dict[str, object] = {
        str(child.tag): "".join(child.itertext()) if len(child) else child.text or ""
        for child in element
        if child.tag != "order"
    }
    fields["pictures"] = [picture.text or "" for picture in element.iter("picture")]
    return {tag: storable(value) for tag, value in fields.items()}


def _alert(
    row: int, raw: dict[str, object], header: Mapping[str, str], published_on: date
) -> AlertRecord | Rejection:
    texts = {tag: value if isinstance(value := raw.get(tag), str) else "" for tag in _TEXT_FIELDS}
    number = plain_line(texts["caseNumber"])
    detail_id = _DETAIL_ID.search(texts["reference"])
    if detail_id is None:
        value = plain_line(texts["reference"])
        return Rejection(row, number, "reference", Reason.NO_ID, value)
    notices: list[Notice] = []
    if not _CASE_NUMBER.fullmatch(number):
        notices.append(Notice("caseNumber", Reason.NUMBER_ODD, number))
    if _is_far_from_its_week(published_on, header):
        notices.append(Notice("report_date", Reason.DATE_DOUBTFUL, header["report_date"]))
    product_name = _product_name(texts, notices)
    if not product_name:
        return Rejection(row, detail_id[1], "product", Reason.NO_PRODUCT)
    return _record(row, detail_id[1], published_on, product_name, raw, texts, notices)


def _record(
    row: int,
    native_id: str,
    published_on: date,
    product_name: str,
    raw: dict[str, object],
    texts: Mapping[str, str],
    notices: list[Notice],
) -> AlertRecord:
    brand = named(texts["brand"])
    models = _models(texts["type_numberOfModel"], notices)
    _note_mixed_alphabets(product_name, brand, models, notices)
    return AlertRecord(
        source=FEED.name,
        native_id=native_id,
        number=plain_line(texts["caseNumber"]),
        url=web_address("reference", texts["reference"], notices),
        title=_title(product_name, brand, named(texts["name"])),
        product_name=product_name,
        brand=brand,
        models=models,
        identifiers=_identifiers(texts, notices),
        batch=named(texts["batchNumber"]),
        category=_category(texts["category"]),
        hazards=_hazards(texts["riskType"], notices),
        hazard_text=plain_text(_NULL_PREFIX.sub("", texts["danger"])),
        description=plain_text(texts["description"]),
        measures=_measures(texts["measures"], notices),
        level=_level(texts["level"], notices),
        kind=_kind(texts["type"], notices),
        country_of_origin=_country("countryOfOrigin", texts, notices),
        notifying_country=_country("notifyingCountry", texts, notices),
        published_on=published_on,
        pictures=_pictures(raw["pictures"], notices),
        recall_url=web_address("URLrecall", texts["URLrecall"], notices),
        online_trader=_online_trader(texts["onlineTrader"]),
        raw=raw,
        row=row,
        notices=tuple(notices),
    )


def _models(text: str, notices: list[Notice]) -> tuple[str, ...]:
    models, prose = split_models(text)
    if prose:
        notices.append(Notice("type_numberOfModel", Reason.MODEL_IS_PROSE))
    return models


def _product_name(texts: Mapping[str, str], notices: list[Notice]) -> str:
    """What the product is; when not told, its own name, the description or the brand.

    A model number alone is enough to find the product by: then it is called by category.
    """
    if product := named(texts["product"]):
        return shortened(product, _NAME_WIDTH)
    name = named(texts["name"])
    description = named(texts["description"])
    derived = shortened(name, _NAME_WIDTH) or first_sentence(description, _DERIVED_NAME_WIDTH)
    derived = derived or named(texts["brand"])
    if not derived and named(texts["type_numberOfModel"]):
        derived = named(texts["category"])
    if derived:
        notices.append(Notice("product", Reason.PRODUCT_FROM_DESCRIPTION))
    return derived


def _title(product_name: str, brand: str, name: str) -> str:
    """ "Soft toy: Koochie Easter"; parts that the text before them holds are not repeated."""
    title = product_name
    for part in (name,) if brand.casefold() in name.casefold() else (brand, name):
        if part and part.casefold() not in title.casefold():
            title += f"{': ' if title == product_name else ' '}{part}"
    return shortened(title, _NAME_WIDTH)


def _is_far_from_its_week(day: date, header: Mapping[str, str]) -> bool:
    """True when the report's date is not near the year and week that it also states."""
    year, week = header.get("report_year", ""), header.get("report_week", "")
    try:
        monday = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        return bool(year and week)
    return abs((day - monday).days) > _DOUBTFUL_AFTER_DAYS


def _note_mixed_alphabets(
    product_name: str, brand: str, models: tuple[str, ...], notices: list[Notice]
) -> None:
    names = {"product": product_name, "brand": brand, "type_numberOfModel": " ".join(models)}
    for field, text in names.items():
        if mixes_alphabets(text):
            notices.append(Notice(field, Reason.MIXED_SCRIPTS, shortened(text, 200)))


def _identifiers(texts: Mapping[str, str], notices: list[Notice]) -> tuple[Identifier, ...]:
    """Codes of the barcode field, then labelled ones found in other fields."""
    found = list(barcode_field("barcode", texts["barcode"], notices))
    known = {code.value for code in found}
    for field in ("type_numberOfModel", "batchNumber"):
        for code in labelled_identifiers(plain_line(texts[field])):
            if code.value not in known:
                notices.append(Notice(field, Reason.GTIN_ELSEWHERE, code.raw))
                known.add(code.value)
                found.append(code)
    for code in shop_identifiers(plain_line(texts["onlineTrader"])):
        if code.value not in known:
            known.add(code.value)
            found.append(code)
    return tuple(found)


def _category(text: str) -> str:
    """ "Other - Sky lantern" as it is, "Other - -" as "Other"."""
    line = plain_line(text)
    if _OTHER_CATEGORY.match(line):
        line = "Other - " + _OTHER_CATEGORY.sub("", line)
    return line.removesuffix(" - ")


def _hazards(text: str, notices: list[Notice]) -> tuple[Hazard, ...]:
    hazards, unknown = hazards_of_terms(plain_line(text))
    if unknown:
        notices.append(Notice("riskType", Reason.HAZARD_UNKNOWN, ", ".join(unknown)))
    return hazards


def _measures(text: str, notices: list[Notice]) -> tuple[Measure, ...]:
    """The measures of one field, whose line breaks the source has lost."""
    measures = []
    for part in _MEASURES.split(plain_text(text)):
        match = _MEASURE.fullmatch(part)
        if match:
            measures.append(
                Measure(
                    action=plain_line(match["action"]),
                    operator=named(match["operator"]),
                    ordered=match["ordered"].startswith("to whom"),
                    in_force_on=_date(match["day"] or ""),
                )
            )
        elif part.strip():
            notices.append(Notice("measures", Reason.MEASURE_UNREADABLE, shortened(part, 200)))
            measures.append(Measure(action=plain_line(part)))
    return tuple(measures)


def _level(text: str, notices: list[Notice]) -> AlertLevel:
    line = plain_line(text)
    if line not in _LEVELS:
        notices.append(Notice("level", Reason.TERM_UNKNOWN, shortened(line, 200)))
    return _LEVELS.get(line, AlertLevel.UNKNOWN)


def _kind(text: str, notices: list[Notice]) -> ProductKind:
    line = plain_line(text)
    if line not in _KINDS:
        notices.append(Notice("type", Reason.TERM_UNKNOWN, shortened(line, 200)))
    return _KINDS.get(line, ProductKind.CONSUMER)


def _country(field: str, texts: Mapping[str, str], notices: list[Notice]) -> str:
    name = plain_line(texts[field])
    code = country_code(name)
    if not code and not is_filler(name):
        notices.append(Notice(field, Reason.COUNTRY_UNKNOWN, shortened(name, 200)))
    return code


def _pictures(addresses: object, notices: list[Notice]) -> tuple[str, ...]:
    urls = addresses if isinstance(addresses, list) else []
    checked = (web_address("pictures", url, notices) for url in urls)
    return tuple(dict.fromkeys(url for url in checked if url))


def _online_trader(text: str) -> str:
    """ "Other(TEMU.com) / Amazon() / " as "TEMU.com; Amazon"; other texts as they are."""
    line = plain_line(text)
    traders = []
    for match in _TRADER.finditer(line + (" " if line.endswith("/") else "")):
        platform, offer = match[1].strip(), named(match[2])
        if platform == "Other":
            traders.append(offer or platform)
        else:
            traders.append(f"{platform} ({offer})" if offer else platform)
    return "; ".join(traders) or line


def _date(text: str) -> date | None:
    """Day/month/year, "16/08/2013"."""
    match = _DATE.fullmatch(text)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None


FEED = Feed(
    name="safety_gate",
    title="EU Safety Gate alerts",
    read=read,
    licence="© European Union, reused under Commission Decision 2011/833/EU (CC BY 4.0).",
)
