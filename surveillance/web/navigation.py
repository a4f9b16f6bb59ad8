"""The navigation of desk and portal. Upper floors register what they offer, in `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from surveillance.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the navigation; one without a `url_name` begins a group."""

    label: str | Promise
    url_name: str = ""
    icon: str = ""
    count: int | str = ""
    shortcut: str = ""
    query: str = ""


Provider = Callable[[Actor], list[Entry]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    _providers.append(provider)


def entries(actor: Actor, here: str) -> list[dict[str, Any]]:
    """For shell.html. `here` names the current route: a detail page belongs to its list."""
    return [
        {
            "label": entry.label,
            "url": f"{reverse(entry.url_name)}{entry.query}" if entry.url_name else "",
            "icon": entry.icon,
            "count": entry.count,
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
        for provider in _providers
        for entry in provider(actor)
    ]
