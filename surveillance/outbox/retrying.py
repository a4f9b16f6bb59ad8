"""When a letter that could not be handed over is tried again, and when it is given up. Pure.

Standard Webhooks 1.0.0 suggests this ladder: ten tries over about 75 hours.
"""

import random
from datetime import timedelta

RETRY_AFTER = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
]
MOST_TRIES = len(RETRY_AFTER) + 1
MOST_JITTER = 1.2  # of the wait
# A letter that waited behind others for as long as ten tries can take is not begun anew.
GIVE_UP_AFTER = MOST_JITTER * sum(RETRY_AFTER, timedelta())
LONGEST_WAIT = timedelta(days=1)  # that a receiver may ask for
CLOSES_AFTER = 3  # letters that fail one after another: then it is not the letters' fault
# Our own mail server is called more often than other people's: nothing else can leave.
GATE_OPENS_AFTER = [timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2)]
JITTER = random.SystemRandom()


def jitter() -> float:
    """What a wait is multiplied by, so that those who failed together do not come back together."""
    return JITTER.uniform(1.0, MOST_JITTER)


def wait(attempts: int, spread: float, asked: timedelta | None = None) -> timedelta:
    """After the try with this number (from 1), times `spread`; never sooner than the receiver
    `asked`, who is heard up to a day."""
    rung = RETRY_AFTER[min(max(attempts, 1), len(RETRY_AFTER)) - 1]
    own = rung * spread
    return max(own, min(asked, LONGEST_WAIT)) if asked else own


def gate_wait(failures: int) -> timedelta:
    return GATE_OPENS_AFTER[min(max(failures, 1), len(GATE_OPENS_AFTER)) - 1]


def is_given_up(attempts: int, age: timedelta) -> bool:
    """After a failed try: `attempts` with it, `age` since the letter was queued."""
    return attempts >= MOST_TRIES or age > GIVE_UP_AFTER
