"""Incident reports of foreign feeds: each becomes a report in the inbox.

`received_at` is when we received it, so that the inbox orders by it and the time to triage is
ours; `reported_on` is the day on which somebody told the source. What the source says of the
reporter and the victim stands apart, in `ReporterContact`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Report, ReporterContact
from cases.states import ReportState
from sellers.feeds.base import IncidentRecord, Notice, PersonalFacts
from sellers.flows.feed_imports import Edition, Intake, fitted
from surveillance.accounts.actor import SYSTEM
from surveillance.accounts.rights import Right
from surveillance.audit.trail import Deed, record_many
from surveillance.copying import copy_in
from surveillance.flow import NEW, Transition, perform
from surveillance.references import Kind, next_references
from surveillance.search_text import folded

RECEIVE = Transition(
    "report.receive",
    Right.IMPORT_FEED,
    gettext_lazy("Receive"),
    gettext_lazy("received the report from %(source)s"),
    from_={NEW},
    to={ReportState.RECEIVED},
)
REVISE = Transition(
    "report.revise",
    Right.IMPORT_FEED,
    gettext_lazy("Take in a new edition"),
    gettext_lazy("took in a new edition of the report from %(source)s"),
)


class ReportIntake(Intake[IncidentRecord]):
    """Rows are written in the name of the system; who imported stands with the job."""

    def day(self, record: IncidentRecord) -> date:
        return record.reported_on

    def held(self, native_ids: Iterable[str]) -> dict[str, str]:
        numbered = Report.objects.visible_to(SYSTEM).exclude(native_id="")  # as its index is
        kept = numbered.filter(feed=self.feed.name, native_id__in=list(native_ids))
        return dict(kept.values_list("native_id", "content_hash"))

    def receive(self, editions: Sequence[Edition[IncidentRecord]], at: datetime) -> None:
        drafts = [_draft(edition, at) for edition in editions]
        references = next_references(Kind.REPORT, at, len(drafts))
        for draft, reference in zip(drafts, references, strict=True):
            draft.report.reference = reference
        copy_in([draft.report for draft in drafts])
        for draft in drafts:
            draft.point_to(draft.report)
        copy_in([draft.reporter for draft in drafts if draft.reporter])
        deeds = [Deed(draft.report, self._source(draft.report)) for draft in drafts]
        record_many(RECEIVE, deeds, by=SYSTEM, at=at)

    def revise(self, edition: Edition[IncidentRecord], at: datetime) -> None:
        """What triage decided stays. Personal data that were removed do not come back."""
        draft = _draft(edition, at)
        kept = Report.objects.visible_to(SYSTEM).get(
            feed=self.feed.name, native_id=edition.record.native_id
        )
        with perform(REVISE, kept, by=SYSTEM, at=at) as change:
            row = change.row
            change.note(**self._source(row))
            withheld = Report.PERSONAL if row.redacted_at else frozenset()
            for name in REPORT_FACTS:
                if name not in withheld:
                    setattr(row, name, getattr(draft.report, name))
            if not row.redacted_at:
                draft.point_to(row)
                _replace_reporter(row, draft.reporter)

    def _source(self, report: Report) -> dict[str, Any]:
        return {"source": self.feed.title, "native_id": report.native_id}


REPORT_FACTS = (
    "reported_on",
    "product_name",
    "brand",
    "model",
    "serial",
    "gtins",
    "category",
    "manufacturer",
    "retailer",
    "incident",
    "severity",
    "content_hash",
    "raw",
    "search_text",
)


@dataclass(frozen=True, slots=True)
class _Draft:
    """The rows of one record, not saved yet. `reporter` is None where nothing is said of them."""

    report: Report
    reporter: ReporterContact | None

    def point_to(self, report: Report) -> None:
        """Once the report has its key."""
        if self.reporter:
            self.reporter.report = report


def _draft(edition: Edition[IncidentRecord], at: datetime) -> _Draft:
    report = _report(edition.record, edition.digest, edition.notices, at)
    return _Draft(report, _reporter(edition.record.personal, report, edition.notices))


def _report(record: IncidentRecord, digest: str, notices: list[Notice], at: datetime) -> Report:
    return Report(
        state=ReportState.RECEIVED,
        source=Report.Source.FEED,
        feed=record.source,
        native_id=record.native_id,
        content_hash=digest,
        received_at=at,
        reported_on=record.reported_on,
        product_name=fitted(Report, "product_name", record.product_description, notices),
        brand=fitted(Report, "brand", record.brand, notices),
        model=fitted(Report, "model", record.model, notices),
        serial=fitted(Report, "serial", record.serial_number, notices),
        gtins=list(record.gtins),
        category=fitted(Report, "category", record.category, notices),
        manufacturer=fitted(Report, "manufacturer", record.manufacturer, notices),
        retailer=fitted(Report, "retailer", record.retailer, notices),
        incident=record.incident_description,
        severity=record.injury_severity.value,
        raw=_further_facts(record),
        search_text=folded(
            record.product_description,
            record.brand,
            record.model,
            record.manufacturer,
            *record.gtins,
        ),
        changed_at=at,
    )


def _further_facts(record: IncidentRecord) -> dict[str, Any]:
    """What no column holds, by the record's own names, without what is empty.

    Left out is all that tells where people live: the retailer's state as well as the reporter's.
    """
    facts = {
        "product_description": record.product_description,
        "published_on": _iso(record.published_on),
        "purchased_on": _iso(record.purchased_on),
        "purchase_date_is_estimate": record.purchase_date_is_estimate,
        "manufactured_on": _iso(record.manufactured_on),
        "date_code": record.date_code,
        "upc": record.raw_upc,
        "severity": record.raw_severity,
        "location": record.location,
        "submitter_category": record.submitter_category,
        "company_comments": record.company_comments,
        "associated_reports": list(record.associated_reports),
        "further_answers": dict(record.further_answers),
    }
    return {name: fact for name, fact in facts.items() if fact}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _reporter(
    personal: PersonalFacts, report: Report, notices: list[Notice]
) -> ReporterContact | None:
    region = " ".join(filter(None, (personal.state, personal.zip_code)))
    town = ", ".join(filter(None, (personal.town, region)))
    person_hurt = _person_hurt(personal)
    if not town and not person_hurt:
        return None
    return ReporterContact(
        report=report,
        town=fitted(ReporterContact, "town", town, notices),
        person_hurt=fitted(ReporterContact, "person_hurt", person_hurt, notices),
    )


def _person_hurt(personal: PersonalFacts) -> str:
    """ "female, 3 years, My Child"."""
    age = "" if personal.age is None else _("%(age)s years") % {"age": personal.age}
    return ", ".join(filter(None, (personal.sex, age, personal.relation)))


def _replace_reporter(report: Report, draft: ReporterContact | None) -> None:
    ReporterContact.objects.filter(report=report).delete()
    if draft:
        draft.save(force_insert=True)
