"""Words of the generated market: products, brands, people and what went wrong. Pure.

Traditional Chinese, Japanese and Korean stand beside English in the shares of LANGUAGES. All
brands, people and addresses are made up. The lists stand in words.json.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

LANGUAGES = {"en": 64, "zh-hant": 16, "ja": 11, "ko": 9}  # per cent of products

_WORDS: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Goods:
    """What a label would say. `gtin` has a right check digit, or is empty."""

    language: str
    name: str
    brand: str
    model: str
    gtin: str
    category: str
    hazards: list[str]


def brands(random: Random, count: int) -> list[str]:
    """So many different Latin brand names."""
    found: dict[str, None] = {}
    while len(found) < count:
        name = "".join(random.choice(_WORDS["syllables"]) for _ in range(random.randint(2, 4)))
        found[name.capitalize()] = None
    return list(found)


def language(random: Random) -> str:
    return random.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]


def goods(random: Random, known_brands: Sequence[str]) -> Goods:
    tongue = language(random)
    brand = random.choice(_WORDS["brands"].get(tongue, ()) or known_brands)
    if random.random() < 0.3:
        brand = random.choice(known_brands)
    adjective, kind = (
        random.choice(_WORDS["adjectives"][tongue]),
        random.choice(_WORDS["kinds"][tongue]),
    )
    joint = "" if tongue in {"zh-hant", "ja"} else " "
    letters = "".join(random.choice("ABCDEFGHKLMNPRSTVWX") for _ in range(2))
    return Goods(
        language=tongue,
        name=f"{adjective}{joint}{kind}".capitalize(),
        brand=brand,
        model=f"{letters}-{random.randint(10, 9999)}",
        gtin=gtin(random) if random.random() < 0.7 else "",
        category=random.choice(_WORDS["categories"]),
        hazards=random.sample(_WORDS["hazards"], random.choice((1, 1, 1, 2))),
    )


def gtin(random: Random) -> str:
    """A GTIN-13 with its check digit."""
    digits = [random.randint(0, 9) for _ in range(12)]
    weighted = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return "".join(map(str, [*digits, -weighted % 10]))


def incident(random: Random, tongue: str) -> str:
    """Three to seven sentences in one language, the fault first."""
    told = random.sample(_WORDS["circumstances"][tongue], random.randint(2, 6))
    stop, joint = (". ", " ") if tongue in {"en", "ko"} else ("。", "")
    return f"{random.choice(_WORDS['faults'][tongue])}{stop}{joint.join(told)}".capitalize()


def person(random: Random) -> str:
    return f"{random.choice(_WORDS['first_names'])} {random.choice(_WORDS['last_names'])}"


def town(random: Random) -> str:
    return random.choice(_WORDS["towns"])


def trader(random: Random, known_brands: Sequence[str]) -> str:
    """The name of a seller."""
    tongue = language(random)
    name = random.choice(_WORDS["brands"].get(tongue, ()) or known_brands)
    tails = _WORDS["trade_names"][tongue]
    return f"{name} {random.choice(tails)} {random.randint(1, 99)}"
