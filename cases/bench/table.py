"""What was measured, as a table in Markdown. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.bench.timing import Timing

HEAD = (
    "work",
    "p50 / p95 ms",
    "8 clients /s",
    "queries",
    "SQL ms",
    "kB",
    "bare SQL ms",
    "lean p50 ms",
    "lean /s",
    "× bare SQL",
    "× lean",
    "target",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One row. What does not apply is None; `note` stands in its place for odd measures."""

    work: str
    target: str = ""
    ours: Timing | None = None
    rate: float | None = None
    queries: int | None = None
    sql_ms: float | None = None
    kilobytes: float | None = None
    floor: Timing | None = None
    lean: Timing | None = None
    lean_rate: float | None = None
    note: str = ""

    def cells(self) -> tuple[str, ...]:
        ours, floor, lean = (
            timing.p50 if timing else None for timing in (self.ours, self.floor, self.lean)
        )
        return (
            self.work,
            f"{self.ours.p50:.0f} / {self.ours.p95:.0f}" if self.ours else self.note,
            _shown(self.rate),
            _shown(self.queries),
            _shown(self.sql_ms, 1),
            _shown(self.kilobytes),
            _shown(floor, 2),
            _shown(lean),
            _shown(self.lean_rate),
            _shown(_ratio(ours, floor), 1),
            _shown(_ratio(ours, lean), 1),
            self.target,
        )


def markdown(rows: Iterable[Measured]) -> str:
    lines = [HEAD, ("---",) * len(HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _ratio(ours: float | None, other: float | None) -> float | None:
    return ours / other if ours and other else None


def _shown(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"
