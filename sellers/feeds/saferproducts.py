"""Incident reports of SaferProducts.gov, as its search exports them (CSV, 40 columns).

The database is kept by the US Consumer Product Safety Commission under section 6A of the
Consumer Product Safety Act (15 U.S.C. 2055a). Its reports are unverified; the
Commission's disclaimer, the first line of each export, must stand beside them.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from sellers.feeds.barcode_fields import barcode_field
from sellers.feeds.base import (
    Feed,
    IncidentRecord,
    InjurySeverity,
    Notice,
    PersonalFacts,
    Rejection,
)
from sellers.feeds.reasons import Problem, Reason
from sellers.feeds.sources import Source
from sellers.feeds.wording import is_filler, named, plain_line, plain_text

DISCLAIMER = (
    "CPSC does not guarantee the accuracy, completeness, or adequacy of the contents of the "
    "Publicly Available Consumer Product Safety Information Database on SaferProducts.gov, "
    "particularly with respect to information submitted by people outside of CPSC."
)
COLUMNS = (
    "Report No.",
    "Report Date",
    "Sent to Manufacturer / Importer / Private Labeler",
    "Publication Date",
    "Category of Submitter",
    "Product Description",
    "Product Category",
    "Product Sub Category",
    "Product Type",
    "Product Code",
    "Manufacturer / Importer / Private Labeler Name",
    "Brand",
    "Model Name or Number",
    "Serial Number",
    "UPC",
    "Date Manufactured",
    "Manufacturer Date Code",
    "Retailer",
    "Retailer State",
    "Purchase Date",
    "Purchase Date Is Estimate",
    "Incident Description",
    "City",
    "State",
    "ZIP",
    "Location",
    "(Primary) Victim Severity",
    "(Primary) Victim's Sex",
    "My Relation To The (Primary) Victim",
    "(Primary) Victim's Age (years)",
    "Submitter Has Product",
    "Product Was Damaged Before Incident",
    "Damage Description",
    "Damage Repaired",
    "Product Was Modified Before Incident",
    "Have You Contacted The Manufacturer",
    "If Not Do You Plan To",
    "Answer Explanation",
    "Company Comments",
    "Associated Report Numbers",
)
_FURTHER_ANSWERS = (
    "Sent to Manufacturer / Importer / Private Labeler",
    "Product Code",
    "Submitter Has Product",
    "Product Was Damaged Before Incident",
    "Damage Description",
    "Damage Repaired",
    "Product Was Modified Before Incident",
    "Have You Contacted The Manufacturer",
    "If Not Do You Plan To",
    "Answer Explanation",
)
_SEVERITIES = {
    "No Incident, No Injury": InjurySeverity.NONE,
    "Incident, No Injury": InjurySeverity.NONE,
    "Injury - No First Aid or Medical Attention Received": InjurySeverity.MINOR,
    "Injury - First Aid Received by Non-Medical Professional": InjurySeverity.FIRST_AID,
    "Injury - Seen by Medical Professional": InjurySeverity.FIRST_AID,
    "Injury - Emergency Department Treatment Received": InjurySeverity.EMERGENCY,
    "Injury - Hospital Admission": InjurySeverity.HOSPITAL,
    "Injury - Level of care not known": InjurySeverity.UNKNOWN,
    "Death": InjurySeverity.DEATH,
    "Unspecified": InjurySeverity.UNKNOWN,
    "": InjurySeverity.UNKNOWN,
}
_SEXES = {"Female": "female", "Male": "male"}
_STATES_WITH_LEADING_ZERO = frozenset(
    {
        "Connecticut",
        "Maine",
        "Massachusetts",
        "New Hampshire",
        "New Jersey",
        "Puerto Rico",
        "Rhode Island",
        "Vermont",
    }
)
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_REPORT_NUMBERS = re.compile(r"[^\s,;]+")
_LINES_BEFORE_HEADER = 10
_OLDEST_AGE = 120


def read(stream: BinaryIO) -> Iterator[IncidentRecord | Rejection]:
    """Reports of one export, in its order. Raises ``FeedError`` when it is no such export."""
    source = Source(
        stream, expected=_("a SaferProducts.gov export of incident reports (CSV, 40 columns)")
    )
    with source.opened() as content:
        rows = csv.reader(source.lines(content), strict=True)
        try:
            columns = _header(source, rows)
            row = 0
            for cells in rows:
                if not any(cell.strip() for cell in cells):
                    continue
                row += 1
                if len(cells) == len(columns):
                    yield _incident(row, dict(zip(columns, cells, strict=True)))
                else:
                    yield _wrong_column_count(row, cells)
        except csv.Error as error:
            raise source.error(Problem.BROKEN_CSV, line=source.line, detail=str(error)) from error


def _header(source: Source, rows: Iterator[list[str]]) -> list[str]:
    """Column names of the header line, which stands below the disclaimer."""
    for cells in rows:
        names = [" ".join(cell.split()) for cell in cells]
        if names and names[0] == COLUMNS[0]:
            missing = [column for column in COLUMNS if column not in names]
            if missing:
                raise source.error(
                    Problem.MISSING_COLUMNS, line=source.line, detail=", ".join(missing)
                )
            return names
        if source.line >= _LINES_BEFORE_HEADER:
            break
    raise source.error(
        Problem.WRONG_FORMAT,
        line=source.line,
        detail=str(_("no header line that begins with “Report No.”")),
    )


def _wrong_column_count(row: int, cells: list[str]) -> Rejection:
    return Rejection(
        row, plain_line(cells[0]), COLUMNS[0], Reason.COLUMN_COUNT, value=str(len(cells))
    )


def _incident(row: int, cells: dict[str, str]) -> IncidentRecord | Rejection:
    native_id = plain_line(cells["Report No."])
    if is_filler(native_id):
        return Rejection(row, "", "Report No.", Reason.NO_ID, native_id)
    reported_on = _us_date(cells["Report Date"])
    if reported_on is None:
        value = plain_line(cells["Report Date"])
        return Rejection(row, native_id, "Report Date", Reason.NO_DATE, value)
    notices: list[Notice] = []
    product = _product(cells, notices)
    if not product:
        return Rejection(row, native_id, "Product Description", Reason.NO_PRODUCT)
    return _record(row, native_id, reported_on, product, cells, notices)


def _product(cells: dict[str, str], notices: list[Notice]) -> str:
    """What the product is, in the reporter's words; else brand and model."""
    product = plain_text(cells["Product Description"])
    if is_filler(product):
        product = " ".join(
            filter(None, (named(cells["Brand"]), named(cells["Model Name or Number"])))
        )
        notices.append(Notice("Product Description", Reason.PRODUCT_FROM_DESCRIPTION))
    return product


