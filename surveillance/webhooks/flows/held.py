"""Letters that are held back: let go, or dropped, because somebody says so and why."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import NEW, Transition, perform, require_text
from surveillance.outbox import holding, queue
from surveillance.outbox.models import OutboxMessageQuerySet
from surveillance.webhooks.models import Replay

RELEASE = Transition(
    "replay.release",
    Right.RELEASE_LETTERS,
    _("Let go"),
    _("let %(messages)d letters go that were held back"),
    from_={NEW},
)
DISCARD = Transition(
    "replay.discard",
    Right.RELEASE_LETTERS,
    _("Drop"),
    _("dropped %(messages)d letters that were held back"),
    from_={NEW},
)


def release(
    letters: OutboxMessageQuerySet, *, by: Actor, reason: str, at: datetime | None = None
) -> Replay:
    """They go out with their ids, and the breaker lets them pass. Raises ValidationError where
    none of them is held."""
    replay, at = _replay(reason), at or clock.now()
    with perform(RELEASE, replay, by=by, at=at, reason=reason) as change:
        change.row.messages = _some(holding.release(letters, at))
        change.note(messages=change.row.messages)
        queue.poke_after_commit()
    return replay


def discard(
    letters: OutboxMessageQuerySet, *, by: Actor, reason: str, at: datetime | None = None
) -> Replay:
    """They never go out: they count as given up. Raises ValidationError where none is held."""
    replay, at = _replay(reason), at or clock.now()
    with perform(DISCARD, replay, by=by, at=at, reason=reason) as change:
        change.row.messages = _some(holding.discard(letters, at))
        change.note(messages=change.row.messages)
    return replay


def _replay(reason: str) -> Replay:
    require_text(reason=reason)
    return Replay(organisation_id=None, messages=0)


def _some(number: int) -> int:
    if not number:
        raise ValidationError(gettext("None of these letters is held back any more."))
    return number
