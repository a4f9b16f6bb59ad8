"""A platform's side of the API, to start from: it reads what is demanded, hears webhooks, answers
in batches, and comes to the same end when connections break or it dies in the middle.

    pip install standardwebhooks
    export SURVEILLANCE_URL=https://HOST SURVEILLANCE_KEY=psk_… WEBHOOK_SECRET=whsec_…
    python integration.py once                  read what is open, answer what is decided
    python integration.py serve --port 8080     the same at each webhook, and every five minutes
    python integration.py correct TD-2026-000310 2 not_found
    python integration.py screen products.json  [{"id": "sku-1", "gtin": "4006592453091"}]

What you have decided stands in decisions.csv, with the columns url, outcome, ground, text: put your
own system in the place of `decisions_in`. Python 3.11; standardwebhooks, and nothing else.
"""

import argparse
import csv
import json
import os
import random
import sqlite3
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from standardwebhooks import Webhook, WebhookVerificationError

Row = dict[str, Any]
Decide = Callable[[list[Row]], list[Row]]
ANSWERABLE = {"pending", "still_online"}  # states in which a listing waits for you
PAGE_SIZE = 200
IN_ONE_CALL = 1000
TRIES = 6
LARGEST_WEBHOOK = 1_000_000


class Refused(Exception):
    """The service says no. `problem`: its document, whose `errors` name each field. `wait`: for how
    many seconds, where the same call may do better then; else None."""

    def __init__(self, told: HTTPError) -> None:
        self.status = told.code
        try:
            self.problem = dict(json.loads(told.read()))
        except ValueError:  # from a proxy in between
            self.problem = {"detail": told.reason}
        asked = told.headers.get("Retry-After", "")
        again = asked.isdecimal() or told.code == 429 or told.code >= 500
        self.wait = float(asked if asked.isdecimal() else 0) if again else None
        super().__init__(f"{told.code} {self.problem}")


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Any
    body: Any


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_redirect: Any) -> None:
        """The key goes to the service and nowhere else."""


class Service:
    """The API over HTTP. Every call may be sent again, for it is carried out once."""

    def __init__(self, base: str, key: str, pause: Callable[[float], None] = time.sleep) -> None:
        self.base = base.rstrip("/")
        self._key = key
        self._pause = pause
        self._opener = build_opener(_NoRedirects)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str = "",
        if_match: str = "",
        if_none_match: str = "",
    ) -> Reply:
        """`key`: the Idempotency-Key, the same on every try. Raises Refused, or OSError and
        HTTPException where nobody answers in the end."""
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "If-Match": if_match,
            "If-None-Match": if_none_match,
        }
        content = None if body is None else json.dumps(body).encode()
        given = {name: value for name, value in headers.items() if value}
        request = Request(self.base + path, content, given, method=method)
        for tried in range(1, TRIES):
            wait = min(2**tried, 60) * random.uniform(0.5, 1)
            try:
                return self._try(request)
            except Refused as no:
                if no.wait is None:
                    raise
                wait = max(wait, no.wait)
            except (OSError, HTTPException):
                pass  # sent, and no answer: carried out or not? The same key settles it
            self._pause(wait)
        return self._try(request)

    def _try(self, request: Request) -> Reply:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Reply(answer.status, answer.headers, json.loads(answer.read() or b"null"))
        except HTTPError as told:
            if told.code == 304:
                return Reply(304, told.headers, None)
            raise Refused(told) from told

    def pages(self, path: str) -> Iterator[Row]:
        """Every row of a list; `next` holds the cursor of the next page."""
        while path:
            page = self.call("GET", path).body
            yield from page["results"]
            following = urlsplit(page["next"] or "")
            path = f"{following.path}?{following.query}" if following.path else ""


