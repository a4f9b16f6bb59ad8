"""Signed webhooks after Standard Webhooks 1.0.0: id, timestamp, HMAC-SHA256 signature."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from standardwebhooks import Webhook as Signer

from surveillance import clock
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.transports import dialling
from surveillance.outbox.transports.base import Permanent, Temporary

GONE = 410


class Webhook:
    def send(self, message: OutboxMessage) -> None:
        endpoint = message.endpoint
        if endpoint is None or not endpoint.is_active:
            raise Permanent("the endpoint has been switched off")
        now = clock.now()
        body = json.dumps(
            {
                "type": message.letter,
                "timestamp": message.created_at,
                "data": {"reference": message.about, **message.payload},
            },
            cls=DjangoJSONEncoder,
            ensure_ascii=False,
        )
        answer = dialling.post(
            endpoint.url,
            body.encode(),
            {
                "Content-Type": "application/json",
                "webhook-id": str(message.pk),
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": Signer(endpoint.secret).sign(str(message.pk), now, body),
            },
        )
        _judge(answer)


def _judge(answer: dialling.Answer) -> None:
    said = f"{answer.status} {answer.body}"
    if 200 <= answer.status < 300:
        return
    if answer.status == GONE:
        raise Permanent(said)
    wait = float(answer.retry_after) if answer.retry_after.isdigit() else None
    raise Temporary(said, retry_after=wait)
