"""Delivery status notifications (RFC 3464), as mail servers send them back. Pure.

A notice is a `multipart/report` (RFC 6522) with a `message/delivery-status` part, one group of
fields for each recipient, and our letter or its headers behind it. Ours is known by its Message-ID,
which is the same on every try.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any
from uuid import UUID

MOST = 5_000_000  # bytes of a notice that are looked at
_OURS = re.compile(
    r"<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@[^<>@\s]+>", re.IGNORECASE
)
_PERMANENT = re.compile(r"5\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A letter that did not arrive. `status` as in RFC 3463: "5.1.1"; `diagnostic` is what the
    last server said; either may be empty."""

    message_id: UUID
    recipient: str
    status: str
    diagnostic: str

    @property
    def words(self) -> str:
        return " ".join(part for part in (self.status, self.diagnostic) if part) or "it came back"


def read(notice: bytes) -> Bounce | None:
    """None for what is no notice of a failure of one of our letters: a delay, an out-of-office
    answer, anything else. Never raises for what stands in the mail."""
    parsed = email.message_from_bytes(notice[:MOST], policy=email.policy.compat32)
    status = next(
        (part for part in parsed.walk() if _kind(part) == "message/delivery-status"), None
    )
    if status is None:
        return None
    failed = next((group for group in _groups(status) if _has_failed(group)), None)
    message_id = next(_message_ids(parsed), None)
    if failed is None or message_id is None:
        return None
    return Bounce(
        message_id=message_id,
        recipient=_value(failed, "Original-Recipient") or _value(failed, "Final-Recipient"),
        status=_status(failed),
        diagnostic=_value(failed, "Diagnostic-Code")[:500],
    )


def _kind(part: Any) -> str:
    return str(part.get_content_type())


def _groups(status: Any) -> Iterator[Message]:
    """The groups of fields; the first is about the whole message and names no recipient."""
    payload = status.get_payload()
    for group in payload if isinstance(payload, list) else []:
        if group.get("Final-Recipient"):
            yield group


def _has_failed(group: Message) -> bool:
    action = str(group.get("Action", "")).strip().lower()
    return action == "failed" or (not action and bool(_PERMANENT.match(_status(group))))


def _status(group: Message) -> str:
    """ "5.1.1 (bad address)": without the comment."""
    return str(group.get("Status", "")).strip().split(" ")[0][:12]


def _value(group: Message, name: str) -> str:
    """Of "rfc822; a@x.example" or "smtp; 550 no such user": what stands behind the type."""
    value = " ".join(str(group.get(name, "")).split())
    return value.partition(";")[2].strip() if ";" in value else value


def _message_ids(notice: Any) -> Iterator[UUID]:
    """In the order of trust: of the letter sent back, of its headers, and of what the notice says
    that it answers."""
    for part in notice.walk():
        if part is not notice and _kind(part) != "message/delivery-status":
            yield from _ids_in(part.get("Message-ID"))
            if _kind(part) == "text/rfc822-headers":
                text = part.get_payload(decode=True) or b""
                yield from _ids_in(email.message_from_bytes(text).get("Message-ID"))
    for name in ("In-Reply-To", "References", "X-Failed-Message-ID"):
        yield from _ids_in(notice.get(name))


def _ids_in(header: object) -> Iterator[UUID]:
    for found in _OURS.findall(str(header or "")):
        yield UUID(found)
