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
`perform_many` does one verb to many rows with the same checks and the same trail, in a number of
statements that does not grow with the rows.

Buttons, API answers, the diagram in the docs and the test matrix are derived from the
declarations (`available`, `transitions_of`), never listed again.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from pickle import dumps, loads
from typing import Any, ClassVar, Generic, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.audit.models import AuditEntry
from surveillance.copying import copy_in, update_many
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
    with _transaction():
        locked = row if row._state.adding else _lock(row, by)
        _check(transition, locked, by, version)
        before = _values(locked)
        change = Change(locked, by, at or clock.now(), within=_within(locked))
        yield change
        _arrive(transition, locked)
        changes = _save(locked, before, change.at)
        for step in change.following:
            step()
        entry = _entry(transition, change, reason, changes)
        entry.save(force_insert=True)
        queue.enqueue(change.letters, cause=entry, at=change.at)


@dataclass
class Many(Generic[RowT]):
    """Rows under lock, by key, and what has been done to them so far."""

    transition: Transition
    by: Actor
    at: datetime
    rows: dict[Any, RowT]
    entries: list[AuditEntry] = field(default_factory=list)
    letters: list[tuple[Letter, AuditEntry]] = field(default_factory=list)
    changed: dict[Any, set[str]] = field(default_factory=lambda: defaultdict(set))
    following: list[Callable[[], None]] = field(default_factory=list)

    @contextmanager
    def one(self, row: RowT, *, reason: str = "") -> Iterator[Change[RowT]]:
        """The verb, done to one of the rows. The block changes the row and writes nothing.

        Raises what `perform` raises; the row is then as it was, and the others go on.
        """
        locked = self.rows.get(row.pk)
        if locked is None:
            raise _not_visible(row)
        _check(self.transition, locked, self.by, None)
        before = _values(locked)
        change = Change(locked, self.by, self.at, within=_within(locked))
        try:
            yield change
            _arrive(self.transition, locked)
        except Exception:
            for name, value in before.items():
                setattr(locked, name, value)
            raise
        changes = _changes(locked, before, self.at)
        locked.version += 1
        self.changed[locked.pk] |= {*changes, "version", "changed_at"}
        entry = _entry(self.transition, change, reason, changes)
        self.entries.append(entry)
        self.letters += [(letter, entry) for letter in change.letters]
        self.following += change.following

    def afterwards(self, step: Callable[[], None]) -> None:
        """Run `step` once, when all rows are saved, in the same transaction."""
        self.following.append(step)

    def save(self) -> None:
        alike: dict[frozenset[str], list[RowT]] = defaultdict(list)
        for key, names in self.changed.items():
            alike[frozenset(names)].append(self.rows[key])
        for fields, rows in alike.items():
            update_many(rows, sorted(fields))
        for step in self.following:
            step()
        copy_in(self.entries)
        queue.enqueue_each(self.letters, at=self.at)


@contextmanager
def perform_many(
    transition: Transition,
    rows: Sequence[RowT],
    *,
    by: Actor,
    at: datetime | None = None,
    related: Sequence[str] = (),
) -> Iterator[Many[RowT]]:
    """One verb to many rows of one model, in one transaction with one operation id.

        with perform_many(ANSWER, items, by=by, at=at, related=["listing"]) as many:
            for item in items:
                with many.one(item) as change:
                    change.row.answered_at = change.at

    All rows are locked before the block, in the order of their keys; `related` names the foreign
    keys that the block reads. A row that is refused raises within `many.one` and holds up nothing
    if that is caught.
    """
    with _transaction():
        many = Many(transition, by, at or clock.now(), _lock_all(rows, by, related))
        yield many
        many.save()


@contextmanager
def _transaction() -> Iterator[None]:
    """The transaction of a verb; one within another joins it and shares its operation id."""
    outer = _operation.get()
    token = _operation.set(outer or uuid.uuid4())
    try:
        with transaction.atomic(savepoint=outer is None):
            yield
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
    locked = _lock_all([row], by).get(row.pk)
    if locked is None:
        raise _not_visible(row)
    return locked


def _lock_all(rows: Sequence[RowT], by: Actor, related: Sequence[str] = ()) -> dict[Any, RowT]:
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


def _not_visible(row: FlowModel) -> NotVisible:
    return NotVisible(_("%(row)s is not here.") % {"row": row.audit_reference})


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
    """The row as it is now; lists and JSON are copied, for the block may change them in place."""
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
    changes = _changes(row, before, at)
    row.version += 1
    row.save(update_fields=[*changes, "version", "changed_at"])
    return changes


def _changes(row: FlowModel, before: dict[str, Any], at: datetime) -> dict[str, list[Any]]:
    row.changed_at = at
    after = {name: getattr(row, name) for name in before if name != "changed_at"}
    return {
        name: [_PERSONAL, _PERSONAL] if name in row.PERSONAL else [before[name], value]
        for name, value in after.items()
        if value != before[name]
    }


def _entry(
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
