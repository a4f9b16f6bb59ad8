"""Text that a spreadsheet program would run, made inert, and back.

A cell that begins with = + - @ is a formula to Excel, LibreOffice and Google Sheets; their Asian
editions take the full-width forms as well, and a tab or line break before it changes nothing
(OWASP, "CSV Injection"). An apostrophe before it makes it text, and is taken off again on reading:
a text that begins with apostrophes and then a formula gets one more, so that each comes back.
"""

import re
import unicodedata

_TRIGGERS = frozenset("=+-@|%")
_NUMBER = re.compile(r"-?[0-9][0-9.,]*")


def inert(text: str) -> str:
    """The text as it may stand in a CSV cell: nothing runs it."""
    return f"'{text}" if _is_live(text.lstrip("'")) else text


def as_written(cell: str) -> str:
    """What `inert` was given."""
    return cell[1:] if cell.startswith("'") and _is_live(cell.lstrip("'")) else cell


def _is_live(text: str) -> bool:
    bare = text.lstrip()
    if not bare or _NUMBER.fullmatch(text):
        return False
    # NFKC: ＝ and ﹦ are = to programs that fold widths.
    return unicodedata.normalize("NFKC", bare[0])[0] in _TRIGGERS
