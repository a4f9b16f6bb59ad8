"""The deadline simulator says what real clocks would do."""

import pytest
from django.urls import reverse

PAGE = reverse("deadline-simulator")
ORDER = {"regime": "EU-GPSR-22-4", "start": "2026-09-28T10:00"}
OWN = {
    "regime": "custom",
    "start": "2026-09-28T10:00",
    "calendar": "TW",
    "amount": "2",
    "unit": "working_days",
    "start_rule": "receipt",
}


def test_staff_and_administrators_and_nobody_else(cast, client_of):
    found = {name: client_of(getattr(cast, name)).get(PAGE).status_code for name in ("ana", "bo")}
    assert found == {"ana": 200, "bo": 200}
    assert client_of(cast.ada).get(PAGE).status_code == 200
    assert client_of(cast.dot).get(PAGE).status_code == 403


def test_is_what_an_issued_demand_gets(story, ana_at_desk):
    item = story.item()  # issued on that Monday, at ten in Brussels
    shown = ana_at_desk.get(PAGE, ORDER).context["due"]
    assert shown.due_at == item.due_at
    assert shown.to_json()["steps"] == item.derivation["steps"]


def test_reminders_limit_and_ladder_in_order(ana_at_desk):
    events = ana_at_desk.get(PAGE, ORDER).context["events"]
    assert [event["when"] for event in events] == [
        "Tue 29 Sep 2026, 09:00",
        "Wed 30 Sep 2026, 24:00",
        "Wed 30 Sep 2026, 24:00",
        "Thu 1 Oct 2026, 09:00",
        "Mon 5 Oct 2026, 09:00",
        "Wed 7 Oct 2026, 09:00",
    ]


def test_pauses_extension_and_another_calendar(ana_at_desk):
    given = ORDER | {
        "extension": "1",
        "pause_from_1": "2026-09-29T10:00",
        "pause_to_1": "2026-09-29T12:00",
        "calendar": "TW",
    }
    due = ana_at_desk.get(PAGE, given).context["due"]
    assert (due.calendar_code, due.extension, len(due.pauses)) == ("TW", 1, 1)
    assert due.steps[-1].day.isoformat() == "2026-10-02"


def test_a_limit_of_ones_own(ana_at_desk):
    due = ana_at_desk.get(PAGE, OWN | {"cut_off": "09:30", "start": "2026-09-29T10:00"}).context[
        "due"
    ]
    assert [step.reason.value for step in due.steps][:2] == ["received_late", "deemed_received"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"regime": "XX"}, "regime"),
        ({"start": "soon"}, "start"),
        ({"start": ""}, "start"),
        ({"start": "2040-01-01T10:00"}, "start"),
        ({"calendar": "XX"}, "calendar"),
        ({"calendar": ""}, "calendar"),
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"unit": "hours", "cut_off": "09:00"}, "cut_off"),
        ({"start_rule": "day_after_receipt", "cut_off": "09:00"}, "cut_off"),
        ({"reminders": "x"}, "reminders"),
        ({"extension": "-1"}, "extension"),
        ({"pause_from_1": "2026-09-29T10:00"}, "pause_to_1"),
        ({"pause_to_2": "2026-09-29T10:00"}, "pause_from_2"),
        (
            {"pause_from_1": "2026-09-29T10:00", "pause_to_1": "2026-09-28T10:00"},
            "pause_to_1",
        ),
    ],
)
def test_what_is_wrong_stands_at_its_field(ana_at_desk, wrong, field):
    reply = ana_at_desk.get(PAGE, OWN | wrong)
    assert reply.status_code == 422
    assert field in reply.context["form"].errors
