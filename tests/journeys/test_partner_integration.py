"""The reference integration of docs/partners against a running server, over connections that break:
what a platform copies from us keeps what it promises.
"""

import json
import sys
import threading
import time as real_time
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import util
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from cases.flows import corrections, items
from cases.models import Item
from surveillance.accounts.rights import Scope
from surveillance.audit.models import AuditEntry
from surveillance.outbox import delivery
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.transports.webhook import body_of, signed_headers
from tests.cast import answer_with
from tests.journeys.dropping import wire_to
from tests.surveillance.outbox.receivers import an_endpoint, serving

SOURCE = Path(__file__).resolve().parents[2] / "docs/partners/integration.py"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def program():
    spec = util.spec_from_file_location("integration", SOURCE)
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def wire(live_server):
    with wire_to(live_server.url) as wire:
        yield wire


@pytest.fixture
def key(story) -> str:
    return story.issued_key(scopes={Scope.READ, Scope.ANSWER, Scope.SCREEN}).secret


@pytest.fixture
def started(program, wire, key, tmp_path):
    """The program, with decisions by number; again, it finds its journal."""

    def start(decided: dict[int, dict[str, str]] | None = None):
        def decide(waiting):
            said = decided or {}
            return [{"number": n, **said[n]} for n in (i["number"] for i in waiting) if n in said]

        service = program.Service(wire.url, key, pause=lambda _seconds: real_time.sleep(0.1))
        journal = program.Journal(str(tmp_path / "journal.sqlite3"))
        return program.Integration(service, journal, decide)

    return start


def answers_given() -> int:
    return AuditEntry.objects.filter(verb="item.answer").count()


REMOVED = {"outcome": "removed"}
WITHOUT_GROUND = {"outcome": "refused", "text": "It is another model."}


def test_what_is_open_is_read_by_pages_and_not_twice(program, started, wire, story, monkeypatch):
    monkeypatch.setattr(program, "PAGE_SIZE", 2)
    open_ = {story.issued(listings=3).reference, story.issued(listings=2).reference}
    story.issued_notice(platform=story.cast.bazaar)
    integration = started()
    assert integration.open_demands() == open_
    assert wire.statuses("GET") == [200] * 3
    for _time in range(2):
        demands = [integration.demand(reference) for reference in sorted(open_)]
        assert [len(demand["items"]) for demand in demands] == [3, 2]
    assert wire.statuses("GET")[3:] == [200, 200, 304, 304]
    assert integration.demand("TD-2026-999999") is None


@pytest.mark.parametrize("at_once", [False, True], ids=["it has answered", "it is at work"])
def test_the_connection_breaks_and_the_answers_stand_once(started, wire, story, at_once):
    takedown = story.issued(listings=3)
    integration = started({1: REMOVED, 2: WITHOUT_GROUND, 3: {"outcome": "not_found"}})
    wire.break_next("POST", at_once=at_once)
    results = integration.answer(integration.demand(takedown.reference))
    assert [row["status"] for row in results] == [200, 422, 200]
    assert results[1]["errors"][0]["pointer"] == "/answers/1/ground"
    carried_out = [
        answer for line, answer in wire.calls if line.startswith("POST") and b" 207 " in answer
    ]
    again = [answer for answer in carried_out if b"Idempotent-Replayed: true" in answer]
    assert len(carried_out) - len(again) == 1
    assert len({answer.partition(b"\r\n\r\n")[2] for answer in carried_out}) == 1
    # Of two calls at work at once either may be the first; the other one is asked to wait.
    assert again or (at_once and 409 in wire.statuses("POST"))
    assert answers_given() == 2
    assert [item.state for item in takedown.items.order_by("number")] == [
        "removed",
        "pending",
        "not_found",
    ]


