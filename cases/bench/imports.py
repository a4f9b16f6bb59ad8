"""A feed taken in, against a bare INSERT of the rows that it became."""

import csv
from functools import partial
from io import BytesIO, StringIO

from django.db import connection, transaction

from cases.bench import timing
from cases.bench.table import Measured
from cases.flows.report_imports import ReportIntake
from cases.models import Report, ReporterContact
from sellers.feeds.registry import INCIDENT_FEEDS
from sellers.feeds.saferproducts import COLUMNS
from sellers.flows.feed_imports import import_file
from surveillance.accounts.actor import SYSTEM
from surveillance.audit.models import AuditEntry
from surveillance.copying import copy_in

ROWS = 10_000
_FEED = INCIDENT_FEEDS["saferproducts"]
_PREAMBLE = "Disclaimer: made by the bench.\n\n"


class _Undo(Exception):
    pass


def feed() -> Measured:
    """Both are rolled back. The floor inserts the reports, their reporters and the trail."""
    content = _file(ROWS)
    kept: list[list[Report | ReporterContact | AuditEntry]] = []

    def take_in() -> None:
        outcome = import_file(ReportIntake(_FEED), BytesIO(content), by=SYSTEM)
        if outcome.counts.new != ROWS:
            raise RuntimeError(f"The feed was not taken in whole: {outcome.counts}")

    seconds = 0.0
    try:
        with transaction.atomic():
            seconds = timing.once(take_in)
            reports = Report.objects.filter(native_id__startswith="BENCH")
            kept = [
                list(reports),
                list(ReporterContact.objects.filter(report__in=reports)),
                list(AuditEntry.objects.filter(verb="report.receive").order_by("-id")[:ROWS]),
            ]
            raise _Undo
    except _Undo:
        pass
    bare = _bare(kept)
    return Measured(
        f"import of a feed, {ROWS:,} rows",
        "≥ 30 % of a bare INSERT",
        note=f"{ROWS / seconds:,.0f} rows/s of {ROWS / bare:,.0f}: {100 * bare / seconds:.0f} %",
    )


def _bare(kept: list[list[Report | ReporterContact | AuditEntry]]) -> float:
    seconds = 0.0
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            seconds = sum(timing.once(partial(copy_in, rows)) for rows in kept)
            raise _Undo
    except _Undo:
        return seconds


def _file(rows: int) -> bytes:
    """An export as saferproducts.gov gives it, with made-up reports."""
    text = StringIO()
    text.write(_PREAMBLE)
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    for number in range(rows):
        writer.writerow(
            {
                "Report No.": f"BENCH-{number}",
                "Report Date": "3/12/2024",
                "Publication Date": "4/6/2024",
                "Category of Submitter": "Consumer",
                "Product Description": f"Kettle no. {number} of stainless steel",
                "Product Category": "Kitchen",
                "Brand": "Bench",
                "Model Name or Number": f"BK-{number}",
                "Manufacturer / Importer / Private Labeler Name": "Bench Works Ltd",
                "Incident Description": "The lid burst open while the water was boiling. " * 6,
                "City": "Springfield",
                "State": "OH",
                "(Primary) Victim Severity": "Incident, No Injury",
                "(Primary) Victim's Sex": "Female",
            }
        )
    return text.getvalue().encode()
