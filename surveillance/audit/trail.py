"""Many entries of one verb in one statement, for what is written in bulk.

A verb done to one row writes its entry through `flow.perform`. An import that inserts 500 rows at
once says so here, in the same transaction.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from surveillance.accounts.actor import Actor
from surveillance.audit.models import AuditEntry
from surveillance.copying import copy_in
from surveillance.flow import FlowModel, Forbidden, Transition


@dataclass(frozen=True, slots=True)
class Deed:
    """The verb, done to one saved row. `within`: references of further rows that it concerns."""

    row: FlowModel
    facts: dict[str, Any] = field(default_factory=dict)
    within: Sequence[str] = ()


def record_many(transition: Transition, deeds: Iterable[Deed], *, by: Actor, at: datetime) -> None:
    """One entry for each deed, all with one operation. Raises Forbidden without the right.

    Must stand in the transaction that wrote the rows: raises TransactionManagementError outside.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            f"{transition.verb} must be recorded in the transaction that does it"
        )
    if not by.may(transition.right):
        raise Forbidden(
            _("You may not do this: it needs the right “%(right)s”.") % {"right": transition.right}
        )
    operation = uuid.uuid4()
    copy_in([_entry(transition, deed, by, at, operation) for deed in deeds])


def _entry(
    transition: Transition, deed: Deed, by: Actor, at: datetime, operation: uuid.UUID
) -> AuditEntry:
    reference = deed.row.audit_reference
    return AuditEntry(
        at=at,
        verb=transition.verb,
        subject=reference,
        context=[reference, *deed.row.audit_context(), *deed.within],
        operation=operation,
        actor=by.label,
        actor_user_id=by.user_id,
        facts=deed.facts,
    )
