"""The formal step on the desk: its panel, what can be done there, the letter as page and as PDF."""

import pytest
from django.urls import reverse

from cases.flows import formal_steps, items
from surveillance.outbox.models import OutboxMessage
from tests.cast import LAST_DATE, answer_with

VERBS = ("prepare", "amend", "send", "drop")


@pytest.fixture
def page_of():
    def show(client, takedown):
        return client.get(reverse("takedown-detail", args=[takedown.reference]))

    return show


def buttons(page) -> list[str]:
    return [action["verb"].rpartition("-")[0] for action in page.context["formal"].actions]


def offered(*names: str) -> list[str]:
    return [f"takedown.{name}_formal_letter" for name in names]


class TestPanel:
    def test_is_not_there_while_nothing_is_late(self, story, bo_at_desk, page_of):
        assert 'id="formal-step"' not in page_of(bo_at_desk, story.issued()).content.decode()

    def test_offers_a_draft_to_supervisors_once_something_is(
        self, story, ana_at_desk, bo_at_desk, page_of
    ):
        takedown = story.late()
        assert buttons(page_of(bo_at_desk, takedown)) == offered("prepare")
        assert 'id="formal-step"' not in page_of(ana_at_desk, takedown).content.decode()

    def test_its_buttons_stand_nowhere_else(self, story, bo_at_desk, page_of):
        page = page_of(bo_at_desk, story.with_dated_formal_letter())
        assert buttons(page) == offered("amend", "send", "drop")
        others = [action["verb"] for action in page.context["actions"]]
        assert others
        assert not [verb for verb in others if "formal" in verb]

    def test_says_what_keeps_a_draft_from_being_sent(self, story, bo_at_desk, page_of):
        takedown = story.with_formal_letter()
        page = page_of(bo_at_desk, takedown)
        assert buttons(page) == offered("amend", "drop")
        assert "it has no last date yet" in page.content.decode()
        assert "No last date yet." in page.content.decode()
        for item in takedown.items.all():
            items.answer(item, answer_with("removed"), by=story.dot)
        assert "there is nothing to send" in page_of(bo_at_desk, takedown).content.decode()

    def test_an_inspector_reads_the_draft(self, story, ana_at_desk, page_of):
        takedown = story.with_formal_letter()
        page = page_of(ana_at_desk, takedown)
        assert buttons(page) == []
        html = page.content.decode()
        assert "A supervisor decides whether it goes out." in html
        assert reverse("takedown-formal-letter", args=[takedown.reference, 1]) in html

    def test_says_who_sent_what_and_when(self, story, ana_at_desk, page_of, cast):
        takedown = formal_steps.send_formal_letter(story.with_dated_formal_letter(), by=story.bo)
        html = page_of(ana_at_desk, takedown).content.decode()
        for words in (f"Sent by {cast.bo.name}", "28 Sep 2026 10:00", "14 Oct 2026"):
            assert words in html
        for route in ("takedown-formal-letter", "takedown-formal-letter-pdf"):
            assert reverse(route, args=[takedown.reference, 1]) in html


def test_from_the_notice_to_the_letter(story, cast, bo_at_desk, press, time):
    """The ladder has drafted it; a supervisor follows the notice, amends, looks, and sends."""
    takedown = story.with_formal_letter()
    home = reverse("takedown-detail", args=[takedown.reference])
    facts = {"subject": "Answer now", "text": "At last.", "answer_by": LAST_DATE.isoformat()}
    assert press(bo_at_desk, "takedown-amend_formal_letter", takedown.reference, **facts) == home
    preview = bo_at_desk.get(reverse("takedown-formal-letter", args=[takedown.reference, 1]))
    assert "At last." in preview.content.decode()
    assert press(bo_at_desk, "takedown-send_formal_letter", takedown.reference) == home
    sent = bo_at_desk.get(reverse("takedown-formal-letter", args=[takedown.reference, 1]))
    assert sent.content == preview.content
    message = OutboxMessage.objects.filter(letter="formal_letter_sent", channel="email").first()
    page = bo_at_desk.get(home).content.decode()
    assert reverse("sent-letter", args=[takedown.reference, message.pk]) in page


def test_the_form_brings_the_draft_and_shows_what_is_wrong(story, bo_at_desk):
    takedown = story.with_dated_formal_letter()
    url = reverse("takedown-amend_formal_letter", args=[takedown.reference])
    form = bo_at_desk.get(url).context["form"]
    assert form["text"].value() == "You have not answered.\n\nAnswer now."
    assert f'value="{LAST_DATE:%Y-%m-%d}"' in str(form["answer_by"])
    refused = bo_at_desk.post(url, {"subject": "", "text": "x", "answer_by": "2026-09-28"})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"subject"}
    refused = bo_at_desk.post(url, {"subject": "x", "text": "x", "answer_by": "2026-09-28"})
    assert set(refused.context["form"].errors) == {"answer_by"}


