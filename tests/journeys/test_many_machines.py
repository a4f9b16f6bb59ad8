"""Two webs, three workers and two beats on one PostgreSQL and one Redis: each deadline is handled
once, each letter arrives once, whoever of them is faster."""

import json
import urllib.request
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.forms import model_to_dict
from django.test import Client
from django.urls import reverse

from cases.models import Item, TakedownRequest
from surveillance import clock
from surveillance.audit.models import AuditEntry
from surveillance.audit.sealing import seal, verify
from surveillance.calendars.models import Regime
from surveillance.calendars.publishing import publish
from surveillance.outbox.models import Canary, OutboxMessage
from tests.cast import MONDAY, Cast, raise_cast
from tests.journeys.workers import Running, beat, wait_until, web, worker
from tests.story import Story
from tests.surveillance.outbox.receivers import MailServer, free_port, mail_server

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
APP = "tests.journeys.hasty"
TOKEN = "the-token-of-this-test-only"
LATE, SOON, LISTINGS = 8, 8, 3
# Whatever day and hour the test runs on: a limit of 48 hours with a reminder an hour after issue,
# and a ladder of two rungs that are both reached with the limit.
HOURS = {
    "limit_amount": 48,
    "limit_unit": "hours",
    "reminders": [47],
    "escalation": [{"after": 0, "to": "inspector"}, {"after": 0, "to": "formal_step"}],
}
ONCE = {
    "takedown.remind",
    "takedown.note_delivery",
    "item.note_missed_deadline",
    "item.escalate",
    "takedown.prepare_formal_letter",
}


@pytest.fixture
def cast(transactional_db) -> Cast:
    clock.set_source(None)
    pledge = Regime.objects.current().get(code="AU-PLEDGE")
    kept = ("id", "code", "version", "made_by", "is_current")
    publish(Regime, "AU-PLEDGE", model_to_dict(pledge, exclude=kept) | HOURS, MONDAY)
    return raise_cast(MONDAY)


def issue(cast: Cast, count: int, ago: timedelta) -> None:
    """Requests of some listings each, sent out so long ago; nobody has swept since."""
    then = clock.now() - ago
    clock.set_source(lambda: then)
    try:
        story = Story(cast)
        for _ in range(count):
            story.issued_notice(platform=cast.bazaar, listings=LISTINGS)
    finally:
        clock.set_source(None)


def all_is_quiet() -> bool:
    """Nothing is left to remind of, to note, to escalate or to send."""
    now = clock.now()
    return not (
        TakedownRequest.objects.open().to_remind(now).exists()
        or Item.objects.overdue(now).not_yet_noted().exists()
        or Item.objects.filter(escalate_at__lte=now).exists()
        or OutboxMessage.objects.undelivered().filter(next_attempt_at__lte=now).exists()
    )


def more_beats_have_passed(since: Canary) -> bool:
    """Three seconds of them: a second attempt at anything would have come by now."""
    return Canary.objects.get().finished_at > since.finished_at + timedelta(seconds=3)


def get(port: int, route: str, **headers: str) -> tuple[int, str]:
    """Raises OSError while nobody listens."""
    url = f"http://127.0.0.1:{port}{reverse(route)}"
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        return answer.status, answer.read().decode()


def answers(port: int) -> bool:
    """200: jobs finish and letters leave; refused or 503 until then."""
    try:
        return get(port, "health")[0] == 200
    except OSError:
        return False


def start_machines(
    running: ExitStack, folder: Path, ports: list[int], mails: MailServer
) -> dict[str, Running]:
    env = {
        "EMAIL_URL": f"smtp://127.0.0.1:{mails.port}",
        "LOG_FORMAT": "json",
        "METRICS_TOKEN": TOKEN,
        "WEB_CONCURRENCY": "1",
    }
    started = {}
    for number, port in enumerate(ports, start=1):
        log = folder / f"web-{number}.log"
        started[f"web-{number}"] = running.enter_context(web(log, port, **env))
    for start, names in (
        (worker, ("worker-1", "worker-2", "worker-3")),
        (beat, ("beat-1", "beat-2")),
    ):
        for name in names:
            started[name] = running.enter_context(start(folder / f"{name}.log", APP, **env))
    return started


def test_each_deadline_and_each_letter_once(cast, tmp_path):
    issue(cast, LATE, timedelta(hours=60))
    issue(cast, SOON, timedelta(hours=4))
    ports = [free_port(), free_port()]
    with ExitStack() as running:
        mails = running.enter_context(mail_server())
        machines = start_machines(running, tmp_path, ports, mails)
        wait_until(all_is_quiet, "everything that is due is handled", seconds=60)
        wait_until(Canary.objects.exists, "a job has finished")
        canary = Canary.objects.get()
        wait_until(lambda: more_beats_have_passed(canary), "further beats find nothing to do")
        wait_until(lambda: all(map(answers, ports)), "both webs answer, and are content")
        both_webs_know_the_same(cast, ports)
        for machine in machines.values():
            machine.ask_to_stop()
    everything_happened_once(mails)
    everyone_has_worked(machines)


def both_webs_know_the_same(cast: Cast, ports: list[int]) -> None:
    """A session begun anywhere holds on both, and both count what the database holds."""
    client = Client()
    client.force_login(cast.ana)
    session = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    for port in ports:
        status, page = get(port, "desk", Cookie=session)
        assert status == 200
        assert cast.ana.name in page
        _status, figures = get(port, "metrics", Authorization=f"Bearer {TOKEN}")
        assert f"surveillance_items_overdue {LATE * LISTINGS}.0" in figures
        assert "surveillance_missed_deadlines_not_noted 0.0" in figures


def everything_happened_once(mails: MailServer) -> None:
    done = Counter(
        AuditEntry.objects.filter(verb__in=ONCE).values_list("verb", "subject").iterator()
    )
    assert set(done.values()) == {1}
    assert Counter(verb for verb, _subject in done) == {
        "takedown.remind": LATE + SOON,
        "takedown.note_delivery": LATE + SOON,
        "item.note_missed_deadline": LATE * LISTINGS,
        "item.escalate": LATE * LISTINGS,
        "takedown.prepare_formal_letter": LATE,
    }
    assert set(Item.objects.values_list("missed_count", flat=True)) == {0, 1}
    letters = Counter(OutboxMessage.objects.values_list("letter", "about", "address", "channel"))
    assert set(letters.values()) == {1}
    states = set(OutboxMessage.objects.values_list("state", "attempts", "held"))
    # Which is in a digest depends on when it was written; what came later is in that of next hour.
    assert states <= {("delivered", 1, ""), ("gathered", 0, ""), ("queued", 0, "digest")}
    sent = OutboxMessage.objects.filter(channel="email", state="delivered")
    assert Counter(mail["Message-ID"] for mail in mails.mails) == Counter(
        f"<{pk}@example.org>" for pk in sent.values_list("pk", flat=True)
    )
    seal(clock.now())
    assert verify().fault == ""


def everyone_has_worked(machines: dict[str, Running]) -> None:
    """Else this would show nothing about many."""
    signs = {
        "web": "request_finished",
        "worker": "task_succeeded",
        "beat": "Scheduler: Sending due task",
    }
    for name, machine in machines.items():
        events = [
            json.loads(line)["event"]
            for line in machine.log.read_text().splitlines()
            if line.startswith("{")
        ]
        sign = signs[name.partition("-")[0]]
        assert any(event.startswith(sign) for event in events), f"{name} did nothing"
