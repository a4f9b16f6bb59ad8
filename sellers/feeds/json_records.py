"""Records out of JSON, one at a time in memory: the entries of an array, the lines of JSONL."""

import codecs
import json
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NoReturn

from django.utils.translation import gettext_lazy as _

from sellers.feeds.reasons import FeedError, Problem
from sellers.feeds.sources import Source
from sellers.feeds.wording import storable

_CHUNK = 64 * 1024
_LONGEST_ENTRY = 4 * 1024 * 1024  # characters
_BLANKS = " \t\r\n"


def entries_of_array(
    source: Source, content: BinaryIO, keys: Sequence[str]
) -> Iterator[dict[str, object] | None]:
    """Each entry of a JSON array, in its order; None for one that is not an object.

    Raises FeedError where the array breaks off or is none, and when its first entry lacks one
    of ``keys``: then the file is another one.
    """
    text = _Text(source, content)
    if text.mark() != "[":
        raise _other(source, str(_("something else than an array")))
    mark = text.mark()
    if mark == "]":
        return
    if mark:
        text.back()
    is_first = True
    while True:
        entry = _checked(source, text.value(), keys if is_first else ())
        is_first = False
        yield entry
        mark = text.mark()
        if mark == "]":
            break
        if mark != ",":
            raise text.broken("expecting , or ]")
    if text.mark():
        raise text.broken("extra data behind the array")


def entries_of_lines(
    source: Source, content: BinaryIO, keys: Sequence[str]
) -> Iterator[dict[str, object] | None]:
    """The object of each line that is not blank; None for a line that holds none.

    Raises FeedError when the first one lacks one of ``keys``: then the file is another one.
    """
    is_first = True
    for line in source.lines(content):
        if not line.strip():
            continue
        try:
            value = json.loads(line, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            value = None
        entry = _checked(source, value, keys if is_first else ())
        is_first = False
        yield entry


def text_of(entry: dict[str, object], key: str) -> str:
    """The value as text: "" for null, digits for a number, "" for a list or an object."""
    value = entry.get(key)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _checked(source: Source, value: object, keys: Sequence[str]) -> dict[str, object] | None:
    entry = storable(value)
    if keys and not (isinstance(entry, dict) and all(key in entry for key in keys)):
        detail = str(_("a first entry without the fields {fields}")).format(fields=", ".join(keys))
        raise _other(source, detail)
    return entry if isinstance(entry, dict) else None


def _other(source: Source, detail: str) -> FeedError:
    return source.error(Problem.WRONG_FORMAT, line=1, detail=detail)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class _Text:
    """The text of a UTF-8 file, read in chunks; what has been passed is forgotten."""

    def __init__(self, source: Source, content: BinaryIO) -> None:
        self._source = source
        self._content = content
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder(parse_constant=_refuse_constant)
        self._text = ""
        self._at = 0
        self._line = 1
        self._is_whole = False

    def mark(self) -> str:
        """The next character that is not blank, which is passed; "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._text):
                self._at += 1
                return self._text[self._at - 1]
            if not self._read_on():
                return ""

    def back(self) -> None:
        """Return to before the mark that was read last."""
        self._at -= 1

    def value(self) -> object:
        """The JSON value that stands next. Raises FeedError when it is broken or breaks off."""
        if self.mark():
            self.back()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                self._need_more(error.msg)
                continue
            except (ValueError, RecursionError) as error:
                raise self.broken(str(error)) from error
            if end < len(self._text) or self._is_whole:
                self._at = end
                return value
            self._need_more("breaks off")  # of "12" perhaps more digits follow

    def broken(self, detail: str) -> FeedError:
        line = self._line + self._text.count("\n", 0, self._at)
        return self._source.error(Problem.BROKEN_JSON, line=line, detail=detail)

    def _need_more(self, detail: str) -> None:
        if len(self._text) - self._at > _LONGEST_ENTRY:
            raise self._source.error(Problem.TOO_LARGE, detail=str(_LONGEST_ENTRY))
        was_whole = self._is_whole
        if not self._read_on() and was_whole:
            raise self.broken(detail)

    def _read_on(self) -> bool:
        """Take in the next chunk. False when the file has ended."""
        if self._is_whole:
            return False
        chunk = self._content.read(_CHUNK)
        self._is_whole = not chunk
        self._line += self._text.count("\n", 0, self._at)
        try:
            more = self._decoder.decode(chunk, final=self._is_whole)
        except UnicodeDecodeError as error:
            line = self._line + self._text.count("\n", self._at)
            line += error.object.count(b"\n", 0, error.start)
            detail = f"0x{error.object[error.start]:02x}"
            raise self._source.error(Problem.BAD_ENCODING, line=line, detail=detail) from error
        self._text = self._text[self._at :] + more
        self._at = 0
        return not self._is_whole
