"""platform.remark: what a platform says to its own numbers."""

import pytest
from django.core.exceptions import ValidationError

from sellers.flows import platform_setup
from sellers.models import PlatformRemark
from surveillance.accounts.actor import Actor
from surveillance.audit.models import AuditEntry
from tests.contract import VerbContract


class TestRemark(VerbContract):
    transition = platform_setup.REMARK
    begin = "platform"
    repeatable = True

    @pytest.fixture
    def actor(self, story) -> Actor:
        return Actor.of(story.manager())

    def perform(self, row, by):
        return platform_setup.remark(row, by=by, text="An outage in September.")


@pytest.fixture
def fay(story) -> Actor:
    return Actor.of(story.manager())


def test_the_last_word_stands_and_the_trail_keeps_the_others(cast, fay):
    for text in ("An outage.", "  An outage in September.\r\nIt is mended. "):
        platform_setup.remark(cast.harbour, by=fay, text=text)
    remark = PlatformRemark.objects.get()
    assert remark.text == "An outage in September.\nIt is mended."
    assert remark.written_by_id == fay.user_id
    entries = AuditEntry.objects.filter(verb="platform.remark").order_by("id")
    assert [entry.facts["text"] for entry in entries] == ["An outage.", remark.text]


def test_an_empty_one_takes_it_back(cast, fay):
    platform_setup.remark(cast.harbour, by=fay, text="An outage.")
    platform_setup.remark(cast.harbour, by=fay, text=" ")
    assert not PlatformRemark.objects.exists()


def test_at_most_a_thousand_characters(cast, fay):
    platform_setup.remark(cast.harbour, by=fay, text="x" * 1_000)
    with pytest.raises(ValidationError, match=r"at most 1000 characters"):
        platform_setup.remark(cast.harbour, by=fay, text="x" * 1_001)
