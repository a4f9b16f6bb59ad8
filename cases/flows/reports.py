"""Verbs of reports: from the inbox into a case, or out of the way with a reason."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.flows import cases
from cases.letters import recipients, to_reporter
from cases.models import Case, Report, ReporterContact
from cases.states import REPORT_TRIAGE, ReportState
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import NEW, NotVisible, Transition, perform, require_text
from surveillance.outbox.forgetting import forget_addresses
from surveillance.outbox.letter import Letter
from surveillance.references import Kind, next_reference
from surveillance.search_text import folded

SUBMIT = Transition(
    "report.submit",
    Right.SUBMIT_REPORT,
    _("Send the report"),
    _("sent the report"),
    from_={NEW},
    to={ReportState.RECEIVED},
)
CLAIM = Transition(
    "report.claim",
    Right.CLAIM_REPORT,
    _("Claim"),
    _("took the report"),
    from_=REPORT_TRIAGE,
    objection=lambda report, by: (
        gettext("It is yours already.") if report.assignee_id == by.user_id else ""
    ),
)
ACCEPT = Transition(
    "report.accept",
    Right.ACCEPT_REPORT,
    _("Accept into a case"),
    _("accepted the report into %(case)s"),
    from_=REPORT_TRIAGE,
    to={ReportState.ACCEPTED},
)
ASK_REPORTER = Transition(
    "report.ask_reporter",
    Right.ASK_REPORTER,
    _("Ask the reporter"),
    _("asked the reporter"),
    from_={ReportState.RECEIVED},
    to={ReportState.NEEDS_INFORMATION},
    objection=lambda report, by: (
        "" if _may_write_to_reporter(report) else gettext("The reporter left no address.")
    ),
)
SUPPLY_INFORMATION = Transition(
    "report.supply_information",
    Right.SUBMIT_REPORT,
    _("Answer"),
    _("answered what was asked"),
    from_={ReportState.NEEDS_INFORMATION},
    to={ReportState.RECEIVED},
)
MARK_DUPLICATE = Transition(
    "report.mark_duplicate",
    Right.MARK_DUPLICATE_REPORT,
    _("Mark as duplicate"),
    _("marked the report as a duplicate of %(original)s"),
    from_=REPORT_TRIAGE,
    to={ReportState.DUPLICATE},
)
DISMISS = Transition(
    "report.dismiss",
    Right.DISMISS_REPORT,
    _("Dismiss"),
    _("dismissed the report"),
    from_=REPORT_TRIAGE,
    to={ReportState.DISMISSED},
)
REOPEN = Transition(
    "report.reopen",
    Right.REOPEN_REPORT,
    _("Reopen"),
    _("reopened the report"),
    from_={ReportState.ACCEPTED, ReportState.DUPLICATE, ReportState.DISMISSED},
    to={ReportState.RECEIVED},
)
REDACT = Transition(
    "report.redact",
    Right.REDACT_REPORT,
    _("Remove personal data"),
    _("removed the reporter's personal data"),
    objection=lambda report, by: (
        gettext("Its personal data has been removed already.") if report.redacted_at else ""
    ),
)


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What is reported, without who reports it."""

    product_name: str
    incident: str
    source: str = Report.Source.CONSUMER
    brand: str = ""
    model: str = ""
    serial: str = ""
    gtins: Sequence[str] = ()
    category: str = ""
    manufacturer: str = ""
    retailer: str = ""
    listing_url: str = ""
    happened_on: date | None = None
    severity: str = Report.Severity.UNKNOWN
    language: str = "en"

    def search_text(self) -> str:
        return folded(self.product_name, self.brand, self.model, self.manufacturer, *self.gtins)


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: kept apart from the report."""

    name: str = ""
    email: str = ""
    phone: str = ""
    town: str = ""
    person_hurt: str = ""
    may_contact: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the reporter takes away: the report, and the code that opens it again."""

    report: Report
    code: str


def submit(
    facts: ReportFacts, reporter: Reporter, *, by: Actor, at: datetime | None = None
) -> Receipt:
    """Take in a report. Nothing is derived here: the sender must not wait for it."""
    at = at or clock.now()
    code = secrets.token_hex(4).upper()
    report = Report(
        source=facts.source,
        language=facts.language,
        received_at=at,
        reported_on=at.date(),
        product_name=facts.product_name,
        brand=facts.brand,
        model=facts.model,
        serial=facts.serial,
        gtins=list(facts.gtins),
        category=facts.category,
        manufacturer=facts.manufacturer,
        retailer=facts.retailer,
        listing_url=facts.listing_url,
        incident=facts.incident,
        happened_on=facts.happened_on,
        severity=facts.severity,
        search_text=facts.search_text(),
    )
    with perform(SUBMIT, report, by=by, at=at) as change:
        report.reference = next_reference(Kind.REPORT, at)
        change.afterwards(lambda: _keep_reporter(report, reporter, code))
        change.note(source=facts.source)
        change.send(
            *_to_reporter(to_reporter.ReportReceived, report, reporter.email, facts.language)
        )
    return Receipt(report, code)


def claim(report: Report, *, by: Actor, at: datetime | None = None) -> Report:
    """Take the report on oneself."""
    with perform(CLAIM, report, by=by, at=at) as change:
        change.row.assignee_id = by.user_id
    return change.row


