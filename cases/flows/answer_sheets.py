"""The sheet in which a platform answers: its columns, what they may hold, and one row as it is
read. Knows no database; what the rows mean to our items is asked in answer_checks.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.flows.items import Answer
from cases.models import Item
from cases.states import ANSWERS, ItemState
from surveillance.spreadsheets.reading import EMPTY, Cell, Line, folded

TITLE = "answers"  # the name of the sheet, in every language
ANSWER_ID = 120  # characters


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the same in every language. `is_given`: the template has it filled in already."""

    name: str
    explanation: str | Promise
    width: int
    is_given: bool = False
    is_required: bool = False
    is_checked: bool = True  # a value that Excel has mangled is refused


COLUMNS = (
    Column("request", _("The reference of the request. Leave it."), 16, True, True),
    Column("number", _("The listing's number in the request. Leave it."), 9, True, True),
    Column(
        "url",
        _("The address of the listing. If it stands here, it must be that of the number."),
        44,
        True,
    ),
    Column("title", _("What the listing is called. Not read."), 30, True, is_checked=False),
    Column("due", _("When your answer is due. Not read."), 18, True, is_checked=False),
    Column("outcome", _("What you have done: one of the allowed values."), 18, False, True),
    Column("ground", _("Only for “refused”: why, as one of the allowed values."), 18),
    Column(
        "text",
        _("For “refused”: why, in your words. For “needs_information”: what you need to know."),
        40,
    ),
    Column(
        "answer_id",
        _("Your own number of this answer, if you have one; else leave it empty."),
        18,
    ),
)
# Files of results have these as well: corrected, they can be uploaded again.
RESULT_COLUMNS = ("result", "reason")
KNOWN = (*(column.name for column in COLUMNS), *RESULT_COLUMNS)
REQUIRED = tuple(column.name for column in COLUMNS if column.is_required)
TO_FILL = tuple(column.name for column in COLUMNS if not column.is_given)
OUTCOMES: Mapping[str, str | Promise] = {
    ItemState.REMOVED.value: _("The listing can no longer be reached or bought."),
    ItemState.NOT_FOUND.value: _("There is no listing at this address."),
    ItemState.REFUSED.value: _("You do not remove it, for a ground that you name."),
    ItemState.NEEDS_INFORMATION.value: _("You ask a question before you can answer."),
}
GROUNDS: Mapping[str, str | Promise] = dict(Item.Ground.choices)


@dataclass(slots=True)
class Reading:
    """One row as it was read, and every remark about it so far. A row with an error is refused."""

    line: Line
    request: str = ""
    number: int = 0
    outcome: str = ""
    ground: str = ""
    text: str = ""
    answer_id: str = ""
    remarks: list[dict[str, Any]] = field(default_factory=list)
    errors: int = 0

    @property
    def is_refused(self) -> bool:
        return self.errors > 0

    @property
    def is_left_open(self) -> bool:
        return not any(self.cell(name).text or self.cell(name).fault for name in TO_FILL)

    def cell(self, column: str) -> Cell:
        return self.line.cells.get(column, EMPTY)

    def refuse(self, column: str, what: str, remedy: str) -> None:
        self._remark(column, what, remedy, is_error=True)
        self.errors += 1

    def warn(self, column: str, what: str, remedy: str = "") -> None:
        self._remark(column, what, remedy, is_error=False)

    def reply(self, answer_id: str, by_file: str = "") -> Answer:
        return Answer(self.outcome, answer_id, self.ground, self.text, by_file=by_file)

    def _remark(self, column: str, what: str, remedy: str, *, is_error: bool) -> None:
        cell = self.cell(column)
        self.remarks.append(
            {
                "column": column,
                "cell": cell.address,
                "value": cell.text[:200],
                "what": what,
                "remedy": remedy,
                "is_error": is_error,
            }
        )


def read_row(line: Line) -> Reading:
    """The row's own cells, each with what is wrong with it."""
    row = Reading(line)
    _note_faults(row)
    _read_place(row)
    if not row.is_left_open:
        _read_answer(row)
    return row


def _note_faults(row: Reading) -> None:
    checked = {column.name for column in COLUMNS if column.is_checked}
    for name, cell in row.line.cells.items():
        if cell.fault and (cell.fault.is_formula or name in checked):
            row.refuse(name, cell.fault.what, cell.fault.remedy)
    for cell in row.line.beyond:
        row.refuse(
            "",
            gettext("Cell %(address)s has no column.") % {"address": cell.address},
            gettext("Empty it, or move it into one of the columns."),
        )


def _read_place(row: Reading) -> None:
    row.request = row.cell("request").text.upper()
    if not row.request:
        row.refuse(
            "request",
            gettext("The request is missing."),
            gettext("Write its reference, for example TD-2026-000310."),
        )
    number = row.cell("number").text
    if number.isdecimal() and len(number) < 9 and int(number) > 0:
        row.number = int(number)
    elif not row.cell("number").fault:
        row.refuse(
            "number",
            gettext("This is no number of a listing.")
            if number
            else gettext("The number is missing."),
            gettext("Write the number that the listing has in the request: 1, 2, 3 …"),
        )


def _read_answer(row: Reading) -> None:
    row.text = row.cell("text").text
    row.outcome = folded(row.cell("outcome").text)
    if row.outcome not in ANSWERS and not row.cell("outcome").fault:
        row.refuse(
            "outcome",
            gettext("There is no such outcome.")
            if row.outcome
            else gettext("The outcome is missing."),
            gettext("Write one of: %(values)s.") % {"values": ", ".join(OUTCOMES)},
        )
    _read_ground(row)
    if row.outcome in {ItemState.REFUSED, ItemState.NEEDS_INFORMATION} and not row.text:
        row.refuse(
            "text",
            gettext("“%(outcome)s” needs a text.") % {"outcome": row.outcome},
            gettext("Write why you refuse.")
            if row.outcome == ItemState.REFUSED
            else gettext("Write what you need to know."),
        )
    row.answer_id = row.cell("answer_id").text
    if len(row.answer_id) > ANSWER_ID:
        row.refuse(
            "answer_id",
            gettext("The answer_id is longer than %(limit)d characters.") % {"limit": ANSWER_ID},
            gettext("Shorten it, or leave it empty."),
        )


def _read_ground(row: Reading) -> None:
    ground = folded(row.cell("ground").text)
    if row.outcome != ItemState.REFUSED:
        if ground and row.outcome in ANSWERS:
            row.warn("ground", gettext("Only a refusal has a ground. It is not read."))
    elif ground in GROUNDS:
        row.ground = ground
    elif not row.cell("ground").fault:
        row.refuse(
            "ground",
            gettext("There is no such ground.") if ground else gettext("A refusal needs a ground."),
            gettext("Write one of: %(values)s.") % {"values": ", ".join(GROUNDS)},
        )


def by_file(place: str) -> str:
    """In words: where an answer stands ("AF-2026-000012/7", `Answer.by_file`)."""
    reference, _slash, row = place.partition("/")
    return gettext("By file %(file)s, row %(row)s.") % {"file": reference, "row": row}
