"""What every verb promises, written once; a verb's own test file fills in the particulars.

class TestConfirmRemoval(VerbContract):
    transition = items.CONFIRM_REMOVAL
    begin = "answered"                      # a method of tests.story.Story
    by = "ana"
    changes = {"state", "verified_at", …}   # exactly these fields of the row
    letters = {("item_decided", "email"): 1, …}  # exactly these
    joined = ["listing.mark_gone"]          # verbs called within
    outsiders = ("cai", …)                  # for whom the row does not exist

    def perform(self, row, by):
        return items.confirm_removal(row, by=by)
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from surveillance.accounts.actor import Actor
from surveillance.audit.models import AuditEntry
from surveillance.flow import FlowModel, Forbidden, NotVisible, Transition, WrongState
from surveillance.outbox.models import OutboxMessage
from tests.scenes import fresh
from tests.stage import Staged, StandingTime
from tests.story import Story

PEOPLE = ("ana", "bo", "cai", "dot", "dev", "ada", "eve", "system")
ALWAYS = {"version", "changed_at"}  # every save of a flow touches these


@dataclass
class Witness:
    """What happened within the block of `witness`."""

    entries: list[AuditEntry] = field(default_factory=list)
    letters: Counter[tuple[str, str]] = field(default_factory=Counter)
    changes: set[str] = field(default_factory=set)

    @property
    def verbs(self) -> list[str]:
        return [entry.verb for entry in self.entries]


@contextmanager
def witness(row: FlowModel | None = None) -> Iterator[Witness]:
    """Watch the trail, the outbox and one row."""
    seen = Witness()
    before = _values(row) if row is not None else {}
    entries = set(AuditEntry.objects.values_list("pk", flat=True))
    messages = set(OutboxMessage.objects.values_list("pk", flat=True))
    yield seen
    seen.entries = list(AuditEntry.objects.exclude(pk__in=entries).order_by("id"))
    seen.letters = Counter(
        OutboxMessage.objects.exclude(pk__in=messages).values_list("letter", "channel")
    )
    if row is not None:
        after = _values(row)
        seen.changes = {name for name in after if after[name] != before[name]} - ALWAYS


def _values(row: FlowModel) -> dict[str, Any]:
    fresh = type(row)._default_manager.get(pk=row.pk)
    return {item.attname: item.value_from_object(fresh) for item in row._meta.concrete_fields}


class VerbContract(Staged, ABC):
    """Subclass in test_VERB.py; see the module's docstring."""

    transition: ClassVar[Transition]
    begin: ClassVar[str]
    by: ClassVar[str] = "ana"
    changes: ClassVar[set[str]] = set()
    letters: ClassVar[dict[tuple[str, str], int]] = {}
    joined: ClassVar[list[str]] = []
    outsiders: ClassVar[tuple[str, ...]] = ("dev", "eve")
    repeatable: ClassVar[bool] = False  # a second time is a second deed, not an error

    @abstractmethod
    def perform(self, row: Any, by: Actor) -> Any: ...

    @classmethod
    def prepare(cls, story: Story, time: StandingTime) -> Any:
        return getattr(story, cls.begin)()

    @pytest.fixture
    def row(self, db, time, stage) -> Any:
        return fresh(stage.made)

    @pytest.fixture
    def actor(self, cast) -> Actor:
        return cast.actor(self.by)

    def test_changes_exactly_these_fields(self, row, actor):
        with witness(row) as seen:
            self.perform(row, actor)
        assert seen.changes == self.changes

    def test_writes_one_entry_in_one_operation(self, row, actor):
        with witness(row) as seen:
            self.perform(row, actor)
        assert Counter(seen.verbs) == Counter([self.transition.verb, *self.joined])
        assert len({entry.operation for entry in seen.entries}) == 1
        own = next(entry for entry in seen.entries if entry.verb == self.transition.verb)
        assert own.subject == row.audit_reference
        assert own.actor == actor.label

    def test_sends_exactly_these_letters(self, row, actor):
        with witness(row) as seen:
            self.perform(row, actor)
        assert dict(seen.letters) == self.letters

    def test_ends_where_it_says(self, row, actor):
        self.perform(row, actor)
        row.refresh_from_db()
        if self.transition.to:
            assert row.flow_state in self.transition.to

    def test_is_refused_without_the_right(self, row, cast):
        refused = [name for name in PEOPLE if not cast.actor(name).may(self.transition.right)]
        assert refused, "a right that everybody holds guards nothing"
        for name in refused:
            with witness(row) as seen, pytest.raises((Forbidden, NotVisible)):
                self.perform(row, cast.actor(name))
            assert not seen.entries
            assert not seen.changes
            assert not seen.letters

    def test_is_refused_from_every_other_state(self, row, actor):
        field_name = row._meta.get_field("state") if hasattr(row, "state") else None
        if field_name is None or not self.transition.from_:
            return
        others = {value for value, _label in field_name.choices} - set(self.transition.from_)
        model = type(row)
        for state in sorted(others):
            if not _put(model, row, state):
                continue
            with witness() as seen, pytest.raises((WrongState, ValidationError)):
                self.perform(row, actor)
            assert not seen.entries
            assert not seen.letters

    def test_is_invisible_to_outsiders(self, row, cast):
        for name in self.outsiders:
            with pytest.raises(NotVisible):
                self.perform(row, cast.actor(name))

    def test_does_nothing_twice(self, row, actor):
        self.perform(row, actor)
        row.refresh_from_db()
        if self.repeatable:
            return
        with witness(row) as seen, pytest.raises((WrongState, ValidationError, NotVisible)):
            self.perform(row, actor)
        assert not seen.entries
        assert not seen.letters


