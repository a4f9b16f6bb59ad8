"""What a check is, and what it finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and how to mend it: two sentences for an operator."""

    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Check:
    """`needs` names the checks that must have found nothing before this one makes sense."""

    name: str
    look: Callable[[], Iterable[Fault]]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """`skipped_for`: the check whose fault left no ground for this one."""

    name: str
    faults: tuple[Fault, ...] = ()
    skipped_for: str = ""
