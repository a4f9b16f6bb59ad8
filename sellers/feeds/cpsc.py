"""Recalls of the US Consumer Product Safety Commission, as its recall API answers (JSON).

The service (https://www.saferproducts.gov/RestWebServices/Recall?format=json) answers an
error with HTTP 200 and a single made-up record; that is told as a ``FeedError`` here.
Recalls are published under sections 6 and 15 of the Consumer Product Safety Act
(15 U.S.C. 2055, 2064).
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import BinaryIO, NoReturn, cast

from django.utils.translation import gettext_lazy as _

from sellers.feeds.barcode_fields import barcode_field
from sellers.feeds.base import (
    AlertRecord,
    Feed,
    Hazard,
    Measure,
    Notice,
    Rejection,
)
from sellers.feeds.countries import country_codes
from sellers.feeds.hazards import hazards_of_prose
from sellers.feeds.identifiers import Identifier
from sellers.feeds.model_numbers import models_in_prose, split_models
from sellers.feeds.reasons import Problem, Reason
from sellers.feeds.sources import Source
from sellers.feeds.web_addresses import web_address
from sellers.feeds.wording import named, plain_line, plain_text, shortened, storable

_KEYS = ("RecallNumber", "RecallDate", "Products")
_ERROR_TITLE = "Error retrieving Recalls"
_NUMBER = re.compile(r"(\d{1,2})-(\d{3})([A-Za-z]?)|(\d{4,5})([A-Za-z]?)")
_BRANDED = re.compile(
    r"\b((?!The\b|This\b|These\b|All\b|Recalled\b)[A-Z0-9][\w'’&.]*"
    r"(?: [A-Z0-9][\w'’&.]*){0,3})-brand(?:ed)?\b"
)
_NOT_PART_OF_BRAND = re.compile(r"^.*(?:['’]s|s['’]) |^(?:Model Year )?(?:19|20)\d\d ")
_TRADING_AS = re.compile(
    r"\bd/?b/?a\b,?\s+(?:online seller\s+)?([^,;)]+)(?P<place>,\s+of\s)?", re.IGNORECASE
)
_PLACE = re.compile(r"\s+of\s+[A-Z][^,]*$")
_CAUSE = re.compile(r"\bdue to\b([^;]*)", re.IGNORECASE)
_POSING = re.compile(r"\b(?:posing|pose|poses|risk of|can|could|resulting in)\b.*", re.DOTALL)
_NAME_WIDTH = 500
_UNITS_WIDTH = 300


def read(stream: BinaryIO) -> Iterator[AlertRecord | Rejection]:
    """Recalls of one answer, in its order. Raises ``FeedError`` when it is no such answer."""
    source = Source(
        stream, expected=_("an answer of the CPSC recall service (a JSON array of recalls)")
    )
    with source.opened() as content:
        recalls = _recalls(source, source.text(content))
    for row, recall in enumerate(recalls, start=1):
        if isinstance(recall, dict):
            yield _alert(row, recall)
        else:
            yield Rejection(row, "", "RecallNumber", Reason.NOT_AN_OBJECT)


def _recalls(source: Source, text: str) -> list[object]:
    try:
        answer = storable(json.loads(text, parse_constant=_refuse_constant))
    except json.JSONDecodeError as error:
        raise source.error(Problem.BROKEN_JSON, line=error.lineno, detail=error.msg) from error
    except (ValueError, RecursionError) as error:
        raise source.error(Problem.BROKEN_JSON, detail=str(error)) from error
    if not isinstance(answer, list):
        detail = str(_("something else than an array"))
        raise source.error(Problem.WRONG_FORMAT, line=1, detail=detail)
    for recall in answer:
        if isinstance(recall, dict):
            _raise_service_error(source, recall)
    if answer and not (isinstance(answer[0], dict) and all(key in answer[0] for key in _KEYS)):
        detail = str(_("a first entry without the fields {fields}")).format(fields=", ".join(_KEYS))
        raise source.error(Problem.WRONG_FORMAT, line=1, detail=detail)
    return answer


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _raise_service_error(source: Source, recall: Mapping[str, object]) -> None:
    """The service's own error record: RecallID 0 and a title that says so."""
    title = _text(recall, "Title")
    if title.startswith(_ERROR_TITLE):
        raise source.error(Problem.SERVICE_ERROR, detail=title)


def _alert(row: int, recall: dict[str, object]) -> AlertRecord | Rejection:
    notices: list[Notice] = []
    number = _number(_text(recall, "RecallNumber"), notices)
    if not number:
        return Rejection(row, "", "RecallNumber", Reason.NO_ID, _text(recall, "RecallNumber"))
    published_on = _date(_text(recall, "RecallDate"))
    if published_on is None:
        return Rejection(row, number, "RecallDate", Reason.NO_DATE, _text(recall, "RecallDate"))
    product_name = "; ".join(dict.fromkeys(map(named, _listed(recall, "Products", "Name"))))
    if not product_name:
        product_name = _text(recall, "Title")
        notices.append(Notice("Products", Reason.PRODUCT_FROM_DESCRIPTION))
    if not product_name:
        return Rejection(row, number, "Products", Reason.NO_PRODUCT)
    return _record(row, number, published_on, product_name, recall, notices)


