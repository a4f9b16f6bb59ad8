"""What one version of a calendar or a regime says that the one before it did not, in sentences."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from surveillance.calendars.content import CalendarContent, RegimeContent
from surveillance.clock.instants import day_label


def of_calendars(before: CalendarContent, after: CalendarContent) -> list[str]:
    """In the order in which a reader would ask: the days first."""
    added, gone = _("%(day)s is off: %(name)s"), _("%(day)s is no longer off: %(name)s")
    renamed = _("%(day)s is called %(name)s")
    told = list(_days(dict(before.holidays), dict(after.holidays), added, gone, renamed))
    worked = _("%(day)s is worked: %(name)s")
    rested = _("%(day)s is no longer worked: %(name)s")
    extra = dict(before.extra_working_days), dict(after.extra_working_days)
    told += _days(*extra, worked, rested, renamed)
    if before.weekend != after.weekend:
        names = ", ".join(weekday_names(after.weekend)) or _("no day")
        told.append(_("The weekend is %(days)s") % {"days": names})
    if before.time_zone != after.time_zone:
        zones = {"before": before.time_zone, "after": after.time_zone}
        told.append(_("Time zone: %(after)s, before %(before)s") % zones)
    if (before.first_day, before.last_day) != (after.first_day, after.last_day):
        span = {"first": day_label(after.first_day), "last": day_label(after.last_day)}
        told.append(_("It covers %(first)s to %(last)s") % span)
    return told


def of_regimes(before: RegimeContent, after: RegimeContent) -> list[str]:
    names = {
        "limit_amount": _("limit"),
        "limit_unit": _("unit"),
        "start_rule": _("start"),
        "cut_off": _("cut-off"),
        "day_ends_at": _("end of the day"),
        "calendar_code": _("calendar"),
        "reminders": _("reminders"),
        "escalation": _("ladder"),
        "four_eyes": _("approval by a second person"),
        "extension_approvals": _("people who agree to more time"),
    }
    return [
        _("%(name)s: %(after)s, before %(before)s")
        % {
            "name": name,
            "before": _value(getattr(before, field)),
            "after": _value(getattr(after, field)),
        }
        for field, name in names.items()
        if getattr(before, field) != getattr(after, field)
    ]


def weekday_names(weekend: frozenset[int]) -> list[str]:
    """Names of weekdays; Monday is 0."""
    names = [
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    ]
    return [names[day] for day in sorted(weekend)]


def _days(
    before: dict[date, str], after: dict[date, str], added: str, gone: str, renamed: str
) -> list[str]:
    told = []
    for day in sorted({*before, *after}):
        if before.get(day) == after.get(day):
            continue
        sentence = added if day not in before else gone if day not in after else renamed
        told.append(sentence % {"day": day_label(day), "name": after.get(day, before.get(day, ""))})
    return told


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        rungs = [f"{one.to} +{one.after}" if hasattr(one, "to") else str(one) for one in value]
        return ", ".join(rungs) or _("none")
    return str(value) if value not in (None, "") else _("none")