def _put(model: type[FlowModel], row: FlowModel, state: str) -> bool:
    """Force a state for one test; False where the database itself forbids it for this row."""
    try:
        with transaction.atomic():
            model._default_manager.filter(pk=row.pk).update(state=state)
    except IntegrityError:
        return False
    return True


class CreationContract(Staged, ABC):
    """The same for a verb that makes a row; subclass in test_VERB.py.

    class TestAssessRisk(CreationContract):
        transition = assessments.ASSESS_RISK
        model = RiskAssessment
        begin = "restricted_case"           # a method of Story: what must stand before, or ""
        outsiders = ("cai",)                # for whom that does not exist

        def perform(self, ground, by):
            return assessments.assess_risk(ground, by=by, scenarios=SCENARIOS)
    """

    transition: ClassVar[Transition]
    model: ClassVar[type[FlowModel]]
    begin: ClassVar[str] = ""
    by: ClassVar[str] = "ana"
    letters: ClassVar[dict[tuple[str, str], int]] = {}
    joined: ClassVar[list[str]] = []
    outsiders: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def perform(self, ground: Any, by: Actor) -> Any: ...

    @classmethod
    def prepare(cls, story: Story, time: StandingTime) -> Any:
        return getattr(story, cls.begin)() if cls.begin else None

    @pytest.fixture
    def ground(self, db, time, stage) -> Any:
        return fresh(stage.made)

    @pytest.fixture
    def actor(self, cast) -> Actor:
        return cast.actor(self.by)

    def count(self) -> int:
        return self.model._default_manager.count()

    def test_makes_one_row_in_its_first_state(self, ground, actor):
        before = self.count()
        row = self.perform(ground, actor)
        assert self.count() == before + 1
        row.refresh_from_db()
        assert row.version == 1
        assert row.flow_state in (self.transition.to or {"kept"})

    def test_writes_one_entry_in_one_operation(self, ground, actor):
        with witness() as seen:
            row = self.perform(ground, actor)
        assert Counter(seen.verbs) == Counter([self.transition.verb, *self.joined])
        assert len({entry.operation for entry in seen.entries}) == 1
        own = next(entry for entry in seen.entries if entry.verb == self.transition.verb)
        assert (own.subject, own.actor) == (row.audit_reference, actor.label)
        assert own.changes == {}

    def test_sends_exactly_these_letters(self, ground, actor):
        with witness() as seen:
            self.perform(ground, actor)
        assert dict(seen.letters) == self.letters

    def test_is_refused_without_the_right(self, ground, cast):
        refused = [name for name in PEOPLE if not cast.actor(name).may(self.transition.right)]
        assert refused, "a right that everybody holds guards nothing"
        before = self.count()
        for name in refused:
            with witness() as seen, pytest.raises((Forbidden, NotVisible)):
                self.perform(ground, cast.actor(name))
            assert not seen.entries
            assert not seen.letters
        assert self.count() == before

    def test_is_invisible_to_outsiders(self, ground, cast):
        for name in self.outsiders:
            with pytest.raises(NotVisible):
                self.perform(ground, cast.actor(name))
