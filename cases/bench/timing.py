"""Times of repeated work. Pure but for the clock on the wall."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import median, quantiles

WARM_UP = 5  # times that do not count: caches, plans, connections


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of each time, sorted."""

    times: Sequence[float]

    @property
    def p50(self) -> float:
        return median(self.times)

    @property
    def p95(self) -> float:
        return quantiles(self.times, n=20)[-1] if len(self.times) > 1 else self.times[0]


def repeat(work: Callable[[int], object], times: int) -> Timing:
    """`work` is given the number of the time, from 0, so that it need not do the same twice."""
    for number in range(WARM_UP):
        work(number)
    return Timing(sorted(_timed(work, WARM_UP + number) for number in range(times)))


def once(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def rate(workers: Sequence[Callable[[int], object]], seconds: float, begin: int = 0) -> float:
    """Times a second that the workers together get done, each in a thread of its own, once all of
    them, and so every process that they call, are warm.

    Numbers begin at `begin` and are given once each. Raises what a worker raised.
    """
    numbers = count(begin)
    faults: list[BaseException] = []
    done = [0] * len(workers)
    begun: list[float] = []
    all_warm = threading.Barrier(len(workers), lambda: begun.append(time.perf_counter()))

    def run(place: int) -> None:
        try:
            for _time in range(WARM_UP):
                workers[place](next(numbers))
            all_warm.wait()
            while time.perf_counter() < begun[0] + seconds:
                workers[place](next(numbers))
                done[place] += 1
        except BaseException as fault:
            faults.append(fault)
            all_warm.abort()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(workers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sum(done) / (time.perf_counter() - begun[0])


def _timed(work: Callable[[int], object], number: int) -> float:
    begun = time.perf_counter()
    work(number)
    return (time.perf_counter() - begun) * 1000
