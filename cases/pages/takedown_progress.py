"""How far the items of a request have come: where each waits, counted."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.models import Item
from cases.states import ITEM_AWAITS_AUTHORITY, ITEM_AWAITS_PLATFORM, ITEM_SETTLED


@dataclass(frozen=True, slots=True)
class Progress:
    total: int
    with_platform: int
    to_check: int
    settled: int


def progress(items: Iterable[Item]) -> Progress:
    states = [item.state for item in items]
    return Progress(
        total=len(states),
        with_platform=sum(state in ITEM_AWAITS_PLATFORM for state in states),
        to_check=sum(state in ITEM_AWAITS_AUTHORITY for state in states),
        settled=sum(state in ITEM_SETTLED for state in states),
    )
