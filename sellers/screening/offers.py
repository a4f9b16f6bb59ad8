"""What is compared: an offer as a seller writes it, an entry of the register, and a match."""

from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """What a match rests on: a code, a model number with its brand, or nothing but words."""

    GTIN = "gtin"
    BRAND_MODEL = "brand_model"
    TEXT = "text"


class Decision(StrEnum):
    """``MATCH``: identifiers agree. ``REVIEW``: a suggestion that a person has to look at."""

    MATCH = "match"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Offer:
    """One product on offer; every field may be empty. `code` is a barcode field as written."""

    title: str = ""
    brand: str = ""
    model: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One alert of the register. `gtins`: 14 digits each; `codes`: without a valid check digit.

    `key` is the caller's own and unique.
    """

    key: int
    name: str
    brand: str = ""
    models: tuple[str, ...] = ()
    gtins: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


CERTAIN = 0.9  # confidence from which on identifiers decide; text never reaches it


@dataclass(frozen=True, slots=True)
class Match:
    """An offer and the entry `key`. `confidence` is 0 to 1; `reasons` are sentences.

    `score` and `margin` (over the second best) are those of the text, 0 where it was not asked.
    """

    key: int
    basis: Basis
    confidence: float
    reasons: tuple[str, ...]
    score: float = 0.0
    margin: float = 0.0

    @property
    def decision(self) -> Decision:
        return Decision.MATCH if self.confidence >= CERTAIN else Decision.REVIEW
