"""The two benchmarks with known answers, and how well a register finds them."""

import csv
import gzip
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sellers.screening import Entry, Register
from sellers.screening.calibration import OWN, Thresholds, threshold_without_labels
from sellers.screening.words import Text

SAMPLES = Path(__file__).parent / "samples"
ANY = Thresholds("test", {OWN: 0.0})


@dataclass(frozen=True, slots=True)
class Benchmark:
    """`offers` and `entries`: texts by id. `pairs`: (offer, entry) that are the same product."""

    offers: dict[str, str]
    entries: dict[str, str]
    pairs: set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Best:
    offer: str
    entry: str
    score: float
    second: float


def abt_buy() -> Benchmark:
    """Offers of Buy against the products of Abt."""
    pairs = {(buy, abt) for abt, buy in _pairs("abt_buy")}
    return Benchmark(_texts("buy"), _texts("abt"), pairs)


def amazon_google() -> Benchmark:
    """Offers of Amazon against the products of Google."""
    return Benchmark(_texts("amazon"), _texts("gp"), set(_pairs("amazon_google")))


def best_of(benchmark: Benchmark) -> list[Best]:
    """The best entry of each offer that has any, with the score of the second-best."""
    keys = list(benchmark.entries)
    entries = [Entry(at, text) for at, text in enumerate(benchmark.entries.values())]
    texts = [Text.of(text) for text in benchmark.offers.values()]
    found = Register.of(entries, ANY).candidates(texts)
    offers = list(benchmark.offers)
    return [
        Best(offers[at], keys[some[0][0].key], some[0][1], some[1][1] if len(some) > 1 else 0.0)
        for at, some in sorted(found.items())
    ]


def mutual(best: Iterable[Best]) -> list[Best]:
    """Those that are also the best offer of their entry."""
    kept: dict[str, Best] = {}
    for one in best:
        if one.entry not in kept or one.score > kept[one.entry].score:
            kept[one.entry] = one
    return list(kept.values())


def threshold(best: list[Best]) -> float:
    return threshold_without_labels([one.score for one in best], [one.second for one in best])


def f1(best: Iterable[Best], pairs: set[tuple[str, str]], threshold: float) -> float:
    """In per cent, end to end: what was never a candidate counts as missed."""
    found = {(one.offer, one.entry) for one in best if one.score >= threshold}
    return 200 * len(found & pairs) / (len(found) + len(pairs))


def _rows(name: str) -> list[list[str]]:
    with gzip.open(SAMPLES / f"{name}.csv.gz", "rb") as file:
        return list(csv.reader(io.TextIOWrapper(file, "utf-8", newline="")))[1:]


def _texts(name: str) -> dict[str, str]:
    return {row[0]: " ".join(row[1:]) for row in _rows(name)}


def _pairs(name: str) -> list[tuple[str, str]]:
    return [(one, other) for one, other in _rows(f"{name}_pairs")]
