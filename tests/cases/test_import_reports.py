"""manage.py import_reports: reports in the inbox, personal facts apart, and safe to run again."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from cases.flows import reports
from cases.models import Report, ReporterContact
from surveillance.accounts.actor import Actor
from surveillance.audit.models import AuditEntry
from surveillance.jobs.models import Job, JobProblem
from tests.sellers.feeds.feed_files import SAMPLES, incident_file

pytestmark = pytest.mark.django_db
NUMBER = "20240207-BC020-2147341186"
PERSONAL = {
    "City": "Pawtucket",
    "State": "Rhode Island",
    "ZIP": "02860",
    "Retailer State": "Vermont",
    "(Primary) Victim's Age (years)": "37",
    "(Primary) Victim's Sex": "Female",
    "My Relation To The (Primary) Victim": "My Niece",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reports.csv"


def run(path: Path, *rows: dict[str, str], **options: object) -> list[str]:
    """The lines that the command prints for a file of these rows."""
    if rows:
        path.write_bytes(incident_file(*rows))
    out = io.StringIO()
    call_command("import_reports", str(path), feed="saferproducts", stdout=out, **options)
    return out.getvalue().splitlines()


def test_the_sample_is_imported_whole_and_nothing_is_written_the_second_time():
    sample = SAMPLES / "saferproducts.csv"
    assert run(sample)[-1] == "300 rows read, 300 new, 0 updated, 0 unchanged, 0 rejected"
    assert Report.objects.awaiting_triage().count() == 300
    assert AuditEntry.objects.filter(verb="report.receive").count() == 300
    assert run(sample)[-1] == "300 rows read, 0 new, 0 updated, 300 unchanged, 0 rejected"
    assert not AuditEntry.objects.filter(verb="report.revise").exists()
    assert set(Report.objects.values_list("version", flat=True)) == {1}


def test_a_report_is_received_now_and_was_reported_then(path, time):
    run(
        path,
        {
            "Brand": "Orbi",
            "Model Name or Number": "WB-1",
            "UPC": "848850193714",
            "Retailer": "Corner Shop",
            "Incident Description": "Swallowed beads.",
            "(Primary) Victim Severity": "Injury - Hospital Admission",
            "Publication Date": "3/1/2024",
        },
    )
    report = Report.objects.get()
    assert (report.state, report.source, report.feed) == ("received", "feed", "saferproducts")
    assert report.native_id == NUMBER
    assert report.received_at == time.now
    assert report.reported_on.isoformat() == "2024-02-07"
    assert (report.product_name, report.brand, report.model) == ("Water beads", "Orbi", "WB-1")
    assert (report.severity, report.incident) == ("hospital", "Swallowed beads.")
    assert report.search_text == "water beads orbi wb-1 " + " ".join(report.gtins)
    assert report.raw["published_on"] == "2024-03-01"
    (entry,) = AuditEntry.objects.about(report.reference)
    assert (entry.verb, entry.actor) == ("report.receive", "system")
    assert entry.facts == {
        "source": "SaferProducts.gov incident reports",
        "native_id": NUMBER,
    }


def test_personal_facts_stand_apart_and_nowhere_else(path):
    run(path, PERSONAL)
    reporter = ReporterContact.objects.get()
    assert reporter.town == "Pawtucket, Rhode Island 02860"
    assert reporter.person_hurt == "female, 37 years, My Niece"
    report = Report.objects.get()
    texts = [
        getattr(report, field.attname)
        for field in Report._meta.concrete_fields
        if field.name in {"raw", "search_text"} or isinstance(getattr(report, field.attname), str)
        if field.name not in {"reference", "native_id", "content_hash"}
    ]
    entry = AuditEntry.objects.get(verb="report.receive")
    assert entry.facts.pop("native_id") == NUMBER
    elsewhere = json.dumps([texts, entry.facts, entry.changes], default=str).casefold()
    for fact in PERSONAL.values():
        assert fact.casefold() not in elsewhere


def test_a_report_that_says_nothing_of_persons_has_no_contact(path):
    run(path, {})
    assert not ReporterContact.objects.exists()


def test_what_is_too_long_is_cut_told_and_kept_whole_in_the_raw_record(path):
    long = "Water beads " * 60
    run(path, {"Product Description": long})
    report = Report.objects.get()
    assert len(report.product_name) <= 500
    assert report.raw["product_description"] == long.strip()
    assert [(one.kind, one.field) for one in JobProblem.objects.all()] == [
        ("mended", "product_name")
    ]


def test_a_dry_run_writes_nothing(path):
    assert run(path, {}, dry_run=True)[-1].startswith("1 rows read, 1 new")
    assert not Report.objects.exists()
    assert not Job.objects.exists()


def test_a_changed_report_keeps_what_triage_decided(path, cast):
    run(path, PERSONAL)
    report = reports.accept(Report.objects.get(), by=Actor.of(cast.ana))
    lines = run(path, PERSONAL | {"Incident Description": "Two beads.", "City": "Cranston"})
    assert lines[-1] == "1 rows read, 0 new, 1 updated, 0 unchanged, 0 rejected"
    kept = Report.objects.get()
    assert (kept.state, kept.case_id, kept.assignee) == ("accepted", report.case_id, cast.ana)
    assert (kept.incident, kept.received_at) == ("Two beads.", report.received_at)
    assert ReporterContact.objects.get().town == "Cranston, Rhode Island 02860"
    entry = AuditEntry.objects.get(verb="report.revise")
    assert entry.changes["incident"] == ["(personal)", "(personal)"]
    assert entry.context == [kept.reference, kept.case.reference]


def test_personal_data_that_were_removed_do_not_come_back(path, cast):
    run(path, PERSONAL | {"Serial Number": "SN-1", "Incident Description": "A bead."})
    reports.redact(Report.objects.get(), by=Actor.of(cast.ana), reason="She asked for it.")
    before = Report.objects.get()
    changed = {"Serial Number": "SN-2", "Incident Description": "Eve Ng's bead.", "Brand": "Orbi"}
    assert ", 1 updated," in run(path, PERSONAL | changed)[-1]
    kept = Report.objects.get()
    assert kept.brand == "Orbi"
    assert (kept.serial, kept.raw, kept.incident) == ("", {}, before.incident)
    assert not ReporterContact.objects.exists()
    assert ", 1 unchanged," in run(path)[-1]


def test_a_rejected_row_is_listed_and_the_others_are_kept(path):
    lines = run(path, {"Report No.": "A1", "Report Date": "soon"}, {"Report No.": "A2"})
    assert lines == [
        "reports.csv, row 1 (A1) Report Date: “Report Date” is not a date: “soon”. Write “Report "
        "Date” in the form of the source's other rows.",
        "2 rows read, 1 new, 0 updated, 0 unchanged, 1 rejected",
    ]
    assert Report.objects.get().native_id == "A2"


def test_a_number_that_no_column_can_hold_is_rejected(path):
    lines = run(path, {"Report No.": "A" * 121}, {"Report No.": "A2"})
    assert lines[-1] == "2 rows read, 1 new, 0 updated, 0 unchanged, 1 rejected"
    assert "row 1 (AAAA" in lines[0]


def test_since_leaves_older_reports_out(path):
    lines = run(
        path,
        {"Report No.": "A1", "Report Date": "12/31/2023"},
        {"Report No.": "A2", "Report Date": "1/1/2024"},
        since=date(2024, 1, 1),
    )
    assert lines[-1] == "2 rows read, 1 new, 0 updated, 0 unchanged, 0 rejected"
    assert Report.objects.get().native_id == "A2"
