"""Text of foreign records made plain: no tags, no entities, nothing a database refuses."""

import html
import re
import unicodedata

import nh3

# C1 controls are Windows-1252 punctuation that was decoded as Latin-1 ("\x92" for ’).
_REPAIRS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_REMOVED = dict.fromkeys(
    [*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0x200B, 0x2060, 0xFEFF]
)
_CLEANING = {**_REPAIRS, **_REMOVED, 0x00A0: " ", 0x202F: " ", 0x2028: "\n", 0x2029: "\n"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
_LINE_BREAKING_TAG = re.compile(r"<\s*(?:br|/p|/li|/div|/tr)\b[^>]*>", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_FIRST_SENTENCE = re.compile(r".+?(?:[.!?](?=\s|$)|(?<=[a-z])[.!?](?=[A-Z]))|.+", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+")

_FILLERS = frozenset(
    """
    -|cannot find|cant find|can not find|cannot find one|cant find one|cannot remember|do not have
    |do not know|dont have|dont jnow|dont know|dont remember|dont see one|i do not know|i dont know
    |n a|na|n/a|no brand|no information|no information provided|no longer avail|no longer available
    |no name|none|none found|none given|none on box|none provided|nonr|not applicable|not available
    |not found|not included on product|not indicated|not known|not listed|not on label
    |not on product|not provided|not specified|not sure|thrown away|unbranded|unk|unkown|unkwown
    |unknoawn|unknown|unknwon|unspecified|unsure|without brand|barcode not shown|box gone
    |none that we can find|several barcodes|none listed on website
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")


def storable(value: object) -> object:
    """``value`` (text, list, dict of a parsed file) without what PostgreSQL cannot hold.

    Removes NUL characters and lone surrogates and leaves everything else as it was.
    """
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value).replace("\x00", "")
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {str(storable(key)): storable(item) for key, item in value.items()}
    return value


def plain_text(text: str) -> str:
    """Text of several lines: tags out, entities read, blanks single, ends trimmed."""
    if not text:
        return ""  # as most cells of a file are
    text = _SURROGATE.sub("\ufffd", text)
    if "<" in text:
        text = nh3.clean(_LINE_BREAKING_TAG.sub("\n", text), tags=set())
    if "&" in text:
        text = html.unescape(text)
    text = _SURROGATE.sub("\ufffd", unicodedata.normalize("NFC", text)).translate(_CLEANING)
    text = _PRIVATE_USE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def plain_line(text: str) -> str:
    """Text of one line: as ``plain_text``, line breaks become blanks."""
    return " ".join(plain_text(text).split())


def named(text: str) -> str:
    """A name (brand, model, batch) or "" when the field says that there is none."""
    line = plain_line(text)
    return "" if is_filler(line) else line


def is_filler(text: str) -> bool:
    """True for what people write when they have nothing to say: "Unknown", "N/A", "?"."""
    words = text.casefold().replace("’", "'").replace("'", "").strip(" \t\r\n.?!:()[]*_")
    return not words or not words.strip("-–— ") or " ".join(words.split()) in _FILLERS


def first_sentence(text: str, width: int) -> str:
    """The first sentence of ``text``, cut at a word with "…" when longer than ``width``."""
    match = _FIRST_SENTENCE.match(text.strip())
    return shortened(match[0] if match else "", width)


def shortened(text: str, width: int) -> str:
    """``text`` cut at a word so that it has at most ``width`` characters with its "…"."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    kept = line[: width - 1]
    return (kept.rsplit(" ", 1)[0] if " " in kept else kept).rstrip(" ,;:") + "…"


def mixes_alphabets(text: str) -> bool:
    """True when one word holds letters of two alphabets, such as a Cyrillic Е in "Elif"."""
    return not text.isascii() and any(
        len({alphabet for letter in word for alphabet in _ALPHABETS if _is_of(letter, alphabet)})
        > 1
        for word in _WORD.findall(text)
    )


def _is_of(letter: str, alphabet: str) -> bool:
    return unicodedata.name(letter, "").startswith(alphabet)
