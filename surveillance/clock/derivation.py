"""A due date with its derivation: as data, as JSON and in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveillance.clock.instants import day_label, local_due_label
from surveillance.clock.limits import Limit, Pause, Reason, StartRule, Step, Unit


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends and how that follows. `due_at` is exclusive: at that instant it is late.

    `extension` is what was granted on top, in the unit of the limit; `pauses` are the spans that
    were known. With the calendar of that version, all this gives the same steps again.
    """

    due_at: datetime
    started_at: datetime
    limit: Limit
    calendar_code: str
    calendar_version: int
    time_zone: str
    extension: int
    steps: tuple[Step, ...]
    pauses: tuple[Pause, ...] = ()

    def sentences(self) -> list[str]:
        """One sentence for each step, in the active language."""
        return [_sentence(step, self) for step in self.steps]

    def summary(self) -> str:
        """The due date in the calendar's zone, in the active language."""
        return _("Due %(when)s (%(zone)s), by calendar %(code)s, version %(version)s") % {
            "when": local_due_label(self.due_at, self.time_zone),
            "zone": self.time_zone,
            "code": self.calendar_code,
            "version": self.calendar_version,
        }

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` gives an equal Due back."""
        limit = self.limit
        return {
            "due_at": self.due_at.isoformat(),
            "started_at": self.started_at.isoformat(),
            "limit": {
                "amount": limit.amount,
                "unit": limit.unit.value,
                "start_rule": limit.start_rule.value,
                "cut_off": limit.cut_off and limit.cut_off.isoformat(),
                "day_ends_at": limit.day_ends_at and limit.day_ends_at.isoformat(),
            },
            "calendar": {"code": self.calendar_code, "version": self.calendar_version},
            "time_zone": self.time_zone,
            "extension": self.extension,
            "pauses": [pause.to_json() for pause in self.pauses],
            "steps": [
                {
                    "day": step.day.isoformat(),
                    "counted": step.counted,
                    "reason": step.reason.value,
                    "name": step.name,
                    "number": step.number,
                }
                for step in self.steps
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Due:
        limit = data["limit"]
        return cls(
            due_at=datetime.fromisoformat(data["due_at"]),
            started_at=datetime.fromisoformat(data["started_at"]),
            limit=Limit(
                amount=limit["amount"],
                unit=Unit(limit["unit"]),
                start_rule=StartRule(limit["start_rule"]),
                cut_off=_time_or_none(limit["cut_off"]),
                day_ends_at=_time_or_none(limit["day_ends_at"]),
            ),
            calendar_code=data["calendar"]["code"],
            calendar_version=data["calendar"]["version"],
            time_zone=data["time_zone"],
            extension=data["extension"],
            steps=tuple(
                Step(
                    date.fromisoformat(step["day"]),
                    step["counted"],
                    Reason(step["reason"]),
                    step["name"],
                    step["number"],
                )
                for step in data["steps"]
            ),
            pauses=tuple(Pause.from_json(span) for span in data.get("pauses", ())),
        )


def _sentence(step: Step, due: Due) -> str:
    total = due.limit.amount + due.extension
    text = {
        Reason.COUNTED: _("%(day)s: counted, working day %(number)s of %(total)s"),
        Reason.WEEKEND: _("%(day)s: not counted, weekend"),
        Reason.HOLIDAY: _("%(day)s: not counted, holiday: %(name)s"),
        Reason.PAUSED: _("%(day)s: not counted, the clock stood: %(name)s"),
        Reason.RECEIVED: _("%(day)s: received; the day of receipt is not counted"),
        Reason.RECEIVED_LATE: _("%(day)s: received after the cut-off at %(cut_off)s"),
        Reason.RECEIVED_ON_DAY_OFF: _("%(day)s: received, not a working day"),
        Reason.DEEMED_RECEIVED: _("%(day)s: counts as the day of receipt, which is not counted"),
        Reason.HOURS_START: _("%(day)s: the hours begin to run at %(name)s, day and night"),
        Reason.HOURS_END: ngettext(
            "%(day)s: the hour ends at %(name)s",
            "%(day)s: the last of %(total)s hours ends at %(name)s",
            total,
        ),
    }[step.reason]
    if step.reason is Reason.COUNTED and step.name:
        text = _(
            "%(day)s: counted, working day %(number)s of %(total)s, worked although a weekend: "
            "%(name)s"
        )
    cut_off = due.limit.cut_off
    return text % {
        "day": day_label(step.day),
        "name": step.name,
        "number": step.number,
        "total": total,
        "cut_off": cut_off.strftime("%H:%M") if cut_off else "",
    }


def _time_or_none(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)
