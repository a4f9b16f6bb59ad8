"""Many answers at once, each its own deed: one that is refused does not hold up the others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError

from cases.flows import clocks, items
from cases.flows.given_answers import GivenAnswers
from cases.flows.items import Answer
from cases.letters.to_staff import AnswersArrived
from cases.models import Item, TakedownRequest
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.flow import FlowError, Many, perform_many

# What an answer reads of the rows around its item.
_RELATED = ("listing", "takedown__case", "takedown__regime")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one answer: the item as it is now, and why it was refused, if it was.

    `is_repeat`: this very answer had been given before; nothing has changed.
    """

    item: Item
    problem: FlowError | ValidationError | None = None
    is_repeat: bool = False


def answer_each(
    replies: Iterable[tuple[Item, Answer]], *, by: Actor, at: datetime | None = None
) -> list[Outcome]:
    """Answer each item as `items.answer` does, in the order given and at one instant.

    All in one transaction, in a number of statements that does not grow with the answers.
    """
    pairs = list(replies)
    asked = [item for item, _reply in pairs]
    with perform_many(items.ANSWER, asked, by=by, at=at or clock.now(), related=_RELATED) as many:
        batch = _Batch(many, GivenAnswers.of(pairs, many.rows))
        outcomes = [batch.answer(item, reply) for item, reply in pairs]
        for takedown in batch.answered.values():
            many.afterwards(partial(clocks.refresh, takedown, many.at))
    return outcomes


@dataclass
class _Batch:
    """The answers of one transaction: what has been given so far, and which requests to refresh."""

    many: Many[Item]
    given: GivenAnswers
    answered: dict[int, TakedownRequest] = field(default_factory=dict)
    notices: dict[int, Sequence[AnswersArrived]] = field(default_factory=dict)

    def answer(self, item: Item, reply: Answer) -> Outcome:
        try:
            return self._answer(item, reply)
        except (FlowError, ValidationError) as problem:
            return Outcome(item, problem)

    def _answer(self, item: Item, reply: Answer) -> Outcome:
        reply.check()
        if (known := self.given.find(item, reply)) is not None:
            return Outcome(known, is_repeat=True)
        with self.many.one(item) as change:
            items.give(change, reply)
            takedown = change.row.takedown
            if takedown.pk not in self.notices:
                self.notices[takedown.pk] = items.tell_inspector(change.row, change.at)
            change.send(*self.notices[takedown.pk])
        self.answered[takedown.pk] = takedown
        self.given.note(change.row, reply)
        return Outcome(change.row)
