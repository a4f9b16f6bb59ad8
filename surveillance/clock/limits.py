"""How long a platform has, and the words in which a due date is derived."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple, Self

from surveillance.clock.instants import utc


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    HOURS = "hours"


class StartRule(StrEnum):
    """From when a limit is counted. A limit of n working days ends with its n-th counted day.

    RECEIPT: receipt on a day that is not a working day, or after the cut-off, counts as receipt
    on the next working day. The day of receipt is day 0.
    DAY_AFTER_RECEIPT: the day of receipt, of whatever kind, is not counted; the first working
    day after it is day 1 (Reg. 1182/71 Art. 3(1)). There is no cut-off.
    NEXT_WORKING_DAY: the first working day after receipt is day 1; receipt after the cut-off of
    a working day counts as receipt on the following calendar day.
    """

    RECEIPT = "receipt"
    DAY_AFTER_RECEIPT = "day_after_receipt"
    NEXT_WORKING_DAY = "next_working_day"


class Reason(StrEnum):
    """Why a day was counted, or was not."""

    COUNTED = "counted"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    RECEIVED = "received"
    RECEIVED_LATE = "received_late"
    RECEIVED_ON_DAY_OFF = "received_on_day_off"
    DEEMED_RECEIVED = "deemed_received"
    HOURS_START = "hours_start"
    HOURS_END = "hours_end"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a platform has. `cut_off` and `day_ends_at` are local times of the calendar.

    `day_ends_at` None lets the last day run to 24:00. Hours run by the wall, weekends included,
    from receipt (RECEIPT), from the next full hour (DAY_AFTER_RECEIPT) or from 0:00 of the next
    working day (NEXT_WORKING_DAY).
    """

    amount: int
    unit: Unit
    start_rule: StartRule
    cut_off: time | None = None
    day_ends_at: time | None = None

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError(f"amount: a limit has at least 1 {self.unit}, not {self.amount}.")
        if self.cut_off and self.start_rule is StartRule.DAY_AFTER_RECEIPT:
            raise ValueError(
                "cut_off: the day of receipt is never counted under day_after_receipt, so a "
                "cut-off would change nothing. Leave it empty."
            )
        if self.unit is Unit.HOURS and (self.cut_off or self.day_ends_at):
            raise ValueError(
                "cut_off, day_ends_at: a limit in hours runs day and night. Leave both empty."
            )


@dataclass(frozen=True, slots=True)
class Pause:
    """A span in which the clock stands; `to` is not part of it, None while it lasts."""

    from_: datetime
    to: datetime | None
    reason: str

    def __post_init__(self) -> None:
        begins, ends = utc(self.from_), utc(self.to) if self.to else None
        if ends is not None and ends < begins:
            raise ValueError(f"to: the pause ends at {self.to}, before it begins ({self.from_}).")
        # One writing of an instant: 2 o'clock comes twice where summer time ends.
        object.__setattr__(self, "from_", begins)
        object.__setattr__(self, "to", ends)

    def to_json(self) -> dict[str, str | None]:
        ends = None if self.to is None else self.to.isoformat()
        return {"from": self.from_.isoformat(), "to": ends, "reason": self.reason}

    @classmethod
    def from_json(cls, span: Mapping[str, str | None]) -> Self:
        return cls(
            from_=datetime.fromisoformat(str(span["from"])),
            to=datetime.fromisoformat(span["to"]) if span["to"] else None,
            reason=span["reason"] or "",
        )


class Step(NamedTuple):
    """One day of a derivation. `number` counts working days, or hours on the last step of those.

    `name` says which holiday, which pause, why a day of the weekend was worked, or when in the
    day the hours begin and end (HH:MM, local).
    """

    day: date
    counted: bool
    reason: Reason
    name: str = ""
    number: int | None = None
