"""The inbox: what needs the reader now, most urgent first; every number leads to its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from cases.clock_faces import Deadlines
from cases.filters import CaseFilter, ContestFilter, DeskFilterSet, ReportFilter, TakedownFilter
from cases.models import Appeal, Contest, TakedownRequest
from cases.pages import report_queue
from cases.pages.cases import case_rows
from cases.pages.navigation import TRIAGE
from cases.pages.tables import severity_cell
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.web.guards import ActorRequest, desk

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Queue:
    """A list with a filter, named by what it means to the reader."""

    label: str | Promise
    definition: str | Promise
    url_name: str
    query: str
    filterset: type[DeskFilterSet]
    ordering: Sequence[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What stands in a queue now: how many rows, the first of them, and the list of all."""

    label: str | Promise
    definition: str | Promise
    url: str
    total: int
    rows: list[Any]


def _triage() -> Queue:
    return Queue(
        _("Reports to triage"),
        _("Reports received, claimed by nobody or by you; the gravest injury first."),
        "report-list",
        TRIAGE,
        ReportFilter,
        report_queue.SORTS["-severity"],
    )


def _takedowns(label: Promise, definition: Promise, query: str) -> Queue:
    ordering = ("due_at", "id")
    return Queue(label, definition, "takedown-list", query, TakedownFilter, ordering)


def _queues(actor: Actor) -> dict[str, Queue]:
    """A supervisor looks at the office, an inspector at the cases that are theirs."""
    whose = "office" if actor.may(Right.GRANT_EXTENSION) else "me"
    queues = {
        "triage": _triage(),
        "overdue": _takedowns(
            _("Overdue"),
            _("Requests with a listing whose limit has passed without an answer."),
            f"whose={whose}&due=overdue&sort=due",
        ),
        "soon": _takedowns(
            _("Due within 7 days"),
            _("Requests whose next limit ends within 7 days."),
            f"whose={whose}&due=7&sort=due",
        ),
        "check": _takedowns(
            _("Answers to check"),
            _("Issued requests with an answer or a question that nobody has dealt with."),
            f"whose={whose}&waiting=check&sort=due",
        ),
    }
    if actor.may(Right.APPROVE_TAKEDOWN):
        queues |= _decisions()
    queues["cases"] = Queue(
        _("My open cases"),
        _("Cases that are yours and not closed."),
        "case-list",
        "assignee=me&state=open&sort=due",
        CaseFilter,
        ("due_at", "id"),
    )
    return queues


def _decisions() -> dict[str, Queue]:
    """What only a second person may decide."""
    return {
        "approvals": _takedowns(
            _("Approvals"),
            _("Requests of your office that wait for a second person, not drafted by you."),
            "whose=office&waiting=approval",
        ),
        "extensions": _takedowns(
            _("More time asked for"),
            _("Requests of your office whose platform asks for an extension."),
            "whose=office&waiting=extension",
        ),
        "appeals": _takedowns(
            _("Appeals to decide"),
            _("Requests of your office with an appeal against a decision that was not yours."),
            "whose=office&waiting=appeal",
        ),
        "formal": _takedowns(
            _("Formal letters"),
            _("Requests of your office for which a formal letter is drafted."),
            "whose=office&waiting=formal_letter",
        ),
        "contests": Queue(
            _("Tiers contested"),
            _("Sellers in a tier for whom a platform asks for a review."),
            "contest-list",
            "state=open",
            ContestFilter,
            ("filed_at", "id"),
        ),
        "risks": Queue(
            _("Risk to validate"),
            _("Cases of your office with an assessment proposed by somebody else."),
            "case-list",
            "assessment=to_validate",
            CaseFilter,
            ("opened_at", "id"),
        ),
    }


@desk
@require_GET
def inbox(request: ActorRequest) -> HttpResponse:
    """Where a working day begins."""
    actor, at = request.actor, clock.now()
    waiting = {name: _look(queue, actor, at) for name, queue in _queues(actor).items()}
    deadlines = Deadlines(at)
    context = {
        "waiting": waiting,
        "tiles": list(waiting.values()),
        "triage_query": TRIAGE,
        "reports": [{"row": row, "severity": severity_cell(row)} for row in waiting["triage"].rows],
        "due": [
            {"row": row, "deadline": deadlines.of_takedown(row)}
            for row in [*waiting["overdue"].rows, *waiting["soon"].rows]
        ],
        "appeals": _appeals(waiting.get("appeals"), actor, deadlines),
        "cases": [
            {"row": row, "deadline": deadlines.of_case(row, row.calendar_code or "")}
            for row in waiting["cases"].rows
        ],
        "nothing": not any(queue.total for queue in waiting.values()),
    }
    return render(request, "desk/inbox.html", context)


def _look(queue: Queue, actor: Actor, at: datetime) -> Waiting:
    """Count and first rows in one query, through the very filter of the list it leads to."""
    filterset = queue.filterset(QueryDict(queue.query), _rows(queue, actor), actor=actor, at=at)
    rows = list(filterset.qs.annotate(total=Window(Count("*"))).order_by(*queue.ordering)[:SHOWN])
    return Waiting(
        label=queue.label,
        definition=queue.definition,
        url=f"{reverse(queue.url_name)}?{queue.query}",
        total=rows[0].total if rows else 0,
        rows=rows,
    )


def _appeals(queue: Waiting | None, actor: Actor, deadlines: Deadlines) -> list[dict[str, Any]]:
    """What is to be decided in the requests shown, with the authority's own limit."""
    if queue is None or not queue.rows:
        return []
    lodged = Appeal.objects.open().filter(item__takedown__in=queue.rows)
    lodged = lodged.exclude(against_by=actor.user_id).order_by("due_at", "id")
    related = ("item__takedown__platform", "item__takedown__regime")
    return [
        {
            "appeal": appeal,
            "deadline": deadlines.of_appeal(appeal, appeal.item.takedown.regime.calendar_code),
        }
        for appeal in lodged.select_related(*related)[:SHOWN]
    ]


def _rows(queue: Queue, actor: Actor) -> QuerySet[Any]:
    if queue.filterset is ReportFilter:
        return report_queue.queue(actor, queue.ordering)
    if queue.filterset is CaseFilter:
        return case_rows(actor)
    if queue.filterset is ContestFilter:
        return Contest.objects.visible_to(actor).for_list()
    rows = TakedownRequest.objects.visible_to(actor)
    return rows.select_related("case", "platform", "regime")


urlpatterns = [path("desk/", inbox, name="desk")]
