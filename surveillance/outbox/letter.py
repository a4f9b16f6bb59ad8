"""What is to be said to whom; `cases/letters.py` holds the letters themselves."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from surveillance.outbox.document import Document


class Channel(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"
    IN_APP = "in_app"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address on one channel. `endpoint_id` for webhooks, `user_id` for notices in the app.
    `events`: the letters that an endpoint has chosen; none chosen, it gets all."""

    channel: Channel
    address: str
    language: str = "en"
    user_id: int | None = None
    endpoint_id: int | None = None
    events: tuple[str, ...] = ()

    def wants(self, letter: str) -> bool:
        return not self.events or letter in self.events


@dataclass(frozen=True)
class Letter(ABC):
    """The base of every letter. A subclass names itself and writes its document.

    `about` is the reference of the row it is about, `link` the page that shows it. With `unique`
    set, the same letter is queued once for each recipient, however often a sweep asks for it.
    """

    NAME: ClassVar[str]
    AS_PDF: ClassVar[bool] = False

    about: str
    recipients: tuple[Recipient, ...]
    link: str = ""
    unique: str = ""
    payload: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def names(cls) -> set[str]:
        """Of this letter and of all that derive from it."""
        own = {cls.NAME} if "NAME" in cls.__dict__ else set()
        return own.union(*(letter.names() for letter in cls.__subclasses__()))

    @abstractmethod
    def write(self) -> Document:
        """Called with the recipient's language active."""
