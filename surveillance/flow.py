"""How anything changes: a declared transition, performed in one transaction.

    ISSUE = Transition(
        "takedown.issue", Right.ISSUE_TAKEDOWN, _("Issue"), _("issued it"),
        from_={"draft"}, to={"issued"},  # from_={NEW}: the verb makes the row
    )

    def issue(takedown, *, by, at=None):
        with perform(ISSUE, takedown, by=by, at=at) as change:
            change.row.issued_at = change.at
            change.send(letters.takedown_order(change.row))
        return change.row

`perform` opens the transaction, re-reads the row under lock as the actor sees it, checks right
and state, lets the block do what is particular, saves what changed, writes one audit entry and
queues the letters with that entry as their cause. An exception leaves nothing behind. A verb
called inside another verb's block joins its transaction and shares its `operation` id.

Buttons, API answers, the diagram in the docs and the test matrix are derived from the
declarations (`available`, `transitions_of`), never listed again.
"""

import uuid
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.audit.models import AuditEntry
from surveillance.outbox import queue
from surveillance.outbox.letter import Letter

_PERSONAL = "(personal)"
NEW = ""  # the state of a row that does not exist yet


class FlowError(Exception):
    """A verb that was refused; `status` is the HTTP status that says the same."""

    status = 409


class NotVisible(FlowError):
    """The actor does not see the row: for them it does not exist."""

    status = 404


class Forbidden(FlowError):
    status = 403


class WrongState(FlowError):
    status = 409


class Stale(FlowError):
    """The row has changed since the actor read it."""

    status = 412


@dataclass(frozen=True)
class Transition:
    """What a verb may start from, where it leads, and the right it asks for.

    `from_` holds NEW where the verb makes the row, and is empty where it starts from any state.
    `to` empty: the state stays; several: the block sets one of them. `objection` gives the
    sentence that says why this actor may not do it to this row, or "".
    """

    verb: str
    right: Right
    title: str | Promise  # what the button says: "Issue"
    past: str | Promise  # what the history says, with facts: "issued it to %(platform)s"
    from_: Set[str] = frozenset()
    to: Set[str] = frozenset()
    objection: Callable[[Any, Actor], str] = lambda row, by: ""

    registry: ClassVar[dict[str, "Transition"]] = {}

    def __post_init__(self) -> None:
        if self.verb in self.registry:
            raise ValueError(f"the verb {self.verb} is declared twice")
        object.__setattr__(self, "from_", frozenset(self.from_))
        object.__setattr__(self, "to", frozenset(self.to))
        self.registry[self.verb] = self

    @property
    def label(self) -> str:
        """The kind of row: "takedown" of "takedown.issue"."""
        return self.verb.partition(".")[0]

    @property
    def name(self) -> str:
        """The verb alone: "issue" of "takedown.issue"."""
        return self.verb.partition(".")[2]

    def starts_from(self, state: str) -> bool:
        return state in self.from_ if self.from_ else state != NEW


class FlowModel(models.Model):
    """A row that changes through verbs only."""

    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(editable=False)

    LABEL: ClassVar[str]
    PERSONAL: ClassVar[frozenset[str]] = frozenset()  # fields whose values stay out of the trail
    LOCK_FIRST: ClassVar[str] = ""  # the foreign key to lock before, so that locks keep one order

    class Meta:
        abstract = True

    @property
    def flow_state(self) -> str:
        return NEW if self._state.adding else str(getattr(self, "state", "kept"))

    @property
    def audit_reference(self) -> str:
        return str(getattr(self, "reference", f"{self.LABEL}:{self.pk}"))

    def audit_context(self) -> list[str]:
        """References of the rows within which this one stands."""
        return []


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
    """See the module's docstring. Raises NotVisible, Forbidden, WrongState or Stale.

    `version`: what the actor had read; a row that has moved on since raises Stale.
    """
    outer = _operation.get()
    token = _operation.set(outer or uuid.uuid4())
    try:
        with transaction.atomic(savepoint=outer is None):
            locked = row if row._state.adding else _lock(row, by)
            _check(transition, locked, by, version)
            before = _values(locked)
            change = Change(locked, by, at or clock.now(), within=_within(locked))
            yield change
            _arrive(transition, locked)
            changes = _save(locked, before, change.at)
            for step in change.following:
                step()
            entry = _record(transition, change, reason, changes)
            queue.enqueue(change.letters, cause=entry, at=change.at)
    finally:
        _operation.reset(token)


