"""The registers of the demo: the real samples of the feeds, through the real imports."""

from datetime import datetime
from pathlib import Path

from cases.flows import reports
from sellers.feeds import registry
from sellers.feeds.base import Rejection
from sellers.flows import products
from surveillance.accounts.actor import SYSTEM

SAMPLES = Path("sellers/feeds/samples")


def fill_registers(at: datetime) -> None:
    with open(SAMPLES / "cpsc.json", "rb") as f:
        for record in list(registry.ALERT_FEEDS["cpsc"].read(f))[:90]:
            if isinstance(record, Rejection):
                continue
            product = products.record(
                products.ProductFacts(
                    name=record.product_name[:500],
                    brand=record.brand[:200],
                    models=record.models,
                    gtins=record.gtins,
                    category=record.category[:200],
                    description=record.description,
                    origin=record.country_of_origin,
                    hazards=[h.value for h in record.hazards],
                ),
                by=SYSTEM,
                at=at,
            )
            alert = products.draft_alert(
                product,
                by=SYSTEM,
                title=record.title[:500],
                hazard=record.hazard_text,
                what_to_do=record.what_to_do or "Stop using it.",
                level=record.level.value,
                at=at,
            )
            products.publish(alert, by=SYSTEM, published_on=record.published_on, at=at)
    with open(SAMPLES / "saferproducts.csv", "rb") as f:
        for record in list(registry.INCIDENT_FEEDS["saferproducts"].read(f))[:60]:
            if isinstance(record, Rejection):
                continue
            reports.submit(
                reports.ReportFacts(
                    product_name=record.product_description[:500],
                    incident=record.incident_description,
                    brand=record.brand[:200],
                    model=record.model[:300],
                    gtins=record.gtins,
                    severity=record.injury_severity.value,
                ),
                reports.Reporter(),
                by=SYSTEM,
                at=at,
            )
