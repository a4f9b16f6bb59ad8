"""XLSX files as people save them: hidden sheets, formulas, Excel's own ideas of a value. Pure.

A workbook is a ZIP of XML. It is looked at before it is unpacked: how large it becomes is written
in it, and `zipfile` unpacks no more than that. XML goes through defusedxml (openpyxl does so where
it is installed): entities are refused.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import get_column_letter

from surveillance.spreadsheets.reading import (
    EMPTY,
    LAST_LINE,
    WIDTH,
    Cell,
    Fault,
    Row,
    Unreadable,
    folded,
    formula_fault,
    shortened_fault,
    tidied,
    too_long,
)

UNPACKED = 48 * 1024 * 1024  # bytes
_PARTS = 200  # files in the ZIP
_EXACT = 10**15  # Excel keeps 15 digits of a number
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")


def rows_of(
    content: bytes, *, known: Collection[str], title: str
) -> tuple[Iterator[Row], list[str]]:
    """The rows of the sheet with our columns, and sentences about the other sheets.

    The sheet named `title`; where there is none, the one visible sheet whose first row names our
    columns. Raises Unreadable, also while the rows go on.
    """
    _look_before_unpacking(content)
    book = _opened(content)
    sheet = _chosen(book, known, title)
    notes = [
        _("The hidden sheet “%(name)s” was not read.") % {"name": other.title}
        for other in book.worksheets
        if other is not sheet and other.sheet_state != "visible" and _names(other, known)
    ]
    return _rows(sheet), notes


def _look_before_unpacking(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise _broken() from problem
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise Unreadable(
            _(
                "The workbook becomes larger than %(limit)d MB when it is unpacked. Keep the sheet"
                " with the answers only: no pictures, no other sheets."
            )
            % {"limit": UNPACKED // 2**20}
        )


def _opened(content: bytes) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts of the workbook that openpyxl leaves out
            return load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except Exception as problem:  # openpyxl raises whatever its parsers stumble over
        raise _broken() from problem


def _chosen(book: Any, known: Collection[str], title: str) -> Any:
    ours = [sheet for sheet in book.worksheets if folded(sheet.title) == folded(title)]
    ours = ours or [
        sheet
        for sheet in book.worksheets
        if sheet.sheet_state == "visible" and _names(sheet, known)
    ]
    if not ours:
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        ours = visible if len(visible) == 1 else []
    if len(ours) != 1:
        raise Unreadable(
            _("Name the sheet with the answers “%(title)s”. There are: %(names)s.")
            % {"title": title, "names": ", ".join(f"“{one.title}”" for one in book.worksheets)}
        )
    if ours[0].sheet_state != "visible":
        raise Unreadable(
            _("The sheet “%(name)s” is hidden. Show it, look at it, and send the file again.")
            % {"name": ours[0].title}
        )
    return ours[0]


def _names(sheet: Any, known: Collection[str]) -> bool:
    """Does its first row name at least two of our columns?"""
    _number, heading = next(_rows(sheet), (1, ()))
    return sum(folded(cell.text) in known for cell in heading) > 1


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # the file's own word for its size is not to be trusted
    rows = sheet.iter_rows(max_col=WIDTH)
    number = 0
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                cells = next(rows, None)
        except Exception as problem:  # openpyxl raises whatever its parsers stumble over
            raise _broken() from problem
        if cells is None:
            return
        number += 1
        if number > LAST_LINE:
            raise too_long()
        yield number, [_cell(cell, number, place) for place, cell in enumerate(cells)]


def _cell(cell: Any, number: int, place: int) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY
    address = f"{get_column_letter(place + 1)}{number}"
    if isinstance(cell, ReadOnlyCell) and cell.data_type == "f":
        return Cell(_shown(value), address, formula_fault(address))
    if isinstance(value, str):
        fault = _error_fault() if cell.data_type == "e" else None
        return Cell(tidied(_ESCAPED.sub("_", value)), address, fault)
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE", address)
    if isinstance(value, datetime | date | time | timedelta):
        return Cell(str(value), address, _date_fault())
    return _number(value, address)


def _number(value: float, address: str) -> Cell:
    if not abs(value) < _EXACT:  # which is true of NaN as well
        return Cell(f"{value:g}", address, shortened_fault())
    whole = int(value)
    return Cell(str(whole if whole == value else value), address)


def _shown(value: Any) -> str:
    """Of a formula; of an array of them, its text."""
    text = getattr(value, "text", value)
    return str(text)[:200]


def _date_fault() -> Fault:
    return Fault(
        _("Excel has turned this into a date."),
        _("Format the column as text, and enter it again."),
    )


def _error_fault() -> Fault:
    return Fault(_("The cell shows an error of Excel."), _("Enter the value itself."))


def _broken() -> Unreadable:
    return Unreadable(
        _("The workbook cannot be opened. Save it again as “Excel workbook (.xlsx)”, or as CSV.")
    )
