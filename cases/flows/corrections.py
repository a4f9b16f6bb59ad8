"""A platform corrects its answer, as long as the authority has not decided about it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.flows import items
from cases.flows.given_answers import already_given
from cases.flows.items import Answer
from cases.models import Item
from cases.states import ITEM_ANSWERED
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import Transition, perform

CORRECT_ANSWER = Transition(
    "item.correct_answer",
    Right.ANSWER_ITEM,
    _("Correct the answer"),
    _("corrected the answer to “%(outcome)s” for %(listing)s"),
    from_=ITEM_ANSWERED,
    to=ITEM_ANSWERED,
)


def correct_answer(item: Item, reply: Answer, *, by: Actor, at: datetime | None = None) -> Item:
    """Put another answer in the place of the one that stands.

    What was answered first, and when, stays for the statistics: nobody becomes late or early by
    correcting. A question is no answer: it can be neither corrected nor asked in this way.
    """
    reply.check()
    if reply.outcome not in ITEM_ANSWERED:
        told = gettext("Correct it to one of: %(answers)s.")
        raise ValidationError({"outcome": told % {"answers": ", ".join(sorted(ITEM_ANSWERED))}})
    if (known := already_given(item, reply, by)) is not None:
        return known
    with perform(CORRECT_ANSWER, item, by=by, at=at) as change:
        items.say(change, reply)
        change.row.corrected_at = change.at
        change.send(*items.tell_inspector(change.row, change.at))
    return change.row
