"""What is down and what waits, looked at in the background, so that no page ever waits for it.

Each web process looks every 20 seconds for as long as somebody reads pages. The banner of the desk
says what was seen last; the page of health the same, with the figures of now.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveillance import clock
from surveillance.operations.doctor import files, processes
from surveillance.outbox import holding
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import Lane, OutboxMessage
from surveillance.web.health import CANARY_LIMIT, MESSAGE_LIMIT, Health, health

logger = logging.getLogger(__name__)
EVERY = 20.0  # seconds by the wall


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at one instant. `mail_away_since`: our own mail server has taken nothing since
    then; None while it does."""

    at: datetime
    health: Health
    held: int
    mails_waiting: int
    mail_away_since: datetime | None
    redis_is_away: bool
    storage_is_away: bool

    @property
    def jobs_stand(self) -> bool:
        return self.health.canary_age is None or self._jobs_fell_silent

    @property
    def _jobs_fell_silent(self) -> bool:
        """Not where none has finished yet: then nobody can say for how long, and it may just have
        been started."""
        return (self.health.canary_age or 0.0) > CANARY_LIMIT.total_seconds()

    @property
    def sentences(self) -> list[str]:
        """What waits and why, each in a sentence; none when all is well."""
        return [
            *([_redis()] if self.redis_is_away else []),
            *([_jobs()] if self._jobs_fell_silent and not self.redis_is_away else []),
            *([_mail(self.mails_waiting)] if self.mail_away_since else []),
            *([_storage()] if self.storage_is_away else []),
            *([_late(self.health)] if self._letters_are_late else []),
            *([_held(self.held)] if self.held else []),
        ]

    @property
    def _letters_are_late(self) -> bool:
        """For another reason than those above."""
        explained = self.redis_is_away or self._jobs_fell_silent or self.mail_away_since
        age = self.health.oldest_undelivered_age or 0.0
        return not explained and age > MESSAGE_LIMIT.total_seconds()


def look(at: datetime) -> Seen:
    """Look at everything now; this may take seconds where something does not answer."""
    gate = Lane.objects.filter(key=Channel.EMAIL, failures__gt=0).first()
    mails = OutboxMessage.objects.undelivered().filter(channel=Channel.EMAIL, held="")
    return Seen(
        at=at,
        health=health(at),
        held=holding.held().count(),
        mails_waiting=mails.filter(next_attempt_at__lte=at).count(),
        mail_away_since=gate.failing_since if gate else None,
        redis_is_away=any(processes.redis_answers()),
        storage_is_away=any(files.storage_keeps_files()),
    )


class Watch:
    """The last look, and a thread that takes the next one when it has become old."""

    def __init__(self) -> None:
        self.seen: Seen | None = None
        self._looked_at = float("-inf")  # by the wall
        self._lock = threading.Lock()

    def last(self) -> Seen | None:
        """What was seen last, at once; None before the first look has come to its end."""
        with self._lock:
            is_old = time.monotonic() - self._looked_at > EVERY
            if is_old:
                self._looked_at = time.monotonic()
        if is_old:
            in_background(self.renew)
        return self.seen

    def renew(self) -> Seen:
        self.seen = look(clock.now())
        return self.seen


def in_background(work: Callable[[], object]) -> None:
    threading.Thread(target=_alone, args=[work], name="watch", daemon=True).start()


def _alone(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception:  # the database is away, and pages say so themselves
        logger.exception("what waits could not be looked at")
    finally:
        connections.close_all()


watch = Watch()


def _redis() -> str:
    return _(
        "Redis is away: jobs, letters and reminders wait until it is back. Reports and answers are"
        " taken as ever."
    )


def _jobs() -> str:
    return _("No job has finished for minutes: letters, reminders and missed deadlines wait.")


def _mail(waiting: int) -> str:
    told = ngettext(
        "Our mail server takes nothing: %(number)d letter waits and goes out by itself.",
        "Our mail server takes nothing: %(number)d letters wait and go out by themselves.",
        waiting,
    )
    return told % {"number": waiting}


def _storage() -> str:
    return _(
        "Files cannot be kept: photos and proof are refused for now. Reports and answers without"
        " them are taken as ever."
    )


def _late(found: Health) -> str:
    minutes = (found.oldest_undelivered_age or 0) / 60
    told = ngettext(
        "%(number)d letter is due and waits, for %(minutes)d minutes.",
        "%(number)d letters are due and wait, the oldest for %(minutes)d minutes.",
        found.undelivered,
    )
    return told % {"number": found.undelivered, "minutes": minutes}


def _held(number: int) -> str:
    told = ngettext(
        "%(number)d letter is held back until an administrator decides.",
        "%(number)d letters are held back until an administrator decides.",
        number,
    )
    return told % {"number": number}
