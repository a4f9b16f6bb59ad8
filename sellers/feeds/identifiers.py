"""Barcode numbers and shop identifiers as people write them into one field.

A number counts as a GTIN only when its check digit holds (GS1 General Specifications,
section 7.9, through python-stdnum); it is then written with 14 digits. Anything else is
kept as it stands and marked invalid, so that it is shown but never matched.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from stdnum import ean

from sellers.feeds.wording import is_filler, shortened


class Scheme(StrEnum):
    """Who gives out the number: GS1, or Amazon for an offer (ASIN) or a stock unit (FNSKU)."""

    GTIN = "gtin"
    ASIN = "asin"
    FNSKU = "fnsku"


class IdentifierStatus(StrEnum):
    """``RESTORED``: a leading zero was put back, and with it the check digit holds."""

    VALID = "valid"
    RESTORED = "restored"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier: ``raw`` as written, ``value`` to match by ("" when invalid).

    ``raw`` has at most 200 characters; longer ones end with "…".
    """

    scheme: Scheme
    raw: str
    value: str
    status: IdentifierStatus

    @property
    def is_restricted(self) -> bool:
        """True for numbers that shops give out for use within their own walls.

        GS1 prefixes 02, 04 and 20 to 29: two shops may give the same number to two
        different products.
        """
        return self.scheme is Scheme.GTIN and self.value[1:3] in _RESTRICTED_PREFIXES


_RESTRICTED_PREFIXES = frozenset({"02", "04", *(str(prefix) for prefix in range(20, 30))})
_AMAZON = re.compile(r"\b(?:(?P<asin>B0[0-9A-Z]{8})|(?P<fnsku>X0[0-9A-Z]{8}))\b", re.IGNORECASE)
_LIST_SEPARATORS = re.compile(r"[,;/|\r\n()\[\]]+")
_GROUP = re.compile(r"[0-9]+")
_SHOP_LETTERS = re.compile(r"(?<![^\W\d_])(?!EAN|UPC)[^\W\d_]{2,3}$", re.IGNORECASE)
_JOINING_GAP = re.compile(r"[\s\-–]+")
_LABELLED = re.compile(
    r"\b(?:EAN|GTIN|UPC|bar\s?codes?|gencod)\b[^\d;,]{0,16}(\d(?:[\d -]{6,20}\d)?)", re.IGNORECASE
)
_PRINTED_EAN_8 = re.compile(r"\d{4}[\s\-–]\d{4}")
_PRINTED_EAN = re.compile(r"\d \d{6} \d{6}|\d{7} \d{6}")

_LONGEST_RAW = 200
_SPLIT_LENGTHS = (13, 12)
_JOINED_LENGTHS = (13, 12)
_LONGEST_PRINTED_GROUP = 7
_SHORTEST_CODE = 6
_UPC_LENGTH = 12
_EAN_LENGTH = 13


def valid_gtins(identifiers: tuple[Identifier, ...]) -> tuple[str, ...]:
    """The GTINs among ``identifiers`` that can be matched, 14 digits each."""
    return tuple(one.value for one in identifiers if one.scheme is Scheme.GTIN and one.value)


def read_identifiers(text: str) -> tuple[Identifier, ...]:
    """Every identifier in a barcode field, each once: those of Amazon, then the barcodes.

    Understands several codes in one field, labels ("EAN 6933893332863"), blanks and
    dashes as printed under the bars ("8 002 100 234066"), codes run together without a
    separator, and UPCs that lost their leading zero. Full-width digits are read like plain
    ones. Text without digits gives ().
    """
    text = unicodedata.normalize("NFKC", text)
    if is_filler(text):
        return ()
    found = [_amazon(match) for match in _AMAZON.finditer(text)]
    for segment in _LIST_SEPARATORS.split(_AMAZON.sub(" , ", text)):
        found.extend(_codes_in(segment))
    return tuple(dict.fromkeys(found))


def shop_identifiers(text: str) -> tuple[Identifier, ...]:
    """The ASINs and FNSKUs in a text, each once: "Amazon(ASIN B0FDQ43JHG)"."""
    return tuple(dict.fromkeys(_amazon(match) for match in _AMAZON.finditer(text)))


def labelled_identifiers(text: str) -> tuple[Identifier, ...]:
    """Valid GTINs in a field meant for something else, such as a model or a batch.

    Taken only behind a label ("barcode 4014663028451") or when the whole field has the
    shape printed under the bars ("5 050836 937815").
    """
    candidates = _LABELLED.findall(text)
    if _PRINTED_EAN.fullmatch(text.strip()):
        candidates.append(text.strip())
    found = (_whole(candidate) for candidate in candidates)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _amazon(match: re.Match[str]) -> Identifier:
    scheme = Scheme.ASIN if match["asin"] else Scheme.FNSKU
    return Identifier(scheme, match[0], match[0].upper(), IdentifierStatus.VALID)