def _record(
    row: int,
    number: str,
    published_on: date,
    product_name: str,
    recall: dict[str, object],
    notices: list[Notice],
) -> AlertRecord:
    title = _text(recall, "Title") or product_name
    description = _description(recall, notices)
    hazard_text = "\n".join(_listed(recall, "Hazards", "Name"))
    options = tuple(option.lower() for option in _listed(recall, "RemedyOptions", "Option"))
    return AlertRecord(
        source=FEED.name,
        native_id=number,
        number=f"{number[:2]}-{number[2:]}",
        url=web_address("URL", _raw_text(recall, "URL"), notices),
        title=shortened(title, _NAME_WIDTH),
        product_name=shortened(product_name, _NAME_WIDTH),
        brand=_brand(recall, description),
        models=_models(recall, description),
        identifiers=_identifiers(recall, notices),
        category="; ".join(dict.fromkeys(_listed(recall, "Products", "Type"))),
        hazards=_hazards(title, hazard_text, notices),
        hazard_text=hazard_text,
        description=description,
        measures=tuple(Measure(action=option.capitalize()) for option in options),
        remedies=options,
        what_to_do="\n".join(_listed(recall, "Remedies", "Name")),
        incidents="\n".join(_listed(recall, "Injuries", "Name")),
        country_of_origin=_origin(recall, notices),
        notifying_country="US",
        published_on=published_on,
        pictures=_pictures(recall, notices),
        online_trader="\n".join(_listed(recall, "Retailers", "Name")),
        units=shortened("; ".join(_listed(recall, "Products", "NumberOfUnits")), _UNITS_WIDTH),
        raw=recall,
        row=row,
        notices=tuple(notices),
    )


def _description(recall: Mapping[str, object], notices: list[Notice]) -> str:
    description = plain_text(_raw_text(recall, "Description"))
    if description.endswith("…"):
        notices.append(Notice("Description", Reason.TEXT_CUT_OFF))
    return description


def _number(text: str, notices: list[Notice]) -> str:
    """Five digits and perhaps a letter, "26348" or "05141a"; "" when it is no number.

    The site writes "26-348"; spreadsheets lose the leading zero of "08-230".
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        return ""
    digits = (match[1] or "") + (match[2] or "") + (match[4] or "")
    if len(digits) < 5:
        notices.append(Notice("RecallNumber", Reason.NUMBER_RESTORED, text))
    return digits.zfill(5) + (match[3] or match[5] or "").lower()


def _date(text: str) -> date | None:
    """The day of "2026-03-26T00:00:00"."""
    try:
        return date.fromisoformat(text[:10]) if text[10:11] in ("", "T") else None
    except ValueError:
        return None


def _brand(recall: Mapping[str, object], description: str) -> str:
    """ "VST" of "VST-brand water heater", else "FENGQS" of "… Co., Ltd., dba FENGQS, of China"."""
    if match := _BRANDED.search(description):
        return _NOT_PART_OF_BRAND.sub("", match[1])
    for role in ("Manufacturers", "Importers", "Distributors"):
        for company in _listed(recall, role, "Name"):
            if match := _TRADING_AS.search(company):
                name = match[1] if match["place"] else _PLACE.sub("", match[1])
                return name.strip(" .")
    return ""


def _models(recall: Mapping[str, object], description: str) -> tuple[str, ...]:
    stated = [
        model for text in _listed(recall, "Products", "Model") for model in split_models(text)[0]
    ]
    return tuple(dict.fromkeys([*stated, *models_in_prose(description)]))


def _identifiers(recall: Mapping[str, object], notices: list[Notice]) -> tuple[Identifier, ...]:
    fields = (
        barcode_field("ProductUPCs", upc, notices) for upc in _listed(recall, "ProductUPCs", "UPC")
    )
    return tuple(dict.fromkeys(code for codes in fields for code in codes))


def _hazards(title: str, hazard_text: str, notices: list[Notice]) -> tuple[Hazard, ...]:
    """Hazards of the title's "Due to …", then of what the hazard sentence says it can do."""
    cause = _CAUSE.search(title)
    posing = _POSING.search(hazard_text)
    exact = " ".join(filter(None, (cause and cause[1], posing and posing[0])))
    hazards = hazards_of_prose(exact) or hazards_of_prose(hazard_text)
    if not hazards:
        notices.append(Notice("Hazards", Reason.HAZARD_UNKNOWN, shortened(hazard_text, 200)))
    return hazards or (Hazard.OTHER,)


def _origin(recall: Mapping[str, object], notices: list[Notice]) -> str:
    text = ", ".join(_listed(recall, "ManufacturerCountries", "Country"))
    codes = country_codes(text) if text else ()
    if text and not codes:
        notices.append(Notice("ManufacturerCountries", Reason.COUNTRY_UNKNOWN, text))
    elif len(codes) > 1:
        notices.append(Notice("ManufacturerCountries", Reason.SEVERAL_COUNTRIES, text))
    return codes[0] if codes else ""


def _pictures(recall: Mapping[str, object], notices: list[Notice]) -> tuple[str, ...]:
    addresses = (web_address("Images", url, notices) for url in _listed(recall, "Images", "URL"))
    return tuple(dict.fromkeys(address for address in addresses if address))


def _listed(recall: Mapping[str, object], key: str, name: str) -> list[str]:
    """The texts ``name`` of the objects in the list ``key``, without the empty ones."""
    items = recall.get(key)
    if not isinstance(items, list):
        return []
    texts = (
        plain_text(_raw_text(cast("dict[str, object]", item), name))
        for item in items
        if isinstance(item, dict)
    )
    return [text for text in texts if text]


def _text(recall: Mapping[str, object], key: str) -> str:
    return plain_line(_raw_text(recall, key))


def _raw_text(recall: Mapping[str, object], key: str) -> str:
    """The value as text: "" for null, digits for a number, "" for a list or an object."""
    value = recall.get(key)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


FEED = Feed(
    name="cpsc",
    title="US CPSC recalls",
    read=read,
    licence="Work of the US federal government, in the public domain.",
)
