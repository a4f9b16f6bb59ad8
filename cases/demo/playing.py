"""The demo's clock plays: at each full hour the sweeps run and everybody does what the hour asks.

Platforms answer through the API, people act through the flows, letters go out through the outbox.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from cases.demo import consumers
from cases.demo.api_client import ApiProblem, application
from cases.demo.authority import Authority
from cases.demo.dice import Dice
from cases.demo.platforms import SimulatedPlatform, simulated_platforms
from cases.flows import clock_sweep, sweeps
from surveillance.audit.sealing import seal
from surveillance.flow import FlowError
from surveillance.outbox import delivery
from surveillance.timemachine import machine

logger = logging.getLogger(__name__)
TASK = "demo.play"


def play(
    dice: Dice,
    *,
    seconds: float | None = None,
    watch: Callable[[datetime], None] = lambda at: None,
) -> bool:
    """To the goal of the time machine, or for so many seconds by the wall; `watch` is told each
    hour that has been played. False when another process is playing."""
    with machine.at_the_controls() as ours:
        if ours:
            with application() as api, simulated_platforms(api, dice) as platforms:
                authority = Authority(dice)

                def hour(at: datetime) -> None:
                    _hour(at, authority, platforms, dice)
                    watch(at)

                machine.play(hour, seconds=seconds)
    return ours


def _hour(
    at: datetime, authority: Authority, platforms: list[SimulatedPlatform], dice: Dice
) -> None:
    clock_sweep.recompute_clocks(at)
    sweeps.note_missed_deadlines(at)
    sweeps.note_late_appeals(at)
    sweeps.remind(at)
    consumers.write(at, dice)
    _try(lambda: authority.work(at))
    for platform in platforms:
        _try(lambda platform=platform: platform.work(at))  # type: ignore[misc]
    while delivery.deliver(limit=200):
        pass
    seal(at)


def _try(work: Callable[[], object]) -> None:
    """A visitor may have been faster with the same row: it is tried again in the next hour."""
    try:
        work()
    except (FlowError, ApiProblem) as refusal:
        logger.info("The demo plays on: %s", refusal)
