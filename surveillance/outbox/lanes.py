"""Destinations. Letters to one destination go one batch at a time and wait for each other; those
to another never wait for them."""

from hashlib import sha256

from surveillance.outbox.letter import Channel, Recipient


def lane_of(recipient: Recipient) -> str:
    """A key without personal data: "webhook:12", "email:5feceb66ffc86f38", "in_app:all"."""
    match recipient.channel:
        case Channel.WEBHOOK:
            return endpoint_lane(recipient.endpoint_id or 0)
        case Channel.EMAIL:
            digest = sha256(recipient.address.strip().lower().encode()).hexdigest()
            return f"{Channel.EMAIL}:{digest[:16]}"
        case Channel.IN_APP:
            return f"{Channel.IN_APP}:all"


def endpoint_lane(endpoint_id: int) -> str:
    return f"{Channel.WEBHOOK}:{endpoint_id}"


def channel_of(lane: str) -> str:
    """Also the key of the gate that all lanes of the channel go through."""
    return lane.partition(":")[0]
