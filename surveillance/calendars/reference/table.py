"""Reading the reference files, with errors that name file, row and field."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent


class ReferenceError(ValueError):
    """A reference file holds something that it must not."""


class Row(NamedTuple):
    """One row of a CSV table; `where` names file and line for messages."""

    where: str
    fields: dict[str, str]

    def required(self, name: str) -> str:
        if not (value := self.fields[name]):
            raise ReferenceError(f"{self.where}: {name} is empty. Fill it in.")
        return value


def rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a CSV file in UTF-8 whose header is exactly `columns`."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        if tuple(header) != columns:
            raise ReferenceError(
                f"{path.name}: the first line must be {','.join(columns)}, not {','.join(header)}."
            )
        for values in reader:
            where = f"{path.name}, line {reader.line_num}"
            if len(values) != len(columns):
                raise ReferenceError(
                    f"{where}: {len(values)} values for {len(columns)} columns. "
                    "Quote values that hold a comma."
                )
            yield Row(where, {name: v.strip() for name, v in zip(columns, values, strict=True)})


@contextmanager
def naming(where: str, field: str) -> Iterator[None]:
    """Give what is wrong with a value the name of its place."""
    try:
        yield
    except ValueError as error:
        raise ReferenceError(f"{where}: {field}: {error}") from error
