"""The throttles of the public pages, with the cache and without it."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Report
from cases.public import reporting, tracking
from cases.public.throttle import Throttle
from tests.cases.public.test_report_form import answer_until, send

NOBODY_LISTENS = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
    }
}


@pytest.fixture
def without_redis(settings):
    settings.CACHES = NOBODY_LISTENS


def test_the_limit_is_reached_and_holds_for_one_sender_only():
    throttle = Throttle("test", limit=2)
    assert [throttle.allows("a") for _ in range(4)] == [True, True, False, False]
    assert throttle.allows("b")


def test_without_the_cache_nobody_is_refused(without_redis):
    throttle = Throttle("test", limit=1)
    assert all(throttle.allows("a") for _ in range(5))


def test_a_report_is_accepted_while_redis_is_away(db, time, without_redis):
    visitor = Client()
    answer_until(visitor)
    assert send(visitor).status_code == 302
    assert Report.objects.count() == 1


def test_a_report_can_be_followed_while_redis_is_away(story, without_redis):
    receipt = story.receipt()
    shown = Client().post(
        reverse("track"), {"reference": receipt.report.reference, "code": receipt.code}
    )
    assert shown.url == reverse("track-report")


def test_a_flood_of_reports_is_stopped_and_loses_no_answers(db, time, monkeypatch):
    monkeypatch.setattr(reporting, "SENDING", Throttle("report", limit=1))
    for expected in (302, 429):
        visitor = Client()
        answer_until(visitor)
        response = send(visitor)
        assert response.status_code == expected
    assert "Your answers are kept here" in response.content.decode()
    assert Report.objects.count() == 1
    assert "Plush bear" in visitor.get(reverse("report-check")).content.decode()


def test_codes_cannot_be_guessed_one_after_the_other(story, monkeypatch):
    receipt = story.receipt()
    given = {"reference": receipt.report.reference, "code": receipt.code}
    for number in range(tracking.TRIES_AT_REPORT.limit):
        wrong = given | {"code": f"{number:08X}"}
        assert Client().post(reverse("track"), wrong).status_code == 422
    refused = Client().post(reverse("track"), given)
    assert refused.status_code == 429
    assert "Too many tries." in refused.content.decode()


def test_a_made_up_forwarding_header_gains_nothing(db, time, monkeypatch):
    monkeypatch.setattr(reporting, "SENDING", Throttle("report", limit=1))
    for number, expected in enumerate((302, 429)):
        visitor = Client(headers={"X-Forwarded-For": f"203.0.113.{number}"})
        answer_until(visitor)
        assert send(visitor).status_code == expected
