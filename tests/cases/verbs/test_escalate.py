"""item.escalate: still no answer, the next rung of the ladder."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.flows import chasing, items, sweeps
from surveillance.accounts.actor import SYSTEM
from surveillance.flow import WrongState
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with
from tests.contract import VerbContract, witness

MINUTE = timedelta(minutes=1)
DUE = datetime(2026, 9, 30, 22, tzinfo=UTC)
# 1, 3 and 5 working days after Wednesday, when offices open in Brussels.
THURSDAY, MONDAY, WEDNESDAY = (datetime(2026, 10, day, 7, tzinfo=UTC) for day in (1, 5, 7))


class TestEscalate(VerbContract):
    transition = chasing.ESCALATE
    begin = "missed"
    by = "system"
    changes = {"escalation_step", "escalate_at"}
    letters = {("deadline_missed_notice", "email"): 1, ("deadline_missed_notice", "in_app"): 1}
    repeatable = True

    def perform(self, row, by):
        return chasing.escalate(row, by=by, at=THURSDAY)


def done_at(instant: datetime) -> list[str]:
    """Of two listings."""
    return ["item.note_missed_deadline" if instant == DUE else "item.escalate"] * 2


def addresses(letter: str) -> set[str]:
    sent = OutboxMessage.objects.filter(letter=letter, channel="email")
    return set(sent.values_list("address", flat=True))


def test_each_rung_is_climbed_once_at_its_instant(story, cast):
    """Inspector, supervisor, second contact, formal step; two listings, one letter a rung."""
    story.issued()
    staff = {"deadline_missed_notice"}
    ladder = [
        (DUE, staff | {"deadline_missed"}, {cast.ana.email}),
        (THURSDAY, staff, {cast.bo.email}),
        (MONDAY, {"deadline_missed"}, {"legal@harbour-market.example"}),
        (WEDNESDAY, staff, {cast.bo.email}),
    ]
    for instant, letters, told in ladder:
        with witness() as seen:
            sweeps.note_missed_deadlines(instant - MINUTE)
        assert not seen.entries
        with witness() as seen:
            for _ in range(3):
                sweeps.note_missed_deadlines(instant)
        drafted = ["takedown.prepare_formal_letter"] if instant == WEDNESDAY else []
        assert sorted(seen.verbs) == sorted([*drafted, *done_at(instant)])
        assert {name for name, _channel in seen.letters} == letters
        assert set(seen.letters.values()) == {1}
        sent = OutboxMessage.objects.filter(created_at=instant, channel="email")
        assert told <= {letter.address for letter in sent}
    with witness() as seen:
        sweeps.note_missed_deadlines(WEDNESDAY + timedelta(days=60))
    assert not seen.entries


@pytest.mark.parametrize("instant", [THURSDAY, MONDAY])
def test_every_listing_that_is_late_is_named(story, instant):
    takedown = story.issued()
    for moment in (DUE, THURSDAY, MONDAY):
        if moment <= instant:
            sweeps.note_missed_deadlines(moment)
    letter = OutboxMessage.objects.filter(created_at=instant, channel="email").get()
    for item in takedown.items.all():
        assert item.listing.url in str(letter.document) or item.audit_reference in str(
            letter.document
        )


def test_of_two_sweeps_at_once_one_climbs(story):
    """Both have read the row; the second comes when the first has climbed."""
    item = story.missed()
    chasing.escalate(item, by=SYSTEM, at=THURSDAY)
    with pytest.raises(WrongState, match="No rung is due"):
        chasing.escalate(item, by=SYSTEM, at=THURSDAY)


def test_after_an_outage_of_a_week_each_rung_is_still_told(story):
    story.issued(listings=1)
    for _ in range(6):
        sweeps.note_missed_deadlines(WEDNESDAY + timedelta(days=1))
    assert addresses("deadline_missed") == {
        "safety@harbour-market.example",
        "legal@harbour-market.example",
    }
    titles = OutboxMessage.objects.filter(letter="deadline_missed_notice", channel="email")
    assert [letter.document["title"].split(" by ")[0] for letter in titles.order_by("pk")]
    assert titles.count() == 3


def test_an_answer_ends_the_climb(story):
    item = story.missed()
    items.answer(item, answer_with("removed"), by=story.dot)
    item.refresh_from_db()
    assert item.escalate_at is None
    with witness() as seen:
        sweeps.note_missed_deadlines(THURSDAY)
    assert item.audit_reference not in {entry.subject for entry in seen.entries}
