"""The mailbox that bounces come to, read over IMAP (RFC 9051).

BOUNCE_MAILBOX_URL is imaps://user:password@host/FOLDER (993 unless told; imap:// is for a server
on this machine). Unread mail is read and marked as read once it has been recorded, so that a
crash in between reads it again; nothing is deleted.
"""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

PATIENCE = 30  # seconds
AT_ONCE = 200  # mails


class NoMailbox(Exception):
    """It cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Mail:
    number: str
    content: bytes


class Mailbox:
    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection

    def unread(self) -> Iterator[Mail]:
        """The oldest, up to AT_ONCE."""
        _answer, found = self._connection.search(None, "UNSEEN")
        for number in (found[0] or b"").split()[:AT_ONCE]:
            _answer, parts = self._connection.fetch(number.decode(), "(BODY.PEEK[])")
            for part in parts:
                if isinstance(part, tuple):
                    yield Mail(number.decode(), part[1])

    def mark_read(self, mail: Mail) -> None:
        self._connection.store(mail.number, "+FLAGS", r"(\Seen)")


@contextmanager
def opened(url: str) -> Iterator[Mailbox]:
    """Raises NoMailbox."""
    parts = urlsplit(url)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname:
        raise NoMailbox("BOUNCE_MAILBOX_URL must be imaps://user:password@host/FOLDER.")
    connection: imaplib.IMAP4 | None = None
    try:
        if parts.scheme == "imaps":
            connection = imaplib.IMAP4_SSL(parts.hostname, parts.port or 993, timeout=PATIENCE)
        else:
            connection = imaplib.IMAP4(parts.hostname, parts.port or 143, timeout=PATIENCE)
        connection.login(unquote(parts.username or ""), unquote(parts.password or ""))
        answer, said = connection.select(unquote(parts.path.lstrip("/")) or "INBOX")
        if answer != "OK":
            raise NoMailbox(f"The folder cannot be opened: {said}")
        yield Mailbox(connection)
    except (OSError, imaplib.IMAP4.error) as problem:
        raise NoMailbox(f"{parts.hostname}: {type(problem).__name__}: {problem}") from problem
    finally:
        if connection is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                connection.logout()
