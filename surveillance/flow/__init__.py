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
called inside another verb's block joins its transaction and shares its `operation` id. A row that
the second wall hides is not here; what the verb then does, it does beyond (accounts/wall.py).
`perform_many` does one verb to many rows with the same checks and the same trail, in a number of
statements that does not grow with the rows.

Buttons, API answers, the diagram in the docs and the test matrix are derived from the
declarations (`available`, `transitions_of`), never listed again.
"""

from surveillance.flow.declared import (
    NEW,
    FlowError,
    FlowModel,
    Forbidden,
    NotVisible,
    Stale,
    Transition,
    WrongState,
    available,
    require_text,
    told_by,
    transitions_of,
)
from surveillance.flow.many import Many, perform_many
from surveillance.flow.performed import Change, lock, perform, require_right

__all__ = [
    "NEW",
    "Change",
    "FlowError",
    "FlowModel",
    "Forbidden",
    "Many",
    "NotVisible",
    "Stale",
    "Transition",
    "WrongState",
    "available",
    "lock",
    "perform",
    "perform_many",
    "require_right",
    "require_text",
    "told_by",
    "transitions_of",
]
