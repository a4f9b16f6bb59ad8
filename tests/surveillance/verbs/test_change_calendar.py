"""calendar.change: a new version; the one before it is kept as it was."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict

from surveillance.accounts.actor import SYSTEM
from surveillance.calendars import flows
from surveillance.calendars.content import CalendarContent, CalendarDay, DayKind
from surveillance.calendars.models import Calendar
from surveillance.calendars.publishing import publish_reference_data
from surveillance.flow import Stale
from tests.contract import CreationContract

CLOSED = CalendarDay(date(2026, 10, 1), "Storm", DayKind.CLOSURE)


def current(code: str = "EU") -> Calendar:
    return Calendar.objects.current().get(code=code)


def change(calendar: Calendar, by=SYSTEM, **facts):
    content = CalendarContent.of(calendar).with_days([CLOSED])
    return flows.change_calendar(calendar, by=by, **({"content": content, "reason": "S"} | facts))


class TestChangeCalendar(CreationContract):
    transition = flows.CHANGE_CALENDAR
    model = Calendar
    by = "ada"

    def perform(self, ground, by):
        return change(current(), by, reason="A storm.")

    def test_makes_one_row_in_its_first_state(self, ground, actor):
        before = current()
        made = self.perform(ground, actor)
        assert (made.version, made.is_current, made.made_by_id) == (2, True, actor.user_id)
        assert (made.note, made.name, made.source) == ("A storm.", before.name, before.source)
        assert made.holidays["2026-10-01"] == "Storm"


def test_the_version_before_is_kept_as_it_was(cast):
    before = current()
    values = model_to_dict(before)
    change(before)
    before.refresh_from_db()
    assert model_to_dict(before) == values | {"is_current": False}


def test_of_two_who_began_from_one_version_the_second_is_refused(cast):
    read = current()
    change(read)
    other = CalendarContent.of(read).with_days([CLOSED._replace(day=date(2026, 10, 2))])
    with pytest.raises(Stale, match="newer version"):
        change(read, content=other)
    assert current().version == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"weekend": frozenset(range(7))}, "weekend"),
        ({"holidays": {date(2040, 1, 1): "Too far"}}, "day"),
    ],
)
def test_what_is_wrong_is_named(cast, wrong, field):
    with pytest.raises(ValidationError) as refused:
        change(current(), content=replace(CalendarContent.of(current()), **wrong))
    assert field in refused.value.message_dict
    assert current().version == 1


def test_a_change_of_nothing_and_one_without_a_reason_are_refused(cast):
    with pytest.raises(ValidationError, match="changes nothing"):
        change(current(), content=CalendarContent.of(current()))
    with pytest.raises(ValidationError):
        change(current(), reason=" ")


def test_loading_the_delivered_data_again_does_not_overrule_it(cast, time):
    change(current())
    publish_reference_data(time.now)
    assert (current().version, current().holidays["2026-10-01"]) == (2, "Storm")
