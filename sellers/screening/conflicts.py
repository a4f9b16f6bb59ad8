"""What speaks against a match although something agrees."""

import re

from sellers.screening.words import folded

FACTOR = 0.7  # on a score, for each thing that conflicts

_FITTING = re.compile(
    r"\b(?:for|fits?|fitting|compatible|replacement|spare|für|fuer|passend|passt|kompatibel|"
    r"ersatz\w*|ersatzteil\w*|zubehör|pour|compatible|rechange|para|recambio|per|ricambio|voor|"
    r"dla|zamiennik)\b|適用|适用|対応|兼容|相容|互換|專用|专用|配件|交換用"
)


def stands_behind_fitting(title: str, start: int) -> bool:
    """True where "for", "für", "適用" … stands before the place `start` of the folded title.

    Such a title offers a spare part or an accessory of the product that it names.
    """
    return _FITTING.search(folded(title), 0, max(start, 0)) is not None


def names_another_product(title: str) -> bool:
    """True where the words say anywhere that the offer fits to something else."""
    return _FITTING.search(folded(title)) is not None


def disjoint(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Both have codes, and none in common."""
    return bool(ours) and bool(theirs) and not set(ours) & set(theirs)
