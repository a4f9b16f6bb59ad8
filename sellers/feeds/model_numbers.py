"""Model numbers out of fields that hold several, and out of English prose."""

import re

from sellers.feeds.wording import named, plain_line

_SEPARATORS = re.compile(r"\s+/\s+|\s*/\s*$|^\s*/\s*|[;\n]|,(?=\s|-\s|[A-Z]{2,}\d)(?![^(]*\))")
_ENUMERATION = re.compile(r"^\d{1,2}[.)]\s+")
_LABEL = re.compile(
    r"^(?:-\s*)?(?:(?:item|art(?:icle)?|model|type|part|product|ref(?:erence)?|style|sku)s?\b[.:]*"
    r"\s*)?(?:(?:numbers?|nos?|nr|n°|codes?)(?![a-z])[.:]*\s*)?[:#\-–]?\s*(?:(?<=:)|(?<=:\s)|(?=\S*\d))",
    re.IGNORECASE,
)
_BARCODE_PART = re.compile(r"\b(?:EAN|GTIN|UPC|bar\s?codes?|gencod)\b", re.IGNORECASE)
_LONGEST_MODEL = 80
_MOST_WORDS = 7

_TOKEN = r"[A-Z0-9](?:[A-Za-z0-9]|[-/+*_](?=[A-Za-z0-9])|\.(?=\d))*"
_QUOTED = rf"[\"“”']?({_TOKEN})[\"”“']?"
_BETWEEN = r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|\s*;\s*(?:and\s+)?|\s*&\s*)"
_NUMBERED = re.compile(
    r"\b(?:model|item|style|part|SKU|article|reference)s?\s*"
    rf"(?:numbers?|nos?\.?|#)\s*(?:is\s+|are\s+)?[:#]?\s*({_QUOTED}(?:{_BETWEEN}{_QUOTED})*)",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"\b(?:[Mm]odels?|MODELS?|SKUs?):?\s+({_QUOTED}(?:{_BETWEEN}{_QUOTED})*)",
)
_TOKENS = re.compile(rf"(?<![A-Za-z0-9]){_TOKEN}(?![A-Za-z0-9])")
_YEAR = re.compile(r"(?:19|20)\d\d(?:-(?:19|20)?\d\d)?")
_MEASURE = re.compile(r"\d+(?:\.\d+)?-?(?:inch|in|foot|feet|ft|cc|mm|cm|quart|piece|pack|volt|v|w)")
_DECIMAL = re.compile(r"\d+\.\d+")
_WORD = re.compile(r"[a-z]{3}")
_SHORTEST_DIGITS = 3


def split_models(text: str) -> tuple[tuple[str, ...], bool]:
    """(model numbers of a field, True when parts were too long to be model numbers).

    "CO-418-01 , POR-530-117" gives both, " / CS04413PE04" the second of two fields that
    were joined, "Item No. 1369378" the number without its label. Parts that are
    labelled as barcodes and fillers like "Unknown" are left out.
    """
    models: list[str] = []
    prose = False
    for part in _SEPARATORS.split(plain_line(text)):
        if not part or _BARCODE_PART.search(part):
            continue
        part = _ENUMERATION.sub("", part.strip())
        model = named(_LABEL.sub("", part, count=1)).rstrip(".,")
        if len(model) > _LONGEST_MODEL or len(model.split()) > _MOST_WORDS:
            prose = True
        elif model:
            models.append(model)
    return tuple(dict.fromkeys(models)), prose


def models_in_prose(text: str) -> tuple[str, ...]:
    """Model, item, style, part and SKU numbers that English sentences name as such.

    Conservative: only what stands directly behind "model number", "SKU" and the like;
    years ("model 2004"), sizes ("52.5", "10-inch") and plain words are not taken.
    """
    spans = [(match.start(1), match[1], True) for match in _NUMBERED.finditer(text)] + [
        (match.start(1), match[1], False) for match in _PLAIN.finditer(text)
    ]
    found = (
        token
        for _start, span, numbered in sorted(spans)
        for token in _TOKENS.findall(span)
        if _is_model(token, numbered=numbered)
    )
    return tuple(dict.fromkeys(found))


def _is_model(token: str, *, numbered: bool) -> bool:
    if _YEAR.fullmatch(token) or _DECIMAL.fullmatch(token) or _WORD.search(token):
        return False
    if _MEASURE.fullmatch(token.casefold()):
        return False
    digits = sum(character.isdigit() for character in token)
    if token.isdigit():
        return digits >= _SHORTEST_DIGITS or (numbered and digits > 1)
    return digits > 0
