"""Files that a platform takes away: the template to fill in, and a file's rows with what became
of each."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cases.flows import answer_sheets
from cases.flows.answer_sheets import COLUMNS, RESULT_COLUMNS, TITLE, TO_FILL
from cases.models import AnswerRow, Item
from cases.portal import answers_file_verbs, verbs
from surveillance.accounts.actor import Actor
from surveillance.spreadsheets.reading import LINES
from surveillance.spreadsheets.writing import Table
from surveillance.web.guards import ActorRequest, portal
from surveillance.web.spreadsheets import csv_download, download, kind_of, xlsx_download

_NAMES = tuple(column.name for column in COLUMNS)
_WIDTHS = tuple(column.width for column in COLUMNS)


def waiting_items(actor: Actor, reference: str = "") -> QuerySet[Item]:
    """Listings that wait for the platform's answer, of one request or of all. Raises Http404."""
    items = Item.objects.visible_to(actor).awaiting_platform()
    if reference:
        items = items.filter(takedown=verbs.find(actor, reference))
    return items


@portal
@require_GET
def template(request: ActorRequest, extension: str) -> HttpResponseBase:
    """?request=TD-… for one request, else for all: the listings that wait, those due first first,
    as many as one file may hold."""
    kind = kind_of(extension)
    reference = request.GET.get("request", "")
    items = waiting_items(request.actor, reference).select_related("takedown", "listing")
    rows = [_given(item) for item in items.order_by("due_at", "takedown_id", "number")[:LINES]]
    name = f"answers-{reference}" if reference else "answers"
    if kind == "csv":
        return csv_download(name, _NAMES, rows)
    return xlsx_download(name, [_answers(rows), _allowed_values()])


def _given(item: Item) -> tuple[object, ...]:
    """One row of the template, in the order of its columns."""
    due = localtime(item.due_at).strftime("%Y-%m-%d %H:%M %Z") if item.due_at else ""
    given = (item.takedown.reference, item.number, item.listing.url, item.listing.title, due)
    return (*given, *("" for _name in TO_FILL))


def _answers(rows: Sequence[Sequence[object]]) -> Table:
    first, last = 2, len(answer_sheets.OUTCOMES) + 1
    grounds = f"${last + 1}:$A${last + len(answer_sheets.GROUNDS)}"
    sheet = "'" + _values_title().replace("'", "''") + "'"
    return Table(
        TITLE,
        _NAMES,
        rows,
        choices={
            "outcome": f"{sheet}!$A${first}:$A${last}",
            "ground": f"{sheet}!$A{grounds}",
        },
        to_fill=TO_FILL,
        widths=_WIDTHS,
        room=len(rows),
    )


def _values_title() -> str:
    """Excel allows a sheet 31 characters, and none of these: : \\ / ? * [ ]"""
    # Translators: the name of a sheet in Excel: at most 31 characters, none of : \ / ? * [ ]
    return _("Allowed values")


def _allowed_values() -> Table:
    """The lists that the cells offer stand first, then what each column is for."""
    in_column = _("column %(name)s")
    lists = {"outcome": answer_sheets.OUTCOMES, "ground": answer_sheets.GROUNDS}
    values = [
        (value, in_column % {"name": name}, said)
        for name, allowed in lists.items()
        for value, said in allowed.items()
    ]
    columns = [(column.name, _("a column"), column.explanation) for column in COLUMNS]
    return Table(
        _values_title(),
        (_("Value"), _("Where"), _("Meaning")),
        values + columns,
        widths=(22, 20, 60),
    )


@portal
@require_GET
def rows(request: ActorRequest, reference: str, extension: str) -> HttpResponseBase:
    """Every row of the file as it was uploaded, with its result and the reason. Corrected, it can
    be uploaded again."""
    kind = kind_of(extension)
    file = answers_file_verbs.find(request.actor, reference)
    columns = [name for name in file.columns if name and name not in RESULT_COLUMNS]
    return download(
        name=f"{file.reference}-results",
        kind=kind,
        title=TITLE,
        columns=[*columns, *RESULT_COLUMNS],
        rows=list(_results(file.rows.order_by("row"), columns)),
        widths=[column.width for name in columns for column in COLUMNS if column.name == name]
        + [14, 60],
    )


def _results(rows: QuerySet[AnswerRow], columns: Sequence[str]) -> Iterator[list[object]]:
    for row in rows.values("cells", "state", "remarks", "reason"):
        cells = [row["cells"].get(name, "") for name in columns]
        yield [*cells, row["state"], reason_of(row["remarks"], row["reason"])]


def reason_of(remarks: Sequence[dict[str, Any]], reason: str) -> str:
    """All that is to be said about a row, in one cell."""
    said = [
        f"{remark['column']}: {remark['what']} {remark['remedy']}".strip(" :") for remark in remarks
    ]
    return "\n".join([*said, reason] if reason else said)
