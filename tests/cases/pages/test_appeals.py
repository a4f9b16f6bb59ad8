"""Appeals on the desk: where they wait, what their listing shows, who may decide."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.flows import appeals, items, sweeps
from surveillance.outbox.models import OutboxMessage


@pytest.fixture
def page_of():
    def show(client, takedown):
        return client.get(reverse("takedown-detail", args=[takedown.reference]))

    return show


def verbs(page) -> list[str]:
    return [
        action["verb"].rpartition("-")[0]
        for row in page.context["items"].rows
        for action in row.actions
    ]


def appealed(story, listings: int = 2):
    """Every listing of one request."""
    takedown = story.issued(listings=listings)
    for item in takedown.items.all():
        said = items.Answer("removed", answer_id=f"gone-{item.number}")
        answered = items.answer(item, said, by=story.dot)
        rejected = items.reject_answer(answered, by=story.ana, reason="It is on sale.")
        appeals.appeal(rejected, by=story.dot, reason="It was gone that day.")
    return takedown


def test_the_listing_shows_it_with_the_authoritys_own_limit(
    story, ana_at_desk, bo_at_desk, page_of
):
    takedown = story.appealed().takedown
    page = page_of(bo_at_desk, takedown)
    html = page.content.decode()
    for words in ("appeal open", "Look at the label.", "own limit runs on", "why-appeal-1"):
        assert words in html
    assert {"item.uphold_appeal", "item.dismiss_appeal"} <= set(verbs(page))
    assert not {"item.uphold_appeal", "item.dismiss_appeal"} & set(
        verbs(page_of(ana_at_desk, takedown))
    )


def test_what_was_decided_stays_to_be_read(story, bo_at_desk, page_of, press):
    item = story.appealed()
    where = (item.takedown.reference, item.number)
    press(bo_at_desk, "item-dismiss_appeal", *where, reason="It is the product.")
    html = page_of(bo_at_desk, item.takedown).content.decode()
    assert "appeal dismissed" in html
    assert "It is the product." in html


def test_an_inspector_cannot_decide(story, ana_at_desk):
    item = story.appealed()
    for verb in ("uphold_appeal", "dismiss_appeal"):
        url = reverse(f"item-{verb}", args=[item.takedown.reference, item.number])
        assert ana_at_desk.post(url, {"reason": "No."}).status_code == 403


def test_whoever_decides_reads_all_of_it(story, bo_at_desk):
    rejected = story.rejected()
    appeals.appeal(rejected, by=story.dot, reason="Look at the label. " * 50 + "It is the end.")
    for verb in ("uphold_appeal", "dismiss_appeal"):
        url = reverse(f"item-{verb}", args=[rejected.takedown.reference, rejected.number])
        page = bo_at_desk.get(url).content.decode()
        assert "It is the end." in page
        assert "It is still on sale." in page


def test_it_cannot_be_chosen_with_many_answers(story, bo_at_desk, page_of):
    item = items.answer(story.appealed(), items.Answer("removed"), by=story.dot)
    assert not page_of(bo_at_desk, item.takedown).context["items"].has_answers


class TestInbox:
    def test_it_waits_for_another_than_who_decided(self, story, bo_at_desk):
        item = items.reject_answer(story.refused(), by=story.bo, reason="It is the product.")
        appeals.appeal(item, by=story.dot, reason="Look at the label.")
        assert bo_at_desk.get(reverse("desk")).context["waiting"]["appeals"].total == 0
        story.appealed()
        page = bo_at_desk.get(reverse("desk"))
        waiting = page.context["waiting"]["appeals"]
        assert waiting.total == 1
        rows = bo_at_desk.get(waiting.url).context["page"].rows
        assert [row.pk for row in rows] == [row.pk for row in waiting.rows]
        (shown,) = page.context["appeals"]
        assert shown["deadline"].due_at == shown["appeal"].due_at
        assert "appeals against a decision" in page.content.decode()

    def test_late_ones_look_late(self, story, bo_at_desk, time):
        item = story.appealed()
        time.now = item.appeal_due_at + timedelta(hours=1)
        assert sweeps.note_late_appeals(time.now) == 1
        (shown,) = bo_at_desk.get(reverse("desk")).context["appeals"]
        assert shown["deadline"].state == "overdue"

    def test_costs_two_queries_more_however_many(
        self, story, bo_at_desk, django_assert_max_num_queries
    ):
        appealed(story, listings=5)
        with django_assert_max_num_queries(19):
            bo_at_desk.get(reverse("desk"))


@pytest.mark.parametrize("listings", [2, 20])
def test_the_request_costs_one_query_more(
    story, bo_at_desk, page_of, django_assert_max_num_queries, listings
):
    takedown = appealed(story, listings)
    with django_assert_max_num_queries(23):
        page_of(bo_at_desk, takedown)


def test_the_notice_leads_to_the_listing(story, bo_at_desk):
    item = story.appealed()
    notice = OutboxMessage.objects.filter(letter="appeal_lodged", channel="in_app").get()
    assert "decide about" in notice.document["title"]
    page = bo_at_desk.get(notice.link, follow=True)
    assert page.context["takedown"].reference == item.takedown.reference
