"""takedown.remind: the platform is reminded of what it has not answered yet."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.flows import chasing, items, sweeps
from cases.models import TakedownRequest
from surveillance.accounts.actor import SYSTEM
from surveillance.flow import WrongState
from surveillance.outbox.models import OutboxMessage
from tests.cast import MONDAY, answer_with
from tests.contract import VerbContract

TUESDAY_9_00 = datetime(2026, 9, 29, 7, tzinfo=UTC)  # in Brussels
MINUTE = timedelta(minutes=1)


class TestRemind(VerbContract):
    transition = chasing.REMIND
    begin = "issued"
    by = "system"
    changes = {"remind_at"}
    letters = {("takedown_reminder", "email"): 1, ("takedown_reminder", "in_app"): 1}

    def perform(self, row, by):
        return chasing.remind(row, by=by, at=TUESDAY_9_00)


def reminders():
    return OutboxMessage.objects.filter(letter="takedown_reminder", channel="email")


def issued_with_two_reminders(story) -> TakedownRequest:
    """Ten working days; reminders five days and one day before."""
    harbour = story.cast.harbour
    type(harbour).objects.filter(pk=harbour.pk).update(notice_regime="AU-PLEDGE-INFORMATION")
    harbour.refresh_from_db()
    return story.issued_notice()


def test_at_the_point_of_the_regime_not_a_minute_earlier(story):
    story.issued()
    assert sweeps.remind(TUESDAY_9_00 - MINUTE) == 0
    assert sweeps.remind(TUESDAY_9_00) == 1
    assert sweeps.remind(TUESDAY_9_00) == 0


def test_each_point_once_inside_working_hours_however_often_it_is_swept(story):
    """A sweep an hour for a month."""
    takedown = issued_with_two_reminders(story)
    for hour in range(24 * 31):
        sweeps.remind(MONDAY + timedelta(hours=hour))
    sent = [letter.created_at.astimezone(ZoneInfo("Australia/Sydney")) for letter in reminders()]
    assert len(sent) == 2
    assert all(9 <= instant.hour < 17 and instant.weekday() < 5 for instant in sent)
    assert max(sent) < takedown.items.first().due_at


def test_names_only_what_has_not_been_answered(story):
    takedown = story.issued()
    first, second = takedown.items.order_by("number")
    items.answer(first, answer_with("removed"), by=story.dot)
    sweeps.remind(TUESDAY_9_00)
    text = str(reminders().get().document)
    assert second.listing.url in text
    assert first.listing.url not in text


def test_nobody_is_reminded_of_what_is_answered(story):
    takedown = story.issued()
    for item in takedown.items.all():
        items.answer(item, answer_with("removed"), by=story.dot)
    takedown.refresh_from_db()
    assert takedown.remind_at is None
    assert sweeps.remind(TUESDAY_9_00) == 0


def test_an_answer_between_the_point_and_the_sweep_does_not_swallow_the_reminder(story):
    takedown = story.issued()
    first = takedown.items.get(number=1)
    items.answer(first, answer_with("removed"), by=story.dot, at=TUESDAY_9_00 + MINUTE / 2)
    assert sweeps.remind(TUESDAY_9_00 + MINUTE) == 1


def test_a_late_sweep_waits_for_the_opening(story):
    story.issued()
    evening = TUESDAY_9_00 + timedelta(hours=10)
    assert sweeps.remind(evening) == 0
    assert sweeps.remind(TUESDAY_9_00 + timedelta(days=1)) == 1


def test_is_not_sent_once_the_limit_has_passed(story):
    takedown = story.issued()
    sweeps.remind(takedown.items.first().due_at + timedelta(hours=10))
    assert not reminders().exists()


def test_of_two_sweeps_at_once_one_reminds(story):
    """Both have read the row; the second comes when the first has moved on to the next point."""
    takedown = issued_with_two_reminders(story)
    takedown.refresh_from_db()
    at = takedown.remind_at
    assert chasing.remind(takedown, by=SYSTEM, at=at)
    with pytest.raises(WrongState, match="No reminder is due"):
        chasing.remind(takedown, by=SYSTEM, at=at)
    assert reminders().count() == 1
