"""The import of a feed against a bare INSERT of the same rows: ./check tests/bench -m long -s."""

import gzip
import io
import re
from functools import partial

import pytest

from sellers.feeds.registry import ALERT_FEEDS
from sellers.flows.alert_imports import AlertIntake
from sellers.management.import_speed import measure
from sellers.models import Alert
from surveillance.jobs.models import Job
from tests.sellers.feeds.feed_files import SAMPLES

pytestmark = [pytest.mark.django_db, pytest.mark.long]
TIMES = 150
DETAIL = re.compile(rb"alertDetail/\d+")


def long_report() -> bytes:
    """A real weekly report many times over, each alert under a number of its own."""
    with gzip.open(SAMPLES / "safety_gate" / "report_10000318.xml.gz") as file:
        report = file.read()
    start = report.index(b"<notifications")
    end = report.rindex(b"</notifications>") + len(b"</notifications>")
    numbers = iter(range(20_000_000, 30_000_000))
    alerts = DETAIL.sub(lambda _: b"alertDetail/%d" % next(numbers), report[start:end] * TIMES)
    return report[:start] + alerts + report[end:]


def test_the_ratio_is_measured_and_nothing_stays():
    content = gzip.compress(long_report(), 1)
    intake = partial(AlertIntake, ALERT_FEEDS["safety_gate"])
    speeds = [measure(intake, io.BytesIO(content)) for _ in range(3)]
    for speed in speeds:
        print(f"\n{speed}", end="")
    assert {speed.records for speed in speeds} == {80 * TIMES}
    assert len({speed.rows for speed in speeds}) == 1
    assert speeds[0].rows > 4 * speeds[0].records
    assert not Alert.objects.exists()
    assert not Job.objects.exists()
