"""A worker is killed with SIGKILL between claim and send: nothing is lost, nothing doubled."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from surveillance import clock
from surveillance.audit.models import AuditEntry
from surveillance.outbox import claims, queue
from surveillance.outbox.models import Lane, OutboxMessage
from tests.cast import MONDAY, raise_cast
from tests.journeys.workers import wait_until, worker
from tests.story import Story
from tests.surveillance.outbox.receivers import mail_server

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]


@dataclass
class Outcome:
    """What the receiver got, and what the database says, after the crash and the recovery."""

    mails: Counter[str]
    states: Counter[str]
    expected: list[str]
    entries: Counter[str]


@contextmanager
def mute_mail_server() -> Iterator[tuple[int, threading.Event]]:
    """Accepts the connection and never says a word: who sends here hangs between claim and send."""
    called = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))
    kept: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                kept.append(listening.accept()[0])
            except OSError:
                return
            called.set()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], called
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for connection in kept:
            connection.close()
        thread.join(5)


def no_claim_is_left() -> bool:
    """The sweep passes over a lane that is locked, as it is until the server has noticed the death
    of whoever was writing just then; the next sweep finds it."""
    claims.recover_claims(clock.now() + 2 * claims.CLAIM_EXPIRES)
    return not Lane.objects.exclude(claim=None).exists()


def crash_between_claim_and_send(tmp_path, app: str) -> Outcome:
    clock.set_source(None)
    story = Story(raise_cast(MONDAY))
    takedown = story.issued_notice()
    letters = OutboxMessage.objects.filter(letter="takedown_issued", channel="email")
    expected = [f"<{pk}@example.org>" for pk in letters.values_list("pk", flat=True)]
    with mute_mail_server() as (port, called):
        url = f"smtp://127.0.0.1:{port}"
        with worker(tmp_path / "first.log", app, EMAIL_URL=url) as first:
            queue.start("outbox.deliver")
            wait_until(called.is_set, "the worker calls the mail server")
            first.kill()
    wait_until(no_claim_is_left, "what the dead had claimed is taken back")
    OutboxMessage.objects.filter(state=OutboxMessage.State.QUEUED).update(
        next_attempt_at=clock.now()
    )
    with mail_server() as mails:
        url = f"smtp://127.0.0.1:{mails.port}"
        with worker(tmp_path / "second.log", app, EMAIL_URL=url):
            queue.start("outbox.deliver")
            wait_until(
                lambda: not OutboxMessage.objects.undelivered().exists(), "nothing is left to send"
            )
        received = Counter(mail["Message-ID"] for mail in mails.mails)
    return Outcome(
        mails=received,
        states=Counter(letters.values_list("state", flat=True)),
        expected=expected,
        entries=Counter(
            AuditEntry.objects.about(takedown.reference).values_list("verb", flat=True)
        ),
    )


def test_nothing_is_lost_and_nothing_doubled(tmp_path):
    outcome = crash_between_claim_and_send(tmp_path, "surveillance")
    assert outcome.expected
    assert outcome.mails == Counter(outcome.expected)
    assert outcome.states == {OutboxMessage.State.DELIVERED: len(outcome.expected)}
    assert outcome.entries["takedown.issue"] == 1
    assert outcome.entries["takedown.note_delivery"] == 1


def test_it_would_show_if_the_outbox_were_taken_out(tmp_path):
    outcome = crash_between_claim_and_send(tmp_path, "tests.journeys.forgetful")
    assert outcome.expected
    assert outcome.mails != Counter(outcome.expected), "the letter was lost, and the test saw it"
