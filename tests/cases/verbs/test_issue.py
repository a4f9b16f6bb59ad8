"""takedown.issue: the request goes out, and each item's clock runs."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from cases.flows import takedowns
from sellers.models import ContactPoint
from surveillance.calendars.models import Calendar, Kind, Regime
from surveillance.clock import Due
from surveillance.flow import WrongState
from surveillance.outbox.models import OutboxMessage
from tests.contract import VerbContract


class TestIssueOrder(VerbContract):
    transition = takedowns.ISSUE
    begin = "approved"
    changes = {"state", "issued_at", "due_at", "remind_at", "calendar_version"}
    letters = {("takedown_issued", "email"): 1, ("takedown_issued", "in_app"): 1}
    joined = ["case.enforce"]
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return takedowns.issue(row, by=by)


def test_the_clocks_run_from_now_and_say_why(story, time):
    takedown = story.issued()
    takedown.refresh_from_db()
    # Monday's receipt is not counted; Tuesday and Wednesday are; it ends with Wednesday.
    due_at = datetime(2026, 9, 30, 22, tzinfo=UTC)
    for item in takedown.items.all():
        assert (item.started_at, item.due_at) == (time.now, due_at)
        due = Due.from_json(item.derivation)
        assert [step.number for step in due.steps if step.counted] == [1, 2]
    assert takedown.due_at == due_at
    assert takedown.remind_at == datetime(2026, 9, 29, 7, tzinfo=UTC)
    takedown.case.refresh_from_db()
    assert takedown.case.due_at == due_at


def test_an_order_waits_for_approval_a_notice_does_not(story):
    with pytest.raises(WrongState, match="A second person approves"):
        takedowns.issue(story.draft(), by=story.ana)
    assert story.issued_notice().state == "issued"


def test_is_written_in_the_language_of_each_contact(story, cast):
    """Ana reads English; the platform's contact asked for Chinese, its agent for English."""
    ContactPoint.objects.filter(purpose="demands").update(language="zh-hant")
    takedown = story.issued()
    letters = OutboxMessage.objects.filter(about=takedown.reference, letter="takedown_issued")
    assert {(letter.channel, letter.language) for letter in letters} == {
        ("email", "zh-hant"),
        ("in_app", "en"),
    }
    assert "legal@harbour-market.example" not in {letter.address for letter in letters}
    titles = {letter.channel: letter.document["title"] for letter in letters}
    assert "移除不安全產品" in titles["email"]
    assert "remove unsafe products" in titles["in_app"]


def test_tells_every_listing_and_how_the_limit_was_counted(story):
    takedown = story.issued()
    letter = OutboxMessage.objects.filter(letter="takedown_issued").first()
    text = str(letter.document)
    for item in takedown.items.all():
        assert item.listing.url in text
    assert "working day 2 of 2" in text
    assert takedown.regime.legal_basis in text
    assert letter.as_pdf


def test_stands_under_the_current_version_of_the_regime(story):
    takedown = story.draft(kind=Kind.NOTICE)
    newer = new_version(takedown.regime, limit_amount=1)
    takedown = takedowns.issue(takedown, by=story.ana)
    assert takedown.regime == newer
    assert takedown.items.first().due_at == datetime(2026, 9, 29, 22, tzinfo=UTC)


def test_a_regime_that_asks_for_four_eyes_since_the_draft_is_heard(story):
    takedown = story.draft(kind=Kind.NOTICE)
    new_version(takedown.regime, four_eyes=True)
    with pytest.raises(WrongState, match="A second person approves"):
        takedowns.issue(takedown, by=story.ana)


def test_a_closed_day_in_the_calendar_moves_the_limit(story):
    calendar = Calendar.objects.current().get(code="EU")
    Calendar.objects.filter(pk=calendar.pk).update(
        holidays=calendar.holidays | {"2026-09-29": "Typhoon"}
    )
    item = story.item()
    assert item.due_at == datetime(2026, 10, 1, 22, tzinfo=UTC)
    assert "Typhoon" in str(item.derivation)


def test_an_empty_request_is_refused(story):
    with pytest.raises(ValidationError, match="at least one listing"):
        takedowns.issue(story.draft(kind=Kind.NOTICE, listings=0), by=story.ana)


def new_version(regime: Regime, **changes: object) -> Regime:
    Regime.objects.filter(code=regime.code).update(is_current=False)
    newer = Regime.objects.get(pk=regime.pk)
    newer.pk, newer.version, newer.is_current = None, regime.version + 1, True
    for name, value in changes.items():
        setattr(newer, name, value)
    newer.save(force_insert=True)
    return newer
