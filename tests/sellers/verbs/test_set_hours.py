"""platform.set_hours: in which language it is written to, and when its day is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from cases.flows import sweeps
from cases.letters import recipients
from sellers.flows import platform_setup
from sellers.models import Platform
from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.calendars.models import Calendar
from surveillance.calendars.publishing import publish
from surveillance.outbox.models import OutboxMessage
from tests.cast import MONDAY
from tests.contract import VerbContract

FACTS = {"language": "zh-hant", "time_zone": "Asia/Seoul", "calendar": "KR"}
# The information that the Australian pledge asks for: reminders five days and one day before.
RULE = "AU-PLEDGE-INFORMATION"


class TestSetHours(VerbContract):
    transition = platform_setup.SET_HOURS
    begin = "platform"
    changes = {"hours_set_at", "working_calendar"}
    repeatable = True

    @pytest.fixture
    def actor(self, story) -> Actor:
        return Actor.of(story.manager())

    def perform(self, row, by):
        return platform_setup.set_hours(row, by=by, **FACTS)


def test_letters_follow_it(story, cast):
    platform = platform_setup.set_hours(cast.harbour, by=story.system, **FACTS)
    mails = [one for one in recipients.of_platform(platform) if one.channel == "email"]
    assert {one.time_zone for one in mails} == {"Asia/Seoul"}


def test_a_calendar_that_is_not_there_is_refused(story, cast):
    with pytest.raises(ValidationError, match="no such calendar"):
        platform_setup.set_hours(cast.harbour, by=story.system, **FACTS | {"calendar": "XX"})
    cast.harbour.refresh_from_db()
    assert cast.harbour.hours_set_at is None


def reminded_at(story, **facts) -> tuple[datetime, datetime]:
    """When the mail of the last reminder leaves, and when the limit ends."""
    harbour = story.cast.harbour
    Platform.objects.filter(pk=harbour.pk).update(notice_regime=RULE)
    harbour.refresh_from_db()
    platform_setup.set_hours(harbour, by=SYSTEM, **FACTS | facts)
    takedown = story.issued_notice()
    for hours in range(24 * 14):
        sweeps.remind(MONDAY + timedelta(hours=hours))
    mails = OutboxMessage.objects.filter(letter="takedown_reminder", channel="email")
    last = mails.order_by("created_at").last()
    return last.next_attempt_at, takedown.items.first().due_at


def test_a_reminder_waits_over_a_holiday_of_the_chosen_calendar(story):
    """Friday 9 October 2026 is Hangul Day: the reader in Seoul is back on Monday at eight."""
    goes_at, due_at = reminded_at(story)
    assert goes_at == datetime(2026, 10, 12, 8, tzinfo=ZoneInfo("Asia/Seoul"))
    assert goes_at < due_at


def test_without_it_the_jurisdiction_s_calendar_knows_no_such_holiday(story):
    goes_at, _due_at = reminded_at(story, calendar="")
    assert goes_at.astimezone(ZoneInfo("Asia/Seoul")).date() == date(2026, 10, 9)


def test_no_limit_is_counted_by_it(story):
    with_calendar = reminded_at(story)[1]
    assert with_calendar == datetime(2026, 10, 13, tzinfo=ZoneInfo("Australia/Sydney"))


def test_other_platforms_keep_their_own(story, cast):
    platform_setup.set_hours(cast.harbour, by=story.system, **FACTS)
    codes = {one.slug: recipients.working_days_at(one).code for one in Platform.objects.all()}
    assert codes == {"harbour-market": "KR", "bazaar-nine": "AU"}


def test_the_next_version_of_the_calendar_is_followed(story, cast):
    platform = platform_setup.set_hours(cast.harbour, by=story.system, **FACTS)
    publish(Calendar, "KR", {**values_of("KR"), "holidays": {"2026-09-29": "Closed"}}, MONDAY)
    days = recipients.working_days_at(platform)
    assert days.version == 2
    assert date(2026, 9, 29) in days.holidays


def values_of(code: str) -> dict[str, object]:
    kept = (
        "name",
        "jurisdiction",
        "time_zone",
        "weekend",
        "extra_working_days",
        "first_day",
        "last_day",
        "source",
    )
    calendar = Calendar.objects.current().get(code=code)
    return {name: getattr(calendar, name) for name in kept}
