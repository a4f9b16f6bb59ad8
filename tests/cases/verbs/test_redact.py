"""report.redact: forget who reported."""

from cases.flows import reports
from cases.models import ReporterContact
from surveillance.audit.models import AuditEntry
from surveillance.outbox.models import OutboxMessage
from tests.contract import VerbContract


class TestRedact(VerbContract):
    transition = reports.REDACT
    begin = "serial_report"
    changes = {"redacted_at", "serial"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return reports.redact(row, by=by, reason="The reporter asked for it.")


def test_empties_everything_personal(story):
    receipt = story.receipt(email="eve@home.example", may_contact=True, serial="SN-1")
    report = reports.redact(receipt.report, by=story.ana, reason="The period has passed.")
    assert not ReporterContact.objects.filter(report=report).exists()
    assert (report.serial, report.raw) == ("", {})


def test_what_is_emptied_stays_out_of_the_trail(story):
    report = reports.redact(story.serial_report(), by=story.ana, reason="The period has passed.")
    entry = AuditEntry.objects.about(report.reference).first()
    assert entry.changes["serial"] == ["(personal)", "(personal)"]
    assert "SN-1" not in str([entry.changes, entry.facts])


def test_nobody_is_written_to_any_more(story):
    report = reports.redact(story.answerable_report(), by=story.ana, reason="They asked for it.")
    before = OutboxMessage.objects.count()
    reports.dismiss(report, by=story.ana, reason="Nothing follows.")
    assert OutboxMessage.objects.count() == before


def test_starts_from_every_state(story):
    for begin in ("asked_report", "accepted_report", "duplicate_report", "dismissed_report"):
        report = reports.redact(getattr(story, begin)(), by=story.ana, reason="They asked.")
        assert report.redacted_at


def test_no_letter_keeps_the_address_and_none_goes_out_any_more(story):
    receipt = story.receipt(email="eve@home.example", may_contact=True)
    assert OutboxMessage.objects.filter(address="eve@home.example").exists()
    reports.redact(receipt.report, by=story.ana, reason="The period has passed.")
    letters = OutboxMessage.objects.filter(about=receipt.report.reference)
    assert {letter.address for letter in letters} == {""}
    assert not letters.undelivered().exists()
