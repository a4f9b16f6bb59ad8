"""What is declared of verbs: transitions, the rows they are done to, and how they are refused."""

from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right

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

    @cached_property
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


def available(row: FlowModel, *, by: Actor) -> list[Transition]:
    """The verbs this actor could perform on this row now, in the order of their declaration."""
    state = row.flow_state
    if state == NEW:
        return []
    return [
        transition
        for transition in transitions_of(row.LABEL)
        if transition.starts_from(state)
        and by.may(transition.right)
        and not transition.objection(row, by)
    ]


def require_text(**texts: str) -> None:
    """Refuse an empty reason, question, note …, naming the field."""
    if empty := [name for name, text in texts.items() if not text.strip()]:
        raise ValidationError({name: _("Write a sentence here.") for name in empty})


def told_by(refusal: FlowError | ValidationError) -> str:
    """What a refusal says, in sentences that follow one another."""
    return " ".join(getattr(refusal, "messages", [str(refusal)]))


def transitions_of(label: str) -> list[Transition]:
    return [item for item in Transition.registry.values() if item.label == label]
