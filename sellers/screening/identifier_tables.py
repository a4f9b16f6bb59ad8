"""Which entries carry a code or a model number: looked up whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sellers.screening.identifiers import raw_code
from sellers.screening.model_numbers import model_key
from sellers.screening.offers import Entry


@dataclass(frozen=True, slots=True)
class IdentifierTables:
    """Places in the list of entries, by key. One GTIN can stand in several entries."""

    gtins: Mapping[str, tuple[int, ...]]
    codes: Mapping[str, tuple[int, ...]]
    models: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "IdentifierTables":
        return cls(
            gtins=_table(entry.gtins for entry in entries),
            codes=_table(map(raw_code, entry.codes) for entry in entries),
            models=_table(map(model_key, entry.models) for entry in entries),
        )


def _table(keys_of_each: Iterable[Iterable[str]]) -> dict[str, tuple[int, ...]]:
    table: dict[str, tuple[int, ...]] = {}
    for place, keys in enumerate(keys_of_each):
        for key in dict.fromkeys(keys):
            if key:
                table[key] = (*table.get(key, ()), place)
    return table
