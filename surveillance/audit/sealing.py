"""Sealing and verifying the chain.

The digest of an entry is SHA-256 over the previous digest and the entry's content as canonical
JSON (keys sorted, no blanks, UTF-8). A checkpoint's signature is an HMAC under SECRET_KEY.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from surveillance.audit.models import AuditEntry, Checkpoint, Seal, Unsealed

GENESIS = "0" * 64
_LOCK = 0x5EA1
_FIELDS = (
    "id",
    "at",
    "verb",
    "subject",
    "context",
    "operation",
    "actor",
    "actor_user_id",
    "reason",
    "changes",
    "facts",
)


def digest(previous: str, entry: AuditEntry) -> str:
    content = {field: getattr(entry, field) for field in _FIELDS}
    # One writing of an instant, whatever zone the connection reads it in.
    content["at"] = entry.at.timestamp()
    text = json.dumps(
        content,
        cls=DjangoJSONEncoder,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(f"{previous}{text}".encode()).hexdigest()


def sign(day: str, number: int, value: str) -> str:
    return salted_hmac(
        "surveillance.audit.checkpoint", f"{day}|{number}|{value}", algorithm="sha256"
    ).hexdigest()


def seal(at: datetime, limit: int = 5000) -> int:
    """Chain the entries that wait, oldest first, and keep the day's checkpoint. Returns how many.

    One sealer at a time: a second one finds the advisory lock taken and does nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        waiting = list(AuditEntry.objects.filter(unsealed__isnull=False).order_by("id")[:limit])
        if not waiting:
            return 0
        last = Seal.objects.order_by("-number").first()
        number, value = (last.number, last.digest) if last else (0, GENESIS)
        seals = []
        for entry in waiting:
            number, value = number + 1, digest(value, entry)
            seals.append(Seal(number=number, entry=entry, digest=value))
        Seal.objects.bulk_create(seals)
        Unsealed.objects.filter(entry__in=waiting).delete()
        _keep_checkpoint(at)
        return len(seals)


def _keep_checkpoint(at: datetime) -> None:
    """The first sealing of a day signs how the chain stood when the day before had ended."""
    day = at.date()
    if Checkpoint.objects.filter(day=day).exists():
        return
    before = Seal.objects.filter(entry__at__date__lt=day).order_by("-number").first()
    number, value = (before.number, before.digest) if before else (0, GENESIS)
    Checkpoint.objects.create(
        day=day, number=number, digest=value, signature=sign(str(day), number, value)
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `fault` names the first bad row, or is empty."""

    sealed: int
    unsealed: int
    checkpoints: int
    fault: str


def verify() -> Verdict:
    """Walk the whole chain from its beginning."""
    checkpoints = {row.number: row for row in Checkpoint.objects.order_by("number")}
    seen, value, fault = 0, GENESIS, ""
    for link in _links():
        seen += 1
        value = digest(value, link.entry)
        if link.number != seen:
            fault = _gap(seen)
        elif not hmac.compare_digest(value, link.digest):
            fault = f"entry {link.entry_id} ({link.entry}) is not what was sealed as {link.number}"
        if fault:
            break
    fault = fault or _missing_tail(seen) or _checkpoint_fault(seen) or _orphan_fault()
    return Verdict(seen, Unsealed.objects.count(), len(checkpoints), fault)


def _links() -> Iterator[Seal]:
    """The seals whose entries stand, in order; a seal without its entry is a gap."""
    return Seal.objects.select_related("entry").order_by("number").iterator(chunk_size=2000)


def _gap(number: int) -> str:
    link = Seal.objects.filter(number=number).first()
    if link is None:
        return f"seal {number} is missing: the chain goes on after it"
    return f"entry {link.entry_id}, sealed as {number}, is missing"


def _missing_tail(length: int) -> str:
    return _gap(length + 1) if Seal.objects.filter(number__gt=length).exists() else ""


def _checkpoint_fault(length: int) -> str:
    for point in Checkpoint.objects.order_by("day"):
        expected = sign(str(point.day), point.number, point.digest)
        if not hmac.compare_digest(expected, point.signature):
            return f"the checkpoint of {point.day} does not carry our signature"
        if point.number > length:
            return f"the chain ends at {length}, the checkpoint of {point.day} saw {point.number}"
        if point.number and Seal.objects.get(number=point.number).digest != point.digest:
            return f"seal {point.number} is not the one signed on {point.day}"
    return ""


def _orphan_fault() -> str:
    orphan = AuditEntry.objects.filter(seal=None, unsealed=None).order_by("id").first()
    return f"entry {orphan.pk} ({orphan}) was never handed to the sealer" if orphan else ""
