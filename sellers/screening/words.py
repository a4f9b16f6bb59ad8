"""Words of a text: folded, codes also without their separators, Chinese and Japanese in pairs."""

import re
import unicodedata
from typing import NamedTuple

_TOKEN = re.compile(r"[^\s,;:()\[\]{}|\"“”„!?]+")
_PART = re.compile(r"[^\W_]+")
_WIDE_RUN = re.compile(
    "[\u2e80-\u2fff\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
)
_SHORTEST_CODE = 4


class Text(NamedTuple):
    """One text, read once for everything that looks at it.

    "ECHO PB-5810H": `tokens` stand between blanks and are without separators ("echo", "pb5810h");
    `words` are compared one by one and hold the parts of a token too ("pb", "5810h"); `spelt` is
    what is compared letter by letter ("echo pb 5810h").
    """

    words: list[str]
    spelt: str
    tokens: list[str]

    @classmethod
    def of(cls, *parts: str) -> "Text":
        """The parts as one text; empty ones are left out."""
        return _read(" ".join(part for part in parts if part))

    def and_also(self, *parts: str) -> "Text":
        """With further parts to compare; `tokens` stay those of this one."""
        if not any(parts):
            return self
        other = Text.of(*parts)
        return Text(self.words + other.words, f"{self.spelt} {other.spelt}".strip(), self.tokens)


def folded(text: str) -> str:
    """NFKC and lower case: full-width letters and digits are read like plain ones."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold()


def tokens_of(text: str) -> list[tuple[str, int]]:
    """(token without separators, where it begins in the folded text)."""
    found = []
    for match in _TOKEN.finditer(folded(text)):
        if bare := "".join(_PART.findall(match[0])):
            found.append((bare, match.start()))
    return found


def is_code(word: str) -> bool:
    """Letters and digits, four or more: what tells one article from its neighbours."""
    return (
        not word.isalpha()
        and len(word) >= _SHORTEST_CODE
        and word.isascii()
        and word.isalnum()
        and not word.isdigit()
    )


def _read(text: str) -> Text:
    found = _TOKEN.findall(folded(text))
    if text.isascii() and "".join(found).isalnum():  # nothing to take apart
        return Text(found, " ".join(found), found)
    words: list[str] = []
    spelt: list[str] = []
    tokens: list[str] = []
    for token in found:
        if token.isalnum() and token.isascii():
            words.append(token)
            spelt.append(token)
            tokens.append(token)
        elif parts := _PART.findall(token):
            whole = "".join(parts)
            if len(parts) > 1 and not whole.isalpha():
                words.append(whole)
            for part in parts:
                words += [part] if part.isascii() else _in_pairs(part)
            spelt += parts
            tokens.append(whole)
    return Text(words, " ".join(spelt), tokens)


def _in_pairs(part: str) -> list[str]:
    """ "行動電源" is "行動", "動電", "電源"; what is written in letters stays whole."""
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
