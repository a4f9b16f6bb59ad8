"""takedown.note_delivery: the letter has reached the platform."""

from datetime import timedelta

import pytest

from cases.flows import takedowns
from surveillance.outbox import receipts
from tests.contract import VerbContract, witness


class TestNoteDelivery(VerbContract):
    transition = takedowns.NOTE_DELIVERY
    begin = "issued"
    by = "system"
    changes = {"delivered_at"}

    def perform(self, row, by):
        return takedowns.note_delivery(row, by=by)


@pytest.mark.parametrize("begin", ["issued", "closed", "withdrawn"])
def test_the_outbox_says_when_and_the_first_channel_counts(story, time, begin):
    takedown = getattr(story, begin)()
    first = time.now + timedelta(seconds=3)
    receipts.arrived("takedown_issued", takedown.reference, first)
    with witness() as seen:
        receipts.arrived("takedown_issued", takedown.reference, first + timedelta(hours=1))
    takedown.refresh_from_db()
    assert takedown.delivered_at == first
    assert not seen.entries
