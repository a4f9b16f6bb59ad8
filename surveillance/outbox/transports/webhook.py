"""Signed webhooks after Standard Webhooks 1.0.0: id, timestamp, HMAC-SHA256 signatures."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from django.core.serializers.json import DjangoJSONEncoder
from standardwebhooks import Webhook as Signer

from surveillance.outbox import vault
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.transports.base import (
    Exchange,
    Gone,
    NotTaken,
    Permanent,
    Temporary,
    Unavailable,
)
from surveillance.outbox.transports.dialling import Answer, Dialler

GONE = 410
# Who answers so has trouble with everything, not with this letter.
OVERLOADED = frozenset({408, 429, 502, 503, 504})
LOGGED = 16_000  # characters of a body in the delivery log
HIDDEN = "(left out)"
# Headers that sign, or let somebody in: what they hold does not belong into a log.
_SECRET = frozenset({"authorization", "cookie", "set-cookie", "webhook-signature"})


class Webhook:
    def __init__(self) -> None:
        self._dialler = Dialler()

    def send(self, message: OutboxMessage, at: datetime) -> Exchange:
        endpoint = message.endpoint
        if endpoint is None or not endpoint.is_on:
            raise Permanent("the endpoint has been switched off")
        body = body_of(message)
        try:
            secrets = endpoint.live_secrets(at)
        except vault.Unreadable as problem:
            raise Unavailable(str(problem)) from problem
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "product-safety-surveillance",
            **signed_headers(str(message.pk), at, body, secrets),
        }
        request = _logged(headers, body)
        try:
            answer = self._dialler.post(endpoint.url, body.encode(), headers)
        except NotTaken as problem:
            problem.exchange = Exchange(request=request)
            raise
        exchange = Exchange(answer.status, request, _logged(answer.headers, answer.body))
        _judge(answer, exchange, at)
        return exchange

    def close(self) -> None:
        self._dialler.close()


def body_of(message: OutboxMessage) -> str:
    """The same on every try, to the last character: a receiver may compare."""
    return json.dumps(
        {
            "type": message.letter,
            "timestamp": message.created_at,
            "data": {"reference": message.about, **message.payload},
        },
        cls=DjangoJSONEncoder,
        ensure_ascii=False,
    )


def signed_headers(message_id: str, at: datetime, body: str, secrets: list[str]) -> dict[str, str]:
    """One signature for each live secret, divided by blanks: a receiver knows one of them."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Signer(one).sign(message_id, at, body) for one in secrets),
    }


def seconds_to_wait(header: str, at: datetime) -> float | None:
    """Of Retry-After (RFC 9110, 10.2.3): seconds, or a date. None for what is neither."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max((until - at).total_seconds(), 0.0)


def _judge(answer: Answer, exchange: Exchange, at: datetime) -> None:
    said = f"{answer.status} {answer.body[:500]}"
    if 200 <= answer.status < 300:
        return
    if answer.status == GONE:
        raise Gone(said, exchange)
    asked = next(
        (value for name, value in answer.headers.items() if name.lower() == "retry-after"), ""
    )
    if answer.status in OVERLOADED or asked:
        raise Unavailable(said, exchange, retry_after=seconds_to_wait(asked, at))
    raise Temporary(said, exchange)


def _logged(headers: Mapping[str, str], body: str) -> dict[str, object]:
    shown = {name: HIDDEN if name.lower() in _SECRET else value for name, value in headers.items()}
    return {"headers": shown, "body": body[:LOGGED].replace("\x00", "\ufffd")}
