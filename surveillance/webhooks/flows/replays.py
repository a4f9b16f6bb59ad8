"""Letters sent again, one or many, because somebody asks: each keeps its id (Standard Webhooks:
whoever has processed it already may skip it)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import NEW, Transition, perform
from surveillance.outbox.models import OutboxMessage, OutboxMessageQuerySet
from surveillance.outbox.queue import requeue
from surveillance.webhooks.models import Endpoint, Replay

MOST_MESSAGES = 10_000  # of one replay

ASK = Transition(
    "replay.ask",
    Right.REPLAY_MESSAGES,
    _("Send again"),
    _("had %(messages)d letters sent again"),
    from_={NEW},
)


def ask(
    messages: OutboxMessageQuerySet,
    *,
    by: Actor,
    criteria: dict[str, Any] | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Replay:
    """Of the letters that the actor sees, those that have arrived or were given up.

    `criteria` say in the trail which were asked for. Raises ValidationError where there are none,
    too many, or none whose endpoint is on.
    """
    at = at or clock.now()
    own = None if by.may(Right.SEE_DELIVERIES) else by.organisation_id
    replay = Replay(organisation_id=own, messages=0, criteria=criteria or {})
    with perform(ASK, replay, by=by, at=at, reason=reason) as change:
        again = _repeatable(messages, by)
        change.row.messages = requeue(again, at)
        change.note(messages=change.row.messages, **(criteria or {}))
    return replay


def _repeatable(messages: OutboxMessageQuerySet, by: Actor) -> list[OutboxMessage]:
    states = OutboxMessage.State
    seen = messages.filter(pk__in=OutboxMessage.objects.visible_to(by).values("pk")).leaving()
    able = seen.exclude(state__in=[states.QUEUED, states.HELD]).exclude(address="")
    able = able.exclude(endpoint__in=Endpoint.objects.exclude(state=Endpoint.State.ON))
    found = list(able.order_by()[: MOST_MESSAGES + 1])
    if not found:
        told = gettext(
            "Nothing here can be sent again: it waits to be sent anyway, is held back, or its"
            " webhook is off."
        )
        raise ValidationError(told)
    if len(found) > MOST_MESSAGES:
        told = gettext("These are more than %(most)s letters. Choose a shorter time.")
        raise ValidationError(told % {"most": f"{MOST_MESSAGES:,}"})
    return found
