"""Many answers in one go are the same deeds as the same answers one by one."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.flows import items
from cases.flows.batches import Outcome, answer_each
from cases.flows.items import Answer
from cases.models import Case, Item, TakedownRequest
from cases.states import ItemState
from surveillance.audit.models import AuditEntry
from surveillance.flow import FlowError, Forbidden, NotVisible, WrongState, perform_many
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with

LISTINGS = 8
IGNORED = {"id", "operation", "cause_id"}


def replies(takedown: TakedownRequest) -> list[tuple[Item, Answer]]:
    """Good ones, wrong ones, the same twice, one id for two listings, one listing twice."""
    row = list(takedown.items.order_by("number"))
    refused = Answer(ItemState.REFUSED, "r-1", Item.Ground.COMPLIANT, "It complies.")
    return [
        (row[0], answer_with(ItemState.REMOVED, "a-1")),
        (row[0], answer_with(ItemState.REMOVED, "a-1")),  # again
        (row[0], answer_with(ItemState.NOT_FOUND, "a-1")),  # again, with other content
        (row[1], answer_with(ItemState.REMOVED, "a-1")),  # another listing's id
        (row[1], refused),
        (row[2], Answer(ItemState.REFUSED, "r-2")),  # without ground and text
        (row[3], answer_with(ItemState.NEEDS_INFORMATION, "q-1")),
        (row[4], answer_with(ItemState.NOT_FOUND)),
        (row[4], answer_with(ItemState.REMOVED, "a-9")),  # answered already
        (row[5], Answer("gone")),
        (row[6], answer_with(ItemState.REMOVED, "earlier")),  # what it was answered before
        (row[7], answer_with(ItemState.NOT_FOUND, "earlier-7")),  # its id, other content
    ]


def one_by_one(pairs, by) -> list[Outcome]:
    found = []
    for item, reply in pairs:
        try:
            found.append(Outcome(items.answer(item, reply, by=by)))
        except (FlowError, ValidationError) as problem:
            found.append(Outcome(item, problem))
    return found


def told(outcome: Outcome) -> Any:
    problem = outcome.problem
    if isinstance(problem, ValidationError):
        return problem.message_dict
    return outcome.item.number, outcome.item.state, type(problem), str(problem)


def rows_of(takedown: TakedownRequest) -> dict[str, Any]:
    """Everything that answering may write: items, request, case, trail, letters."""

    def plain(queryset, **where) -> list[dict[str, Any]]:
        return [
            {name: value for name, value in row.items() if name not in IGNORED}
            for row in queryset.filter(**where).values()
        ]

    reference = takedown.reference
    return {
        "items": plain(Item.objects.order_by("number"), takedown=takedown),
        "takedown": plain(TakedownRequest.objects.all(), pk=takedown.pk),
        "case": plain(Case.objects.all(), pk=takedown.case_id),
        "trail": plain(AuditEntry.objects.order_by("id"), context__contains=[reference]),
        "letters": plain(OutboxMessage.objects.order_by("created_at", "address"), about=reference),
        "causes": list(
            OutboxMessage.objects.filter(about=reference)
            .order_by("created_at", "address")
            .values_list("cause__verb", "cause__subject")
        ),
    }


class Undone(Exception):
    """Rolls back what a block has done."""


@pytest.fixture
def takedown(story) -> TakedownRequest:
    takedown = story.issued(listings=LISTINGS)
    for number, answer_id in ((7, "earlier"), (8, "earlier-7")):
        item = takedown.items.get(number=number)
        items.answer(item, answer_with(ItemState.REMOVED, answer_id), by=story.dot)
    takedown.refresh_from_db()
    return takedown


def test_the_same_rows_trail_and_letters_as_one_by_one(takedown, story, time):
    found = []
    for way in (one_by_one, lambda pairs, by: answer_each(pairs, by=by)):
        with pytest.raises(Undone), transaction.atomic():
            outcomes = [told(outcome) for outcome in way(replies(takedown), story.dot)]
            found.append((outcomes, rows_of(takedown)))
            raise Undone
    (outcomes, rows), (many_outcomes, many_rows) = found
    assert many_outcomes == outcomes
    assert many_rows == rows
    assert len([entry for entry in rows["trail"] if entry["verb"] == "item.answer"]) == 6


def test_the_statements_do_not_grow_with_the_answers(story):
    counts = []
    for listings in (3, 30):
        takedown = story.issued(listings=listings)
        pairs = [(item, answer_with(ItemState.REMOVED)) for item in takedown.items.all()]
        with CaptureQueriesContext(connection) as queries:
            answer_each(pairs, by=story.dot)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_somebody_else_sees_none_of_them(takedown, story, cast):
    outcomes = answer_each(replies(takedown)[:1], by=cast.actor("dev"))
    assert isinstance(outcomes[0].problem, NotVisible)


def test_without_the_right_none_is_answered(takedown, story):
    outcomes = answer_each(replies(takedown)[:1], by=story.ana)
    assert isinstance(outcomes[0].problem, Forbidden)
    assert not AuditEntry.objects.filter(context__contains=[f"{takedown.reference}/1"]).exists()


def test_no_answers_are_no_deed(story):
    assert answer_each([], by=story.dot) == []


def test_a_row_that_fails_in_its_block_is_as_it_was(takedown, story):
    first, second = takedown.items.order_by("number")[:2]
    with perform_many(items.ANSWER, [first, second], by=story.dot) as many:
        with pytest.raises(WrongState), many.one(first) as change:
            change.row.answer_text = "half"
            change.row.pauses.append({"from": "", "to": None, "reason": "half"})
            raise WrongState("no")
        with many.one(second) as change:
            items.give(change, answer_with(ItemState.REMOVED))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.answer_text, first.pauses) == (ItemState.PENDING, "", [])
    assert (second.state, second.version) == (ItemState.REMOVED, 3)


def test_all_share_one_operation(takedown, story):
    answer_each(replies(takedown), by=story.dot)
    entries = AuditEntry.objects.filter(verb=items.ANSWER.verb).order_by("-id")[:4]
    assert len({entry.operation for entry in entries}) == 1
