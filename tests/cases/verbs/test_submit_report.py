"""report.submit: somebody tells us of an unsafe product."""

import pytest
from django.db import connection

from cases.flows import reports
from cases.models import Report, ReporterContact
from surveillance.accounts.actor import PUBLIC
from surveillance.audit.models import AuditEntry
from surveillance.outbox.models import OutboxMessage
from tests.contract import CreationContract

FACTS = reports.ReportFacts(
    product_name="Magnetic cubes",
    brand="Cubo",
    incident="CANARY-incident: my son swallowed two.",
    serial="CANARY-serial",
    language="zh-hant",
)
REPORTER = reports.Reporter(
    name="CANARY-name",
    email="canary@home.example",
    phone="CANARY-phone",
    town="CANARY-town",
    person_hurt="CANARY-son",
    may_contact=True,
)


class TestSubmitReport(CreationContract):
    transition = reports.SUBMIT
    model = Report
    by = "eve"
    letters = {("report_received", "email"): 1}

    def perform(self, ground, by):
        return reports.submit(FACTS, REPORTER, by=by).report


@pytest.fixture
def receipt(cast):
    return reports.submit(FACTS, REPORTER, by=PUBLIC)


def test_gives_a_code_of_which_only_the_digest_is_kept(receipt):
    contact = ReporterContact.objects.get(report=receipt.report)
    assert receipt.code not in contact.code_digest
    assert contact.code_digest == reports.digest_of_code(receipt.code)
    assert contact.code_digest == reports.digest_of_code(f" {receipt.code.lower()} ")


def test_the_receipt_is_written_in_the_language_of_the_report(receipt):
    letter = OutboxMessage.objects.get(about=receipt.report.reference)
    assert letter.language == "zh-hant"
    assert letter.address == "canary@home.example"


def test_without_an_address_nobody_is_written_to(cast):
    receipt = reports.submit(FACTS, reports.Reporter(), by=PUBLIC)
    assert not OutboxMessage.objects.filter(about=receipt.report.reference).exists()


def test_nothing_personal_enters_the_trail(receipt):
    assert AuditEntry.objects.filter(subject=receipt.report.reference).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditentry e WHERE e::text ILIKE '%canary%'")
        assert cursor.fetchone() == (0,)


def test_is_received_now_and_found_by_its_words(receipt, time):
    report = Report.objects.get(pk=receipt.report.pk)
    assert report.received_at == time.now
    assert report.reference.startswith("R-2026-")
    assert report.search_text == "magnetic cubes cubo"
