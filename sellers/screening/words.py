"""Words of a text: folded, codes also without their separators, Chinese and Japanese in pairs."""

import re
import unicodedata

_PART = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_WIDE_RUN = re.compile(
    "[\u2e80-\u2fff\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
)
_CODE = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{4,}")


def folded(text: str) -> str:
    """NFKC and lower case: full-width letters and digits are read like plain ones."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold()


def read_words(text: str) -> tuple[list[str], str]:
    """(words to compare, the text's own words with single blanks between them).

    "PB-5810H" gives "pb", "5810h" and, because there is a digit in it, "pb5810h". A run of
    Chinese, Japanese or Korean gives its pairs of characters: "行動電源" is "行動", "動電", "電源".
    """
    words: list[str] = []
    spelt: list[str] = []
    for chunk in folded(text).split():
        if chunk.isalnum():
            parts = [chunk]
        else:
            parts = _PART.findall(chunk)
            if len(parts) > 1 and _DIGIT.search(chunk):
                words.append("".join(parts))
        spelt += parts
        for part in parts:
            if part.isascii():
                words.append(part)
            else:
                words += _in_pairs(part)
    return words, " ".join(spelt)


def is_code(word: str) -> bool:
    """Letters and digits, four or more: what tells one article from its neighbours."""
    return _CODE.fullmatch(word) is not None


def _in_pairs(part: str) -> list[str]:
    found: list[str] = []
    end = 0
    for run in _WIDE_RUN.finditer(part):
        if run.start() > end:
            found.append(part[end : run.start()])
        text = run[0]
        found += [text[at : at + 2] for at in range(len(text) - 1)] or [text]
        end = run.end()
    if end < len(part):
        found.append(part[end:])
    return found
