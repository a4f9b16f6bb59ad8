"""What the rows of a file would do to our items, found out without changing anything.

Rows of requests that the reader does not see are not found, in the same words as rows of requests
that there are not.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext

from cases.flows.answer_sheets import Reading, read_row
from cases.flows.given_answers import GivenAnswers
from cases.flows.items import Answer
from cases.models import AnswerRow, Item
from cases.states import ITEM_ANSWERED, LABELS, ItemState
from surveillance.accounts.actor import Actor
from surveillance.flow import WrongState
from surveillance.spreadsheets.reading import Sheet

State = AnswerRow.State
_SAID = ("state", "ground", "answer_text")
Place = tuple[str, int]  # a request's reference, a listing's number


def answer_id_of(item: Item, outcome: str, ground: str, text: str) -> str:
    """The id of an answer that came without one: made of the listing, the round and the answer.

    The same row answers once, however often and in whichever file it comes; another answer is
    another id. A round begins when the item's clock starts: an answer that was rejected can be
    given again.
    """
    begun = item.started_at.isoformat() if item.started_at else ""
    content = json.dumps([item.audit_reference, begun, outcome, ground, text])
    return f"file:{hashlib.sha256(content.encode()).hexdigest()[:40]}"


def check(sheet: Sheet, *, by: Actor) -> list[AnswerRow]:
    """The rows of the sheet with all that is to be said about them; unsaved, without their file.

    In a number of statements that does not grow with the rows.
    """
    rows = [read_row(line) for line in sheet.lines]
    items = _items(rows, by)
    found = {id(row): item for row in rows if (item := _find(row, items)) is not None}
    repeats = _mark_doubles(rows)
    _mark_shared_ids(rows)
    states = _states([(row, found.get(id(row))) for row in rows], repeats)
    return [_row(row, found.get(id(row)), state) for row, state in zip(rows, states, strict=True)]


def _items(rows: Sequence[Reading], by: Actor) -> dict[Place, Item]:
    """Of the listings that the rows name, those that the reader sees."""
    named = {(row.request, row.number) for row in rows if row.number}
    seen = (
        Item.objects.visible_to(by)
        .issued()
        .filter(
            takedown__reference__in={reference for reference, _number in named},
            number__in={number for _reference, number in named},
        )
        .select_related("listing")
        .prefetch_related("takedown")  # a few requests hold many listings
        .only("takedown", "number", "started_at", "listing__url", *_SAID)
    )
    return {(item.takedown.reference, item.number): item for item in seen}


def _find(row: Reading, items: dict[Place, Item]) -> Item | None:
    if not row.request or not row.number:
        return None
    item = items.get((row.request, row.number))
    if item is None:
        if any(remark["column"] in {"request", "number"} for remark in row.remarks):
            return None
        row.refuse(
            "number",
            gettext("Among your requests there is no %(request)s with a listing %(number)d.")
            % {"number": row.number, "request": row.request[:40]},
            gettext("Compare both with the request, or take a new template."),
        )
        return None
    url = row.cell("url")
    if url.text and not url.fault and url.text != item.listing.url:
        row.refuse(
            "url",
            gettext("This is not the address of listing %(number)d: %(url)s")
            % {"number": row.number, "url": item.listing.url[:200]},
            gettext(
                "The rows may have been sorted in part. Take a new template, or empty the cell."
            ),
        )
    return item


def _mark_doubles(rows: Iterable[Reading]) -> set[int]:
    """Rows about one listing: the same again is left alone, different answers are refused, all of
    them. Returns the identities of those that say it again."""
    repeats: set[int] = set()
    by_place: defaultdict[Place, list[Reading]] = defaultdict(list)
    for row in rows:
        if row.number and not row.is_left_open:
            by_place[row.request, row.number].append(row)
    for alike in by_place.values():
        first = alike[0]
        contents = {(row.outcome, row.ground, row.text, row.answer_id) for row in alike}
        for row in alike[1:] if len(contents) == 1 else ():
            repeats.add(id(row))
            row.warn(
                "number",
                gettext("Row %(row)d says the same.") % {"row": first.line.number},
            )
        for row in alike if len(contents) > 1 else ():
            other = next(one for one in alike if one is not row)
            row.refuse(
                "number",
                gettext("Row %(row)d answers the same listing otherwise.")
                % {"row": other.line.number},
                gettext("Keep one of the rows."),
            )
    return repeats


def _mark_shared_ids(rows: Iterable[Reading]) -> None:
    """One answer_id for two listings of a request is refused, in all its rows."""
    users: defaultdict[tuple[str, str], list[Reading]] = defaultdict(list)
    for row in rows:
        if row.answer_id:
            users[row.request, row.answer_id].append(row)
    for shared in users.values():
        for row in shared:
            other = next((one for one in shared if one.number != row.number), None)
            if other is not None:
                row.refuse(
                    "answer_id",
                    gettext("Row %(row)d has the same answer_id.") % {"row": other.line.number},
                    gettext("Give each answer an id of its own, or leave it empty."),
                )


def _states(pairs: Sequence[tuple[Reading, Item | None]], repeats: set[int]) -> list[str]:
    answers: list[tuple[Item, Answer]] = []
    for row, item in pairs:
        if item is not None and not row.is_refused and not row.is_left_open:
            row.answer_id = row.answer_id or answer_id_of(item, row.outcome, row.ground, row.text)
            answers.append((item, row.reply(row.answer_id)))
    given = GivenAnswers.of(answers, {item.pk: item for item, _reply in answers})
    return [_state(row, item, given, is_repeat=id(row) in repeats) for row, item in pairs]


def _state(row: Reading, item: Item | None, given: GivenAnswers, *, is_repeat: bool) -> str:
    if row.is_refused:
        return State.REFUSED
    if row.is_left_open or item is None:
        return State.LEFT_OPEN
    if is_repeat:
        return State.UNCHANGED
    try:
        known = given.find(item, row.reply(row.answer_id))
    except WrongState as problem:
        row.refuse("answer_id", str(problem), gettext("Give it another id, or leave it empty."))
        return State.REFUSED
    if known is not None:
        row.warn("outcome", gettext("This very answer was given before. It changes nothing."))
        return State.UNCHANGED
    return State.READY if item.awaits_platform else _answered_before(row, item)


def _answered_before(row: Reading, item: Item) -> str:
    """The item does not wait for the platform: is this what it has said already?"""
    said = tuple(getattr(item, name) for name in _SAID)
    if said == (row.outcome, row.ground, row.text):
        row.warn("outcome", gettext("You have answered this already. It changes nothing."))
        return State.UNCHANGED
    label = LABELS.get(item.state, item.state)
    if item.state in ITEM_ANSWERED:
        row.refuse(
            "outcome",
            gettext("You have answered “%(state)s” before.") % {"state": label},
            gettext("If it was wrong, correct it in the request; else take the row out."),
        )
    elif item.state == ItemState.NEEDS_INFORMATION:
        row.refuse(
            "outcome",
            gettext("Your question has not been answered yet."),
            gettext("Answer when the authority has told you."),
        )
    else:
        row.refuse(
            "outcome",
            gettext("This listing does not wait for an answer: it is “%(state)s”.")
            % {"state": label},
            gettext("Take the row out."),
        )
    return State.REFUSED


def _row(row: Reading, item: Item | None, state: str) -> AnswerRow:
    return AnswerRow(
        row=row.line.number,
        state=state,
        item=item,
        cells={name: cell.text for name, cell in row.line.cells.items()},
        outcome=row.outcome[:20],
        ground=row.ground,
        text=row.text,
        answer_id=row.answer_id[:120],
        remarks=row.remarks,
    )
