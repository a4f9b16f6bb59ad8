"""One verb, performed: lock, right, state, save, trail and letters in one transaction.

The steps have names of their own for `many.py`, which takes the same ones for many rows.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from pickle import dumps, loads
from typing import Any, Generic, TypeVar, cast

from django.db import transaction
from django.utils.translation import gettext as _

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.wall import beyond_the_wall, is_within_the_wall
from surveillance.audit.models import AuditEntry
from surveillance.flow.declared import (
    FlowModel,
    Forbidden,
    NotVisible,
    Stale,
    Transition,
    WrongState,
)
from surveillance.outbox import queue
from surveillance.outbox.letter import Letter

_PERSONAL = "(personal)"
RowT = TypeVar("RowT", bound=FlowModel)


@dataclass
class Change(Generic[RowT]):
    """What one performance of a verb has gathered so far."""

    row: RowT
    by: Actor
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    following: list[Callable[[], None]] = field(default_factory=list)
    within: list[str] = field(default_factory=list)  # the rows around it when the verb began

    def note(self, **facts: Any) -> None:
        """Facts for the audit entry that no field of the row holds."""
        self.facts.update(facts)

    def send(self, *letters: Letter) -> None:
        self.letters.extend(letters)

    def afterwards(self, step: Callable[[], None]) -> None:
        """Run `step` once the row is saved, in the same transaction: for rows that point to it."""
        self.following.append(step)


_operation: ContextVar[uuid.UUID | None] = ContextVar("operation", default=None)


@contextmanager
def perform(
    transition: Transition,
    row: RowT,
    *,
    by: Actor,
    at: datetime | None = None,
    reason: str = "",
    version: int | None = None,
) -> Iterator[Change[RowT]]:
    """See the package's docstring. Raises NotVisible, Forbidden, WrongState or Stale.

    `version`: what the actor had read; a row that has moved on since raises Stale.
    """
    rows = within_sight([row], by)
    with verb_transaction():
        locked = row if row._state.adding else _locked(row, rows, by)
        check(transition, locked, by, version)
        before = values_of(locked)
        change = Change(locked, by, at or clock.now(), within=rows_around(locked))
        yield change
        arrive(transition, locked)
        changes = _save(locked, before, change.at)
        for step in change.following:
            step()
        entry = entry_of(transition, change, reason, changes)
        entry.save(force_insert=True)
        queue.enqueue(change.letters, cause=entry, at=change.at)


@contextmanager
def verb_transaction() -> Iterator[None]:
    """The transaction of a verb; one within another joins it and shares its operation id."""
    outer = _operation.get()
    token = _operation.set(outer or uuid.uuid4())
    try:
        joined = transaction.atomic(savepoint=outer is None)
        with beyond_the_wall() if is_within_the_wall() else joined:
            yield
    finally:
        _operation.reset(token)


def within_sight(rows: Sequence[RowT], by: Actor) -> Sequence[RowT]:
    """Those of the rows that the second wall lets the actor see; a new one is nobody's yet."""
    if not (rows and by.is_outside and is_within_the_wall()):
        return rows
    kept = [row.pk for row in rows if not row._state.adding]
    seen = set(type(rows[0])._base_manager.filter(pk__in=kept).values_list("pk", flat=True))
    return [row for row in rows if row._state.adding or row.pk in seen]


def lock(row: RowT, *, by: Actor) -> RowT:
    """The row as it is now, locked to the end of the transaction. Raises NotVisible."""
    seen = within_sight([row], by)
    with beyond_the_wall() if is_within_the_wall() else nullcontext():
        return _locked(row, seen, by)


def _locked(row: RowT, seen: Sequence[RowT], by: Actor) -> RowT:
    locked = lock_all(seen, by).get(row.pk)
    if locked is None:
        raise not_visible(row)
    return locked


