"""Tables written as CSV and XLSX. Pure."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from surveillance.spreadsheets.formulas import inert

CELL = 32_767  # characters that a cell of Excel holds
_WIDEST = 60  # characters
_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_AS_TEXT = "@"  # Excel's number format that leaves what is typed as it is
# What XML 1.0 cannot hold: other control characters, halves of pairs, and two non-characters.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads _x0041_ as the letter A; its own escape is the underscore so written.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class _Line:
    """What a csv writer writes to: hands the line back."""

    def write(self, text: str) -> str:
        return text


def csv_lines(columns: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file, the first with a byte order mark, so that Excel reads UTF-8.

    Every text is quoted: an Excel that expects semicolons does not cut it at one, and run what
    follows. None is an empty cell.
    """
    writer = csv.writer(_Line(), quoting=csv.QUOTE_NONNUMERIC)
    # csv.writer's writerow gives what `write` gave: here, the line.
    yield "\ufeff" + str(writer.writerow([_csv_cell(one) for one in columns]))
    for row in rows:
        yield str(writer.writerow([_csv_cell(one) for one in row]))


def _csv_cell(value: object) -> str | int | float:
    if isinstance(value, int | float):
        return value
    return "" if value is None else inert(str(value))


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet of a workbook.

    `choices`: columns whose cells offer a list, by name, each with the address of the list
    (“'Allowed values'!$A$2:$A$5”). `room`: rows under the heading that offer it. Cells under
    `to_fill` are formatted as text: Excel leaves what is typed there alone.
    """

    title: str
    columns: Sequence[object]
    rows: Iterable[Sequence[object]]
    choices: Mapping[str, str] = field(default_factory=dict)
    to_fill: Sequence[str] = ()
    widths: Sequence[int] = ()
    room: int = 0


def write_xlsx(out: IO[bytes], tables: Sequence[Table]) -> None:
    """A workbook with these sheets, row by row: memory does not grow with the rows.

    Texts are texts whatever they begin with, also after somebody has edited them. One longer than
    a cell of Excel says at its end that it goes on in the CSV.
    """
    book = Workbook(write_only=True)
    for table in tables:
        _write(book.create_sheet(table.title), table)
    book.save(out)


def _write(sheet: Any, table: Table) -> None:
    names = [str(name) for name in table.columns]
    sheet.freeze_panes = "A2"
    for place, name in enumerate(names):
        letter = get_column_letter(place + 1)
        dimension = sheet.column_dimensions[letter]
        width = table.widths[place] if place < len(table.widths) else len(name) + 4
        dimension.width = min(width, _WIDEST)
        if name in table.to_fill:
            dimension.number_format = _AS_TEXT
        if name in table.choices:
            _offer(sheet, letter, table.choices[name], table.room)
    sheet.append([_text_cell(sheet, name, font=_BOLD) for name in names])
    for row in table.rows:
        sheet.append(
            [
                _xlsx_cell(sheet, value, is_to_fill=name in table.to_fill)
                for name, value in zip(names, row, strict=True)
            ]
        )


def _offer(sheet: Any, letter: str, source: str, room: int) -> None:
    """Each cell offers the list; another value is refused by Excel itself."""
    validation = DataValidation(type="list", formula1=source, allow_blank=True)
    validation.showErrorMessage = True
    validation.add(f"{letter}2:{letter}{room + 1}")
    sheet.data_validations.append(validation)


def _xlsx_cell(sheet: Any, value: object, *, is_to_fill: bool) -> Any:
    if value is None or value == "":
        return _text_cell(sheet, None) if is_to_fill else None
    if isinstance(value, int | float):
        return value
    return _text_cell(sheet, str(value))


def _text_cell(sheet: Any, text: str | None, font: Font | None = None) -> Any:
    cell: Any = WriteOnlyCell(sheet)
    if text is not None:
        cell.value = xlsx_text(text)
        cell.data_type = "s"  # and never "f", whatever it begins with
        cell.quotePrefix = True
    cell.number_format = _AS_TEXT
    if font:
        cell.font = font
    elif text and len(text) > _WIDEST:
        cell.alignment = _WRAPPED
    return cell


def xlsx_text(text: str) -> str:
    """The text as XML can hold it, at most as long as a cell of Excel may be."""
    held = _ESCAPE.sub("_x005F_", _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))
    if len(held) <= CELL:
        return held
    told = " […] Excel holds no more of it; the CSV file has all."
    return held[: CELL - len(told)] + told
