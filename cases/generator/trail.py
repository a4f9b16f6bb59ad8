"""What the audit trail and the outbox say of generated rows: entries and letters, unsaved."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from cases.flows import cases, items, reports, takedowns
from cases.generator.fates import Demand
from cases.generator.market import Person
from cases.generator.work import Affair, Told
from cases.letters.to_platform import TakedownIssued
from cases.letters.to_staff import AnswersArrived
from cases.models import Item
from cases.states import ItemState, ReportState
from surveillance.accounts.rights import Role
from surveillance.audit.models import AuditEntry
from surveillance.flow import Transition
from surveillance.outbox import document
from surveillance.outbox.document import Document
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import OutboxMessage

_DECISIONS = {
    ItemState.CONFIRMED: items.CONFIRM_REMOVAL,
    ItemState.REFUSAL_ACCEPTED: items.ACCEPT_REFUSAL,
    ItemState.WITHDRAWN: items.WITHDRAW,
    ItemState.STILL_ONLINE: items.REJECT_ANSWER,
}
_TRIAGE = {
    ReportState.ACCEPTED: reports.ACCEPT,
    ReportState.DUPLICATE: reports.MARK_DUPLICATE,
    ReportState.DISMISSED: reports.DISMISS,
}


def of_report(random: Random, told: Told, triager: Person) -> Iterator[AuditEntry]:
    report = told.row
    yield _entry(
        random, reports.SUBMIT, report.received_at, [report.reference], facts=_source(report)
    )
    if transition := _TRIAGE.get(ReportState(report.state)):
        within = [told.affair.row.reference] if told.affair else []
        yield _entry(
            random,
            transition,
            report.triaged_at or report.received_at,
            [report.reference, *within],
            by=told.affair.inspector if told.affair else triager,
            facts={"case": within[0]} if within else {},
            changes={"state": [ReportState.RECEIVED, report.state]},
        )


def _source(report: Any) -> dict[str, Any]:
    return {"source": report.source}


def of_case(random: Random, affair: Affair) -> Iterator[AuditEntry]:
    case = affair.row
    facts = {"products": [affair.product.reference]}
    yield _entry(
        random, cases.OPEN, case.opened_at, [case.reference], by=affair.inspector, facts=facts
    )


def of_demand(random: Random, affair: Affair, demand: Demand) -> Iterator[AuditEntry]:
    """From the draft to the issue; the issue comes last, it is the cause of the letter."""
    context = [demand.row.reference, affair.row.reference]
    facts = {"platform": demand.shop.platform.name, "count": len(demand.items)}
    yield _entry(
        random, takedowns.DRAFT, demand.drafted_at, context, by=demand.drafter, facts=facts
    )
    if demand.issued_at:
        yield _entry(
            random, takedowns.ISSUE, demand.issued_at, context, by=demand.drafter, facts=facts
        )


def of_item(random: Random, affair: Affair, demand: Demand, item: Item) -> Iterator[AuditEntry]:
    """The answer of the platform and the decision on it."""
    if item.answered_at is None:
        return
    takedown = demand.row
    context = [f"{takedown.reference}/{item.number}", takedown.reference, affair.row.reference]
    facts: dict[str, Any] = {
        "outcome": _answered(item),
        "listing": demand.listings[item.number - 1].title,
    }
    if item.answer_id:
        facts["answer_id"] = item.answer_id
        reply = items.Answer(facts["outcome"], item.answer_id, item.ground, item.answer_text)
        facts["digest"] = reply.digest()
    agent = Person(demand.shop.agent, Role.AGENT, 0)
    yield _entry(random, items.ANSWER, item.answered_at, context, by=agent, facts=facts)
    if decision := _DECISIONS.get(ItemState(item.state)):
        yield _entry(
            random,
            decision,
            item.settled_at or item.started_at or item.answered_at,
            context,
            by=demand.drafter,
            reason=item.decision,
            facts={"listing": facts["listing"]},
        )


def _answered(item: Item) -> str:
    if item.ground:
        return ItemState.REFUSED
    if item.identified is None:
        return ItemState.NEEDS_INFORMATION
    return ItemState.REMOVED if item.identified else ItemState.NOT_FOUND


def letters(
    random: Random, affair: Affair, demand: Demand, cause: AuditEntry, until: datetime
) -> Iterator[OutboxMessage]:
    """The order to the platform, and the notice of its answers to the inspector."""
    takedown = demand.row
    reasons = document.facts(("Facts", takedown.facts), ("What to do", takedown.action))
    titles = [(str(item.number), demand.listings[item.number - 1].url) for item in demand.items]
    listed = document.table(["No.", "Address"], titles)
    yield _message(
        random,
        letter=TakedownIssued.NAME,
        about=takedown.reference,
        cause_id=cause.pk,
        created_at=demand.issued_at,
        channel=Channel.EMAIL,
        address=demand.shop.contact,
        language=demand.shop.language,
        link=f"/portal/{takedown.reference}/",
        document=Document(f"{takedown.reference}", (reasons, listed)).to_json(),
    )
    answered = [item.answered_at for item in demand.items if item.answered_at]
    if answered:
        at = min(answered)
        title = f"{takedown.reference}: {demand.shop.platform.name} has answered"
        yield _message(
            random,
            letter=AnswersArrived.NAME,
            about=takedown.reference,
            created_at=at,
            channel=Channel.IN_APP,
            address=f"user:{affair.inspector.pk}",
            user_id=affair.inspector.pk,
            language="en",
            link=f"/desk/takedowns/{takedown.reference}/",
            document=Document(title, ()).to_json(),
            read_at=at if until - at > timedelta(days=7) else None,
        )


def _entry(
    random: Random,
    transition: Transition,
    at: datetime,
    context: list[str],
    *,
    by: Person | None = None,
    reason: str = "",
    facts: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
) -> AuditEntry:
    return AuditEntry(
        at=at,
        verb=transition.verb,
        subject=context[0],
        context=context,
        operation=_uuid(random),
        actor=by.label if by else Role.PUBLIC,
        actor_user_id=by.pk if by else None,
        reason=reason,
        facts=facts or {},
        changes=changes or {},
    )


def _message(random: Random, **fields: Any) -> OutboxMessage:
    at = fields["created_at"]
    return OutboxMessage(
        id=_uuid(random),
        **fields,
        state=OutboxMessage.State.DELIVERED,
        attempts=1,
        lane="",
        queued_at=at,
        next_attempt_at=at,
        held="",
        delivered_at=at,
    )


def _uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)
