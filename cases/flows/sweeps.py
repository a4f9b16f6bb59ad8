"""What the clock finds to do. Safe to run twice, late, or on two machines at once.

A sweep finds rows by an index on what is due, so its cost grows with what is due and not with
what exists. Each request is its own transaction: one that fails is logged and does not hold up
the others; the next sweep finds it again.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from cases.flows import appeals, chasing
from cases.models import Appeal, Item, TakedownRequest
from surveillance.accounts.actor import SYSTEM
from surveillance.flow import FlowError

logger = logging.getLogger(__name__)
BATCH = 2000
RowT = TypeVar("RowT")


def remind(at: datetime) -> int:
    """Remind platforms of what falls due. Returns how many requests were handled."""
    due = TakedownRequest.objects.open().to_remind(at).order_by("remind_at")
    return _each(due[:BATCH], chasing.remind, at)


def note_missed_deadlines(at: datetime) -> int:
    """Note what has become late, then climb the ladder for what still is. Returns how many items
    were handled. Items of one request that are due together come together, in few batches."""
    late = Item.objects.overdue(at).not_yet_noted().order_by("due_at", "takedown_id", "id")
    climbing = Item.objects.filter(escalate_at__lte=at)
    climbing = climbing.order_by("escalate_at", "takedown_id", "id")
    return _by_request(late[:BATCH], chasing.note_missed_deadlines, at) + _by_request(
        climbing[:BATCH], chasing.escalate_together, at
    )


def note_late_appeals(at: datetime) -> int:
    """Tell supervisors of appeals that were not decided in time. Returns how many."""
    late = Item.objects.filter(pk__in=Appeal.objects.late(at).values("item_id"))
    return _each(late.order_by("appeal_due_at")[:BATCH], appeals.note_late_appeal, at)


def _by_request(rows: Iterable[Item], verb: Callable[..., int], at: datetime) -> int:
    """The items of a request together: what all of them are told is read and written once. Where
    that fails, one by one, so that a row that cannot be handled holds up no other."""
    together: dict[int, list[Item]] = defaultdict(list)
    for row in rows:
        together[row.takedown_id].append(row)
    done = 0
    for items in together.values():
        try:
            done += verb(items, by=SYSTEM, at=at)
        except FlowError as refusal:
            logger.info("%s: %s", items[0].audit_reference, refusal)
        except Exception:
            logger.exception("%s could not be swept at once", items[0].takedown.reference)
            done += _each([[item] for item in items], verb, at)
    return done


def _each(rows: Iterable[RowT], verb: Callable[..., Any], at: datetime) -> int:
    done = 0
    for row in rows:
        try:
            verb(row, by=SYSTEM, at=at)
        except FlowError as refusal:
            # Somebody else was faster: an answer, a second sweep.
            logger.info("%s: %s", row, refusal)
        except Exception:
            logger.exception("%s could not be swept", row)
        else:
            done += 1
    return done
