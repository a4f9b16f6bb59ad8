"""Rows that the bench makes for itself, so that it changes none of those it was given.

They stay, in a case of their own, named after the bench and at the far end of every list: what is
measured next is the same as if nothing had been measured before.
"""

from datetime import UTC, datetime
from itertools import count

from cases.flows import cases, reports, takedowns
from cases.flows.reports import Reporter, ReportFacts
from cases.flows.takedowns import StatementOfReasons
from cases.models import Case, CaseListing, Report, TakedownRequest
from sellers.models import Listing, Platform
from surveillance.accounts.actor import PUBLIC, Actor
from surveillance.calendars.models import Kind
from surveillance.copying import copy_in
from surveillance.references import Kind as Reference
from surveillance.references import next_references

NAME = "Bench"
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
_numbers = count(1)
_REASONS = StatementOfReasons(
    facts="Made by the bench.", hazard="None.", territory="Nowhere.", action="Answer."
)


def waiting_reports(many: int) -> list[Report]:
    """To be triaged, by reporters who may be written to."""
    return [
        reports.submit(
            ReportFacts(f"{NAME} {next(_numbers)}", "Made by the bench.", brand=NAME),
            Reporter("Bench", "reporter@bench.example", may_contact=True),
            by=PUBLIC,
            at=LONG_AGO,
        ).report
        for _ in range(many)
    ]


def issued_notice(platform: Platform, listings: int, by: Actor, at: datetime) -> TakedownRequest:
    """A notice to the platform about so many listings, issued now."""
    case = cases.open(f"{NAME} {at:%Y-%m-%d %H:%M:%S}", by=by, at=LONG_AGO)
    offers = _listings(platform, listings, at)
    copy_in([CaseListing(case_id=case.pk, listing_id=one.pk, added_at=at) for one in offers])
    drafted = takedowns.draft(
        Case.objects.get(pk=case.pk),
        by=by,
        platform=platform,
        kind=Kind.NOTICE,
        listings=offers,
        reasons=_REASONS,
        at=LONG_AGO,
    )
    return takedowns.issue(drafted, by=by, at=at)


def _listings(platform: Platform, many: int, at: datetime) -> list[Listing]:
    references = next_references(Reference.LISTING, at, many)
    rows = [
        Listing(
            reference=reference,
            platform=platform,
            url=f"{platform.website}bench/{reference}",
            address_key=f"bench/{reference}",
            title=f"{NAME} {reference}",
            first_seen_at=at,
            last_seen_at=at,
            changed_at=at,
        )
        for reference in references
    ]
    copy_in(rows)
    return rows
