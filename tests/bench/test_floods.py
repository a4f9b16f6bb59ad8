"""Very many items, and very many of them due: what a sweep costs, in time and in memory.

./check tests/bench/test_floods.py -m long -n0 -s
"""

import json
import os
import resource
import statistics
import time as wall
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from cases import tasks
from cases.flows import sweeps
from cases.models import Item
from surveillance import clock
from surveillance.audit.models import AuditEntry
from surveillance.outbox.models import OutboxMessage
from tests.bench.floods import flood, let_fall_due
from tests.cast import MONDAY, raise_cast
from tests.database import as_owner
from tests.story import Story

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
DUE_AT_ONCE = 100_000
ITEMS_OF_A_REQUEST = 100
FEW, MANY, DUE = 10_000, 1_000_000, 1_000
AT = MONDAY + timedelta(days=40)  # a Saturday would do as well: a missed limit is noted any day
PEAK = 300  # MB that a sweep may hold on top of what the process has before


@pytest.fixture
def story(transactional_db, time) -> Story:
    return Story(raise_cast(MONDAY))


def read_again() -> None:
    """As autovacuum would have done by then."""
    connection.close()
    with as_owner(str(connection.settings_dict["NAME"])) as owner:
        owner.execute("VACUUM ANALYZE")


@pytest.mark.parametrize("due", [5_000, DUE_AT_ONCE])
def test_very_many_due_at_once(story, time, due):
    """Each is noted once, in batches, and no worker grows with what is due."""
    flood(story, due // ITEMS_OF_A_REQUEST, ITEMS_OF_A_REQUEST, "F")
    assert let_fall_due("F", AT) == due
    time.move_to(AT)
    read_again()
    told = in_a_process_of_its_own()
    print(
        f"\n{due:,} items due at once: {told['seconds']:.0f} s,"
        f" {due / told['seconds']:,.0f} items/s, {told['runs']} runs of the task,"
        f" {told['grown']:.0f} MB on top of {told['before']:.0f} MB"
    )
    assert told["done"] >= due
    assert told["grown"] < PEAK
    noted = AuditEntry.objects.filter(verb="item.note_missed_deadline")
    per_item = Counter(noted.values_list("subject", flat=True).iterator())
    assert len(per_item) == due
    assert set(per_item.values()) == {1}
    assert not Item.objects.overdue(AT).not_yet_noted().exists()
    letters = OutboxMessage.objects.filter(letter="deadline_missed")
    told_once = Counter(letters.values_list("about", "address", "channel"))
    assert set(told_once.values()) == {1}
    assert len({about for about, _address, _channel in told_once}) == (due // ITEMS_OF_A_REQUEST)


def in_a_process_of_its_own() -> dict[str, float]:
    """The beat's task, again and again until it finds nothing."""
    reading, writing = os.pipe()
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, json.dumps(swept()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return dict(json.loads(said))


def swept() -> dict[str, float]:
    before, begun, done, runs = held(), wall.monotonic(), 0, 0
    while found := tasks.note_missed_deadlines():
        done, runs = done + found, runs + 1
    seconds = wall.monotonic() - begun
    return {
        "seconds": seconds,
        "done": done,
        "runs": runs,
        "before": before,
        "grown": held() - before,
    }


def held() -> float:
    """Megabytes that this process has held at most so far (Linux counts in kB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class _Undo(Exception):
    pass


def seconds_of_a_sweep(at: datetime) -> float:
    """To note DUE missed deadlines; undone afterwards."""
    seconds = 0.0
    try:
        with transaction.atomic():
            assert let_fall_due("D", at) == DUE
            begun = wall.perf_counter()
            assert sweeps.note_missed_deadlines(at) == DUE
            seconds = wall.perf_counter() - begun
            raise _Undo
    except _Undo:
        return seconds


def test_the_sweep_costs_what_is_due_and_not_what_exists(story, time):
    """A thousand due among ten thousand open items, and the same among a million."""
    at = clock.now() + timedelta(days=1)
    flood(story, DUE // 10, 10, "D")
    flood(story, (FEW - DUE) // 100, 100, "A")
    read_again()
    assert Item.objects.open().count() == FEW
    few = [seconds_of_a_sweep(at) for _ in range(3)]
    begun = wall.monotonic()
    flood(story, (MANY - FEW) // 100, 100, "B")
    read_again()
    filled = wall.monotonic() - begun
    assert Item.objects.open().count() == MANY
    many = [seconds_of_a_sweep(at) for _ in range(3)]
    ratio = statistics.median(many) / statistics.median(few)
    print(
        f"\n{DUE:,} due: {statistics.median(few):.2f} s among {FEW:,} open items,"
        f" {statistics.median(many):.2f} s among {MANY:,}: × {ratio:.2f}"
        f" ({MANY - FEW:,} made in {filled:.0f} s)"
    )
    assert ratio <= 2
