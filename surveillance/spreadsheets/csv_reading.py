"""CSV files as people save them: encodings, separators, Excel's habits. Pure."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.utils import get_column_letter

from surveillance.spreadsheets.formulas import as_written
from surveillance.spreadsheets.reading import (
    LAST_LINE,
    WIDTH,
    Cell,
    Fault,
    Row,
    Unreadable,
    folded,
    shortened_fault,
    tidied,
    too_long,
)
from surveillance.spreadsheets.writing import CELL

# Encodings that a reader may name. They are never guessed: each reads the other's bytes as words.
ENCODINGS: dict[str, str | Promise] = {
    "big5": gettext_lazy("Big5 (traditional Chinese)"),
    "shift_jis": gettext_lazy("Shift_JIS (Japanese)"),
}
_CODECS = {"big5": "cp950", "shift_jis": "cp932"}  # as Windows writes them
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEPARATORS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own first line
_SHORTENED = re.compile(r"-?\d(?:[.,]\d+)?E\+\d{2,}", re.IGNORECASE)
_LONGEST = 4 * CELL  # of a field, so that one that is too long is named, not the whole file


def rows_of(content: bytes, *, known: Collection[str], encoding: str = "") -> Iterator[Row]:
    """Raises Unreadable, also while it goes on."""
    text = _text(content, encoding)
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(*_body(text), newline=""), _dialect(text, known), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number > LAST_LINE:
                raise too_long()
            yield number, [_cell(cell, number, place) for place, cell in enumerate(cells[:WIDTH])]
    except csv.Error as problem:
        raise Unreadable(
            _(
                "Row %(row)d cannot be read: a quotation mark is not closed, or a cell is longer"
                " than %(limit)s characters. Save the file again from your spreadsheet program."
            )
            % {"row": number + 1, "limit": f"{_LONGEST:,}"}
        ) from problem


def _text(content: bytes, encoding: str) -> str:
    text = _words(content, encoding).removeprefix("\ufeff")
    if "\0" in text:
        raise Unreadable(
            _("This is no text file. Save it as “CSV UTF-8” or as XLSX, and send it again.")
        )
    return text


def _words(content: bytes, encoding: str) -> str:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _decoded(content[len(mark) :], name, name.upper())
    if encoding:
        return _decoded(content, _CODECS[encoding], str(ENCODINGS[encoding]))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Unreadable(
            _(
                "The file is not in UTF-8 or UTF-16. Save it as “CSV UTF-8”, send it as XLSX, or"
                " say below in which encoding it is."
            )
        ) from problem


def _decoded(content: bytes, codec: str, name: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise Unreadable(
            _(
                "The file is not in %(encoding)s: line %(line)d cannot be read. Save it as “CSV"
                " UTF-8”, or send it as XLSX."
            )
            % {"encoding": name, "line": line}
        ) from problem


def _body(text: str) -> tuple[str]:
    """Without Excel's “sep=;”. The rows count from the line after it, as Excel counts them."""
    said = _SEPARATOR_LINE.match(text)
    return (text[said.end() :] if said else text,)


@dataclass(frozen=True, slots=True)
class _Separated:
    separator: str
    names: int


def _dialect(text: str, known: Collection[str]) -> type[csv.Dialect]:
    """The separator under which the heading names most of our columns."""
    said = _SEPARATOR_LINE.match(text)
    heading = _body(text)[0].partition("\n")[0]
    found = [
        _Separated(one, sum(folded(part.strip(' "\r')) in known for part in heading.split(one)))
        for one in _SEPARATORS
    ]
    best = max(found, key=lambda one: one.names).separator

    class Dialect(csv.excel):
        delimiter = said[1] if said else best

    return Dialect


def _cell(raw: str, number: int, place: int) -> Cell:
    text = tidied(as_written(raw))
    address = f"{get_column_letter(place + 1)}{number}"
    if len(text) > CELL:
        return Cell(text[:80] + "…", address, _too_long())
    if _SHORTENED.fullmatch(text):
        return Cell(text, address, shortened_fault())
    return Cell(text, address)


def _too_long() -> Fault:
    return Fault(
        _("The text is longer than %(limit)s characters.") % {"limit": f"{CELL:,}"},
        _("Shorten it; attach a file to the listing where more is needed."),
    )
