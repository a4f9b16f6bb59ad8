"""Opening a feed's file: gzip or not, the right kind or not, with errors people can read."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import BinaryIO, cast

from django.utils.functional import Promise

from sellers.feeds.reasons import FeedError, Problem

_GZIP_MAGIC = b"\x1f\x8b"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LONGEST_LINE = 4 * 1024 * 1024
_LARGEST_DOCUMENT = 256 * 1024 * 1024
_PEEKED = 512
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


class Source:
    """A feed's file while it is read: its bytes, its name, and what it ought to be.

    ``expected`` completes the sentence "Expected …" of a ``FeedError``; ``line`` is the
    number of the line that ``lines`` gave last.
    """

    def __init__(self, stream: BinaryIO, *, expected: str | Promise) -> None:
        name = getattr(stream, "name", "")
        self.name = PurePath(name).name if isinstance(name, str) else ""
        self.expected = expected
        self.line = 0
        self._stream = stream

    def error(self, problem: Problem, *, line: int | None = None, detail: str = "") -> FeedError:
        """A ``FeedError`` about this file, to be raised."""
        return FeedError(problem, expected=self.expected, name=self.name, line=line, detail=detail)

    @contextmanager
    def opened(self) -> Iterator[io.BufferedReader]:
        """The file's bytes, decompressed when they are gzip.

        Raises ``FeedError`` when the file is empty, is a web page, or breaks off while
        it is read inside the ``with``. The caller's stream is left open.
        """
        try:
            head = self._stream.read(len(_GZIP_MAGIC))
            content: BinaryIO = io.BufferedReader(_Rejoined(head, self._stream))
            if head == _GZIP_MAGIC:
                content = cast("BinaryIO", gzip.GzipFile(fileobj=content))
            beginning = content.read(_PEEKED)
            start = beginning.removeprefix(_BYTE_ORDER_MARK)
            if not start.strip():
                raise self.error(Problem.EMPTY)
            if _WEB_PAGE.match(start):
                raise self.error(Problem.WEB_PAGE, line=1)
            yield io.BufferedReader(_Rejoined(beginning, content))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise self.error(Problem.BROKEN_GZIP) from error

    def lines(self, content: BinaryIO) -> Iterator[str]:
        """Lines of UTF-8 text with their ends, the byte order mark taken off."""
        while raw := content.readline(_LONGEST_LINE):
            self.line += 1
            if len(raw) == _LONGEST_LINE and not raw.endswith(b"\n"):
                raise self.error(Problem.TOO_LARGE, line=self.line, detail=str(_LONGEST_LINE))
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                detail = f"0x{raw[error.start]:02x}"
                raise self.error(Problem.BAD_ENCODING, line=self.line, detail=detail) from error
            yield text.removeprefix("\ufeff") if self.line == 1 else text

    def text(self, content: BinaryIO) -> str:
        """The whole of a UTF-8 document, at most 256 MiB."""
        raw = content.read(_LARGEST_DOCUMENT + 1)
        if len(raw) > _LARGEST_DOCUMENT:
            raise self.error(Problem.TOO_LARGE, detail=str(_LARGEST_DOCUMENT))
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            detail = f"0x{raw[error.start]:02x}"
            raise self.error(Problem.BAD_ENCODING, line=line, detail=detail) from error


class _Rejoined(io.RawIOBase):
    """Bytes read ahead put back in front of a stream that may not be able to seek."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        chunk = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(chunk) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)
