"""Chasing letters on their way to people: a few go as they are, more become one digest an hour.

A letter is let go alone, or named in one digest, in one transaction with that digest: so none is
lost and none is named twice, whenever a worker dies. Whoever has had a digest in this hour gets
what comes after it in the next.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from surveillance.outbox import document, queue
from surveillance.outbox.document import Document
from surveillance.outbox.letter import Channel, Letter, Recipient
from surveillance.outbox.models import OutboxMessage, OutboxMessageQuerySet

FEW = 3  # chasing letters that go to a person within an hour before there is a digest
LISTED = 50  # letters that a digest names one by one; the others it counts
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Digest(Letter):
    """`rows`: (about, title, address of the page) of the first letters; `count`: of all of them.
    Written at `at`."""

    NAME: ClassVar[str] = "digest"

    rows: tuple[tuple[str, str, str], ...] = field(kw_only=True)
    count: int = field(kw_only=True)
    at: datetime = field(kw_only=True)

    def write(self) -> Document:
        zone = ZoneInfo(self.recipients[0].time_zone or settings.AUTHORITY_TIME_ZONE)
        rest = self.count - len(self.rows)
        blocks = [
            document.paragraph(
                _("These notices would each have been a letter. They are named here instead.")
            ),
            document.table([_("About"), _("Notice"), _("Address")], self.rows),
        ]
        if rest:
            blocks.append(
                document.paragraph(
                    _("%(count)d more are not named one by one: the list has them.")
                    % {"count": rest}
                )
            )
        return Document(
            title=_("%(count)d notices about deadlines") % {"count": self.count},
            blocks=(*blocks, document.link(_("Open the list"), settings.BASE_URL + self.link)),
            dated=date_format(self.at.astimezone(zone), "DATETIME_FORMAT"),
        )


def gather(at: datetime) -> int:
    """Let go, or put into digests, what its readers can be reached with now. Returns how many
    letters that were. Safe on many machines at once: one person is seen to by one of them."""
    people = OutboxMessage.objects.to_gather(at).order_by().values_list("channel", "address")
    return sum(_gather_for(channel, address, at) for channel, address in people.distinct())


def _gather_for(channel: str, address: str, at: datetime) -> int:
    theirs = OutboxMessage.objects.filter(channel=channel, address=address)
    hour = at.replace(minute=0, second=0, microsecond=0)
    with transaction.atomic():
        if not _is_mine(f"gather:{channel}:{address}"):
            return 0
        waiting = theirs.to_gather(at)
        count = waiting.count()
        alone = theirs.filter(gathers=True, held="", digest=None, queued_at__gte=hour).count()
        if alone + count <= FEW:
            return waiting.update(held="", queued_at=at)
        name, recipient = f"digest:{hour:%Y-%m-%dT%H}", _recipient(waiting)
        key = queue.unique_key(name, recipient)
        if OutboxMessage.objects.filter(unique_key=key).exists():
            waiting.update(next_attempt_at=hour + HOUR)
            return 0
        # First they are marked, then counted and named: what comes meanwhile is in the next.
        marked = {"state": OutboxMessage.State.GATHERED, "held": "", "digest_id": queue.id_of(key)}
        count = waiting.update(**marked)
        letter = _digest(name, recipient, queue.id_of(key), count, at)
        queue.message_of(letter, recipient, None, at).save(force_insert=True)
        return count


def _is_mine(name: str) -> bool:
    """To the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])


def _recipient(waiting: OutboxMessageQuerySet) -> Recipient:
    """With the language and the time zone that were known last."""
    last = waiting.order_by("-created_at")[0]
    return Recipient(
        Channel(last.channel),
        last.address,
        last.language,
        user_id=last.user_id,
        time_zone=last.time_zone,
    )


def _digest(name: str, recipient: Recipient, key: UUID, count: int, at: datetime) -> Digest:
    marked = OutboxMessage.objects.filter(digest_id=key).order_by("created_at", "pk")
    first = list(marked[:LISTED])
    page, query = (Letter.named(first[0].letter) or Digest).OVERVIEW
    return Digest(
        name,
        (recipient,),
        link=reverse(page) + query,
        unique=name,
        rows=tuple(
            (one.about, one.document["title"], settings.BASE_URL + one.link) for one in first
        ),
        count=count,
        at=at,
    )
