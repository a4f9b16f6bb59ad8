"""What became of the rows that a job has read. Pure."""

from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of rows. `left_out`: read, but older than the day that was asked for.

    Each row read is counted once more: new + updated + unchanged + rejected + left_out = read.
    """

    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    left_out: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    def __str__(self) -> str:
        """The line that programs read; the same in every language."""
        return (
            f"{self.read} rows read, {self.new} new, {self.updated} updated, "
            f"{self.unchanged} unchanged, {self.rejected} rejected"
        )

    def as_facts(self) -> dict[str, int]:
        return asdict(self)


NAMES = tuple(field.name for field in fields(Counts))
