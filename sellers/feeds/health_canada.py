"""Recalls and safety alerts of the Government of Canada, as Health Canada's open data (JSON).

The file (https://recalls-rappels.canada.ca, "Recalls and safety alerts") holds what five bodies
publish: consumer products, food, vehicles, medical devices, drugs and other health products. All
of it is taken in, because products are sold as one kind and recalled as another (a supplement, a
child seat). So that nobody takes a recall of cheese for one of toys, a product's category begins
with its sector: "Food – Dairy", "Consumer products – Toys and games"; filter by that beginning.

The source gives one date, of the last update; it counts as the day of publication. Vehicle
recalls often have none and are rejected: an alert without a day cannot be put in order. It says
neither for whom a product is made nor where it comes from.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from sellers.feeds.base import AlertLevel, AlertRecord, Feed, Hazard, Notice, Rejection
from sellers.feeds.hazards import hazards_of_prose
from sellers.feeds.json_records import entries_of_array, text_of
from sellers.feeds.model_numbers import models_in_prose
from sellers.feeds.reasons import Reason
from sellers.feeds.sources import Source
from sellers.feeds.web_addresses import web_address
from sellers.feeds.wording import named, plain_line, plain_text, shortened

_KEYS = ("NID", "Title", "Last updated")
_NUMBER = re.compile(r"\d{1,9}")
_BETWEEN = re.compile(r"\s+-\s+")
_CONSUMER = "Consumer products"
# Who publishes what; other bodies of the Government write about products of every kind.
_SECTORS = {
    "CFIA": "Food",
    "Consumer product safety": _CONSUMER,
    "Controlled substances and cannabis": "Cannabis",
    "Drugs and health products": "Health products",
    "Marketed health products": "Health products",
    "Medical devices": "Medical devices",
    "TC": "Vehicles",
}
# Class 1 (food) and Type I (health products): serious harm or death is reasonably probable.
_LEVELS = {
    "Class 1": AlertLevel.SERIOUS,
    "Type I": AlertLevel.SERIOUS,
    "Class 2": AlertLevel.OTHER,
    "Class 3": AlertLevel.OTHER,
    "Type II": AlertLevel.OTHER,
    "Type III": AlertLevel.OTHER,
}
_NO_CLASS = frozenset({"", "--"})
# What the prose of hazard sentences does not cover.
_ISSUES = {
    "Aspiration hazard": Hazard.CHOKING,
    "Clostridium botulinum": Hazard.POISONING,
    "Cyclospora": Hazard.MICROBIOLOGICAL,
    "E. Coli": Hazard.MICROBIOLOGICAL,
    "E. Coli O157:H7": Hazard.MICROBIOLOGICAL,
    "Electrical hazard": Hazard.ELECTRIC_SHOCK,
    "Entanglement hazard": Hazard.STRANGULATION,
    "Hepatitis A": Hazard.MICROBIOLOGICAL,
    "High Voltage": Hazard.ELECTRIC_SHOCK,
    "Listeria": Hazard.MICROBIOLOGICAL,
    "Marine biotoxin": Hazard.POISONING,
    "Norovirus": Hazard.MICROBIOLOGICAL,
    "Physical hazard": Hazard.INJURIES,
    "Salmonella": Hazard.MICROBIOLOGICAL,
    "Staphylococcus aureus": Hazard.MICROBIOLOGICAL,
    "Undeclared substance": Hazard.CHEMICAL,
    "Vibrio parahaemolyticus": Hazard.MICROBIOLOGICAL,
}
_ARCHIVED = re.compile(r"^Archived\s*[-–—]\s*", re.IGNORECASE)
_COMPANY_RECALLS = re.compile(r"^.{2,150}?\brecalls\s+(?:the\s+)?(?=\S)", re.IGNORECASE)
_CAUSE = re.compile(r"\s+(?:is |are )?recalled\s+(?:due to|because of|for|as)\b.*$", re.IGNORECASE)
_VEHICLE = re.compile(r"^(?P<kind>.+?) recalled by\b\s*(?P<maker>.*)$")
_VEHICLE_NUMBER = re.compile(r"\b(?:19|20)\d{5}\b")
_BRAND = re.compile(
    r"(?:^|\b(?i:certain|various|some|in|of|recalls|from)\s+)"
    r"((?!Certain\b|Various\b|Some\b|The\b)[A-Z0-9][\w'’.!+-]*"
    r"(?: (?:& )?[A-Z0-9][\w'’.!+-]*){0,4}) brand\b"
)
_NAME_WIDTH = 500


def read(stream: BinaryIO) -> Iterator[AlertRecord | Rejection]:
    """Recalls and alerts in the order of the file, one at a time in memory.

    Raises ``FeedError`` when the file is no such list or breaks off.
    """
    expected = _("a JSON array of Health Canada's recalls and safety alerts")
    source = Source(stream, expected=expected)
    with source.opened() as content:
        for row, entry in enumerate(entries_of_array(source, content, _KEYS), start=1):
            if entry is None:
                yield Rejection(row, "", "NID", Reason.NOT_AN_OBJECT)
            else:
                yield _alert(row, entry)


def _alert(row: int, entry: dict[str, object]) -> AlertRecord | Rejection:
    number = plain_line(text_of(entry, "NID"))
    if not _NUMBER.fullmatch(number):
        return Rejection(row, "", "NID", Reason.NO_ID, shortened(number, 200))
    written = plain_line(text_of(entry, "Last updated"))
    updated_on = _date(written)
    if updated_on is None:
        code = Reason.NO_DATE if written else Reason.DATE_MISSING
        return Rejection(row, number, "Last updated", code, shortened(written, 200))
    notices: list[Notice] = []
    product_name, brand = _product(entry, notices)
    if not product_name:
        return Rejection(row, number, "Product", Reason.NO_PRODUCT)
    return _record(row, number, updated_on, product_name, brand, entry, notices)


def _record(
    row: int,
    native_id: str,
    updated_on: date,
    product_name: str,
    brand: str,
    entry: dict[str, object],
    notices: list[Notice],
) -> AlertRecord:
    title = _title(entry)
    issues = [issue for issue in _BETWEEN.split(plain_line(text_of(entry, "Issue"))) if issue]
    sector = _SECTORS.get(plain_line(text_of(entry, "Organization")), "")
    return AlertRecord(
        source=FEED.name,
        native_id=native_id,
        number=_quoted_number(title, sector) or native_id,
        url=web_address("URL", text_of(entry, "URL"), notices),
        title=shortened(title or product_name, _NAME_WIDTH),
        product_name=shortened(product_name, _NAME_WIDTH),
        brand=brand,
        models=models_in_prose(f"{product_name}. {title}"),
        identifiers=(),
        category=_category(sector, plain_line(text_of(entry, "Category"))),
        hazards=_hazards(issues, title, sector, notices),
        hazard_text=", ".join(issues),
        description="",
        measures=(),
        what_to_do=plain_text(text_of(entry, "What you should do")),
        level=_level(plain_line(text_of(entry, "Recall class")), notices),
        country_of_origin="",
        notifying_country="CA",
        published_on=updated_on,
        pictures=(),
        online_trader="",
        raw=entry,
        row=row,
        notices=tuple(notices),
    )


def _title(entry: dict[str, object]) -> str:
    """Without "Archived – ", which tells of the web page."""
    return _ARCHIVED.sub("", plain_line(text_of(entry, "Title")))


def _product(entry: dict[str, object], notices: list[Notice]) -> tuple[str, str]:
    """(name, brand). "Car recalled by HYUNDAI" is a car; older records name it in the title."""
    written = named(text_of(entry, "Product"))
    if vehicle := _VEHICLE.fullmatch(written):
        return vehicle["kind"], named(vehicle["maker"])
    name = written
    if not name:
        name = _CAUSE.sub("", _COMPANY_RECALLS.sub("", _title(entry)))
        if name:
            notices.append(Notice("Product", Reason.PRODUCT_FROM_DESCRIPTION))
    brand = _BRAND.search(name)
    return name, brand[1] if brand else ""


def _quoted_number(title: str, sector: str) -> str:
    """Of a vehicle recall the number of Transport Canada, "2018166"."""
    match = _VEHICLE_NUMBER.search(title) if sector == _SECTORS["TC"] else None
    return match[0] if match else ""


def _category(sector: str, category: str) -> str:
    """ "Food – Dairy"; "Food" of Food is just that."""
    if category == sector:
        return sector
    return " – ".join(filter(None, (sector, category)))


def _hazards(
    issues: list[str], title: str, sector: str, notices: list[Notice]
) -> tuple[Hazard, ...]:
    """Hazards of the issues, else those that the title names.

    Doubt is told for consumer products only: elsewhere an issue names a part or an allergen.
    """
    found = [
        hazard
        for issue in issues
        for hazard in ((_ISSUES[issue],) if issue in _ISSUES else hazards_of_prose(issue))
    ]
    hazards = tuple(dict.fromkeys(found)) or hazards_of_prose(title)
    if not hazards and issues and sector == _CONSUMER:
        value = shortened(", ".join(issues), 200)
        notices.append(Notice("Issue", Reason.HAZARD_UNKNOWN, value))
    return hazards or (Hazard.OTHER,)


def _level(recall_class: str, notices: list[Notice]) -> AlertLevel:
    """Of several classes ("Type II - Type III") the most serious counts."""
    if recall_class in _NO_CLASS:
        return AlertLevel.UNKNOWN
    classes = _BETWEEN.split(recall_class)
    levels = {_LEVELS[one] for one in classes if one in _LEVELS}
    if not all(one in _LEVELS for one in classes):
        value = shortened(recall_class, 200)
        notices.append(Notice("Recall class", Reason.TERM_UNKNOWN, value))
    return next(
        (level for level in (AlertLevel.SERIOUS, AlertLevel.OTHER) if level in levels),
        AlertLevel.UNKNOWN,
    )


def _date(text: str) -> date | None:
    """The day of "2026-08-20"."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-08-20") else None
    except ValueError:
        return None


FEED = Feed(
    name="health_canada",
    title="Health Canada recalls and safety alerts",
    read=read,
    licence="Contains information licensed under the Open Government Licence – Canada.",
)
