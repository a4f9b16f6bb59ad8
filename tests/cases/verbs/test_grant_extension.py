"""takedown.grant_extension: more time, once enough people agree."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.flows import chasing, extensions, items
from cases.models import Extension
from surveillance.accounts import enrolment
from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.accounts.rights import Role
from surveillance.calendars.models import Regime
from surveillance.flow import WrongState
from tests.cast import MONDAY, answer_with
from tests.contract import VerbContract, witness


class TestGrantExtension(VerbContract):
    transition = extensions.GRANT_EXTENSION
    begin = "with_extension_requested"
    by = "bo"
    changes = {"due_at", "remind_at"}
    letters = {("extension_decided", "email"): 1, ("extension_decided", "in_app"): 1}

    def perform(self, row, by):
        return extensions.grant_extension(row, by=by)


@pytest.fixture
def second(cast):
    user = enrolment.enrol(
        "flo@cast.example",
        name="Flo Braun",
        role=Role.SUPERVISOR,
        organisation=cast.bo.organisation,
        office=cast.bo.office,
        at=MONDAY,
    )
    return Actor.of(user)


def test_the_working_days_are_added(story):
    """Three working days end with Thursday; two more with Monday."""
    takedown = extensions.grant_extension(story.with_extension_requested(), by=story.bo)
    assert takedown.due_at == datetime(2026, 10, 5, 22, tzinfo=UTC)
    for item in takedown.items.all():
        assert (item.due_at, item.extension) == (takedown.due_at, 2)
        assert item.derivation["extension"] == 2


def test_as_many_people_agree_as_the_regime_says(story, second):
    takedown = story.with_extension_requested()
    due_at = takedown.items.first().due_at
    Regime.objects.filter(pk=takedown.regime_id).update(extension_approvals=2)
    with witness(takedown) as seen:
        extensions.grant_extension(takedown, by=story.bo)
    assert seen.verbs == ["takedown.grant_extension"]
    assert not seen.letters
    assert not seen.changes
    with pytest.raises(WrongState, match="another person must agree"):
        extensions.grant_extension(takedown, by=story.bo)
    extensions.grant_extension(takedown, by=second)
    assert takedown.items.first().due_at > due_at
    assert takedown.extensions.get().state == Extension.State.GRANTED


def test_what_is_answered_gets_no_time_what_was_missed_is_open_again(story):
    takedown = story.issued_notice()
    first, second = takedown.items.order_by("number")
    items.answer(first, answer_with("removed"), by=story.dot)
    late = second.due_at + timedelta(hours=1)
    chasing.note_missed_deadline(second, by=SYSTEM, at=late)
    extensions.request_extension(
        takedown, by=story.dot, working_days=3, reason="Our clerk is ill.", at=late
    )
    extensions.grant_extension(takedown, by=story.bo, at=late)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.extension == 0
    assert second.due_at > late
    assert (second.missed_at, second.escalate_at, second.escalation_step) == (None, None, 0)
    assert second.missed_count == 1
