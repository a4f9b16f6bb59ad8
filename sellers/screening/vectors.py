"""Sparse rows of weights over numpy arrays, and what is counted into them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

GRAM_SPACE = 1 << 16  # character triples are hashed into so many places
_END = "\n"
_OPEN = 64  # rows that lie open in memory at a time, one place for every id


@dataclass(frozen=True, slots=True)
class Rows:
    """Row i holds `ids[starts[i]:starts[i + 1]]`, each with its weight; ids ascend in a row."""

    starts: Ints
    ids: NDArray[np.int32]
    weights: Floats

    @property
    def count(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Ints:
        return np.diff(self.starts)

    def spread(self, rows: Ints) -> tuple[Ints, Ints]:
        """(places of all that these rows hold, which of `rows` each belongs to)."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        owners = np.repeat(np.arange(len(rows)), lengths)
        ends = np.cumsum(lengths)
        offset = np.repeat(self.starts[rows] - (ends - lengths), lengths)
        return offset + np.arange(len(owners)), owners


def count_in(rows: Ints, ids: Ints, width: int) -> tuple[Ints, Ints, Ints]:
    """Each (row, id) once, by row and id, with how often it was there. Ids are below `width`."""
    keys, counts = np.unique(rows * width + ids, return_counts=True)
    return keys // width, keys % width, counts


def weigh(counted: tuple[Ints, Ints, Ints], idf: Floats, count: int) -> Rows:
    """TF-IDF rows of length 1: (1 + ln tf) · idf, over `count` rows."""
    rows, ids, counts = counted
    weights = (1 + np.log(counts)) * idf[ids]
    norms = np.sqrt(np.bincount(rows, weights**2, minlength=count))
    starts = np.searchsorted(rows, np.arange(count + 1))
    return Rows(starts, ids.astype(np.int32), (weights / norms[rows]).astype(np.float32))


def inverse_frequency(df: Ints, documents: int) -> Floats:
    """ln((1 + n) / (1 + df)) + 1: what few documents hold weighs most."""
    return (np.log((1 + documents) / (1 + df)) + 1).astype(np.float32)


def turned(rows: Rows, width: int, longest: int) -> Rows:
    """Which rows hold an id, by id; ids that more than `longest` rows hold are left empty."""
    held = np.bincount(rows.ids, minlength=width)
    owners = np.repeat(np.arange(rows.count), rows.lengths)
    kept = held[rows.ids] <= longest
    order = np.argsort(rows.ids[kept], kind="stable")
    lengths = np.where(held <= longest, held, 0)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return Rows(starts, owners[kept][order].astype(np.int32), rows.weights[kept][order])


def grams_of(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """(row, place in GRAM_SPACE) of every three characters in a row, blanks around each text."""
    whole = "".join(f" {text} {_END}" for text in texts)
    letters = np.frombuffer(whole.encode("utf-32-le", "replace"), dtype=np.uint32)
    ends = letters == ord(_END)
    rows = np.cumsum(ends) - ends
    first, second, third = letters[:-2], letters[1:-1], letters[2:]
    inside = ~(ends[:-2] | ends[1:-1] | ends[2:])
    mixed = (
        first * np.uint32(0x9E3779B1)
        + second * np.uint32(0x85EBCA77)
        + third * np.uint32(0xC2B2AE3D)
    )
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    places = (mixed >> np.uint32(16)).astype(np.int64)
    return rows[:-2][inside], places[inside]


def compare(
    ours: Rows,
    theirs: Rows,
    pairs: tuple[Ints, Ints],
    width: int,
    marked: NDArray[np.bool_] | None = None,
) -> tuple[Floats, NDArray[np.bool_]]:
    """(cosine, whether they share an id that is marked) of each pair (our row, their row).

    Pairs ascend by our row. Ids of `theirs` are below `width`; of `ours`, others agree with none.
    """
    rows, documents = pairs
    sums = np.zeros(len(rows), dtype=np.float32)
    agree = np.zeros(len(rows), dtype=bool)
    table = np.zeros(min(_OPEN, ours.count) * width, dtype=np.float32)
    firsts = np.arange(0, ours.count + _OPEN, _OPEN)
    bounds = np.searchsorted(rows, firsts).tolist()
    for first, start, end in zip(firsts.tolist(), bounds, bounds[1:], strict=False):
        if start == end:
            continue
        places, owners = ours.spread(np.arange(first, min(first + _OPEN, ours.count)))
        inside = ours.ids[places] < width
        opened = owners[inside] * width + ours.ids[places[inside]]
        table[opened] = ours.weights[places[inside]]
        places, owners = theirs.spread(documents[start:end])
        ids = theirs.ids[places]
        values = table[(rows[start:end] - first)[owners] * width + ids]
        table[opened] = 0
        products = values * theirs.weights[places]
        sums[start:end] = np.bincount(owners, products, minlength=end - start)
        if marked is not None:
            agree[start + owners[(values > 0) & marked[ids]]] = True
    return sums, agree


def run_starts(values: Ints) -> Ints:
    """Where a value differs from the one before it."""
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))


def place_in_run(values: Ints) -> Ints:
    """0, 1, 2 … within each run of equal values."""
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    starts = run_starts(values)
    return np.arange(len(values)) - np.repeat(starts, np.diff(np.append(starts, len(values))))
