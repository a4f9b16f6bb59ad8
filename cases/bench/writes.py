"""Work that writes: a change of state, a public report, a batch of answers."""

import json
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.urls import reverse

from cases.bench import scene, timing
from cases.bench.browser import Browser, Unexpected, session_of
from cases.bench.floors import bare_answers, bare_entries
from cases.bench.pages import CLIENTS, Effort
from cases.bench.statements import reader, watched
from cases.bench.table import Measured
from cases.models import Report, TakedownRequest
from sellers.models import Platform
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.accounts.rights import Role

BATCH = 1000  # answers
BATCHES = 3
A_SECOND = 400  # more than are ever done
_REASON = {"ground": "too_little", "reason": "Made by the bench."}
_DRAFT = {
    "product": {"product_name": "Bench kettle", "brand": "Bench"},
    "place": {"retailer": "Bench shop"},
    "incident": {"incident": "The lid burst open while it was boiling; nobody was near."},
    "injury": {"severity": "none"},
    "contact": {"source": "consumer", "email": "reporter@bench.example", "may_contact": "on"},
}


def change_of_state(user: User, port: int, effort: Effort) -> Measured:
    """Dismissing a report: lock, check, save, audit entry, a letter to the reporter."""
    waiting = scene.waiting_reports(_supply(effort) + 2)
    *addresses, first, second = [
        reverse("report-dismiss", args=[report.reference]) for report in waiting
    ]
    form = _REASON | {"version": str(waiting[0].version)}  # as the page sends it
    browsers = [Browser(port, session_of(user)) for _ in range(CLIENTS)]

    def dismiss(browser: Browser) -> Callable[[int], object]:
        return lambda number: browser.post(addresses[number], form)

    queries = _statements(user, HTTPStatus.FOUND, [first, second], data=form)
    alone = timing.repeat(dismiss(browsers[0]), effort.times)
    together = timing.rate(
        [dismiss(browser) for browser in browsers],
        effort.seconds,
        effort.times + timing.WARM_UP,
    )
    keys = [report.pk for report in waiting]
    floor = timing.repeat(lambda number: _bare_change(keys[number]), effort.times)
    _put_away(keys)
    return Measured(
        "change of state", "25 / 50, ≥ 80/s, ≤ 10 q", alone, together, queries, floor=floor
    )


def public_report(port: int, effort: Effort) -> Measured:
    """The last step of the public form, with every answer given.

    Each sender has an address of its own, so that the throttle stays in force.
    """
    check = reverse("report-check")
    senders = [
        Browser(port, session_of(None, report_draft=_DRAFT), f"127.0.{1 + n // 250}.{1 + n % 250}")
        for n in range(_supply(effort))
    ]

    def send(number: int) -> object:
        return senders[number].post(check, {})

    alone = timing.repeat(send, effort.times)
    together = timing.rate([send] * CLIENTS, effort.seconds, effort.times + timing.WARM_UP)
    floor = timing.repeat(_bare_report, effort.times)
    return Measured("public report, submit", "40 / 80, ≥ 50/s", alone, together, floor=floor)


def answers(user: User, ports: tuple[int, int]) -> Measured:
    """A platform answers a thousand listings in one call of the API. The floor writes the same
    rows and entries in two statements; lean is a bare view of DRF with as many statements as ours.
    """
    platform = Platform.objects.exclude(notice_regime="").earliest("pk")
    agent = User.objects.members_of(platform.pk).with_role(Role.AGENT).earliest("pk")
    fresh = iter(
        scene.issued_notice(platform, BATCH, Actor.of(user), clock.now()) for _ in range(10**6)
    )
    statements = _statements(
        agent,
        HTTPStatus.MULTI_STATUS,
        [_answers_of(next(fresh)), _answers_of(next(fresh))],
        data=_batch(),
        content_type="application/json",
    )
    ours = _answering(agent, ports[0], fresh, {})
    lean = _answering(agent, ports[1], fresh, {"statements": statements})
    bare = timing.once(lambda: bare_answers(next(fresh).pk, BATCH))
    rates = BATCH / min(ours), BATCH / min(lean)
    return Measured(
        f"platform answers, {BATCH:,} in one call",
        "≥ 2,000 items/s",
        queries=statements,
        note=f"{rates[0]:,.0f} items/s ({BATCH / max(ours):,.0f} at worst); a bare view"
        f" {rates[1]:,.0f}: {rates[0] / rates[1]:.0%}",
        floor=timing.Timing([bare * 1000]),
    )


def _answering(
    agent: User, port: int, fresh: Iterator[TakedownRequest], told: dict[str, int]
) -> list[float]:
    """Seconds of each batch but the first, which warms up."""
    browser = Browser(port, session_of(agent))

    def answer(takedown: TakedownRequest) -> None:
        body = json.dumps(_batch() | told).encode()
        browser.post_json(_answers_of(takedown), body, HTTPStatus.MULTI_STATUS)

    requests = [next(fresh) for _ in range(BATCHES + 1)]
    return [timing.once(lambda one=one: answer(one)) for one in requests][1:]  # type: ignore[misc]


def _statements(user: User, status: int, addresses: Iterable[str], **posted: Any) -> int:
    """Of a post to the last of the addresses: what a process keeps is there by then."""
    with reader(user) as client:
        for address in addresses:
            with watched() as asked:
                answer = client.post(address, **posted)
            if answer.status_code != status:
                raise Unexpected(f"{answer.status_code}: {answer.content[:500]!r}")
    return len(asked)


def _answers_of(takedown: TakedownRequest) -> str:
    return reverse("api-takedown-answers", args=[takedown.reference])


def _batch() -> dict[str, Any]:
    numbers = range(1, BATCH + 1)
    answers = [{"number": n, "outcome": "removed", "answer_id": f"bench-{n}"} for n in numbers]
    return {"answers": answers}


def _supply(effort: Effort) -> int:
    return effort.times + timing.WARM_UP + int(effort.seconds * A_SECOND)


def _put_away(keys: list[int]) -> None:
    """What was not needed does not wait for anybody: every page counts what waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_report SET state = 'dismissed' WHERE id = ANY(%s) AND state = 'received'",
            [keys],
        )


def _bare_change(key: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT state FROM cases_report WHERE id = %s FOR UPDATE", [key])
        cursor.execute("UPDATE cases_report SET version = version + 1 WHERE id = %s", [key])
        bare_entries(1)


def _bare_report(number: int) -> None:
    """A copy of a report of the bench, under another reference."""
    columns = [field.column for field in Report._meta.concrete_fields if not field.primary_key]
    values = ["%s" if column == "reference" else column for column in columns]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_report ({', '.join(columns)}) SELECT {', '.join(values)}"
            " FROM cases_report WHERE brand = 'Bench' ORDER BY id DESC LIMIT 1",
            [f"B-{uuid4().hex[:16]}"],
        )
        bare_entries(1)
