"""Model numbers as keys: whole tokens, separators ignored, weak ones left out.

"PB-5810H", "PB 5810 H" and "pb5810h" are one model; "PB-5810H9" and "PB-581" are others.
"""

import re
from collections.abc import Iterator, Sequence

from sellers.feeds.model_numbers import split_models
from sellers.screening.words import folded, tokens_of

_SEPARATOR = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")
_MEASURE = re.compile(
    r"(?:\d+x)*\d+(?:x\d+)*(?:mm|cm|m|in|inch|inches|ft|feet|foot|ml|cl|l|oz|g|kg|lb|lbs|v|kv|w|kw|"
    r"mah|ah|a|hz|khz|mhz|ghz|gb|mb|tb|cc|pc|pcs|pack|pk|set|st|stk|k|p|d|er|th|nd|rd|years?|yrs?|"
    r"months?|led|leds|in1|way|port|piece|pieces|person|speed|count|ct|x|s|c|f|t)"
)
_LABELLED = re.compile(
    r"(?:size|sizes|age|ages|lot|batch|no|nr|set|pack|gr|grösse|taille|talla)\d+"
)
_COMMON = re.compile(
    r"(?:19|20)\d\d(?:(?:19|20)?\d\d)?|mp[34]|usb[23]\d?|ip\d\d|en\d+|iso\d+|iec\d+|e\d\d"
)
_SHORTEST = 4
_SHORTEST_NUMBER = 5  # of digits alone: "1200" and "2018" stand on too many things
_MOST_JOINED = 3  # tokens side by side that may be one model number: "PB 5810 H"
_SHORTEST_JOINED = 6
_JOINED_DIGITS = re.compile(r"(?:\D*\d){3}")  # fewer may be "size 10" or "version 2"


def model_key(text: str) -> str:
    """A model number without case, width and separators; "" for one too weak to decide."""
    key = _bare(text)
    return "" if is_weak(key) else key


def is_weak(key: str) -> bool:
    """True for what many products carry: short ones, words, years, sizes, standards."""
    if len(key) < _SHORTEST or not _DIGIT.search(key):
        return True
    if key.isdigit() and (len(key) < _SHORTEST_NUMBER or not key.strip("0")):
        return True
    return any(pattern.fullmatch(key) for pattern in (_MEASURE, _LABELLED, _COMMON))


def is_short(key: str) -> bool:
    """True for four characters: "XC90" names a family of cars as well as an article."""
    return len(key) < _SHORTEST_NUMBER


def keys_of_field(text: str) -> Iterator[str]:
    """Keys of a field for model numbers, which may hold several; weak ones stand in no table."""
    if text.isalnum():
        yield folded(text)
    elif text and _DIGIT.search(text):
        for model in split_models(text)[0]:
            yield _bare(model)


def _bare(text: str) -> str:
    return _SEPARATOR.sub("", folded(text))


def keys_among(tokens: Sequence[str]) -> list[str]:
    """Keys of the tokens of a title that hold a digit, and of such with one or two beside them."""
    found: list[str] = []
    for place, token in enumerate(tokens):
        if token.isalpha():
            continue
        if len(token) >= _SHORTEST:
            found.append(token)
        before = tokens[place - 1] if place else ""
        after = tokens[place + 1 : place + _MOST_JOINED]
        joined = [before + token] if before else []
        if after:
            joined += [token + after[0], before + token + after[0], token + "".join(after)]
        for one in joined:
            if len(one) >= _SHORTEST_JOINED and _JOINED_DIGITS.match(one):
                found.append(one)
    return found


def place_in_title(title: str, key: str) -> int:
    """Where the token with which `key` begins stands in the folded title; -1 where it does not."""
    places = (place for token, place in tokens_of(title) if key.startswith(token))
    return next(places, -1)
