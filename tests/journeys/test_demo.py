"""The demo lives: three days of work are played, with what may never happen however it is played.

All of it is one transaction that is undone after the last of these tests.
"""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from cases.demo import market
from cases.demo.dice import Dice
from cases.demo.market import raise_cast, raise_sellers
from cases.demo.playing import play
from cases.demo.recording import record
from cases.demo.registers import fill_registers
from cases.flows import cases, takedowns
from cases.models import Item, Report, TakedownRequest
from cases.states import ReportState
from sellers.models import Platform, Product
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.audit.models import AuditEntry
from surveillance.audit.sealing import verify
from surveillance.calendars.models import Kind
from surveillance.keys.models import ApiKey
from surveillance.outbox.models import OutboxMessage
from surveillance.timemachine import machine
from tests.cast import REASONS

MONDAY = datetime(2026, 9, 28, 6, 0, tzinfo=UTC)  # 08:00 in Brussels
BRUSSELS = ZoneInfo("Europe/Brussels")
DAYS = 3
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker):
    """The authority, the platforms and the registers, played from Monday to Thursday morning."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        machine.install(lambda: MONDAY)
        try:
            raise_cast(MONDAY, "a long demonstration password")
            raise_sellers(MONDAY)
            fill_registers()
            demand_of_each_platform()
            machine.set_goal(DAYS * 24)
            assert play(Dice(2))
            yield record(MONDAY, clock.now())
        finally:
            clock.set_source(None)
            transaction.set_rollback(True)


def demand_of_each_platform() -> None:
    """Six listings of each, demanded on Monday morning; of Harbour Market by notice."""
    ana = Actor.of(User.objects.get(email="ana@demo.example"))
    product = Product.objects.order_by("id")[0]
    case = cases.open(str(product), by=ana, products=[product])
    for platform in Platform.objects.order_by("slug"):
        account = platform.accounts.order_by("id")[0]
        offers = [market.offer(product, account, copy, MONDAY) for copy in range(6)]
        for offer in offers:
            cases.link_listing(case, by=ana, listing=offer)
        takedown = takedowns.draft(
            case, by=ana, platform=platform, kind=Kind.NOTICE, listings=offers, reasons=REASONS
        )
        takedowns.issue(takedown, by=ana)


def entries(verb: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(verb=verb, at__gt=MONDAY).order_by("id"))


def before(entry: AuditEntry, field: str) -> datetime:
    """What the field held before the entry."""
    return parse_datetime(entry.changes[field][0])


def test_the_clock_stands_where_it_was_to_go(played):
    assert clock.now() == MONDAY + DAYS * 24 * HOUR
    assert {entry.at.minute for entry in AuditEntry.objects.filter(at__gt=MONDAY)} == {0}


def test_there_was_something_to_see(played):
    for name in ("reports", "cases", "issued", "answers", "removed", "reminders", "missed"):
        assert played.deeds[name] > 0, name
    assert {platform for platform, _outcome in played.answers} == {
        "Harbour Market",
        "Bazaar Nine",
        "福爾摩沙購物 Formosa Mall",
    }


def test_each_missed_deadline_is_noted_once_and_none_early(played):
    noted = entries("item.note_missed_deadline")
    assert max(Counter((one.subject, one.facts["due_at"]) for one in noted).values()) == 1
    for entry in noted:
        assert HOUR > entry.at - parse_datetime(entry.facts["due_at"]) >= timedelta(0)
    assert not Item.objects.overdue(clock.now()).not_yet_noted().exists()


def test_no_reminder_twice_and_none_early(played):
    reminded = entries("takedown.remind")
    points = Counter((one.subject, one.changes["remind_at"][0]) for one in reminded)
    assert max(points.values()) == 1
    assert all(one.at >= before(one, "remind_at") for one in reminded)
    letters = OutboxMessage.objects.filter(letter="takedown_reminder", created_at__gt=MONDAY)
    told = Counter(letters.values_list("about", "address", "created_at"))
    assert max(told.values()) == 1


def test_the_ladder_is_climbed_rung_by_rung(played):
    climbed: dict[str, int] = {}
    for entry in entries("item.note_missed_deadline") + entries("item.escalate"):
        if step := entry.changes.get("escalation_step"):
            assert step[1] == step[0] + 1
            assert climbed.get(entry.subject, 0) == step[0]
            climbed[entry.subject] = step[1]
    for entry in entries("item.escalate"):
        assert entry.at >= before(entry, "escalate_at")


def test_platforms_answered_through_the_api_with_their_own_keys(played):
    owner = dict(ApiKey.objects.values_list("prefix", "organisation_id"))
    requests = dict(TakedownRequest.objects.values_list("reference", "platform_id"))
    acted = entries("item.answer") + entries("takedown.acknowledge")
    assert acted
    for entry in acted:
        role, _key, prefix = entry.actor.split(":")
        assert role == "agent"
        assert owner[prefix] == requests[entry.subject.partition("/")[0]]
        assert entry.actor_user_id is None
    assert not ApiKey.objects.live(clock.now()).exists()


def test_each_platform_has_its_habit(played):
    items = Item.objects.issued().select_related("takedown__platform")
    prompt = items.filter(takedown__platform__slug="harbour-market")
    assert prompt.exists()
    for item in prompt:
        assert item.takedown.acknowledged_at - item.takedown.issued_at <= HOUR
        assert not item.missed_count
    slow = items.filter(takedown__platform__slug="bazaar-nine")
    assert sum(item.missed_count for item in slow) > 0
    assert not slow.filter(takedown__acknowledged_at__isnull=False).exists()
    outcomes = {outcome for platform, outcome in played.answers if "Formosa" in platform}
    assert outcomes - {"removed"}


def test_the_authority_works_in_its_office_hours(played):
    for entry in AuditEntry.objects.filter(at__gt=MONDAY, actor__startswith="inspector:"):
        local = entry.at.astimezone(BRUSSELS)
        assert local.weekday() < 5
        assert 9 <= local.hour < 17


def test_reports_arrive_from_the_feed_and_from_consumers(played):
    fresh = Report.objects.filter(received_at__gt=MONDAY)
    by_feed = fresh.exclude(native_id="").count()
    assert by_feed == DAYS * 4
    assert fresh.filter(native_id="").exists()
    assert fresh.exclude(state=ReportState.RECEIVED).exists()


def test_every_letter_has_gone_and_the_trail_is_whole(played):
    assert not OutboxMessage.objects.undelivered().exists()
    assert verify().fault == ""


def test_the_command_goes_on_and_its_numbers_are_those_of_the_statistics(played):
    begun = clock.now()
    said = StringIO()
    call_command("demo", days=1, seed=2, stdout=said)
    assert clock.now() == begun + 24 * HOUR
    assert not OutboxMessage.objects.undelivered().exists()
    table = said.getvalue().partition("The statistics")[2].splitlines()
    names = re.split(r"\s{2,}", table[1].strip())
    values = re.split(r"\s{2,}", next(line for line in table if line.startswith("  all ")).strip())
    printed = dict(zip(names, values, strict=True))
    bo = Client()
    bo.force_login(User.objects.get(email="bo@demo.example"))
    page = bo.get(reverse("statistics"))
    shown = {str(tile["label"]): tile["value"] for tile in page.context["counts"]}
    assert shown["Requested"] == printed["requested"]
    assert shown["Verified removed"] == printed["verified_removed"]
    assert shown["Refused"] == printed["refused"]
    assert shown["Open"] == printed["still_open"]
    assert shown["Overdue now"] == printed["overdue"]
    assert shown["Missed the limit"] == printed["missed"]
    within = page.context["shares"][0]
    assert within["of"].startswith(printed["within the limit"].partition(" (")[0])