def available(row: FlowModel, *, by: Actor) -> list[Transition]:
    """The verbs this actor could perform on this row now, in the order of their declaration."""
    return [
        transition
        for transition in transitions_of(row.LABEL)
        if row.flow_state != NEW
        and transition.starts_from(row.flow_state)
        and by.may(transition.right)
        and not transition.objection(row, by)
    ]


def require_text(**texts: str) -> None:
    """Refuse an empty reason, question, note …, naming the field."""
    if empty := [name for name, text in texts.items() if not text.strip()]:
        raise ValidationError({name: _("Write a sentence here.") for name in empty})


def transitions_of(label: str) -> list[Transition]:
    return [item for item in Transition.registry.values() if item.label == label]


def _lock(row: RowT, by: Actor) -> RowT:
    model: Any = type(row)
    if row.LOCK_FIRST:
        parent = model._meta.get_field(row.LOCK_FIRST).related_model
        parents = parent._default_manager.filter(pk=getattr(row, f"{row.LOCK_FIRST}_id"))
        list(parents.select_for_update(no_key=True).values_list("pk"))
    visible = model._default_manager.visible_to(by)
    locked = visible.select_for_update(of=("self",), no_key=True).filter(pk=row.pk).first()
    if locked is None:
        raise NotVisible(_("%(row)s is not here.") % {"row": row.audit_reference})
    return cast(RowT, locked)


def _check(transition: Transition, row: FlowModel, by: Actor, version: int | None) -> None:
    if not by.may(transition.right):
        raise Forbidden(
            _("You may not do this: it needs the right “%(right)s”.") % {"right": transition.right}
        )
    state = row.flow_state
    if not transition.starts_from(state):
        raise WrongState(
            _("%(row)s is %(state)s; “%(verb)s” starts from %(from)s.")
            % {
                "row": row.audit_reference,
                "state": state or _("new"),
                "verb": transition.name,
                "from": ", ".join(sorted(one or _("new") for one in transition.from_))
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


def _arrive(transition: Transition, row: Any) -> None:
    if len(transition.to) == 1:
        (row.state,) = transition.to
    elif transition.to and row.state not in transition.to:
        raise WrongState(f"{transition.verb} left {row.audit_reference} in {row.state}")


def _within(row: FlowModel) -> list[str]:
    return [] if row._state.adding else row.audit_context()


def _values(row: FlowModel) -> dict[str, Any]:
    return {
        item.attname: deepcopy(item.value_from_object(row)) for item in row._meta.concrete_fields
    }


def _save(row: FlowModel, before: dict[str, Any], at: datetime) -> dict[str, list[Any]]:
    """Save what the block changed. Returns {field: [before, after]} for the trail."""
    row.changed_at = at
    if row._state.adding:
        row.save(force_insert=True)
        return {}
    after = _values(row)
    changed = [name for name in after if after[name] != before[name] and name != "changed_at"]
    row.version += 1
    row.save(update_fields=[*changed, "version", "changed_at"])
    return {
        name: [_PERSONAL, _PERSONAL] if name in row.PERSONAL else [before[name], after[name]]
        for name in changed
    }


def _record(
    transition: Transition, change: Change[RowT], reason: str, changes: dict[str, list[Any]]
) -> AuditEntry:
    row = change.row
    return AuditEntry.objects.create(
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
