"""One demand from a consumer's report to its verified removal, through the pages, by the clock.

A newcomer reads this first: it is what the product does.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from cases.flows import sweeps
from cases.models import Case, Item, Report, TakedownRequest
from cases.states import CaseState, ItemState, ReportState, TakedownState
from sellers.models import Listing
from surveillance.audit.models import AuditEntry
from surveillance.audit.sealing import seal, verify
from surveillance.outbox import delivery
from surveillance.outbox.models import OutboxMessage

TUESDAY_9_00 = datetime(2026, 9, 29, 7, 0, tzinfo=UTC)  # 09:00 in Brussels
ADDRESSES = [f"https://harbour-market.example/item/cubes-{number}" for number in (1, 2)]


def press(client: Client, route: str, /, *where: object, **facts: object):
    """Send a page's form; it must lead on, not come back with an error."""
    kwargs = {"args": where} if where else {}
    response = client.post(reverse(route, **kwargs), facts)
    assert response.status_code == 302, (route, response.status_code, _errors(response))
    return response


def _errors(response) -> str:
    form = (response.context or {}).get("form") if response.context else None
    return str(getattr(form, "errors", "")) or response.content.decode()[:500]


def report_as_consumer(eve: Client) -> tuple[str, str]:
    steps = {
        "product": {"product_name": "Magnetic cubes", "brand": "Cubo", "model": "MC-216"},
        "place": {"listing_url": ADDRESSES[0], "retailer": "littleharbour"},
        "incident": {"incident": "My son swallowed two of them.", "happened_on": "2026-09-20"},
        "injury": {"severity": Report.Severity.HOSPITAL},
        "contact": {
            "source": Report.Source.CONSUMER,
            "name": "Eve Ng",
            "email": "eve@home.example",
            "may_contact": "on",
        },
    }
    for step, answers in steps.items():
        press(eve, "report-step", step, **answers)
    press(eve, "report-check")
    page = eve.get(reverse("report-sent")).content.decode()
    reference = re.search(r"R-2026-\d{6}", page)
    code = re.search(r"\b[0-9A-F]{8}\b", page)
    assert reference
    assert code
    return reference.group(), code.group()


