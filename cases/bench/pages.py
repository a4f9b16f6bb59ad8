"""Pages that are read: lists, searches, the deep end, a detail, the statistics."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from cases.bench import timing
from cases.bench.browser import Browser, session_of
from cases.bench.statements import reader, watched
from cases.bench.table import Measured
from cases.models import Report, ReporterContact, TakedownRequest, TallyMark
from cases.pages.report_queue import SORTS
from cases.stats.tallies import tally
from surveillance.accounts.models import User
from surveillance.web import keyset

CLIENTS = 8
DEEP = 1000  # rows before the end of the list
VISITS = 9  # of each address, for the time of its statements


@dataclass(frozen=True, slots=True)
class Page:
    """A page to measure. `lean`: is there a lean page at the same addresses? `floor`: SQL and its
    parameters for the same rows."""

    work: str
    target: str
    addresses: Sequence[str]
    floor: str = ""
    parameters: Sequence[Any] = field(default_factory=list)
    lean: bool = True


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: times with one client, seconds with eight."""

    times: int
    seconds: float


_ROW = "reference, state, source, received_at, product_name, brand, model, severity, assignee_id"
_NEWEST = "ORDER BY received_at DESC, id DESC LIMIT 25"


def pages(user: User) -> Iterator[Page]:
    reports = reverse("report-list")

    def asking(**query: str) -> str:
        return f"{reports}?{urlencode(query)}"

    yield Page(
        "list",
        "35 / 70, ≥ 60/s, ≤ 12 q, ≤ 8 ms SQL",
        [reports],
        f"SELECT {_ROW} FROM cases_report {_NEWEST}",
    )
    yield Page(
        "filtered list",
        "35 / 70, ≥ 60/s, ≤ 12 q, ≤ 8 ms SQL",
        [asking(state="accepted", severity="hospital", received_from="2023-01-01")],
        f"SELECT {_ROW} FROM cases_report WHERE state = 'accepted' AND severity = 'hospital'"
        f" AND received_at >= '2023-01-01' {_NEWEST}",
    )
    yield _search(asking, "two-word search", "magnetic cubes", "ladder giant", "drone travel")
    yield _search(asking, "two-character search", "磁力", "充電", "玩具")
    yield Page(
        "search everywhere",
        "45 / 90, ≥ 45/s",
        [f"{reverse('search')}?{urlencode({'q': q})}" for q in ("magnetic cubes", "磁力")],
        lean=False,
    )
    yield _deep(asking)
    yield _detail()
    yield Page(
        "takedown list",
        "35 / 70, ≥ 60/s, ≤ 12 q",
        [reverse("takedown-list")],
        "SELECT reference, state, kind, due_at, drafted_at, platform_id, case_id"
        " FROM cases_takedownrequest ORDER BY drafted_at DESC, id DESC LIMIT 25",
        lean=False,
    )
    yield Page(
        "a request with its listings",
        "45 / 90, ≥ 45/s, ≤ 15 q",
        [reverse("takedown-detail", args=[_large_request(user).reference])],
        lean=False,
    )


def statistics() -> Page:
    return Page(
        "statistics",
        "p95 ≤ 300 at 1,000,000",
        [reverse("statistics")],
        "SELECT state, count(*), count(*) FILTER (WHERE answered_in_time)"
        " FROM cases_item WHERE started_at IS NOT NULL GROUP BY state",
    )


def tallying() -> Measured:
    """What the sweep does every few seconds for what has changed; here once for everything."""
    marks = TallyMark.objects.count()
    seconds = timing.once(tally)
    return Measured("tallying what has changed", note=f"{marks:,} requests in {seconds:.1f} s")


def measure(page: Page, user: User, ports: tuple[int, int], effort: Effort) -> Measured:
    """`ports`: ours and the lean one's."""
    ours, lean = ports
    queries, sql_ms, size = _inside(page, user)
    floor = None
    if page.floor:
        floor = timing.repeat(lambda _number: _ask(page.floor, page.parameters), effort.times)
    alone, together = _browse(page, user, ours, effort)
    lean_alone, lean_together = _browse(page, user, lean, effort) if page.lean else (None, None)
    return Measured(
        page.work,
        page.target,
        ours=alone,
        rate=together,
        queries=queries,
        sql_ms=sql_ms,
        kilobytes=size / 1024,
        floor=floor,
        lean=lean_alone,
        lean_rate=lean_together,
    )


def _browse(page: Page, user: User, port: int, effort: Effort) -> tuple[timing.Timing, float]:
    def visit(browser: Browser) -> Callable[[int], object]:
        return lambda number: browser.get(page.addresses[number % len(page.addresses)])

    browsers = [Browser(port, session_of(user)) for _ in range(CLIENTS)]
    alone = timing.repeat(visit(browsers[0]), effort.times)
    return alone, timing.rate([visit(browser) for browser in browsers], effort.seconds)


def _inside(page: Page, user: User) -> tuple[int, float, int]:
    """Statements, p50 of the milliseconds in them, and bytes: the worst of the page's addresses."""
    worst = (0, 0.0, 0)
    with reader(user) as client:
        for address in page.addresses:
            client.get(address)
            visits = [_visit(client, address) for _ in range(VISITS)]
            queries, _spent, size = visits[-1]
            worst = max(worst, (queries, median(one[1] for one in visits), size), key=itemgetter(1))
    return worst


def _visit(client: Client, address: str) -> tuple[int, float, int]:
    with watched() as spent:
        content = client.get(address).content
    return len(spent), sum(spent), len(content)


def _ask(statement: str, parameters: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.fetchall()


def _search(asking: Callable[..., str], work: str, *texts: str) -> Page:
    """The floor looks for the first of the texts."""
    words = texts[0].split()
    wide = len(words) == 1
    holds = "search_text LIKE %s"
    if wide:
        holds += " AND search_pairs(search_text) @> ARRAY[%s]"
    return Page(
        work,
        "45 / 90, ≥ 45/s, ≤ 12 ms SQL",
        [asking(q=text) for text in texts],
        f"SELECT {_ROW} FROM cases_report WHERE {' AND '.join([holds] * len(words))} {_NEWEST}",
        [f"%{words[0]}%", words[0]] if wide else [f"%{word}%" for word in words],
    )


def _deep(asking: Callable[..., str]) -> Page:
    ordering = SORTS["-received"]
    row = Report.objects.order_by("received_at", "id")[DEEP]
    return Page(
        "deep page",
        "50 / 100, ≥ 40/s, keyset",
        [asking(after=keyset.cursor_of(row, ordering))],
        f"SELECT {_ROW} FROM cases_report WHERE (received_at, id) < (%s, %s) {_NEWEST}",
        [row.received_at, row.pk],
    )


def _detail() -> Page:
    """Reports of the most eager reporter."""
    often = ReporterContact.objects.filter(email="mabel.okafor@mail.example")
    references = list(
        often.filter(report__case=None).values_list("report__reference", flat=True)[:10]
    )
    return Page(
        "detail, repeat reporter",
        "45 / 90, ≥ 45/s, ≤ 15 q",
        [reverse("report-detail", args=[reference]) for reference in references],
        "SELECT * FROM cases_report r LEFT JOIN cases_reportercontact c ON c.report_id = r.id"
        " LEFT JOIN cases_case k ON k.id = r.case_id WHERE r.reference = %s",
        [references[0]],
    )


def _large_request(user: User) -> TakedownRequest:
    found = (
        TakedownRequest.objects.filter(case__is_restricted=False, items__number=50)
        .order_by("-drafted_at")
        .first()
    )
    if found is None:
        raise LookupError("No request with 50 listings: generate more items.")
    return found
