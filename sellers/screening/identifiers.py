"""Codes of an offer: GTINs by check digit and with 14 digits, others as they are written.

GTINs are compared with all their digits, never fuzzily. A code without a valid check digit is
compared letter by letter, and only ever leads to a review.
"""

from collections.abc import Iterable

from sellers.feeds.identifiers import (
    Identifier,
    IdentifierStatus,
    Scheme,
    read_identifiers,
    valid_gtins,
)
from sellers.screening.words import folded

_LENGTHS = frozenset({12, 13, 14})


def codes_of(field: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(GTINs with 14 digits, other codes folded) of a barcode field."""
    if not field:
        return (), ()
    found = read_identifiers(field)
    gtins = valid_gtins(found)
    others = (one for one in found if one.value not in gtins or one.scheme is not Scheme.GTIN)
    return gtins, tuple(raw_code(one.value or one.raw) for one in others)


def keys_of_field(field: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(keys to look up among GTINs, keys to look up among other codes) of a barcode field.

    A plain number is taken for both without its check digit: what equals a valid GTIN is one.
    """
    if field.isascii() and field.isdigit() and len(field) in _LENGTHS:
        return (field.zfill(14),), (field,)
    return codes_of(field)


def keys_among(tokens: Iterable[str]) -> list[str]:
    """The numbers of 12 to 14 digits among the tokens of a title, to look up among GTINs."""
    return [one.zfill(14) for one in tokens if len(one) in _LENGTHS and one.isdecimal()]


def raw_code(text: str) -> str:
    """One writing of a code that is no GTIN: folded, single blanks."""
    return " ".join(folded(text).split())


def is_restricted(gtin: str) -> bool:
    """True for numbers that shops give out for their own use: two may mean different goods."""
    return Identifier(Scheme.GTIN, gtin, gtin, IdentifierStatus.VALID).is_restricted
