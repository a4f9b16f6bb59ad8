"""The breaker: so many letters leave the house in an hour; what is beyond waits for a person.

A fault that writes letters without end, or a mistake with a large list, is stopped here, demands
included. What somebody has let go since is neither held again nor counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from surveillance.accounts.models import User
from surveillance.accounts.rights import Right, roles_with
from surveillance.outbox import document, queue
from surveillance.outbox.claims import Batch
from surveillance.outbox.document import Document
from surveillance.outbox.letter import Channel, Letter, Recipient
from surveillance.outbox.models import Held, OutboxMessage

HOUR = timedelta(hours=1)
PAGE = "desk-health"  # where it is released or dropped


@dataclass(frozen=True)
class LettersHeldBack(Letter):
    """Once an hour, in the application alone: mail might not leave either."""

    NAME: ClassVar[str] = "letters_held_back"

    most: int = field(kw_only=True)

    def write(self) -> Document:
        return Document(
            title=_("Letters are held back: more than %(most)d in an hour") % {"most": self.most},
            blocks=(
                document.paragraph(
                    _(
                        "The breaker holds every further letter until an administrator lets it go"
                        " or drops it. See first what wrote so many."
                    )
                ),
                document.link(_("Open it"), settings.BASE_URL + self.link),
            ),
        )


def hold_surplus(batches: Iterable[Batch], under_way: int, most: int, at: datetime) -> int:
    """Take out of the claimed batches, and hold, what would be more than `most` letters in this
    hour. `under_way`: letters that are being sent now. 0 is no limit. Returns how many are held."""
    leaving = [
        message
        for batch in batches
        for message in batch.messages
        if message.channel != Channel.IN_APP and message.released_at is None
    ]
    if not most or not leaving:
        return 0
    left = OutboxMessage.objects.left_since(at - HOUR)[:most].count()
    surplus = {message.pk for message in leaving[max(most - left - under_way, 0) :]}
    if not surplus:
        return 0
    for batch in batches:
        batch.messages = [one for one in batch.messages if one.pk not in surplus]
    waiting = OutboxMessage.objects.undelivered().filter(pk__in=surplus)
    waiting.update(state=OutboxMessage.State.HELD, held=Held.BREAKER)
    _tell_staff(most, at)
    return len(surplus)


def _tell_staff(most: int, at: datetime) -> None:
    people = User.objects.with_role(*roles_with(Right.SEE_DELIVERIES))
    letter = LettersHeldBack(
        about="",
        recipients=tuple(
            Recipient(Channel.IN_APP, f"user:{user.pk}", user.language, user_id=user.pk)
            for user in people
        ),
        link=reverse(PAGE),
        unique=f"breaker:{at:%Y-%m-%dT%H}",
        most=most,
    )
    queue.enqueue([letter], cause=None, at=at)
