"""Triage while the clock plays: the newest report is opened as a case, joined to one, asked about,
marked as a duplicate, or dismissed."""

from textwrap import shorten

from cases.demo.dice import Dice
from cases.flows import cases, reports
from cases.models import Report
from cases.states import REPORT_TRIAGE, ReportState
from sellers.flows import products
from sellers.flows.products import ProductFacts
from surveillance.accounts.actor import Actor
from surveillance.flow import available

QUESTION = "Which batch or date stands on the label, and where did you buy it?"
ALIKE = 0.6  # trigram similarity from which two reports tell of the same product


def take_next(inspector: Actor, dice: Dice) -> None:
    """Decide on the report that came last and that nobody else has taken."""
    waiting = Report.objects.visible_to(inspector).filter(state=ReportState.RECEIVED)
    free = waiting.filter(assignee=None) | waiting.filter(assignee=inspector.user_id)
    report = free.order_by("-received_at", "-id").first()
    if report is None:
        return
    if report.assignee_id is None:
        report = reports.claim(report, by=inspector)
    mood = dice.about("triage", report.reference, report.version).random()
    if original := _known(report, inspector):
        _join(report, original, inspector)
    elif mood < 0.25 and reports.ASK_REPORTER in available(report, by=inspector):
        reports.ask_reporter(report, by=inspector, question=QUESTION)
    elif mood < 0.5:
        reports.dismiss(report, by=inspector, reason="No defect of the product is described.")
    else:
        _open_case(report, inspector)


def _known(report: Report, inspector: Actor) -> Report | None:
    """An earlier report of the same product, if there is one."""
    seen = Report.objects.visible_to(inspector).exclude(state=ReportState.DISMISSED)
    earlier = seen.filter(received_at__lt=report.received_at).similar_to(report)
    nearest = earlier.first()
    return nearest if nearest and nearest.similarity >= ALIKE else None  # type: ignore[attr-defined]


def _join(report: Report, original: Report, inspector: Actor) -> None:
    """Into the case of the earlier report, or as its duplicate while that waits itself."""
    case = original.case
    if case is not None and cases.ADD_NOTE in available(case, by=inspector):
        reports.accept(report, by=inspector, case=case)
    elif original.state in REPORT_TRIAGE:
        reports.mark_duplicate(report, by=inspector, original=original)
    else:
        _open_case(report, inspector)


def _open_case(report: Report, inspector: Actor) -> None:
    """A case about the product of the report: known from an alert, or new in the register."""
    product = report.known_products().order_by("id").first() or products.record(
        ProductFacts(
            name=shorten(report.product_name, 100, placeholder="…"),
            brand=report.brand,
            models=[report.model] if report.model else [],
            gtins=report.gtins,
            category=report.category,
        ),
        by=inspector,
    )
    case = cases.open(shorten(str(product), 100, placeholder="…"), by=inspector, products=[product])
    reports.accept(report, by=inspector, case=case)
