"""The only place that queues a message and the only place that starts a Celery task."""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils import translation
from django.utils.crypto import salted_hmac
from kombu.exceptions import OperationalError

from surveillance.audit.models import AuditEntry
from surveillance.celery import app
from surveillance.outbox.hours import reachable_from
from surveillance.outbox.lanes import lane_of
from surveillance.outbox.letter import Channel, Letter, Pace, Recipient
from surveillance.outbox.models import Held, OutboxMessage

logger = logging.getLogger(__name__)


def enqueue(letters: Iterable[Letter], *, cause: AuditEntry | None, at: datetime) -> int:
    """Write each letter once for each recipient, in the recipient's language. Returns how many.

    A poke after the commit makes the delivery prompt; if it is lost, the sweep finds the rows.
    """
    return enqueue_each(((letter, cause) for letter in letters), at=at)


def enqueue_each(letters: Iterable[tuple[Letter, AuditEntry | None]], *, at: datetime) -> int:
    """The same for letters of several causes; of those that are unique the first is written."""
    wanted: dict[str, tuple[Letter, Recipient, AuditEntry | None]] = {}
    for place, (letter, cause) in enumerate(letters):
        if letter.is_silent:
            continue
        for number, recipient in enumerate(dict.fromkeys(letter.recipients)):
            if not recipient.wants(letter.NAME):
                continue
            key = _unique_key(letter, recipient) or f"{place}.{number}"
            wanted.setdefault(key, (letter, recipient, cause))
    for known in _queued_already(wanted):  # not worth writing again
        del wanted[known]
    messages = [message_of(*one, at) for one in wanted.values()]
    if not messages:
        return 0
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)
    poke_after_commit()
    return len(messages)


def requeue(messages: Iterable[OutboxMessage], at: datetime) -> int:
    """Letters that have arrived or were given up go out again, with their ids and with all tries
    before them. Returns how many."""
    again = OutboxMessage.objects.filter(pk__in=[message.pk for message in messages])
    requeued = again.exclude(state=OutboxMessage.State.QUEUED).update(
        state=OutboxMessage.State.QUEUED,
        attempts=0,
        queued_at=at,
        next_attempt_at=at,
        failed_at=None,
        last_error="",
        held="",
    )
    poke_after_commit()
    return requeued


def _queued_already(keys: Iterable[str]) -> list[str]:
    unique = [key for key in keys if ">" in key]
    if not unique:
        return []
    found = OutboxMessage.objects.filter(unique_key__in=unique)
    return [str(key) for key in found.values_list("unique_key", flat=True)]


def _unique_key(letter: Letter, recipient: Recipient) -> str | None:
    return unique_key(letter.unique, recipient) if letter.unique else None


def unique_key(unique: str, recipient: Recipient) -> str:
    """By which a letter is written once to this recipient."""
    return f"{unique}>{recipient.channel}:{recipient.address}"


def message_of(
    letter: Letter, recipient: Recipient, cause: AuditEntry | None, at: datetime
) -> OutboxMessage:
    """The letter to one recipient, in the recipient's language; not saved."""
    with translation.override(recipient.language):
        document = letter.write()
    key = _unique_key(letter, recipient)
    goes_at = _goes_at(letter, recipient, at)
    gathers = letter.PACE is Pace.IN_HOURS and recipient.channel != Channel.WEBHOOK
    return OutboxMessage(
        id=id_of(key) if key else uuid.uuid4(),
        letter=letter.NAME,
        about=letter.about,
        cause=cause,
        created_at=at,
        channel=recipient.channel,
        address=recipient.address,
        language=recipient.language,
        user_id=recipient.user_id,
        endpoint_id=recipient.endpoint_id,
        document=document.to_json(),
        payload=letter.payload,
        link=letter.link,
        as_pdf=letter.AS_PDF,
        unique_key=key,
        lane=lane_of(recipient),
        queued_at=goes_at,
        next_attempt_at=goes_at,
        held=Held.DIGEST if gathers else "",
        time_zone=recipient.time_zone,
        gathers=gathers,
    )


def _goes_at(letter: Letter, recipient: Recipient, at: datetime) -> datetime:
    """When its reader can be reached; at once, where that would be too late."""
    goes_at = reachable_from(at, letter.PACE, recipient)
    too_late = letter.useful_until is not None and goes_at >= letter.useful_until
    return at if too_late else goes_at


def id_of(key: str) -> uuid.UUID:
    """The same again when a restored database writes the letter a second time, so that logs and
    receivers know it. Keyed, because the unique key holds an address."""
    digest = salted_hmac("surveillance.outbox.id", key, algorithm="sha256").digest()
    return uuid.UUID(bytes=digest[:16], version=4)


def poke_after_commit() -> None:
    """Once a transaction, however many letters it queues."""
    if not any(waiting[1] is poke for waiting in connection.run_on_commit):
        transaction.on_commit(poke)


def poke() -> None:
    """Ask a worker to deliver now. The broker may be away: the row is the memory."""
    start("outbox.deliver")


def start(task: str, **arguments: object) -> bool:
    """Start a task by its name. False when the broker cannot be reached."""
    try:
        app.send_task(task, kwargs=arguments, expires=300)
    except OperationalError as problem:
        logger.warning("broker away, %s waits for its sweep: %s", task, problem)
        return False
    return True