def ask_reporter(report: Report, *, by: Actor, question: str, at: datetime | None = None) -> Report:
    """Ask the person who reported; the report waits for the answer."""
    require_text(question=question)
    with perform(ASK_REPORTER, report, by=by, at=at) as change:
        change.note(question=question)
        change.send(*_write(to_reporter.ReporterAsked, change.row, question=question))
    return change.row


def supply_information(
    report: Report, *, by: Actor, answer: str, at: datetime | None = None
) -> Report:
    """The reporter answers; the report is back in the inbox."""
    require_text(answer=answer)
    with perform(SUPPLY_INFORMATION, report, by=by, at=at) as change:
        change.row.incident = f"{change.row.incident}\n\n{answer}"
    return change.row


def accept(
    report: Report,
    *,
    by: Actor,
    case: Case | None = None,
    title: str = "",
    at: datetime | None = None,
) -> Report:
    """Take the report into a case: a given one, or a new one opened for it."""
    at = at or clock.now()
    with perform(ACCEPT, report, by=by, at=at) as change:
        row = change.row
        row.case = (
            cases.lock_open(case, by)
            if case
            else cases.open(title or _case_title(row), by=by, at=at)
        )
        row.triaged_at = row.triaged_at or at
        row.assignee_id = row.assignee_id or by.user_id
        change.note(case=row.case.reference)
        change.send(*_write(to_reporter.ReportDecided, row, outcome=ReportState.ACCEPTED))
    return change.row


def mark_duplicate(
    report: Report, *, by: Actor, original: Report, at: datetime | None = None
) -> Report:
    """The report says what another one says. Duplicates of duplicates name the first."""
    with perform(MARK_DUPLICATE, report, by=by, at=at) as change:
        first = _first_of(original, by)
        if first.pk == report.pk:
            raise ValidationError({"original": gettext("A report cannot be its own duplicate.")})
        change.row.duplicates.update(duplicate_of=first)
        change.row.duplicate_of = first
        change.row.triaged_at = change.row.triaged_at or change.at
        change.note(original=first.reference)
        change.send(*_write(to_reporter.ReportDecided, change.row, outcome=ReportState.DUPLICATE))
    return change.row


def dismiss(report: Report, *, by: Actor, reason: str, at: datetime | None = None) -> Report:
    """No case will follow, for a reason."""
    require_text(reason=reason)
    with perform(DISMISS, report, by=by, at=at, reason=reason) as change:
        change.row.triaged_at = change.row.triaged_at or change.at
        change.send(*_write(to_reporter.ReportDecided, change.row, outcome=ReportState.DISMISSED))
    return change.row


def reopen(report: Report, *, by: Actor, reason: str, at: datetime | None = None) -> Report:
    """Back to the inbox: out of its case, no longer a duplicate, no longer dismissed."""
    require_text(reason=reason)
    with perform(REOPEN, report, by=by, at=at, reason=reason) as change:
        change.row.case = None
        change.row.duplicate_of = None
    return change.row


def redact(report: Report, *, by: Actor, reason: str, at: datetime | None = None) -> Report:
    """Forget who reported: contact facts, serial number, the raw record and the addresses of
    letters are emptied; a letter that has not gone out yet never will."""
    require_text(reason=reason)
    with perform(REDACT, report, by=by, at=at, reason=reason) as change:
        change.row.redacted_at = change.at
        change.row.serial = ""
        change.row.raw = {}
        ReporterContact.objects.filter(report=change.row).delete()
        forget_addresses(change.row.reference, change.at)
    return change.row


def _first_of(original: Report, by: Actor) -> Report:
    """The report that `original` duplicates, or itself. Raises NotVisible."""
    seen = Report.objects.visible_to(by).select_related("duplicate_of")
    known = seen.filter(pk=original.pk).first()
    if known is None:
        raise NotVisible(gettext("%(row)s is not here.") % {"row": original.reference})
    return known.duplicate_of or known


def digest_of_code(code: str) -> str:
    """How a follow-up code is kept: only who holds the code can open the report."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def _keep_reporter(report: Report, reporter: Reporter, code: str) -> None:
    ReporterContact.objects.create(
        report=report,
        name=reporter.name,
        email=reporter.email,
        phone=reporter.phone,
        town=reporter.town,
        person_hurt=reporter.person_hurt,
        may_contact=reporter.may_contact,
        code_digest=digest_of_code(code),
    )


def _may_write_to_reporter(report: Report) -> bool:
    reporter = ReporterContact.objects.filter(report=report).first()
    return bool(reporter and reporter.email and reporter.may_contact)


def _write(letter: type[to_reporter.ReporterLetter], report: Report, **facts: Any) -> list[Letter]:
    reporter = ReporterContact.objects.filter(report=report, may_contact=True).first()
    email = reporter.email if reporter else ""
    return _to_reporter(letter, report, email, report.language, **facts)


def _to_reporter(
    letter: type[to_reporter.ReporterLetter],
    report: Report,
    email: str,
    language: str,
    **facts: Any,
) -> list[Letter]:
    if not email:
        return []
    return [
        letter(
            about=report.reference,
            recipients=recipients.of_address(email, language),
            link=reverse("track"),
            report=report,
            **facts,
        )
    ]


def _case_title(report: Report) -> str:
    return " ".join(filter(None, [report.brand, report.product_name]))[:300]
