"""item.note_late_appeal: the authority's own limit has passed."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.flows import appeals, items, sweeps
from surveillance.accounts.actor import SYSTEM
from surveillance.flow import WrongState
from surveillance.outbox.models import OutboxMessage
from tests.contract import VerbContract, witness

DUE = datetime(2026, 10, 5, 22, tzinfo=UTC)


class TestNoteLateAppeal(VerbContract):
    transition = appeals.NOTE_LATE_APPEAL
    begin = "appealed"
    by = "system"
    letters = {("appeal_late", "email"): 1, ("appeal_late", "in_app"): 1}

    def perform(self, row, by):
        return appeals.note_late_appeal(row, by=by, at=DUE)


def test_supervisors_are_told_once(story, cast):
    story.appealed()
    assert sweeps.note_late_appeals(DUE - timedelta(minutes=1)) == 0
    assert [sweeps.note_late_appeals(DUE) for _ in range(3)] == [1, 0, 0]
    letter = OutboxMessage.objects.filter(letter="appeal_late", channel="email").get()
    assert letter.address == cast.bo.email


def test_not_before_its_instant(story):
    with pytest.raises(WrongState, match="No appeal is late"):
        appeals.note_late_appeal(story.appealed(), by=SYSTEM, at=DUE - timedelta(minutes=1))


def test_one_that_was_decided_or_needs_no_decision_is_never_late(story):
    appeals.dismiss_appeal(story.appealed(), by=story.bo, reason="It is the product.")
    items.withdraw(story.appealed(), by=story.ana, reason="It is another model.")
    with witness() as seen:
        sweeps.note_late_appeals(DUE)
    assert not seen.entries
