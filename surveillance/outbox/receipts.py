"""Upper floors that want to know when a letter has arrived register here, in `ready()`."""

from collections.abc import Callable
from datetime import datetime

Receipt = Callable[[str, datetime], None]  # the letter's `about` and when it arrived

_receipts: dict[str, Receipt] = {}


def register(letter: str, receipt: Receipt) -> None:
    _receipts[letter] = receipt


def arrived(letter: str, about: str, at: datetime) -> None:
    if receipt := _receipts.get(letter):
        receipt(about, at)
