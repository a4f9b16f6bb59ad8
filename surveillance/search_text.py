"""One folding of text for storing and for asking: NFKC, lower case, single blanks. Pure."""

import unicodedata


def folded(*parts: str) -> str:
    """The parts as one line; full-width forms become plain ones ("ＡＢＣ" is found by "abc")."""
    text = " ".join(part for part in parts if part)
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
