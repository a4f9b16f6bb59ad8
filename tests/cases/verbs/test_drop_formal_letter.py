"""takedown.drop_formal_letter: no formal letter after all; no draft outlives its request."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import formal_steps, items, takedowns
from surveillance.audit.models import AuditEntry
from tests.cast import answer_with
from tests.contract import VerbContract, witness


class TestDropFormalLetter(VerbContract):
    transition = formal_steps.DROP
    begin = "with_formal_letter"
    by = "bo"

    def perform(self, row, by):
        return formal_steps.drop_formal_letter(row, by=by, reason="They have called.")


def test_it_is_kept_as_dropped_and_another_can_be_drafted(story):
    takedown = story.with_formal_letter()
    formal_steps.drop_formal_letter(takedown, by=story.bo, reason="They have called.")
    assert AuditEntry.objects.get(verb="takedown.drop_formal_letter").reason == "They have called."
    formal_steps.prepare_formal_letter(takedown, by=story.bo)
    assert list(takedown.formal_letters.values_list("number", "state")) == [
        (1, "dropped"),
        (2, "draft"),
    ]


def test_it_can_be_dropped_when_nothing_is_late_any_more(story):
    takedown = story.with_formal_letter()
    for item in takedown.items.all():
        items.answer(item, answer_with("removed"), by=story.dot)
    formal_steps.drop_formal_letter(takedown, by=story.bo, reason="All is answered.")
    assert takedown.formal_letters.get().state == "dropped"


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        formal_steps.drop_formal_letter(story.with_formal_letter(), by=story.bo, reason=" ")


class TestWithTheRequest:
    """The request ends, and an inspector may do that: the system drops the draft."""

    @pytest.fixture
    def takedown(self, story):
        return story.with_formal_letter()

    def dropped_once(self, takedown, seen) -> None:
        assert takedown.formal_letters.get().state == "dropped"
        (entry,) = [one for one in seen.entries if one.verb == "takedown.drop_formal_letter"]
        assert (entry.actor, entry.reason) == ("system", "The request has ended.")
        assert len({one.operation for one in seen.entries}) == 1

    def test_withdrawn(self, takedown, story):
        with witness() as seen:
            after = takedowns.withdraw(takedown, by=story.ana, reason="Another product.")
        self.dropped_once(takedown, seen)
        takedown.refresh_from_db()
        assert (takedown.state, takedown.version) == ("withdrawn", after.version)

    def test_closed(self, takedown, story):
        for item in takedown.items.all():
            story._confirmed(item)
        with witness() as seen:
            takedowns.close(takedown, by=story.ana)
        self.dropped_once(takedown, seen)
        takedown.refresh_from_db()
        assert takedown.state == "closed"

    def test_what_was_sent_stays(self, story):
        takedown = story.with_dated_formal_letter()
        formal_steps.send_formal_letter(takedown, by=story.bo)
        with witness() as seen:
            takedowns.withdraw(takedown, by=story.ana, reason="Another product.")
        assert "takedown.drop_formal_letter" not in seen.verbs
        assert takedown.formal_letters.get().is_sent
