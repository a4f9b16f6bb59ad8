"""What an endpoint can choose among: letters that upper floors send to organisations. They
register them in `ready()`."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Event:
    """`name` is the letter's, and `type` in the webhook; `title` says when it is sent."""

    name: str
    title: str | Promise


_events: dict[str, Event] = {}


def register(events: Iterable[Event]) -> None:
    for event in events:
        _events[event.name] = event


def registered() -> list[Event]:
    return list(_events.values())


def names() -> frozenset[str]:
    return frozenset(_events)
