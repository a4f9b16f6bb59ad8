"""A register and offers of real size, read from a folder of full public data.

The folder has the alerts of the authorities under the names of FILES, each as published, and
`listings/` with offers of three markets. None of it may be republished, so that it stands outside.
"""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

from sellers.feeds.base import AlertRecord
from sellers.feeds.registry import ALERT_FEEDS
from sellers.screening import Entry, Offer

ALERTS = 60_000
FILES = {
    "safety_gate": "eu_safety_gate/weekly_xml/*.xml.gz",
    "cpsc": "cpsc/recalls_api_shape.json",
    "health_canada": "health_canada/recalls_rappels.json.gz",
    "oecd": "oecd_globalrecalls/recalls_global.jsonl.gz",
    "safety_korea": "korea_safetykorea/recalls_kr.jsonl",
}


def entries(data: Path) -> list[Entry]:
    """Every alert of the folder; the first ones again, as if others gave them too, up to ALERTS."""
    real = [*_records(data), *_indexed(data)]
    keys = count(1)
    made = [Entry(next(keys), *facts) for facts in real]
    return made + [
        Entry(next(keys), one.name, one.brand, one.models, one.gtins, one.codes)
        for one in made[: ALERTS - len(made)]
    ]


def offers(data: Path) -> dict[str, list[Offer]]:
    """By market, as they were found. None is known to be an unsafe product."""
    folder = data / "listings"
    kaufland = map(json.loads, _lines(folder / "kaufland_de_search_results.jsonl.gz"))
    resale = json.loads(_bytes(folder / "resale_marketplaces_live.json.gz"))["items"]
    with (folder / "alibaba_toys.csv").open(encoding="utf-8", newline="") as file:
        alibaba = [Offer(row["Title"]) for row in csv.DictReader(file)]
    return {
        "Kaufland": [_kaufland(row) for row in kaufland],
        "resale": [Offer(row["title"]) for row in resale],
        "Alibaba": alibaba,
    }


def many(found: Iterable[Offer], number: int) -> Iterator[Offer]:
    """`number` different ones: each title's first half with the second half of another."""
    known = list(found)
    halves = [(one, one.title[: len(one.title) // 2]) for one in known]
    ends = [one.title[len(one.title) // 2 :] for one in known]
    mixed = (
        Offer(half + ends[(at + step) % len(ends)], one.brand, one.model, one.code)
        for step in count()
        for at, (one, half) in enumerate(halves)
    )
    return islice(mixed, number)


def _records(data: Path) -> Iterator[tuple[Any, ...]]:
    for name, pattern in FILES.items():
        for path in sorted(data.glob(pattern)):
            for record in ALERT_FEEDS[name].read(io.BytesIO(_bytes(path))):
                if isinstance(record, AlertRecord):
                    raw = tuple(one.raw for one in record.identifiers if not one.value)
                    yield record.product_name, record.brand, record.models, record.gtins, raw


def _indexed(data: Path) -> Iterator[tuple[Any, ...]]:
    """Recalls of the US CPSC since 1973, of which only the product's name is used."""
    for line in _lines(data / "cpsc/recall_index.jsonl.gz"):
        yield (json.loads(line).get("product") or "Unnamed product",)


def _kaufland(row: dict[str, Any]) -> Offer:
    brand, model, code = (
        _once(row.get(name) or "") for name in ("brand", "manufacturer_part_number", "ean")
    )
    return Offer(row.get("title") or "", brand, model, code)


def _once(text: str) -> str:
    """The file has every value twice: "4014549786604 4014549786604"."""
    words = text.split()
    half = len(words) // 2
    return " ".join(words[:half]) if half and words[:half] == words[half:] else " ".join(words)


def _bytes(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def _lines(path: Path) -> list[str]:
    return _bytes(path).decode().splitlines()
