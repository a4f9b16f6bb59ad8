"""How much an agreement is worth: confidence and reasons, one offer against one entry."""

from collections.abc import Sequence
from dataclasses import replace

from sellers.screening import identifiers, model_numbers, reasons
from sellers.screening.brands import Agreement, agreement, brand_key
from sellers.screening.conflicts import (
    FACTOR,
    disjoint,
    names_another_product,
    stands_behind_fitting,
)
from sellers.screening.offers import Basis, Entry, Match, Offer
from sellers.screening.words import Text

SAME_GTIN = 1.0
SAME_BRAND_AND_MODEL = 0.95
HINT = 0.5  # an identifier that does not decide
MOST_BY_TEXT = 0.85  # words alone never come near CERTAIN
_TWINS = 0.005  # scores so near to each other are the same


def same_code(entry: Entry, code: str) -> Match:
    """A code without a valid check digit never decides."""
    return Match(entry.key, Basis.GTIN, HINT, (reasons.same_code(code),))


def same_gtin(entry: Entry, gtin: str) -> Match:
    told = (reasons.same_gtin(gtin),)
    if identifiers.is_restricted(gtin):
        return Match(entry.key, Basis.GTIN, HINT, (*told, reasons.restricted_gtin(gtin)))
    return Match(entry.key, Basis.GTIN, SAME_GTIN, told)


def same_model(offer: Offer, entry: Entry, key: str) -> Match | None:
    """None where the brands conflict: a model number is not unique among makers."""
    brands = _brands(offer, entry)
    if brands is Agreement.CONFLICTS:
        return None
    told = [reasons.same_model(key.upper()), reasons.brands(brands)]
    confidence = SAME_BRAND_AND_MODEL if brands is Agreement.AGREES else HINT
    if model_numbers.is_short(key):
        confidence = HINT
        told.append(reasons.short_model())
    if stands_behind_fitting(offer.title, model_numbers.place_in_title(offer.title, key)):
        confidence *= FACTOR
        told.append(reasons.fits_to_it())
    if disjoint(identifiers.codes_of(offer.code)[0], entry.gtins):
        confidence *= FACTOR
        told.append(reasons.other_gtins())
    return Match(entry.key, Basis.BRAND_MODEL, round(confidence, 3), tuple(told))


def _brands(offer: Offer, entry: Entry) -> Agreement:
    return agreement(
        brand_key(offer.brand),
        Text.of(offer.title).spelt,
        brand_key(entry.brand),
        Text.of(entry.name).spelt,
    )


def by_words(
    offer: Offer, candidates: Sequence[tuple[Entry, float]], threshold: float, known: set[int]
) -> list[Match]:
    """The best candidate that passes, and its twins; `known` ones are left out."""
    judged = [_judged(offer, entry, score) for entry, score in candidates if entry.key not in known]
    judged.sort(key=lambda match: (-match.score, match.key))
    passed = [match for match in judged if match.score >= threshold]
    if not passed:
        return []
    top = passed[0].score
    twins = [match for match in passed if match.score >= top - _TWINS]
    rest = [match.score for match in judged if match.score < top - _TWINS]
    margin = top - max(rest, default=0.0)
    return [
        replace(
            match,
            margin=round(margin, 3),
            reasons=(reasons.words(match.score, margin), *match.reasons),
        )
        for match in twins
    ]


def _judged(offer: Offer, entry: Entry, score: float) -> Match:
    told = []
    brands = _brands(offer, entry)
    if brands is not Agreement.MISSING:
        told.append(reasons.brands(brands))
    if brands is Agreement.CONFLICTS:
        score *= FACTOR
    if names_another_product(offer.title) and not names_another_product(entry.name):
        score *= FACTOR
        told.append(reasons.fits_to_it())
    if disjoint(identifiers.codes_of(offer.code)[0], entry.gtins):
        score *= FACTOR
        told.append(reasons.other_gtins())
    score = round(score, 3)
    return Match(entry.key, Basis.TEXT, min(score, MOST_BY_TEXT), tuple(told), score)
