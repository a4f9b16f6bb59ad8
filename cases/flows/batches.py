"""Many answers at once, each its own deed: one that is refused does not hold up the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError

from cases.flows import items
from cases.flows.items import Answer
from cases.models import Item
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.flow import FlowError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one answer: the item as it is now, and why it was refused, if it was."""

    item: Item
    problem: FlowError | ValidationError | None = None


def answer_each(
    replies: Iterable[tuple[Item, Answer]], *, by: Actor, at: datetime | None = None
) -> list[Outcome]:
    """Answer each item through `items.answer`, in the order given and at one instant."""
    instant = at or clock.now()
    return [_answer(item, reply, by, instant) for item, reply in replies]


def _answer(item: Item, reply: Answer, by: Actor, at: datetime) -> Outcome:
    try:
        return Outcome(items.answer(item, reply, by=by, at=at))
    except (FlowError, ValidationError) as problem:
        return Outcome(item, problem)