def _codes_in(segment: str) -> Iterator[Identifier]:
    """Identifiers of one part of a field, between list separators."""
    groups = list(_GROUP.finditer(segment))
    if not groups:
        return
    gaps = [segment[a.end() : b.start()] for a, b in zip(groups, groups[1:], strict=False)]
    stands_alone = not any(_is_glued(segment, group) for group in groups)
    if stands_alone and all(_JOINING_GAP.fullmatch(gap) for gap in gaps):
        whole = _whole(segment[groups[0].start() : groups[-1].end()])
        if whole is not None:
            yield whole
            return
    yield from _codes_among(segment, groups, gaps)


def _codes_among(
    segment: str, groups: list[re.Match[str]], gaps: list[str]
) -> Iterator[Identifier]:
    """Codes among several groups of digits; when there is none, the segment as invalid."""
    unused: list[str] = []
    valid = 0
    index = 0
    while index < len(groups):
        taken, codes = _codes_from(segment, groups, gaps, index)
        for code in codes:
            valid += code.status is not IdentifierStatus.INVALID
            yield code
        if not codes:
            unused.append(groups[index][0])
        index += taken
    if not valid and sum(len(group) for group in unused) >= _SHORTEST_CODE:
        yield _invalid(segment)
    elif valid:
        for group in unused:
            if len(group) > _LONGEST_PRINTED_GROUP:
                yield _invalid(group)


def _codes_from(
    segment: str, groups: list[re.Match[str]], gaps: list[str], start: int
) -> tuple[int, list[Identifier]]:
    """(number of groups used, codes) beginning at the group ``start``."""
    group = groups[start]
    if _is_glued(segment, group):
        # Letters touch the digits: a code only if it is a full EAN-13 behind an "E" or a word,
        # not behind the two or three letters of a shop's own numbers ("PB2509250409963").
        is_full = len(group[0]) == _EAN_LENGTH
        is_shops_own = _SHOP_LETTERS.search(segment[: group.start()])
        code = _valid(group[0]) if is_full and not is_shops_own else None
        return 1, [code] if code else _run_together(group[0])
    if len(group[0]) >= _UPC_LENGTH:
        code = _valid(group[0])
        return 1, [code] if code else _run_together(group[0])
    joined = group[0]
    for end in range(start + 1, len(groups)):
        piece = groups[end][0]
        short = max(len(piece), len(group[0])) <= _LONGEST_PRINTED_GROUP
        if not short or not _JOINING_GAP.fullmatch(gaps[end - 1]):
            break
        joined += piece
        is_within = end < len(gaps) and gaps[end] == "-"
        if not is_within and len(joined) in _JOINED_LENGTHS and (code := _valid(joined)):
            return end - start + 1, [code]
    return 1, []


def _is_glued(segment: str, group: re.Match[str]) -> bool:
    """True when a letter touches the digits: "EEE0080250001", "10253837xxx"."""
    before = segment[: group.start()][-1:]
    after = segment[group.end() :][:1]
    return before.isalpha() or after.isalpha()


def _whole(text: str) -> Identifier | None:
    """``text``, digits with blanks or dashes, as one code; None when it is none."""
    digits = "".join(_GROUP.findall(text))
    as_printed = len(digits) in _JOINED_LENGTHS or _PRINTED_EAN_8.fullmatch(text)
    if (text == digits or as_printed) and (code := _valid(digits)):
        return Identifier(code.scheme, text, code.value, code.status)
    # One zero is lost where a spreadsheet took a UPC for a number. Ten digits are not a UPC
    # that lost two: their check digits hold no more often than chance would have it.
    if text == digits and len(digits) == _UPC_LENGTH - 1:
        restored = _valid(digits.zfill(_UPC_LENGTH))
        if restored:
            return Identifier(Scheme.GTIN, text, restored.value, IdentifierStatus.RESTORED)
    return None


def _valid(digits: str) -> Identifier | None:
    if digits.isascii() and ean.is_valid(digits) and digits.strip("0"):
        return Identifier(Scheme.GTIN, digits, digits.zfill(14), IdentifierStatus.VALID)
    return None


def _invalid(text: str) -> Identifier:
    raw = shortened(text, _LONGEST_RAW)
    return Identifier(Scheme.GTIN, raw, "", IdentifierStatus.INVALID)


def _run_together(digits: str) -> list[Identifier]:
    """Codes written one behind the other without a separator; [] when it is no such run.

    Most of the pieces must have a right check digit; the others are marked invalid.
    """
    for length in _SPLIT_LENGTHS:
        if len(digits) < 2 * length or len(digits) % length:
            continue
        pieces = [digits[at : at + length] for at in range(0, len(digits), length)]
        codes = [_valid(piece) for piece in pieces]
        if 2 * sum(code is not None for code in codes) > len(pieces):
            return [code or _invalid(piece) for code, piece in zip(codes, pieces, strict=True)]
    return []
