"""The registers of the demo: the real samples of the feeds, through the real imports."""

from datetime import date
from typing import Any, BinaryIO

from django.conf import settings

from cases.flows.report_imports import ReportIntake
from sellers.feeds.registry import ALERT_FEEDS, INCIDENT_FEEDS
from sellers.flows.alert_imports import AlertIntake
from sellers.flows.feed_imports import Intake, import_file
from surveillance.accounts.actor import SYSTEM

SAMPLES = settings.BASE_DIR / "sellers" / "feeds" / "samples"
INCIDENTS = SAMPLES / "saferproducts.csv"
# Older reports are left to arrive while the clock plays (consumers.py).
REPORTS_SINCE = date(2022, 1, 1)


def fill_registers() -> None:
    """Reports from SaferProducts, alerts from CPSC, the OECD's portal (Australia and Japan are
    among its authorities) and the EU Safety Gate."""
    with INCIDENTS.open("rb") as stream:
        import_reports(stream, since=REPORTS_SINCE)
    for feed, path in (
        ("cpsc", SAMPLES / "cpsc.json"),
        ("oecd", SAMPLES / "oecd.jsonl"),
        *(("safety_gate", path) for path in sorted((SAMPLES / "safety_gate").glob("*.xml*"))),
    ):
        with path.open("rb") as stream:
            _import(AlertIntake(ALERT_FEEDS[feed]), stream)


def import_reports(stream: BinaryIO, since: date | None = None) -> None:
    """A file of SaferProducts. Raises ValueError where it cannot be read to its end."""
    _import(ReportIntake(INCIDENT_FEEDS["saferproducts"]), stream, since)


def _import(intake: Intake[Any], stream: BinaryIO, since: date | None = None) -> None:
    outcome = import_file(intake, stream, by=SYSTEM, since=since)
    if outcome.error:
        raise ValueError(f"{getattr(stream, 'name', intake.feed.title)}: {outcome.error}")
