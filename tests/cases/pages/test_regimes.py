"""Regimes on the desk: the rule, its versions, and a new one by an administrator."""

import pytest
from django.urls import reverse

from surveillance.calendars.models import Regime

CODE = "EU-GPSR-22-12"
CHANGE = reverse("regime-change", args=[CODE])
GIVEN = {
    "limit_amount": 5,
    "limit_unit": "working_days",
    "start_rule": "receipt",
    "cut_off": "17:00",
    "day_ends_at": "",
    "calendar_code": "EU",
    "reminders": "1, 3",
    "after_inspector": 0,
    "after_supervisor": 2,
    "extension_approvals": 2,
    "reason": "The law has changed.",
    "read": 1,
}


@pytest.fixture
def ada_at_desk(cast, client_of):
    return client_of(cast.ada)


def current() -> Regime:
    return Regime.objects.current().get(code=CODE)


def test_who_may_read_and_who_may_change(cast, client_of):
    for name, changing in {"ana": 403, "bo": 403, "ada": 200, "dot": 403}.items():
        client = client_of(getattr(cast, name))
        reading = 403 if name == "dot" else 200
        assert client.get(reverse("regime-list")).status_code == reading
        assert client.get(reverse("regime-detail", args=[CODE])).status_code == reading
        assert client.get(CHANGE).status_code == changing


def test_a_new_version(ada_at_desk):
    reply = ada_at_desk.post(CHANGE, GIVEN, follow=True)
    page = " ".join(reply.content.decode().split())
    assert "Version 2 is current" in page
    assert "limit: 5, before 3" in page
    made = current()
    assert (made.limit_amount, made.cut_off.hour, made.extension_approvals) == (5, 17, 2)
    assert made.reminders == [3, 1]
    assert made.escalation == [
        {"after": 0, "to": "inspector"},
        {"after": 2, "to": "supervisor"},
    ]
    old = ada_at_desk.get(reverse("regime-version", args=[CODE, 1])).content.decode()
    assert "This is an earlier version" in old


def test_the_form_begins_with_what_is(ada_at_desk):
    form = ada_at_desk.get(CHANGE).context["form"]
    told = {name: form[name].value() for name in ("limit_amount", "reminders", "after_formal_step")}
    assert told == {"limit_amount": 3, "reminders": "1", "after_formal_step": 5}


def test_the_page_says_that_issued_demands_keep_theirs(ada_at_desk):
    assert "keeps the version" in ada_at_desk.get(CHANGE).content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"limit_amount": 0}, "limit_amount"),
        ({"limit_unit": "weeks"}, "limit_unit"),
        ({"start_rule": "day_after_receipt"}, "cut_off"),
        ({"limit_unit": "hours"}, "cut_off"),
        ({"reminders": "5"}, "reminders"),
        ({"reminders": "soon"}, "reminders"),
        ({"after_inspector": 3}, "after_supervisor"),
        ({"extension_approvals": 0}, "extension_approvals"),
        ({"calendar_code": "XX"}, "calendar_code"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_is_wrong_stands_at_its_field(ada_at_desk, wrong, field):
    reply = ada_at_desk.post(CHANGE, GIVEN | wrong)
    assert reply.status_code == 422
    assert field in reply.context["form"].errors
    assert current().version == 1


def test_of_two_who_read_one_version_the_second_is_refused(ada_at_desk):
    ada_at_desk.post(CHANGE, GIVEN)
    reply = ada_at_desk.post(CHANGE, GIVEN | {"limit_amount": 6})
    assert reply.status_code == 412
    assert current().limit_amount == 5