def test_two_supervisors_amend_and_the_second_sees_what_the_first_wrote(story, bo_at_desk):
    takedown = story.with_dated_formal_letter()
    takedown.refresh_from_db()
    url = reverse("takedown-amend_formal_letter", args=[takedown.reference])
    facts = {"answer_by": LAST_DATE.isoformat(), "version": takedown.version}
    bo_at_desk.post(url, facts | {"subject": "Mine", "text": "Answer."})
    late = bo_at_desk.post(url, facts | {"subject": "Yours", "text": "Answer."})
    assert late.status_code == 409
    (difference,) = late.context["conflict"].differences
    assert (difference.now, difference.yours) == ("Mine", "Yours")


def test_what_cannot_be_sent_says_why(story, bo_at_desk):
    url = reverse("takedown-send_formal_letter", args=[story.with_formal_letter().reference])
    refused = bo_at_desk.post(url)
    assert refused.status_code == 409
    assert "it has no last date yet" in refused.content.decode()


@pytest.mark.parametrize("verb", VERBS)
def test_inspectors_cannot(story, ana_at_desk, verb):
    takedown = story.with_dated_formal_letter()
    url = reverse(f"takedown-{verb}_formal_letter", args=[takedown.reference])
    assert ana_at_desk.post(url, {"reason": "No."}).status_code == 403


def test_the_letter_is_a_page_and_a_pdf_and_follows_the_rows_until_it_is_sent(story, bo_at_desk):
    takedown = story.with_dated_formal_letter()
    first, second = takedown.items.order_by("number")
    page, pdf = (
        reverse(name, args=[takedown.reference, 1])
        for name in ("takedown-formal-letter", "takedown-formal-letter-pdf")
    )
    assert first.listing.url.rpartition("/")[2] in bo_at_desk.get(page).content.decode()
    items.answer(first, answer_with("removed"), by=story.dot)
    formal_steps.send_formal_letter(takedown, by=story.bo)
    items.answer(second, answer_with("removed"), by=story.dot)
    html = bo_at_desk.get(page).content.decode()
    assert '<td valign="top">2</td>' in html
    assert '<td valign="top">1</td>' not in html
    paper = bo_at_desk.get(pdf)
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    assert f"{takedown.reference}-formal-1.pdf" in paper["Content-Disposition"]


def test_there_is_no_letter_that_was_not_written(story, bo_at_desk):
    for takedown in (story.late(), story.with_formal_letter()):
        url = reverse("takedown-formal-letter", args=[takedown.reference, 2])
        assert bo_at_desk.get(url).status_code == 404


def test_drafts_wait_in_the_inbox_of_supervisors(story, bo_at_desk, ana_at_desk):
    takedown = story.with_formal_letter()
    page = bo_at_desk.get(reverse("desk"))
    waiting = page.context["waiting"]["formal"]
    assert [row.reference for row in waiting.rows] == [takedown.reference]
    home = reverse("takedown-detail", args=[takedown.reference])
    assert f"{home}#formal-step" in page.content.decode()
    listed = bo_at_desk.get(waiting.url).context["page"].rows
    assert [row.reference for row in listed] == [takedown.reference]
    assert "formal" not in ana_at_desk.get(reverse("desk")).context["waiting"]
    formal_steps.drop_formal_letter(takedown, by=story.bo, reason="They have called.")
    assert bo_at_desk.get(reverse("desk")).context["waiting"]["formal"].total == 0


def test_the_timeline_tells_of_it(story, bo_at_desk, page_of, time):
    takedown = story.with_dated_formal_letter()
    formal_steps.send_formal_letter(takedown, by=story.bo)
    formal_steps.prepare_formal_letter(takedown, by=story.bo)
    formal_steps.drop_formal_letter(takedown, by=story.bo, reason="They have called.")
    entries = page_of(bo_at_desk, takedown).context["timeline"].entries
    told = [f"{entry.actor} {entry.sentence}" for entry in entries if "formal" in entry.sentence]
    assert told == [
        "Bo Lindqvist dropped the draft of formal letter no. 2",
        "Bo Lindqvist drafted formal letter no. 2, about 2 listings",
        "Bo Lindqvist sent formal letter no. 1, about 2 listings",
        "Bo Lindqvist amended the draft of formal letter no. 1",
        "The system drafted formal letter no. 1, about 2 listings",
    ]
    assert next(entry for entry in entries if "dropped" in entry.sentence).detail == (
        "They have called."
    )
    sent = next(entry for entry in entries if "sent formal" in entry.sentence)
    assert {letter.address for letter in sent.letters} == {
        "legal@harbour-market.example",
        "safety@harbour-market.example",
    }
