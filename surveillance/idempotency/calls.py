"""A call under an Idempotency-Key: begun, answered, answered again.

    call = begin(key, actor, method="POST", path="/api/v1/…", body=b"…", at=now)
    …                                        # what the call is for
    call.keep(201, {"Content-Type": …}, body)

in one transaction: what the call did and the note of its answer are committed together or not at
all. A lock on the key, held to the transaction's end, lets one call in; a killed process leaves
neither lock nor row behind.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status

from surveillance.accounts.actor import Actor
from surveillance.idempotency.models import AnsweredCall, holder_of

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 255
HEADERS = ("Content-Type", "ETag", "Location")  # of an answer, kept with it
_SALT = "surveillance.idempotency"


class InFlight(exceptions.APIException):
    """The same call is being carried out at this moment. `wait`: seconds, for Retry-After."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = _("A call with this Idempotency-Key is being carried out. Try again shortly.")
    wait = 1


class Unreadable(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("This call was carried out, but its answer can no longer be read.")


class AnsweredBefore(Exception):
    """The call was carried out before; this is what it was answered."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        super().__init__(f"answered before: {status}")
        self.status = status
        self.headers = headers
        self.body = body


@dataclass(frozen=True, slots=True)
class Call:
    key: str
    holder: str
    fingerprint: str
    at: datetime

    def keep(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """Note the answer, for KEPT_FOR. `headers`: those of HEADERS are kept."""
        kept = {name: headers[name] for name in HEADERS if name in headers}
        AnsweredCall.objects.create(
            holder=self.holder,
            key_digest=_digest(self.key),
            fingerprint=self.fingerprint,
            status=status,
            sealed=_seal(self.key, kept, body),
            answered_at=self.at,
        )


def begin(header: str, actor: Actor, *, method: str, path: str, body: bytes, at: datetime) -> Call:
    """Raises AnsweredBefore for the same call, ValidationError for another one under this key or a
    key that is none, InFlight while the first runs."""
    key = _key_of(header)
    holder = holder_of(actor)
    if not holder:
        raise _refused(_("Sign in, or send an API key: nothing is kept for the public."))
    fingerprint = _digest(key, method, path, hashlib.sha256(body).hexdigest())
    if not _lock(holder, key):
        raise InFlight
    known = AnsweredCall.objects.visible_to(actor).filter(key_digest=_digest(key)).first()
    if known and at - known.answered_at >= KEPT_FOR:
        known.delete()  # the beat has not come to it yet
        known = None
    if known is None:
        return Call(key, holder, fingerprint, at)
    if known.fingerprint != fingerprint:
        raise _refused(_("This key was used for another call. Make a new key for each call."))
    raise _answer(known, key)


def forget(at: datetime) -> int:
    """Delete what is older than KEPT_FOR. Returns how many there were."""
    return AnsweredCall.objects.answered_before(at - KEPT_FOR).delete()[0]


def _key_of(header: str) -> str:
    """A structured string ("8e03…") as the draft has it, or the bare word that many send."""
    quoted = len(header) > 1 and header[0] == header[-1] == '"'
    key = header[1:-1] if quoted else header
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise _refused(_("Write 1 to 255 printable ASCII characters, for example a UUID."))
    return key


def _refused(sentence: str | Promise) -> exceptions.ValidationError:
    return exceptions.ValidationError({"Idempotency-Key": [str(sentence)]})


def _lock(holder: str, key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"idempotency {holder} {_digest(key)}"],
        )
        return bool(cursor.fetchone()[0])


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _cipher(key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(salted_hmac(_SALT, key, algorithm="sha256").digest()))


def _seal(key: str, headers: dict[str, str], body: bytes) -> bytes:
    return _cipher(key).encrypt(json.dumps(headers).encode() + b"\n" + body)


def _answer(known: AnsweredCall, key: str) -> AnsweredBefore:
    try:
        opened = _cipher(key).decrypt(bytes(known.sealed))
    except InvalidToken as problem:  # SECRET_KEY is another one since
        raise Unreadable from problem
    headers, _newline, body = opened.partition(b"\n")
    return AnsweredBefore(known.status, json.loads(headers), body)
