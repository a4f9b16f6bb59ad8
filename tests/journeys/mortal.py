"""The hasty application where the dead are missed within seconds, so that a run of minutes sees
hundreds of claims taken back. A batch is good for half of that, as in production."""

from datetime import timedelta

import django

from tests.journeys.hasty import app

django.setup()

from surveillance.outbox import claims, sending  # noqa: E402

claims.CLAIM_EXPIRES = timedelta(seconds=6)
claims.GOOD_FOR = sending.GOOD_FOR = timedelta(seconds=3)
SECONDLY = {
    "outbox.deliver",
    "outbox.recover_claims",
    "audit.seal",
    "cases.remind",
    "cases.note_missed_deadlines",
}
for task in set(app.conf.beat_schedule) - SECONDLY:
    app.conf.beat_schedule[task]["schedule"] = 20.0
__all__ = ["app"]
