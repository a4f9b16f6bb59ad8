"""Logs: every line of a request carries its id and who acts, and no line personal data."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from surveillance.accounts.rights import Scope
from surveillance.operations import logs
from surveillance.outbox import delivery, queue, sending
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.transports.base import Exchange
from surveillance.web import views
from tests.journeys.workers import wait_until, worker

POKED, ALONE = "outbox.deliver", "outbox.recover_claims"
Lines = Callable[[], list[dict[str, Any]]]
REPORT = {
    "product": {"product_name": "Plush bear", "brand": "Bruno"},
    "place": {"retailer": "Toyworld"},
    "incident": {"incident": "The eye came off in the night.", "happened_on": "2026-09-20"},
    "injury": {"severity": "first_aid"},
    "contact": {
        "source": "consumer",
        "name": "Eve Ngata",
        "email": "eve@mail.example",
        "may_contact": "on",
    },
}
PERSONAL = ("eve@mail", "Ngata", "Plush", "Bruno", "came off", "Toyworld")


def formatter(form: str) -> logging.Formatter:
    described = dict(logs.configuration(form, "INFO")["formatters"]["event"])
    return described.pop("()")(**described)


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What production would have written so far, in everything that is logged at all."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter("json"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def of_requests(lines: Lines) -> list[dict[str, Any]]:
    return [line for line in lines() if line["event"] == "request_finished"]


def test_a_request_is_one_line_with_its_id_and_who_acts(ana, client_of, lines):
    answer = client_of(ana).get(reverse("desk"), {"q": "a search"})
    (line,) = of_requests(lines)
    assert line["request"] == "GET desk"
    assert line["code"] == 200
    assert line["actor"] == f"inspector:{ana.pk}"
    assert line["request_id"] == answer["X-Request-ID"]
    assert line["duration_ms"] > 0
    assert "a search" not in str(lines())


def test_a_key_is_named_by_its_prefix(story, lines):
    issued = story.issued_key(scopes={Scope.READ})
    client = Client(headers={"authorization": f"Bearer {issued.secret}"})
    assert client.get(reverse("api-takedown-list")).status_code == 200
    (line,) = of_requests(lines)
    assert line["actor"] == issued.row.actor.label
    assert issued.row.prefix in line["actor"]
    assert issued.secret not in str(lines())


def test_an_id_that_a_proxy_has_given_is_taken_over(db):
    answer = Client().get(reverse("health"), headers={"X-Request-ID": "edge-2026:0a1b2c3d"})
    assert answer["X-Request-ID"] == "edge-2026:0a1b2c3d"


@pytest.mark.parametrize(
    "given", ["short", "has blanks in it", "x" * 65, "break\nthe-line", "漢字漢字"]
)
def test_an_id_that_is_not_sane_is_replaced(db, given):
    answer = Client().get(reverse("health"), headers={"X-Request-ID": given})
    assert len(answer["X-Request-ID"]) == 32
    assert answer["X-Request-ID"] != given


def test_ids_of_two_requests_differ(db):
    first, second = (Client().get(reverse("health"))["X-Request-ID"] for _ in range(2))
    assert first != second


def test_a_public_report_leaves_nothing_of_itself_in_the_log(db, time, lines, monkeypatch):
    visitor = Client()
    for step, answers in REPORT.items():
        assert visitor.post(reverse("report-step", args=[step]), answers).status_code == 302
    assert visitor.post(reverse("report-check"), {"website": ""}).status_code == 302
    letter = OutboxMessage.objects.get(letter="report_received")
    assert letter.address == "eve@mail.example"

    class Broken:
        def send(self, message: OutboxMessage, at: datetime) -> Exchange:
            raise ValueError(f"cannot write to {message.address}")

        def close(self) -> None:
            """Nothing was opened."""

    monkeypatch.setattr(sending, "TRANSPORTS", dict.fromkeys(Channel, Broken))
    delivery.deliver()
    written = json.dumps(lines(), ensure_ascii=False)
    assert [line["actor"] for line in of_requests(lines)] == ["public"] * 6
    assert str(letter.pk) in written, "the letter's number is there to be looked up"
    assert "ValueError" in written
    assert [word for word in PERSONAL if word in written] == []


def test_a_fault_is_logged_with_its_place_but_not_its_message(db, lines, monkeypatch):
    def fails(at: object) -> None:
        fault = LookupError("eve@mail.example is not there")
        fault.add_note("asked for eve@mail.example")
        raise fault

    monkeypatch.setattr(views, "health", fails)
    answer = Client(raise_request_exception=False).get(reverse("health"))
    assert answer.status_code == 500
    (line,) = [line for line in lines() if line["event"] == "request_failed"]
    assert line["request_id"] == answer["X-Request-ID"]
    (error,) = line["exception"]
    assert error["exc_type"] == "LookupError"
    assert error["frames"][-1]["name"] == "fails"
    assert "eve@mail" not in str(lines())


def test_what_is_wrong_with_a_machine_is_said(lines):
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        logging.getLogger("somewhere").exception("the database is away")
    (line,) = lines()
    assert line["exception"][0]["exc_value"] == "connection refused"


def test_an_error_given_as_a_field_is_treated_like_any_other(lines):
    failed = ValueError("eve@mail.example")
    structlog.get_logger("somewhere").error("failed", error=str(failed), exception=failed)
    (line,) = lines()
    assert line["exception"][0]["exc_type"] == "ValueError"
    assert "eve@mail" not in str(line)


def test_people_read_lines():
    record = logging.LogRecord("somewhere", logging.INFO, "", 1, "%s arrived", ("it",), None)
    assert "it arrived" in formatter("line").format(record)


def test_a_form_that_does_not_exist_is_refused():
    with pytest.raises(ImproperlyConfigured, match="json or line"):
        logs.configuration("xml", "INFO")


@pytest.mark.django_db(transaction=True)
def test_a_job_carries_the_id_of_the_request_that_poked_it(tmp_path):
    log = tmp_path / "worker.log"
    with worker(log, LOG_FORMAT="json"):
        structlog.contextvars.bind_contextvars(request_id="the-request", actor="inspector:12")
        queue.poke()
        structlog.contextvars.clear_contextvars()
        queue.start(ALONE)
        wait_until(lambda: {POKED, ALONE} <= _done(log).keys(), "both jobs are done")
    poked, alone = _done(log)[POKED], _done(log)[ALONE]
    assert (poked["request_id"], poked["actor"]) == ("the-request", "inspector:12")
    assert "request_id" not in alone
    assert poked["task_id"] != alone["task_id"]


def _done(log: Path) -> dict[str, dict[str, Any]]:
    """The lines of jobs that have succeeded, by job; the last line may be half written."""
    whole = log.read_text().rpartition("\n")[0].splitlines()
    lines = map(json.loads, filter(_is_json, whole))
    return {line["task"]: line for line in lines if line["event"] == "task_succeeded"}


def _is_json(line: str) -> bool:
    return line.startswith("{")