def _record(
    row: int,
    native_id: str,
    reported_on: date,
    product: str,
    cells: dict[str, str],
    notices: list[Notice],
) -> IncidentRecord:
    return IncidentRecord(
        source=FEED.name,
        native_id=native_id,
        reported_on=reported_on,
        published_on=_optional_date(cells, "Publication Date", notices),
        product_description=product,
        brand=named(cells["Brand"]),
        model=named(cells["Model Name or Number"]),
        serial_number=named(cells["Serial Number"]),
        identifiers=barcode_field("UPC", cells["UPC"], notices),
        raw_upc=plain_line(cells["UPC"]),
        manufacturer=named(cells["Manufacturer / Importer / Private Labeler Name"]),
        retailer=named(cells["Retailer"]),
        retailer_state=plain_line(cells["Retailer State"]),
        purchased_on=_optional_date(cells, "Purchase Date", notices),
        purchase_date_is_estimate=plain_line(cells["Purchase Date Is Estimate"]) == "Yes",
        manufactured_on=_optional_date(cells, "Date Manufactured", notices),
        date_code=named(cells["Manufacturer Date Code"]),
        category=_category(cells),
        incident_description=plain_text(cells["Incident Description"]),
        injury_severity=_severity(cells, notices),
        raw_severity=plain_line(cells["(Primary) Victim Severity"]),
        location=named(cells["Location"]),
        submitter_category=plain_line(cells["Category of Submitter"]),
        company_comments=plain_text(cells["Company Comments"]),
        associated_reports=tuple(_REPORT_NUMBERS.findall(cells["Associated Report Numbers"])),
        further_answers=_further_answers(cells),
        personal=_personal_facts(cells, notices),
        row=row,
        notices=tuple(notices),
    )


def _severity(cells: dict[str, str], notices: list[Notice]) -> InjurySeverity:
    words = plain_line(cells["(Primary) Victim Severity"])
    if words not in _SEVERITIES:
        notices.append(Notice("(Primary) Victim Severity", Reason.SEVERITY_UNKNOWN, words))
    return _SEVERITIES.get(words, InjurySeverity.UNKNOWN)


def _further_answers(cells: dict[str, str]) -> dict[str, str]:
    answers = {column: plain_text(cells[column]) for column in _FURTHER_ANSWERS}
    return {column: answer for column, answer in answers.items() if answer}


def _personal_facts(cells: dict[str, str], notices: list[Notice]) -> PersonalFacts:
    state = plain_line(cells["State"])
    zip_code = plain_line(cells["ZIP"])
    if len(zip_code) == 4 and zip_code.isdigit() and state in _STATES_WITH_LEADING_ZERO:
        zip_code = zip_code.zfill(5)
        notices.append(Notice("ZIP", Reason.ZIP_RESTORED))
    return PersonalFacts(
        town=plain_line(cells["City"]),
        state=state,
        zip_code=zip_code,
        age=_age(cells["(Primary) Victim's Age (years)"], notices),
        sex=_SEXES.get(plain_line(cells["(Primary) Victim's Sex"]), ""),
        relation=named(cells["My Relation To The (Primary) Victim"]),
    )


def _age(text: str, notices: list[Notice]) -> int | None:
    """Years; the source writes -1 or nothing when the age was not told."""
    text = plain_line(text)
    if text in {"", "-1"}:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= _OLDEST_AGE:
        return int(text)
    notices.append(Notice("(Primary) Victim's Age (years)", Reason.AGE_UNREADABLE))
    return None


def _category(cells: dict[str, str]) -> str:
    levels = ("Product Category", "Product Sub Category", "Product Type")
    return " > ".join(name for level in levels if (name := plain_line(cells[level])))


def _optional_date(cells: dict[str, str], column: str, notices: list[Notice]) -> date | None:
    text = plain_line(cells[column])
    day = _us_date(text)
    if day is None and not is_filler(text):
        notices.append(Notice(column, Reason.DATE_UNREADABLE, text))
    return day


def _us_date(text: str) -> date | None:
    """Month/day/year, "8/29/2014 " with or without its trailing blank."""
    match = _US_DATE.fullmatch(text.strip())
    if match is None:
        return None
    month, day, year = (int(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


FEED = Feed(
    name="saferproducts",
    title="SaferProducts.gov incident reports",
    read=read,
    licence="Work of the US federal government, in the public domain.",
    disclaimer=DISCLAIMER,
)
