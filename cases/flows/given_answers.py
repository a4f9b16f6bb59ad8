"""Answers that were given before: the same one again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db.models import Q
from django.utils.translation import gettext

from cases.models import Item
from surveillance.accounts.actor import Actor
from surveillance.accounts.wall import beyond_the_wall
from surveillance.audit.models import AuditEntry
from surveillance.flow import WrongState

if TYPE_CHECKING:
    from cases.flows.items import Answer

VERBS = ("item.answer", "item.correct_answer")  # the verbs that give one


def already_given(item: Item, reply: Answer, by: Actor) -> Item | None:
    """The item as it is now, when this very answer (by its id) was given before."""
    if not reply.answer_id:
        return None
    seen = Item.objects.visible_to(by).filter(pk=item.pk)
    rows = {row.pk: row for row in seen.select_related("takedown")}
    return GivenAnswers.of([(item, reply)], rows).find(item, reply)


@dataclass
class GivenAnswers:
    """Answers given before, by their ids: the trail remembers each, however often its item has
    been answered since."""

    rows: Mapping[int, Item]  # those that the actor sees; `perform` says that others are not here
    digests: dict[tuple[int, str], str]  # by item and answer id
    holders: dict[tuple[int, str], Item]  # by request and answer id: the item that has it now

    @classmethod
    def of(cls, replies: Iterable[tuple[Item, Answer]], rows: Mapping[int, Item]) -> Self:
        """What the trail and the items' requests know of the ids of these answers."""
        asked = {
            (item.pk, reply.answer_id)
            for item, reply in replies
            if reply.answer_id and item.pk in rows
        }
        if not asked:
            return cls(rows, {}, {})
        ids = {answer_id for _key, answer_id in asked}
        requests = {rows[key].takedown_id for key, _id in asked}
        held = Item.objects.filter(takedown__in=requests, answer_id__in=ids)
        with beyond_the_wall():  # within it the trail's index serves no one
            return cls(
                rows,
                _digests(rows, asked),
                {(one.takedown_id, one.answer_id): one for one in held.select_related("takedown")},
            )

    def find(self, item: Item, reply: Answer) -> Item | None:
        """The item as it is now, or None where the answer is new. Raises WrongState where its id
        was used for other content."""
        row = self.rows.get(item.pk)
        if not reply.answer_id or row is None:
            return None
        given = self.digests.get((row.pk, reply.answer_id))
        if given == reply.digest():
            return row
        holder = self.holders.get((row.takedown_id, reply.answer_id))
        other = holder if holder and holder.pk != row.pk else None
        if given or other:
            raise WrongState(
                gettext("The answer id %(id)s was used for %(item)s with other content.")
                % {"id": reply.answer_id, "item": (other or row).audit_reference}
            )
        return None

    def note(self, row: Item, reply: Answer) -> None:
        """This answer has been given now."""
        if reply.answer_id:
            self.digests[row.pk, reply.answer_id] = reply.digest()
            self.holders[row.takedown_id, reply.answer_id] = row


def _digests(
    rows: Mapping[int, Item], asked: Iterable[tuple[int, str]]
) -> dict[tuple[int, str], str]:
    """By item and answer id, of all answers in the trail of these items; the latest stands."""
    keys = {rows[key].audit_reference: key for key, _id in asked}
    # One look at a request's trail costs less than a look at that of each of many items.
    around = keys if len(keys) == 1 else {rows[key].takedown.reference for key in keys.values()}
    told = reduce(or_, (Q(context__contains=[reference]) for reference in around))
    trail = AuditEntry.objects.filter(told, verb__in=VERBS)
    found = trail.order_by("at", "id").values_list("subject", "facts")
    return {
        (keys[subject], facts["answer_id"]): facts["digest"]
        for subject, facts in found
        if subject in keys and "answer_id" in facts
    }
