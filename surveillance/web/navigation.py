"""The navigation of desk and portal. Upper floors register what they offer, in `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from surveillance.accounts.actor import Actor
from surveillance.web import keyset

# Follow from who looks alone: the statement that counts them is kept for each actor.
Rows = Callable[[Actor], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the navigation; one without a `url_name` begins a group. `rows` are counted up to
    the limit of lists; `hides_zero` leaves a zero out."""

    label: str | Promise
    url_name: str = ""
    icon: str = ""
    shortcut: str = ""
    query: str = ""
    rows: Rows | None = None
    hides_zero: bool = False


Provider = Callable[[Actor], list[Entry]]
_providers: list[tuple[int, Provider]] = []


def register(provider: Provider, *, place: int = 0) -> None:
    """A higher `place` comes further down; within one, whoever registered first comes first."""
    _providers.append((place, provider))
    _providers.sort(key=lambda pair: pair[0])


@dataclass(frozen=True, slots=True)
class Frame:
    """What shell.html shows around every page: the navigation and the unread notices."""

    entries: list[dict[str, Any]]
    unread: int


def frame(actor: Actor, here: str, unread: Rows) -> Frame:
    """All counts in one query. `here` names the current route: a detail belongs to its list."""
    offered = [entry for _place, provider in _providers for entry in provider(actor)]
    counted = (unread, *(entry.rows for entry in offered if entry.rows is not None))
    unread_count, *counts = _counting(actor, counted).counts()
    following = iter(counts)
    lines = [
        _line(entry, here, None if entry.rows is None else next(following)) for entry in offered
    ]
    return Frame(lines, unread_count)


@lru_cache(maxsize=1024)
def _counting(actor: Actor, counted: tuple[Rows, ...]) -> keyset.Counting:
    """To make the statement takes longer than to ask it, and every page asks it."""
    return keyset.counting([rows(actor) for rows in counted])


def _line(entry: Entry, here: str, count: int | None) -> dict[str, Any]:
    hidden = count is None or (entry.hides_zero and not count)
    return {
        "label": entry.label,
        "url": f"{reverse(entry.url_name)}{entry.query}" if entry.url_name else "",
        "icon": entry.icon,
        "count": "" if hidden else keyset.count_in_words(count or 0),
        "shortcut": entry.shortcut,
        "current": bool(entry.url_name)
        and (
            entry.url_name == here
            or (
                entry.url_name.endswith("-list")
                and here.startswith(entry.url_name.removesuffix("list"))
            )
        ),
    }
