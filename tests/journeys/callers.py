"""People and programs that use the running webs, while those come and go.

A call that is cut off is made again, at whichever web answers, until it is known what became of
it: as a person reloads a page, and as the API's guide tells programs to. What was answered with
success is `accepted`; it must be in the database.
"""

import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import uuid4

import urllib3
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from cases.bench.browser import session_of
from surveillance import clock
from surveillance.outbox import queue
from surveillance.outbox.letter import Channel, Recipient
from tests.cast import Cast
from tests.journeys.fleet import Fleet
from tests.story import Story
from tests.surveillance.outbox.test_delivery import Trial

PATIENCE = 60.0  # seconds for one call, over all tries
TOKEN = "c" * 32  # of CSRF: the cookie and the header say the same
LISTINGS = 2


@dataclass
class Accepted:
    """References of requests, and of items; `again` counts calls that were made more than once."""

    issued: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    answered: list[tuple[str, int]] = field(default_factory=list)
    letters: int = 0
    again: int = 0


class Line:
    """One caller's way to the webs."""

    def __init__(self, fleet: Fleet, accepted: Accepted, headers: Mapping[str, str]) -> None:
        self.fleet, self.accepted, self.headers = fleet, accepted, headers
        self.pool = urllib3.PoolManager(retries=False, timeout=10, maxsize=1)

    def post(self, path: str, body: object = None, **headers: str) -> tuple[int, bytes]:
        content = json.dumps(body).encode() if body else b""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            url = f"http://127.0.0.1:{random.choice(self.fleet.ports)}{path}"
            sent = dict(self.headers) | headers
            try:
                answer = self.pool.request("POST", url, body=content, headers=sent, redirect=False)
            except urllib3.exceptions.HTTPError:
                self.accepted.again += 1
                time.sleep(0.05)
                continue
            if answer.headers.get("Retry-After") is None:
                return answer.status, answer.data
            time.sleep(0.1)
        raise AssertionError(f"{path} was not answered within {PATIENCE:.0f} seconds")


class Life:
    """Requests one after another: drafted, issued on the desk by Ana, acknowledged and answered
    through the API by the platform."""

    def __init__(
        self, fleet: Fleet, accepted: Accepted, cast: Cast, secret: str, place: int
    ) -> None:
        self.accepted, self.cast = accepted, cast
        self.story = Story(cast)
        self.story._offers = place * 1_000_000  # addresses of its own
        self.story.account()
        cookies = {settings.SESSION_COOKIE_NAME: session_of(cast.ana), "csrftoken": TOKEN}
        page = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        api = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self.desk, self.api = Line(fleet, accepted, page), Line(fleet, accepted, api)

    def one(self) -> None:
        reference = self.story.draft(kind="notice", listings=LISTINGS).reference
        self.issue(reference)
        self.acknowledge(reference)
        self.answer(reference)

    def issue(self, reference: str) -> None:
        status, page = self.desk.post(reverse("takedown-issue", args=[reference]))
        if status == HTTPStatus.FOUND:
            self.accepted.issued.append(reference)
        else:  # carried out before the answer was cut off
            assert status == HTTPStatus.CONFLICT, (status, page[:500])

    def acknowledge(self, reference: str) -> None:
        key = {"Idempotency-Key": str(uuid4())}
        status, said = self.api.post(reverse("api-takedown-acknowledge", args=[reference]), **key)
        assert status == HTTPStatus.OK, (status, said[:500])
        self.accepted.acknowledged.append(reference)

    def answer(self, reference: str) -> None:
        numbers = range(1, LISTINGS + 1)
        rows = [
            {"number": number, "outcome": "removed", "answer_id": f"{reference}/{number}"}
            for number in numbers
        ]
        key = {"Idempotency-Key": str(uuid4())}
        path = reverse("api-takedown-answers", args=[reference])
        status, said = self.api.post(path, {"answers": rows}, **key)
        assert status == HTTPStatus.MULTI_STATUS, (status, said[:500])
        assert {row["status"] for row in json.loads(said)["results"]} == {HTTPStatus.OK}, said
        self.accepted.answered += [(reference, number) for number in numbers]


class Post:
    """Letters to many, of all channels: what is under way when somebody dies."""

    ADDRESSES, LETTERS = 40, 4

    def __init__(self, accepted: Accepted, endpoints: Mapping[int, str], user_id: int) -> None:
        self.accepted = accepted
        self.recipients = [
            *(Recipient(Channel.EMAIL, f"r{n}@post.example") for n in range(self.ADDRESSES)),
            *(Recipient(Channel.WEBHOOK, url, endpoint_id=pk) for pk, url in endpoints.items()),
            Recipient(Channel.IN_APP, "user", user_id=user_id),
        ]

    def one(self) -> None:
        chosen = random.sample(self.recipients, self.LETTERS)
        with transaction.atomic():
            queue.enqueue([Trial("post", tuple(chosen))], cause=None, at=clock.now())
        self.accepted.letters += len(chosen)


class Busy:
    """Somebody who does one thing after another, in a thread, until told to stop."""

    def __init__(self, act: Callable[[], None], pause: float) -> None:
        self._act, self._pause = act, pause
        self._over = threading.Event()
        self._problem: BaseException | None = None
        self._thread = threading.Thread(target=self._go_on)
        self._thread.start()

    def stop(self) -> None:
        """Ends what is under way; raises what went wrong."""
        self._over.set()
        self._thread.join()
        if self._problem:
            raise self._problem

    def _go_on(self) -> None:
        try:
            while not self._over.wait(self._pause):
                self._act()
        except BaseException as problem:
            self._problem = problem
        finally:
            connection.close()  # the thread's own
