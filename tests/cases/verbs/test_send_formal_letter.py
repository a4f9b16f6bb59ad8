"""takedown.send_formal_letter: a supervisor sends it, about what is late at that moment."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.flows import extensions, formal_steps, items
from cases.models import Item
from surveillance.audit.models import AuditEntry
from surveillance.flow import WrongState
from surveillance.outbox.models import OutboxMessage
from tests.cast import LAST_DATE, MONDAY, answer_with
from tests.contract import VerbContract


class TestSendFormalLetter(VerbContract):
    transition = formal_steps.SEND
    begin = "with_dated_formal_letter"
    by = "bo"
    letters = {("formal_letter_sent", "email"): 2, ("formal_letter_sent", "in_app"): 1}

    def perform(self, row, by):
        return formal_steps.send_formal_letter(row, by=by)


@pytest.fixture
def send(story):
    def of(takedown, **facts: object):
        formal_steps.send_formal_letter(takedown, by=story.bo, **facts)
        return takedown.formal_letters.get(state="sent")

    return of


def letters_of(takedown) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(about=takedown.reference, letter="formal_letter_sent"))


def test_goes_to_both_contacts_the_agents_and_their_program_at_once(story, send, cast, time):
    endpoint = story.endpoint()
    takedown = story.with_dated_formal_letter()
    send(takedown)
    sent = letters_of(takedown)
    assert {letter.address for letter in sent} == {
        "legal@harbour-market.example",
        "safety@harbour-market.example",
        f"user:{cast.dot.pk}",
        endpoint.url,
    }
    assert len(sent) == 4
    assert all(letter.as_pdf and letter.next_attempt_at == time.now for letter in sent)


def test_one_mailbox_for_both_gets_one_letter(story, send, cast):
    cast.harbour.contact_points.update(email="all@harbour-market.example")
    takedown = story.with_dated_formal_letter()
    send(takedown)
    mails = [letter.address for letter in letters_of(takedown) if letter.channel == "email"]
    assert mails == ["all@harbour-market.example"]


def test_what_was_sent_is_kept_as_it_was_sent(story, send, cast, time):
    """In one language for everybody: that of the draft."""
    cast.harbour.contact_points.filter(purpose="escalation").update(language="ja")
    takedown = story.with_dated_formal_letter()
    letter = send(takedown)
    assert (letter.sent_at, letter.sent_by) == (time.now, cast.bo)
    for message in letters_of(takedown):
        assert message.language == letter.language == "en"
        assert message.document == letter.document
    takedown.items.update(due_at=MONDAY)
    letter.refresh_from_db()
    assert "Wed 30 Sep 2026, 24:00" in str(letter.document)


def test_it_names_what_is_late_with_limit_and_derivation_and_nothing_else(story, send):
    takedown = story.with_dated_formal_letter(listings=3)
    answered, *late = takedown.items.order_by("number")
    items.answer(answered, answer_with("removed"), by=story.dot)
    document = str(send(takedown).document)
    assert answered.listing.url not in document
    for item in late:
        assert item.listing.url in document
    for words in (
        "You have not answered.",
        "Wed 14 Oct 2026",
        "Wed 30 Sep 2026, 24:00",
        "counted, working day 2 of 2",
        takedown.regime.legal_basis,
    ):
        assert words in document
    entry = AuditEntry.objects.get(verb="takedown.send_formal_letter")
    assert entry.facts == {"number": 1, "count": 2}


def test_limits_that_were_counted_differently_are_told_apart(story, send):
    takedown = story.with_dated_formal_letter()
    second = takedown.items.get(number=2)
    derivation = second.derivation | {"due_at": "2026-10-01T22:00:00+00:00"}
    Item.objects.filter(pk=second.pk).update(
        derivation=derivation, due_at=datetime(2026, 10, 1, 22, tzinfo=UTC)
    )
    blocks = send(takedown).document["blocks"]
    paragraphs = [block["text"] for block in blocks if block["kind"] == "paragraph"]
    assert paragraphs[-2:] == ["No. 1", "No. 2"]
    assert [block["kind"] for block in blocks].count("steps") == 2


def test_a_platform_that_has_answered_everything_is_not_written_to(story, send):
    takedown = story.with_dated_formal_letter()
    for item in takedown.items.all():
        items.answer(item, answer_with("removed"), by=story.dot)
    with pytest.raises(WrongState, match="has been answered .* nothing to send"):
        send(takedown)
    assert not letters_of(takedown)


def test_nor_one_that_has_got_more_time(story, send, time):
    takedown = story.with_dated_formal_letter()
    extensions.request_extension(takedown, by=story.dot, working_days=9, reason="A fire.")
    extensions.grant_extension(takedown, by=story.bo)
    with pytest.raises(WrongState, match="nothing to send"):
        send(takedown)


def test_a_last_date_is_filled_in_and_still_to_come(story, send):
    with pytest.raises(WrongState, match="no last date yet"):
        send(story.with_formal_letter())
    takedown = story.with_dated_formal_letter()
    evening_before = datetime(2026, 10, 13, 21, tzinfo=UTC)  # it ends at 22:00 in Brussels
    with pytest.raises(WrongState, match="last date has come"):
        send(takedown, at=evening_before + timedelta(hours=2))
    assert send(takedown, at=evening_before).answer_by == LAST_DATE


def test_another_one_can_follow(story, send):
    takedown = story.with_dated_formal_letter()
    send(takedown)
    formal_steps.prepare_formal_letter(takedown, by=story.bo)
    assert list(takedown.formal_letters.values_list("number", "state")) == [
        (1, "sent"),
        (2, "draft"),
    ]
