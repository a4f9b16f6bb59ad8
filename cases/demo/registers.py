"""The registers of the demo: the real samples of the feeds, through the real imports."""

from pathlib import Path

from django.conf import settings

from cases.flows.report_imports import ReportIntake
from sellers.feeds.registry import ALERT_FEEDS, INCIDENT_FEEDS
from sellers.flows.alert_imports import AlertIntake
from sellers.flows.feed_imports import Intake, import_file
from surveillance.accounts.actor import SYSTEM

SAMPLES = settings.BASE_DIR / "sellers" / "feeds" / "samples"


def fill_registers() -> None:
    """Reports from SaferProducts, alerts from CPSC and the EU Safety Gate."""
    _import(ReportIntake(INCIDENT_FEEDS["saferproducts"]), SAMPLES / "saferproducts.csv")
    _import(AlertIntake(ALERT_FEEDS["cpsc"]), SAMPLES / "cpsc.json")
    for path in sorted((SAMPLES / "safety_gate").glob("*.xml*")):
        _import(AlertIntake(ALERT_FEEDS["safety_gate"]), path)


def _import(intake: Intake, path: Path) -> None:
    with path.open("rb") as stream:
        outcome = import_file(intake, stream, by=SYSTEM)
    if outcome.error:
        raise ValueError(f"{path.name}: {outcome.error}")