def test_who_died_in_the_middle_sends_the_same_batch(program, started, wire, story):
    takedown = story.issued(listings=2)
    wire.break_next("POST", program.TRIES)
    with pytest.raises(OSError):  # noqa: PT011
        started({1: REMOVED, 2: REMOVED}).work()
    assert answers_given() == 2
    again = started({1: REMOVED, 2: REMOVED})
    again.work()
    (kept,) = again.journal.read("SELECT results FROM batch")
    assert [row["status"] for row in json.loads(kept[0])] == [200, 200]
    assert answers_given() == 2
    item = items.reject_answer(takedown.items.get(number=1), by=story.ana, reason="It is there.")
    again.work()
    item.refresh_from_db()
    assert item.state == "still_online"  # what was said before is not said again


def test_a_correction_replaces_what_was_read_and_nothing_else(started, wire, story, monkeypatch):
    item = story.answered()
    integration = started()
    wire.break_next("PUT")
    reference, number = item.takedown.reference, item.number
    done = integration.correct(reference, number, {"outcome": "not_found"})
    assert done["state"] == "not_found"
    assert wire.statuses("PUT") == [200, 200]
    corrected = AuditEntry.objects.filter(verb="item.correct_answer")
    assert corrected.count() == 1

    call, faster = integration.service.call, [answer_with("refused", "A colleague")]

    def overtaken(method, path, *body, **headers):
        if method == "PUT" and faster:
            row = Item.objects.get(pk=item.pk)
            corrections.correct_answer(row, faster.pop(), by=story.dot)
        return call(method, path, *body, **headers)

    monkeypatch.setattr(integration.service, "call", overtaken)
    assert integration.correct(reference, number, {"outcome": "removed"})["state"] == "removed"
    assert wire.statuses("PUT")[2:] == [412, 200]
    assert corrected.count() == 3


@contextmanager
def listening(program, integration):
    heard = threading.Event()
    server = program.receiver(integration, SECRET, 0, heard.set)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}/", heard


def posted(url: str, body: str, headers: dict[str, str]) -> int:
    try:
        with urlopen(Request(url, body.encode(), headers), timeout=5) as answer:
            return answer.status
    except HTTPError as told:
        return told.code


def test_a_webhook_is_believed_if_we_sent_it_and_heard_once(
    program, started, story, cast, time, settings
):
    settings.WEBHOOKS_MAY_CALL_PRIVATE = True
    time.move_to(datetime.now(UTC))
    integration = started({1: REMOVED})
    with listening(program, integration) as (url, heard):
        endpoint = an_endpoint(cast.harbour.organisation, url, SECRET)
        takedown = story.issued()
        delivery.deliver()
        message = OutboxMessage.objects.get(endpoint=endpoint)
        assert message.state == "delivered"
        assert heard.is_set()
        body = body_of(message)
        headers = signed_headers(str(message.pk), time.now, body, [SECRET])
        assert posted(url, body, headers) == 204
        assert posted(url, body.replace("TD-2026", "TD-2027"), headers) == 400
        forged = signed_headers("msg_2", time.now, body, ["whsec_" + "A" * 32])
        assert posted(url, body, forged) == 400
    noted = integration.journal.read("SELECT id, reference, done FROM webhook")
    assert noted == [(str(message.pk), takedown.reference, 0)]
    integration.work()
    assert takedown.items.get(number=1).state == "removed"
    assert integration.journal.read("SELECT done FROM webhook") == [(1,)]


def test_from_the_command_line(program, wire, key, story, tmp_path, monkeypatch, capsys):
    takedown, alert = story.issued(), story.alert()
    first, second = takedown.items.order_by("number")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SURVEILLANCE_URL", wire.url)
    monkeypatch.setenv("SURVEILLANCE_KEY", key)
    Path("decisions.csv").write_text(f"url,outcome,ground,text\n{first.listing.url},removed,,\n")
    program.main(["once"])
    program.main(["correct", takedown.reference, "1", "not_found"])
    assert json.loads(capsys.readouterr().out)["state"] == "not_found"
    second.refresh_from_db()
    assert second.state == "pending"
    asked = [{"id": "1", "brand": "Cubo", "model": "MC-216"}, {"id": "2", "brand": "Rondo"}]
    Path("products.json").write_text(json.dumps(asked))
    program.main(["screen", "products.json"])
    known = json.loads(capsys.readouterr().out)
    assert (known["id"], known["matches"][0]["alert"]) == ("1", alert.reference)
