"""takedown.prepare_formal_letter: the last rung drafts a formal letter, or a supervisor does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from cases.flows import formal_steps, items, pausing, sweeps
from cases.letters import formal
from cases.models import FormalLetter
from surveillance.accounts.actor import SYSTEM
from surveillance.audit.models import AuditEntry
from surveillance.flow import WrongState
from surveillance.outbox.models import OutboxMessage
from tests.cast import LAST_DATE, MONDAY, answer_with
from tests.contract import VerbContract, witness

# When the first three rungs of a demand of Monday are reached, and the last.
BEFORE = [datetime(2026, 9, 30, 22, tzinfo=UTC)] + [
    datetime(2026, 10, day, 7, tzinfo=UTC) for day in (1, 5)
]
LAST_RUNG = datetime(2026, 10, 7, 7, tzinfo=UTC)


class TestPrepareFormalLetter(VerbContract):
    """By hand, once a limit is missed."""

    transition = formal_steps.PREPARE
    begin = "late"
    by = "bo"

    def perform(self, row, by):
        return formal_steps.prepare_formal_letter(row, by=by)


def climb(*instants: datetime) -> None:
    for instant in instants:
        for _beat in range(3):
            sweeps.note_missed_deadlines(instant)


@pytest.fixture
def climbed(story):
    """A demand of two listings that nobody has answered, at the last rung."""
    takedown = story.issued()
    climb(*BEFORE, LAST_RUNG)
    return takedown


def test_the_last_rung_drafts_one_letter_however_often_it_is_swept(story):
    takedown = story.issued()
    climb(*BEFORE)
    assert not FormalLetter.objects.exists()
    with witness() as seen:
        climb(LAST_RUNG, LAST_RUNG + timedelta(days=30))
    assert sorted(seen.verbs) == ["item.escalate"] * 2 + ["takedown.prepare_formal_letter"]
    assert len({entry.operation for entry in seen.entries}) == 1
    letter = takedown.formal_letters.get()
    assert (letter.number, letter.state, letter.prepared_at) == (1, "draft", LAST_RUNG)
    assert (letter.prepared_by, letter.answer_by) == (None, None)
    entry = AuditEntry.objects.get(verb="takedown.prepare_formal_letter")
    assert (entry.actor, entry.facts) == ("system", {"number": 1, "count": 2})


def test_supervisors_are_led_to_it_and_nothing_leaves_the_house(climbed, cast):
    told = OutboxMessage.objects.filter(created_at=LAST_RUNG)
    assert set(told.values_list("user", flat=True)) == {cast.bo.pk}
    for notice in told:
        assert notice.link.endswith(f"{climbed.reference}/#formal-step")
        assert "Formal step due against Harbour Market" in notice.document["title"]
        assert "The formal letter stands on the page of the request." in str(notice.document)


def test_it_says_which_request_what_was_missed_and_what_may_follow(climbed):
    letter = climbed.formal_letters.get()
    assert climbed.reference in letter.subject
    request, missed, asked, further = letter.text.split("\n\n")
    for words in (climbed.reference, "Mon 28 Sep 2026", "Harbour Market"):
        assert words in request
    assert climbed.regime.legal_basis in request
    assert "Wed 30 Sep 2026, 24:00" in missed
    assert "last date" in asked
    assert "penalties" in further


def test_a_notice_threatens_with_what_a_notice_can(story):
    takedown = story.issued_notice()
    late = list(takedown.items.all())
    text = formal.text(takedown, late)
    assert "penalties" not in text
    assert "may issue a binding order where the law allows it" in text


def test_it_is_written_in_the_language_of_the_platform(story, cast):
    cast.harbour.contact_points.filter(purpose="demands").update(language="zh-hant")
    assert story.with_formal_letter().formal_letters.get().language == "zh-hant"


class TestOneAtATime:
    @pytest.fixture
    def takedown(self, story):
        """The second listing falls due two working days after the first."""
        takedown = story.issued()
        second = takedown.items.get(number=2)
        paused = pausing.pause_item(second, by=story.ana, reason="We look.", at=MONDAY)
        pausing.resume_item(paused, by=story.ana, at=MONDAY + timedelta(days=2))
        climb(*BEFORE, LAST_RUNG)
        return takedown

    def climb_on(self) -> None:
        for day in range(1, 20):
            climb(LAST_RUNG + timedelta(days=day))

    def test_what_reaches_the_rung_later_joins_the_draft(self, takedown):
        first, second = takedown.items.order_by("number")
        assert first.due_at < second.due_at
        self.climb_on()
        second.refresh_from_db()
        assert second.escalation_step == 4
        letter = takedown.formal_letters.get()
        assert list(formal.of_now(letter, LAST_RUNG).items) == [first, second]

    def test_what_a_sent_letter_has_named_gets_no_second_one(self, takedown, story):
        self.sent(takedown, story)
        self.climb_on()
        assert takedown.formal_letters.get().is_sent

    def test_what_was_missed_after_it_was_sent_gets_one(self, takedown, story):
        second = takedown.items.get(number=2)
        self.sent(takedown, story)
        takedown.formal_letters.update(sent_at=second.missed_at - timedelta(minutes=1))
        self.climb_on()
        assert list(takedown.formal_letters.values_list("number", "state")) == [
            (1, "sent"),
            (2, "draft"),
        ]

    def sent(self, takedown, story) -> None:
        at = LAST_RUNG + timedelta(hours=1)
        formal_steps.amend_formal_letter(
            takedown, by=story.bo, subject="Formal", text="Answer.", answer_by=LAST_DATE, at=at
        )
        formal_steps.send_formal_letter(takedown, by=story.bo, at=at)

    def test_the_database_holds_no_two_drafts(self, takedown):
        letter = takedown.formal_letters.get()
        letter.pk, letter.number = None, 2
        with pytest.raises(IntegrityError, match="one_draft"), transaction.atomic():
            letter.save(force_insert=True)


def test_nothing_missed_nothing_to_draft(story):
    takedown = story.issued()
    with pytest.raises(WrongState, match="No missed limit is open"):
        formal_steps.prepare_formal_letter(takedown, by=story.bo)
    late = story.late()
    for item in late.items.all():
        items.answer(item, answer_with("removed"), by=story.dot)
    with pytest.raises(WrongState, match="No missed limit is open"):
        formal_steps.prepare_formal_letter(late, by=SYSTEM)
