"""/metrics: behind a token, right figures from the database, and one histogram of requests."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from cases.models import Item
from surveillance.accounts.actor import SYSTEM
from surveillance.jobs.flows import IMPORT_FEED
from surveillance.jobs.models import SILENCE, Job
from surveillance.jobs.running import running
from surveillance.outbox import tasks
from surveillance.outbox.models import Lane, OutboxMessage
from tests.journeys.workers import ROOT

TOKEN = "the-token-of-this-test"


@pytest.fixture(autouse=True)
def _token(settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def scrape(token: str = TOKEN, keyword: str = "Bearer"):
    return Client().get(reverse("metrics"), headers={"Authorization": f"{keyword} {token}"})


def figures() -> dict[str, dict[tuple[str, ...], float]]:
    """Name -> values of the labels -> value, as Prometheus would read them."""
    answer = scrape()
    assert answer.status_code == 200
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            name = sample.name.removeprefix("surveillance_")
            found.setdefault(name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_without_a_token_in_the_settings_there_is_no_such_page(db, settings):
    settings.METRICS_TOKEN = ""
    assert scrape("").status_code == 404


@pytest.mark.parametrize(
    ("token", "keyword"), [("", "Bearer"), ("wrong", "Bearer"), (TOKEN, "Basic"), ("é", "Bearer")]
)
def test_who_does_not_know_the_token_is_refused(db, token, keyword):
    answer = scrape(token, keyword)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert b"surveillance_" not in answer.content


def test_nothing_waits_on_a_new_installation(db, time):
    found = figures()
    assert "canary_age_seconds" not in found, "unknown is not 0"
    assert found["oldest_undelivered_message_age_seconds"] == {(): 0}
    for name in ("items_overdue", "items_due_in_24_hours", "reports_to_triage"):
        assert found[name] == {(): 0}
    assert "messages" not in found
    assert found["jobs"] == {("running",): 0, ("stalled",): 0}


def test_ages_grow_with_the_clock(story, time):
    tasks.canary()
    OutboxMessage.objects.all().delete()
    story.issued_notice()
    time.pass_(timedelta(minutes=7))
    found = figures()
    assert found["canary_age_seconds"] == {(): 420}
    assert found["oldest_undelivered_message_age_seconds"] == {(): 420}


def test_messages_are_counted_by_channel_and_state(story):
    story.issued_notice()
    story.issued_notice()
    first, second = OutboxMessage.objects.filter(letter="takedown_issued", channel="email")
    OutboxMessage.objects.exclude(pk__in=[first.pk, second.pk]).delete()
    OutboxMessage.objects.filter(pk=first.pk).update(
        state=OutboxMessage.State.FAILED, failed_at=first.created_at
    )
    assert figures()["messages"] == {("email", "queued"): 1, ("email", "failed"): 1}


def test_destinations_that_take_nothing(db, time):
    Lane.objects.create(key="webhook:1", failures=3, failing_since=time.now)
    Lane.objects.create(key="webhook:2", failures=1, failing_since=time.now)
    Lane.objects.create(key="webhook:3", claimed_at=time.now)
    Lane.objects.create(key="email", failures=1, failing_since=time.now)
    assert figures()["destinations_failing"] == {("webhook",): 2, ("gate",): 1}


def test_deadlines_that_come_and_that_have_passed(story, time):
    story.issued_notice(listings=3)
    due_at = Item.objects.first().due_at
    time.move_to(due_at - timedelta(hours=25))
    assert figures()["items_due_in_24_hours"] == {(): 0}
    time.move_to(due_at - timedelta(hours=24))
    assert figures()["items_due_in_24_hours"] == {(): 3}
    time.move_to(due_at)
    found = figures()
    assert found["items_due_in_24_hours"] == {(): 0}
    assert found["items_overdue"] == found["missed_deadlines_not_noted"] == {(): 3}


def test_reports_to_triage(story):
    story.report()
    story.accepted_report()
    assert figures()["reports_to_triage"] == {(): 1}


def test_jobs_that_run_and_that_stand_still(db, time):
    with running(IMPORT_FEED, label="a file", by=SYSTEM, at=time.now, file="a"):
        assert figures()["jobs"] == {("running",): 1, ("stalled",): 0}
        time.pass_(SILENCE + timedelta(seconds=1))
        assert figures()["jobs"] == {("running",): 0, ("stalled",): 1}
    assert Job.objects.get().state == Job.State.DONE


def test_requests_are_counted_by_route_and_status_alone(db):
    before = figures()["request_seconds_count"].get(("health", "503"), 0)
    for query in ("", "?q=1", "?q=2"):
        Client().get(reverse("health") + query)
    Client().generic("MADE-UP", "/nobody/knows/this")
    found = figures()["request_seconds_count"]
    assert found["health", "503"] == before + 3
    assert found["no route", "404"] >= 1
    assert {len(labels) for labels in found} == {2}


def test_the_web_processes_of_a_machine_answer_as_one(tmp_path):
    """Two processes count, a third reads: with the folder that they share, it sees both."""
    count = (
        "from surveillance.operations.metrics import REQUESTS as r; r.labels('a', '200').observe(1)"
    )
    read = (
        "from prometheus_client import generate_latest;"
        "from surveillance.operations import metrics;"
        "print(generate_latest(metrics._counted()).decode())"
    )
    start = "import django; django.setup(); "
    for program in (count, count, read):
        done = subprocess.run(
            [sys.executable, "-c", start + program],
            cwd=ROOT,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "surveillance.settings",
                "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
            },
            capture_output=True,
            text=True,
            check=True,
        )
    assert 'surveillance_request_seconds_count{route="a",status="200"} 2.0' in done.stdout
