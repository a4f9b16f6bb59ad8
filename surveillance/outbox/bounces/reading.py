"""From a mailbox or from files to marked letters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from surveillance.outbox.bounces import mailbox, marking, notices


@dataclass(frozen=True, slots=True)
class Read:
    """`mails` were read, of which so many told of a letter of ours, of which so many were marked
    now."""

    mails: int
    notices: int
    marked: int


def read_mailbox(url: str, at: datetime) -> Read:
    """Raises mailbox.NoMailbox."""
    mails = found = marked = 0
    with mailbox.opened(url) as box:
        for mail in box.unread():
            bounce = notices.read(mail.content)
            if bounce:
                marked += marking.mark([bounce], at)
            box.mark_read(mail)
            mails, found = mails + 1, found + bool(bounce)
    return Read(mails, found, marked)


def read_files(paths: Iterable[Path], at: datetime) -> Read:
    """Files with one mail each. Raises OSError for what cannot be read, with nothing marked."""
    contents = [path.read_bytes() for path in paths]
    found = [bounce for content in contents if (bounce := notices.read(content))]
    return Read(len(contents), len(found), marking.mark(found, at))
