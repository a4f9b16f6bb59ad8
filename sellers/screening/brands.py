"""Brands in one writing, and whether an offer's brand is an entry's."""

import re
from enum import StrEnum
from functools import lru_cache

from sellers.feeds.wording import is_filler
from sellers.screening.words import folded

_DOING_BUSINESS = re.compile(r"\b(?:d\s?/\s?b\s?/\s?a|dba|doing business as|trading as)\b[:.,]?\s*")
_PLACE = re.compile(r",?\s+of\s+[^\W\d][^;]*$")
_BRACKETS = re.compile(r"\([^)]*\)|（[^）]*）")
_PART = re.compile(r"[^\W_]+")
_POINTS = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b|\s|$|,)")
# fmt: off
_LEGAL = frozenset(
    {
        "inc", "incorporated", "ltd", "limited", "llc", "llp", "lp", "plc", "co", "corp",
        "corporation", "company", "gmbh", "ag", "kg", "kgaa", "mbh", "se", "ug", "sa", "sas",
        "sarl", "srl", "spa", "bv", "nv", "oy", "oyj", "ab", "aps", "as", "asa", "pty", "sro",
        "spzoo", "doo", "dooel", "kft", "zrt", "ead", "eood", "ood", "jsc", "ooo", "sia", "uab",
        "sl", "slu", "lda", "ltda", "kk", "gk", "intl", "international", "group", "holding",
        "holdings", "trading",
    }
)
# fmt: on
_LEGAL_WIDE = re.compile(
    "股份有限公司|有限责任公司|有限公司|株式会社|有限会社|合同会社|주식회사|\\(주\\)"
)
_NO_BRAND = frozenset({"generic", "other", "no name", "oem", "unbranded", "without brand"})
_SHORTEST_IN_TITLE = 3


class Agreement(StrEnum):
    """``MISSING``: one side names none, or the offer names two."""

    AGREES = "agrees"
    MISSING = "missing"
    CONFLICTS = "conflicts"


@lru_cache(maxsize=50_000)
def brand_key(text: str) -> str:
    """Words of a brand with blanks between: "ECHO Inc., of Lake Zurich, Illinois" is "echo".

    The name after "dba" is taken, the place after "of" and legal suffixes are left out. "" where
    the text names none: "Unknown", "no brand", a part number.
    """
    if is_filler(text):
        return ""
    line = _DOING_BUSINESS.split(folded(text))[-1]
    line = _LEGAL_WIDE.sub(" ", _BRACKETS.sub(" ", _POINTS.sub("", line)))
    words = _PART.findall(_PLACE.sub("", line)) or _PART.findall(line)
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    key = " ".join(words)
    has_letter = any(letter.isalpha() for letter in key)
    return key if has_letter and key not in _NO_BRAND else ""


def agreement(offer_brand: str, offer_title: str, entry_brand: str, entry_name: str) -> Agreement:
    """Brands as keys, title and name as words with single blanks.

    A brand that is missing on one side is looked for in the other's words. An offer whose brand
    is another, but whose title names the entry's, counts as one without a brand.
    """
    if not entry_brand:
        leads = bool(offer_brand) and _leads(offer_brand, entry_name)
        return Agreement.AGREES if leads else Agreement.MISSING
    in_title = len(entry_brand) >= _SHORTEST_IN_TITLE and _stands_in(entry_brand, offer_title)
    if not offer_brand:
        return Agreement.AGREES if in_title else Agreement.MISSING
    if _same(offer_brand, entry_brand) or _leads(offer_brand, entry_name):
        return Agreement.AGREES
    return Agreement.MISSING if in_title else Agreement.CONFLICTS


def _same(one: str, other: str) -> bool:
    """Equal but for blanks, or one begins with all words of the other."""
    return (
        one.replace(" ", "") == other.replace(" ", "") or _leads(one, other) or _leads(other, one)
    )


def _leads(words: str, text: str) -> bool:
    return len(words) >= _SHORTEST_IN_TITLE and f"{text} ".startswith(f"{words} ")


def _stands_in(words: str, text: str) -> bool:
    return f" {words} " in f" {text} "
