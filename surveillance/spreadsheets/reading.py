"""Tables read from CSV and XLSX: every cell as text, with what is wrong about it. Pure.

    sheet = read(content, columns={"number", "outcome"}, sheet="answers")
    for line in sheet.lines:
        line.cells["number"].text, line.cells["number"].fault

A file that cannot be read as a whole raises Unreadable with a sentence that says how to mend it.
What is wrong with one cell is said of that cell, so that all of it is known at once.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

BYTES = 10 * 1024 * 1024  # of a file
LINES = 10_000  # with something in them, below the heading
LAST_LINE = 20_000  # empty ones among them
WIDTH = 100  # columns that are looked at


class Unreadable(Exception):
    """The file as a whole is refused; the message says why, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell is not what its author wrote, and how to mend it. `is_formula`: it is one."""

    what: str
    remedy: str
    is_formula: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` without blanks around it, with \\n for each line break; `address` is "F12"."""

    text: str = ""
    address: str = ""
    fault: Fault | None = None


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Line:
    """`number` as the spreadsheet counts: the heading is 1. `cells` by column; all columns are
    there. `beyond`: what stands to the right of the last column."""

    number: int
    cells: dict[str, Cell]
    beyond: tuple[Cell, ...] = ()


@dataclass(slots=True)
class Sheet:
    """The table that was found. `notes` are sentences about the file as a whole."""

    columns: list[str]
    lines: list[Line]
    notes: list[str] = field(default_factory=list)


Row = tuple[int, Sequence[Cell]]


def folded(name: str) -> str:
    """The name of a column as it is compared: "Answer ID " is answer_id."""
    return "_".join(name.casefold().replace("-", " ").split())


def arranged(
    rows: Iterator[Row],
    *,
    known: Collection[str],
    required: Collection[str],
    notes: Sequence[str] = (),
) -> Sheet:
    """Rows under their headings. Raises Unreadable naming each column that is unknown, missing or
    there twice, and where there are too many lines."""
    _number, heading = next(rows, (1, ()))
    columns = [folded(cell.text) for cell in heading]
    while columns and not columns[-1]:
        columns.pop()
    _check(columns, [cell.text for cell in heading], known, required)
    lines: list[Line] = []
    for number, cells in rows:
        if not any(cell.text or cell.fault for cell in cells):
            continue
        if len(lines) == LINES:
            raise Unreadable(
                _("The file has more than %(limit)s rows. Split it, and upload the parts.")
                % {"limit": f"{LINES:,}"}
            )
        lines.append(_line(number, columns, cells))
    return Sheet(columns, lines, list(notes))


def _line(number: int, columns: Sequence[str], cells: Sequence[Cell]) -> Line:
    width = len(columns)
    found = dict(zip(columns, cells, strict=False))
    missing = dict.fromkeys(columns[len(cells) :], EMPTY)
    beyond = tuple(cell for cell in cells[width:] if cell.text or cell.fault)
    return Line(number, found | missing, beyond)


def _check(
    columns: Sequence[str], titles: Sequence[str], known: Collection[str], required: Collection[str]
) -> None:
    if not any(columns):
        raise Unreadable(
            _("The first row is empty. It holds the names of the columns: %(names)s.")
            % {"names": ", ".join(known)}
        )
    problems = []
    unknown = [
        title or _("(no name)")
        for title, name in zip(titles, columns, strict=False)
        if name not in known
    ]
    missing = [name for name in required if name not in columns]
    doubled = [name for name, times in Counter(columns).items() if times > 1 and name in known]
    if unknown:
        problems.append(
            _("We do not know these columns: %(names)s. Remove them, or write one of: %(known)s.")
            % {"names": ", ".join(f"“{name[:60]}”" for name in unknown), "known": ", ".join(known)}
        )
    if missing:
        problems.append(
            _("These columns are missing: %(names)s. Add them to the first row.")
            % {"names": ", ".join(missing)}
        )
    if doubled:
        problems.append(
            _("These columns are there twice: %(names)s. Keep one of each.")
            % {"names": ", ".join(doubled)}
        )
    if problems:
        raise Unreadable(" ".join(problems))


def too_long() -> Unreadable:
    return Unreadable(
        _(
            "The table goes on beyond row %(last)s. Delete the empty rows below your last entry,"
            " or split the file: %(limit)s rows are read."
        )
        % {"last": f"{LAST_LINE:,}", "limit": f"{LINES:,}"}
    )


def formula_fault(address: str) -> Fault:
    return Fault(
        _("Cell %(address)s holds a formula.") % {"address": address},
        _("Copy the column and paste it again as values."),
        is_formula=True,
    )


def shortened_fault() -> Fault:
    return Fault(
        _("Excel has shortened this number; its last digits are lost."),
        _("Format the column as text, and enter it again."),
    )


def tidied(text: str) -> str:
    """Line breaks as \\n, no blanks around."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
