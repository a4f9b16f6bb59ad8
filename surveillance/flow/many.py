"""One verb, performed on many rows: the same checks, trail and letters, in few statements."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.audit.models import AuditEntry
from surveillance.copying import copy_in, update_many
from surveillance.flow.declared import Transition
from surveillance.flow.performed import (
    Change,
    RowT,
    arrive,
    changes_of,
    check,
    entry_of,
    lock_all,
    not_visible,
    rows_around,
    values_of,
    verb_transaction,
    within_sight,
)
from surveillance.outbox import queue
from surveillance.outbox.letter import Letter


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
            raise not_visible(row)
        check(self.transition, locked, self.by, None)
        before = values_of(locked)
        change = Change(locked, self.by, self.at, within=rows_around(locked))
        try:
            yield change
            arrive(self.transition, locked)
        except Exception:
            for name, value in before.items():
                setattr(locked, name, value)
            raise
        changes = changes_of(locked, before, self.at)
        locked.version += 1
        self.changed[locked.pk] |= {*changes, "version", "changed_at"}
        entry = entry_of(self.transition, change, reason, changes)
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
    seen = within_sight(rows, by)
    with verb_transaction():
        many = Many(transition, by, at or clock.now(), lock_all(seen, by, related))
        yield many
        many.save()