def lock_all(rows: Sequence[RowT], by: Actor, related: Sequence[str] = ()) -> dict[Any, RowT]:
    """Those of the rows that the actor sees, by key. Parents first, each in the order of keys."""
    if not rows:
        return {}
    model: Any = type(rows[0])
    if first := model.LOCK_FIRST:
        parent = model._meta.get_field(first).related_model
        keys = {getattr(row, f"{first}_id") for row in rows}
        parents = parent._default_manager.filter(pk__in=keys).order_by("pk")
        list(parents.select_for_update(no_key=True).values_list("pk"))
    visible = model._default_manager.visible_to(by).filter(pk__in={row.pk for row in rows})
    locked = visible.select_for_update(of=("self",), no_key=True).order_by("pk")
    return {row.pk: cast(RowT, row) for row in locked.prefetch_related(*related)}


def not_visible(row: FlowModel) -> NotVisible:
    return NotVisible(_("%(row)s is not here.") % {"row": row.audit_reference})


def require_right(transition: Transition, by: Actor) -> None:
    """Raises Forbidden."""
    if not by.may(transition.right):
        raise Forbidden(
            _("You may not do this: it needs the right “%(right)s”.") % {"right": transition.right}
        )


def check(transition: Transition, row: FlowModel, by: Actor, version: int | None) -> None:
    require_right(transition, by)
    state = row.flow_state
    if not transition.starts_from(state):
        raise WrongState(
            _("%(row)s is %(state)s; “%(verb)s” starts from %(from)s.")
            % {
                "row": row.audit_reference,
                "state": _in_words(row, state),
                "verb": transition.title,
                "from": ", ".join(sorted(_in_words(row, one) for one in transition.from_))
                or _("a row that exists"),
            }
        )
    if version is not None and version != row.version:
        raise Stale(
            _("%(row)s has changed since you opened it. Look at it again, then decide.")
            % {"row": row.audit_reference}
        )
    if objection := transition.objection(row, by):
        raise WrongState(objection)


def _in_words(row: FlowModel, state: str) -> str:
    """A state as readers know it."""
    fields = (field for field in row._meta.fields if field.name == "state")
    known = next((dict(field.flatchoices) for field in fields), {})
    return _("“%(words)s”") % {"words": known.get(state, state) or _("new")}


def arrive(transition: Transition, row: Any) -> None:
    if len(transition.to) == 1:
        (row.state,) = transition.to
    elif transition.to and row.state not in transition.to:
        raise WrongState(f"{transition.verb} left {row.audit_reference} in {row.state}")


def rows_around(row: FlowModel) -> list[str]:
    return [] if row._state.adding else row.audit_context()


def values_of(row: FlowModel) -> dict[str, Any]:
    """The row as it is now; lists and JSON are copied, for the block may change them in place
    (by pickle: deepcopy takes five times as long, and every change pays for it)."""
    return {
        item.attname: loads(dumps(value)) if isinstance(value, (dict, list)) else value
        for item in row._meta.concrete_fields
        for value in [item.value_from_object(row)]
    }


def _save(row: FlowModel, before: dict[str, Any], at: datetime) -> dict[str, list[Any]]:
    """Save what the block changed. Returns {field: [before, after]} for the trail."""
    if row._state.adding:
        row.changed_at = at
        row.save(force_insert=True)
        return {}
    changes = changes_of(row, before, at)
    row.version += 1
    row.save(update_fields=[*changes, "version", "changed_at"])
    return changes


def changes_of(row: FlowModel, before: dict[str, Any], at: datetime) -> dict[str, list[Any]]:
    row.changed_at = at
    after = {name: getattr(row, name) for name in before if name != "changed_at"}
    return {
        name: [_PERSONAL, _PERSONAL] if name in row.PERSONAL else [before[name], value]
        for name, value in after.items()
        if value != before[name]
    }


def entry_of(
    transition: Transition, change: Change[RowT], reason: str, changes: dict[str, list[Any]]
) -> AuditEntry:
    row = change.row
    return AuditEntry(
        at=change.at,
        verb=transition.verb,
        subject=row.audit_reference,
        # Where it stood and where it stands now: a report that leaves a case is told there too.
        context=list(dict.fromkeys([row.audit_reference, *change.within, *row.audit_context()])),
        operation=_operation.get() or uuid.uuid4(),
        actor=change.by.label,
        actor_user_id=change.by.user_id,
        reason=reason,
        changes=changes,
        facts=change.facts,
    )
