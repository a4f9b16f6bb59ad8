"""The order in which reports are read, and which one comes next."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict

from cases.filters import ReportFilter
from cases.models import Report
from cases.models.report import GRAVITY
from cases.pages.navigation import TRIAGE
from surveillance.accounts.actor import Actor
from surveillance.web import keyset

SORTS = {
    "-received": ("-received_at", "-id"),
    "received": ("received_at", "id"),
    "-severity": ("-gravity", "-received_at", "-id"),
    "severity": ("gravity", "-received_at", "-id"),
}


def ordering_of(query: QueryDict) -> tuple[str, ...]:
    """The order that an address asks for; the newest first where it says nothing."""
    return SORTS.get(query.get("sort", ""), SORTS["-received"])


def queue(actor: Actor, ordering: Sequence[str] = ()) -> QuerySet[Report]:
    """Every report the actor sees, with its gravity where the order is by it."""
    rows = Report.objects.visible_to(actor).for_list()
    by_gravity = any(name.endswith("gravity") for name in ordering)
    return rows.annotate(gravity=GRAVITY) if by_gravity else rows


def list_query(query: QueryDict) -> QueryDict:
    """What of an address says which list a report was opened from; without any, the triage."""
    names = {*ReportFilter.base_filters, "sort"}
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if name in names:
            kept.setlist(name, values)
    return kept if kept else QueryDict(TRIAGE)


def next_report(report: Report, in_list: QueryDict, *, actor: Actor, at: datetime) -> Report | None:
    """The report after this one in a list (see `list_query`), also when this one has left it.
    `report` is of the `queue` in the order of that list.

    Past the end it begins again at the top, for what has come in meanwhile; None when nothing
    else is left.
    """
    ordering = ordering_of(in_list)
    filterset = ReportFilter(in_list, queue(actor, ordering), actor=actor, at=at)
    if not filterset.is_valid():
        return None
    rows = filterset.qs.exclude(pk=report.pk)
    place = keyset.cursor_of(report, ordering)
    page = keyset.page(rows, ordering, size=1, after=place)
    rest = page.rows or keyset.page(rows, ordering, size=1).rows
    return rest[0] if rest else None
