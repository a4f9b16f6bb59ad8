"""What is to be said to whom; `cases/letters.py` holds the letters themselves."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from surveillance.clock import WorkingCalendar
from surveillance.outbox.document import Document


class Channel(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"
    IN_APP = "in_app"


class Pace(StrEnum):
    """How soon a letter goes to a person. Whatever starts, moves or ends a limit goes at once."""

    AT_ONCE = "at_once"
    BY_DAY = "by_day"  # not into the reader's night
    IN_HOURS = "in_hours"  # chasing: in the reader's working hours, and many become one digest


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address on one channel. `endpoint_id` for webhooks, `user_id` for notices in the app.
    `events`: the letters that an endpoint has chosen; none chosen, it gets all.
    `time_zone` and `calendar` say when the reader sleeps and works; empty: not known."""

    channel: Channel
    address: str
    language: str = "en"
    user_id: int | None = None
    endpoint_id: int | None = None
    events: tuple[str, ...] = ()
    time_zone: str = ""
    calendar: WorkingCalendar | None = None

    def wants(self, letter: str) -> bool:
        return not self.events or letter in self.events


@dataclass(frozen=True)
class Letter(ABC):
    """The base of every letter. A subclass names itself and writes its document.

    `about` is the reference of the row it is about, `link` the page that shows it. With `unique`
    set, the same letter is queued once for each recipient, however often a sweep asks for it. A
    letter whose reader is asleep until `useful_until` does not wait for the morning.

    OVERVIEW names the page that lists what many letters like this are about, with its query.
    """

    NAME: ClassVar[str]
    AS_PDF: ClassVar[bool] = False
    PACE: ClassVar[Pace] = Pace.AT_ONCE
    OVERVIEW: ClassVar[tuple[str, str]] = ("notices", "")

    about: str
    recipients: tuple[Recipient, ...]
    link: str = ""
    unique: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    useful_until: datetime | None = None

    @property
    def is_silent(self) -> bool:
        """Whether it is written to nobody after all, whatever its recipients."""
        return False

    @classmethod
    def names(cls) -> set[str]:
        """Of this letter and of all that derive from it."""
        own = {cls.NAME} if "NAME" in cls.__dict__ else set()
        return own.union(*(letter.names() for letter in cls.__subclasses__()))

    @classmethod
    def named(cls, name: str) -> "type[Letter] | None":
        """The letter of this name, among this one and all that derive from it."""
        if cls.__dict__.get("NAME") == name:
            return cls
        return next(filter(None, (one.named(name) for one in cls.__subclasses__())), None)

    @abstractmethod
    def write(self) -> Document:
        """Called with the recipient's language active."""