@pytest.mark.django_db
def test_from_report_to_verified_removal(cast, client_of, time):
    eve, ana, bo, dot, dev = map(client_of, (None, cast.ana, cast.bo, cast.dot, cast.dev))
    time.move_to(TUESDAY_9_00)

    # A consumer reports, and can follow the report without an account.
    reference, code = report_as_consumer(eve)
    report = Report.objects.get(reference=reference)
    assert report.state == ReportState.RECEIVED
    press(eve, "track", reference=reference, code=code)

    # Ana sees it in her inbox and takes it into a case.
    assert reference in ana.get(reverse("desk")).content.decode()
    press(ana, "report-claim", reference)
    press(ana, "report-accept", reference, title="Cubo magnetic cubes")
    case = Case.objects.get()
    assert list(case.reports.all()) == [report]

    # The risk, in exact fractions; Bo stands behind it as the second person.
    page = {
        "scenarios-TOTAL_FORMS": 1,
        "scenarios-INITIAL_FORMS": 0,
        "scenarios-0-injury": "Perforated bowel",
        "scenarios-0-severity": 4,
        "scenarios-0-steps-TOTAL_FORMS": 2,
        "scenarios-0-steps-INITIAL_FORMS": 0,
        "scenarios-0-steps-0-text": "a child finds a loose magnet",
        "scenarios-0-steps-0-probability": "1/10",
        "scenarios-0-steps-1-text": "and swallows two of them",
        "scenarios-0-steps-1-probability": "1 in 50",
        "propose": "1",
    }
    press(ana, "case-assess", case.reference, **page)
    press(bo, "assessment-validate_risk", case.reference)
    case.refresh_from_db()
    assert case.risk_level == "serious"

    # The offers, and an order about them: Ana drafts, Bo approves, Ana issues.
    ana.post(
        reverse("case-add-listings", args=[case.reference]),
        {"title": "Magnetic cubes 216", "lines": "\n".join(ADDRESSES)},
    )
    assert [listing.url for listing in case.listings.order_by("id")] == ADDRESSES
    offers = [listing.reference for listing in Listing.objects.order_by("id")]
    press(
        ana,
        "takedown-draft",
        case.reference,
        **{
            "harbour-market-kind": "order",
            "harbour-market-listings": offers,
            "facts": "The magnets come loose.",
            "hazard": "Swallowed magnets perforate the bowel.",
            "territory": "European Union",
            "action": "Remove the listings.",
        },
    )
    takedown = TakedownRequest.objects.get()
    press(ana, "takedown-submit", takedown.reference)
    assert bo.post(reverse("takedown-issue", args=[takedown.reference])).status_code == 409
    press(bo, "takedown-approve", takedown.reference)
    time.pass_(timedelta(minutes=10))
    press(ana, "takedown-issue", takedown.reference)
    takedown.refresh_from_db()
    case.refresh_from_db()
    assert takedown.state == TakedownState.ISSUED
    assert case.state == CaseState.ENFORCING
    # Two working days after Tuesday, to the last hour of Thursday in Brussels.
    assert takedown.due_at == datetime(2026, 10, 1, 22, 0, tzinfo=UTC)

    # The letter reaches Harbour Market, with the statement of reasons and the derivation.
    delivery.deliver()
    takedown.refresh_from_db()
    assert takedown.delivered_at == time.now
    (order,) = [m for m in mail.outbox if m.to == ["safety@harbour-market.example"]]
    assert takedown.reference in order.subject
    assert ADDRESSES[1] in order.body
    assert "Thu 1 Oct 2026: counted, working day 2 of 2" in order.body
    assert "Eve" not in order.body

    # Dot finds it in the portal; her rival's agent finds nothing.
    assert takedown.reference in dot.get(reverse("portal")).content.decode()
    assert dev.get(reverse("portal-takedown", args=[takedown.reference])).status_code == 404
    assert takedown.reference not in dev.get(reverse("portal")).content.decode()
    press(dot, "portal-takedown-acknowledge", takedown.reference)
    press(dot, "portal-item-answer", takedown.reference, 1, outcome=ItemState.REMOVED)

    # The second listing is forgotten: reminded on Wednesday, missed on Thursday night, once each.
    # Nobody is written to about it at night, so that the letters leave on Friday morning.
    for hours in range(1, 75):
        time.move_to(TUESDAY_9_00 + timedelta(hours=hours))
        sweeps.remind(time.now)
        sweeps.note_missed_deadlines(time.now)
    delivery.deliver()
    forgotten = takedown.items.get(number=2)
    assert forgotten.missed_count == 1
    assert forgotten.missed_at == datetime(2026, 10, 1, 22, 0, tzinfo=UTC)
    to_platform = [m.subject for m in mail.outbox if m.to == ["safety@harbour-market.example"]]
    assert sum(subject.startswith("Reminder") for subject in to_platform) == 1
    assert sum(subject.startswith("Deadline missed") for subject in to_platform) == 1
    to_ana = [m.subject for m in mail.outbox if m.to == [cast.ana.email]]
    assert sum(subject.startswith("Deadline missed by Harbour Market") for subject in to_ana) == 1

    # Answered late; Ana looks: one is gone, the other can still be bought, then that is gone too.
    press(dot, "portal-item-answer", takedown.reference, 2, outcome=ItemState.REMOVED)
    press(ana, "item-confirm_removal", takedown.reference, 1, note="The address leads nowhere.")
    press(ana, "item-reject_answer", takedown.reference, 2, reason="It can still be bought.")
    forgotten.refresh_from_db()
    assert forgotten.state == ItemState.STILL_ONLINE
    assert forgotten.due_at > time.now
    refused = ana.post(
        reverse("case-close", args=[case.reference]), {"outcome": "All listings are gone."}
    )
    assert refused.status_code == 422
    assert forgotten.audit_reference in refused.content.decode()
    press(dot, "portal-item-answer", takedown.reference, 2, outcome=ItemState.REMOVED)
    press(ana, "item-confirm_removal", takedown.reference, 2)
    assert set(Item.objects.values_list("state", flat=True)) == {ItemState.CONFIRMED}
    assert set(Listing.objects.values_list("state", flat=True)) == {Listing.State.GONE}
    case.refresh_from_db()
    assert case.state == CaseState.MONITORING
    press(ana, "takedown-close", takedown.reference)
    press(ana, "case-close", case.reference, outcome="All listings are gone.")

    # The supervisor's page counts it, and the trail is whole.
    page = bo.get(reverse("statistics"))
    assert page.status_code == 200
    rows = bo.get(reverse("statistics-rows"), {"number": "verified_removed"}).content.decode()
    for item in Item.objects.all():
        assert item.audit_reference in rows
    assert not OutboxMessage.objects.undelivered().filter(
        next_attempt_at__lte=time.now
    ).exists() or (delivery.deliver() > 0)
    seal(time.now)
    assert verify().fault == ""
    assert AuditEntry.objects.about(case.reference).filter(verb="takedown.issue").count() == 1
