"""Letters that went out: what became of each, and the letter itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext

from surveillance.accounts.rights import STAFF
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import OutboxMessage


@dataclass(frozen=True, slots=True)
class SentLetter:
    """One letter to one address, with its delivery."""

    id: UUID
    cause_id: int | None
    about: str
    title: str
    channel: str
    address: str
    state: str
    state_label: str
    attempts: int
    last_error: str
    created_at: datetime
    delivered_at: datetime | None

    @property
    def trouble(self) -> str:
        """What went wrong so far, in one sentence; "" when nothing did."""
        if self.state == OutboxMessage.State.DELIVERED or not self.last_error:
            return ""
        return gettext("%(attempts)d attempts; last: %(error)s") % {
            "attempts": self.attempts,
            "error": self.last_error,
        }


def sent_letters(messages: QuerySet[OutboxMessage]) -> Iterable[SentLetter]:
    """Letters to the outside, newest first; notices to colleagues in the app are left out."""
    rows = (
        messages.exclude(channel=Channel.IN_APP)
        .exclude(user__role__in=STAFF)
        .annotate(title=KeyTextTransform("title", "document"))
        .defer("document", "payload")
        .order_by("-created_at", "-cause_id", "address", "pk")
    )
    return [
        SentLetter(
            id=row.pk,
            cause_id=row.cause_id,
            about=row.about,
            title=row.title,
            channel=channel_in_words(row.channel),
            address=row.address,
            state=row.state,
            state_label=row.get_state_display(),
            attempts=row.attempts,
            last_error=row.last_error,
            created_at=row.created_at,
            delivered_at=row.delivered_at,
        )
        for row in rows
    ]


def channel_in_words(channel: str) -> str:
    return {
        Channel.EMAIL: gettext("e-mail"),
        Channel.WEBHOOK: gettext("webhook"),
        Channel.IN_APP: gettext("in the portal"),
    }[Channel(channel)]