class Journal:
    """What must not be forgotten when this program dies: a file of SQLite."""

    TABLES = """
        CREATE TABLE IF NOT EXISTS demand (reference TEXT PRIMARY KEY, etag TEXT, body TEXT);
        CREATE TABLE IF NOT EXISTS webhook (
            id TEXT PRIMARY KEY, reference TEXT, done INT DEFAULT 0);
        CREATE TABLE IF NOT EXISTS batch (
            key TEXT PRIMARY KEY, reference TEXT, answers TEXT, results TEXT);
    """

    def __init__(self, path: str) -> None:
        self.path = path
        with self._open() as file:
            file.executescript(self.TABLES)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=30)) as file, file:
            yield file

    def read(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._open() as file:
            return file.execute(statement, values).fetchall()

    def write(self, statement: str, *values: Any) -> int:
        """How many rows it has changed."""
        with self._open() as file:
            return file.execute(statement, values).rowcount


class Integration:
    """`decide` is given the listings that wait, and returns a row for each that is decided:
    {"number": 1, "outcome": "removed"}."""

    def __init__(self, service: Service, journal: Journal, decide: Decide) -> None:
        self.service = service
        self.journal = journal
        self.decide = decide

    def work(self) -> None:
        """One round. It can be broken off anywhere and begun again."""
        self.finish_batches()
        told = self.journal.read("SELECT id, reference FROM webhook WHERE NOT done")
        for reference in self.open_demands() | {reference for _id, reference in told if reference}:
            if demand := self.demand(reference):
                self.answer(demand)
        for one, _reference in told:
            self.journal.write("UPDATE webhook SET done = 1 WHERE id = ?", one)

    def open_demands(self) -> set[str]:
        """References of demands with a listing that waits for you."""
        rows = self.service.pages(f"/api/v1/items/?waiting=platform&page_size={PAGE_SIZE}")
        return {row["takedown"] for row in rows}

    def demand(self, reference: str) -> Row | None:
        """As it is now. What has not changed since the last time is not sent again: 304. None for
        what is not there (for you)."""
        kept = self.journal.read("SELECT etag, body FROM demand WHERE reference = ?", reference)
        etag, body = kept[0] if kept else ("", "")
        try:
            reply = self.service.call("GET", f"/api/v1/takedowns/{reference}/", if_none_match=etag)
        except Refused as no:
            if no.status == 404:
                return None
            raise
        if reply.status != 304:
            body = json.dumps(reply.body)
            self.journal.write(
                "INSERT OR REPLACE INTO demand VALUES (?, ?, ?)",
                *(reference, reply.headers["ETag"], body),
            )
        return dict(json.loads(body))

    def answer(self, demand: Row) -> list[Row]:
        """What is decided, in as few calls as there can be: a result for each row. What was said
        before is not said again: if it was refused or rejected, decide anew."""
        reference = demand["reference"]
        sent = self.journal.read("SELECT answers FROM batch WHERE reference = ?", reference)
        said = [_words(row) for (answers,) in sent for row in json.loads(answers)]
        waiting = [item for item in demand["items"] if item["state"] in ANSWERABLE]
        rows = [
            {"answer_id": str(uuid.uuid4()), **row}
            for row in self.decide(waiting)
            if _words(row) not in said
        ]
        return [
            result
            for start in range(0, len(rows), IN_ONE_CALL)
            for result in self.answer_rows(reference, rows[start : start + IN_ONE_CALL])
        ]

    def answer_rows(self, reference: str, rows: list[Row]) -> list[Row]:
        """The batch and its key are written down before the call: whoever comes after a crash
        sends the same again."""
        key = str(uuid.uuid4())
        self.journal.write(
            "INSERT INTO batch VALUES (?, ?, ?, NULL)", key, reference, json.dumps(rows)
        )
        return self._send(key, reference, rows)

    def finish_batches(self) -> None:
        """Those that were sent, or were about to be, when this program died."""
        waiting = "SELECT key, reference, answers FROM batch WHERE results IS NULL"
        for key, reference, answers in self.journal.read(waiting):
            self._send(key, reference, json.loads(answers))

    def _send(self, key: str, reference: str, rows: list[Row]) -> list[Row]:
        path = f"/api/v1/takedowns/{reference}/answers/"
        try:
            results = self.service.call("POST", path, {"answers": rows}, key=key).body["results"]
        except Refused as no:
            if no.status in {401, 403, 409, 429} or no.status >= 500:
                raise  # for now: the batch is sent again in the next round
            results = [{"row": 0, "status": no.status, "errors": [no.problem]}]
        self.journal.write("UPDATE batch SET results = ? WHERE key = ?", json.dumps(results), key)
        for result in results:
            if result["status"] != 200:
                refused = f"{rows[result['row']]}: {result['errors']}"
                print(f"{reference} refused {refused}", file=sys.stderr)
        return list(results)

    def correct(self, reference: str, number: int, said: Row) -> Row:
        """Another answer in the place of the one that stands, as it was read a moment ago. If the
        authority or a colleague was faster, it is read again, once. Raises Refused (409) when the
        authority has decided about it."""
        path = f"/api/v1/takedowns/{reference}/items/{number}/answer/"
        said = {"answer_id": str(uuid.uuid4()), **said}
        for last in (False, True):
            read = self.service.call("GET", path)
            try:
                return dict(
                    self.service.call(
                        "PUT", path, said, key=str(uuid.uuid4()), if_match=read.headers["ETag"]
                    ).body
                )
            except Refused as no:
                if last or no.status != 412:
                    raise
        raise AssertionError("unreachable")

    def screen(self, products: list[Row]) -> Iterator[Row]:
        """Products that are known to be unsafe, each with its matches. Ask before you list."""
        for start in range(0, len(products), IN_ONE_CALL):
            part = {"items": products[start : start + IN_ONE_CALL]}
            found = self.service.call("POST", "/api/v1/screening/check", part).body["results"]
            yield from (one for one in found if one["matches"])

    def note_webhook(self, message_id: str, event: Row) -> bool:
        """False where it has come before: an id is the same on every try."""
        reference = event.get("data", {}).get("reference", "")
        known = "INSERT OR IGNORE INTO webhook (id, reference) VALUES (?, ?)"
        is_demand = reference.startswith("TD-")
        return self.journal.write(known, message_id, reference if is_demand else "") == 1


def _words(row: Row) -> Row:
    """What an answer says, whatever its id."""
    return {name: value for name, value in row.items() if name != "answer_id"}


def receiver(
    integration: Integration, secret: str, port: int, heard: Callable[[], None]
) -> ThreadingHTTPServer:
    """A web server for webhooks, to stand behind yours that speaks TLS. It checks who sent it,
    writes it down and answers; the work is done afterwards, by whoever `heard` wakes."""
    signed = Webhook(secret)

    class Hook(BaseHTTPRequestHandler):
        timeout = 15

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > LARGEST_WEBHOOK:
                return self._say(413)
            body = self.rfile.read(int(length))
            try:
                event = signed.verify(body, {k.lower(): v for k, v in self.headers.items()})
            except (WebhookVerificationError, ValueError):
                return self._say(400)
            integration.note_webhook(self.headers["webhook-id"], event)
            self._say(204)
            return heard()

        def _say(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            print(format % args, file=sys.stderr)

    return ThreadingHTTPServer(("127.0.0.1", port), Hook)


def serve(integration: Integration, secret: str, port: int, every: float = 300) -> None:
    """Work when a webhook has come, and else now and then: one may be late."""
    woken = threading.Event()
    server = receiver(integration, secret, port, woken.set)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while True:
        try:
            integration.work()
        except (OSError, HTTPException, Refused) as problem:
            print(f"next round: {problem}", file=sys.stderr)
        woken.wait(every)
        woken.clear()


def decisions_in(path: str) -> Decide:
    """Of a table by address, read anew for each demand. Your own system stands here."""

    def decide(items: list[Row]) -> list[Row]:
        with Path(path).open(newline="", encoding="utf-8") as file:
            said = {row.pop("url"): row for row in csv.DictReader(file)}
        return [
            {"number": item["number"], **{name: word for name, word in row.items() if word}}
            for item in items
            if (row := said.get(item["url"]))
        ]

    return decide


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--journal", default="journal.sqlite3")
    parser.add_argument("--decisions", default="decisions.csv")
    todo = parser.add_subparsers(dest="todo", required=True)
    todo.add_parser("once")
    todo.add_parser("serve").add_argument("--port", type=int, default=8080)
    correct = todo.add_parser("correct")
    correct.add_argument("reference")
    correct.add_argument("number", type=int)
    correct.add_argument("outcome")
    correct.add_argument("--ground", default="")
    correct.add_argument("--text", default="")
    todo.add_parser("screen").add_argument("products", type=Path)
    given = parser.parse_args(None if arguments is None else list(arguments))

    service = Service(os.environ["SURVEILLANCE_URL"], os.environ["SURVEILLANCE_KEY"])
    integration = Integration(service, Journal(given.journal), decisions_in(given.decisions))
    if given.todo == "once":
        integration.work()
    elif given.todo == "serve":
        serve(integration, os.environ["WEBHOOK_SECRET"], given.port)
    elif given.todo == "correct":
        said = {"outcome": given.outcome, "ground": given.ground, "text": given.text}
        print(json.dumps(integration.correct(given.reference, given.number, said), indent=2))
    else:
        for known in integration.screen(json.loads(given.products.read_text())):
            print(json.dumps(known))


if __name__ == "__main__":
    main()
