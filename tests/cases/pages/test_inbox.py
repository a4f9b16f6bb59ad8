"""The inbox: what waits, with numbers that are the very lists they lead to."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.flows import items, reports
from cases.states import ItemState
from tests.cast import answer_with


def tiles(client) -> dict[str, int]:
    return {str(tile.label): tile.total for tile in client.get(reverse("desk")).context["tiles"]}


@pytest.fixture
def busy(story, cast):
    """Reports, a late request, an answer, a draft to approve, more time asked for, a risk."""
    for severity in ("none", "death", "minor"):
        story.report(severity=severity)
    reports.claim(story.report(severity="hospital"), by=cast.actor("cai"))
    late = story.issued()
    items.answer(late.items.get(number=1), answer_with(ItemState.REMOVED), by=story.dot)
    story.submitted()
    story.with_extension_requested()
    story.assessment()
    return late


def test_an_empty_inbox_says_what_will_appear(ana_at_desk):
    page = ana_at_desk.get(reverse("desk")).content.decode()
    assert "Nothing waits for you" in page


def test_every_number_is_the_length_of_its_list(busy, ana_at_desk, bo_at_desk, time):
    time.pass_(timedelta(days=4))
    for client in (ana_at_desk, bo_at_desk):
        shown = client.get(reverse("desk")).context["tiles"]
        assert any(tile.total for tile in shown)
        for tile in shown:
            page = client.get(tile.url).context["page"]
            assert page.total == tile.total, tile.url


def test_an_inspector_sees_what_is_theirs(busy, ana_at_desk, time):
    time.pass_(timedelta(days=4))
    assert tiles(ana_at_desk) == {
        "Reports to triage": 3,  # Cai has claimed the fourth
        "Overdue": 2,
        "Due within 7 days": 0,
        "Answers to check": 1,
        "My open cases": 4,
    }


def test_a_supervisor_sees_what_waits_for_a_second_person(busy, bo_at_desk):
    found = tiles(bo_at_desk)
    assert found["Approvals"] == 1
    assert found["More time asked for"] == 1
    assert found["Risk to validate"] == 1
    assert found["My open cases"] == 0


def test_the_gravest_report_comes_first(busy, ana_at_desk):
    waiting = ana_at_desk.get(reverse("desk")).context["reports"]
    assert [report["row"].severity for report in waiting] == ["death", "minor", "none"]


def test_what_is_due_now_is_overdue(busy, ana_at_desk, time):
    """At the very instant of the limit: late, in tile and chip alike."""
    busy.refresh_from_db()
    time.move_to(busy.due_at - timedelta(seconds=1))
    assert tiles(ana_at_desk)["Overdue"] == 0
    time.move_to(busy.due_at)
    assert tiles(ana_at_desk)["Overdue"] >= 1
    due = ana_at_desk.get(reverse("desk")).context["due"]
    assert due[0]["deadline"].state == "overdue"
