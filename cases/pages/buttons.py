"""Buttons of a row by the verb's own name, to put each where it belongs."""

from collections.abc import Iterable
from typing import Any


def by_name(actions: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """ "close" → the button whose verb is "case.close-12"; the order is kept."""
    return {action["verb"].rpartition("-")[0].partition(".")[2]: action for action in actions}
