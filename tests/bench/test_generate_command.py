"""What the generator refuses, and the rules by which it makes things up."""

from datetime import UTC, datetime
from random import Random

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from cases.generator import distributions, words
from cases.models import Report

UNTIL = datetime(2026, 9, 28, tzinfo=UTC)
AMOUNTS = {"reports": 60, "items": 50, "platforms": 6, "sellers": 40, "until": UNTIL.date()}


def test_a_database_with_people_is_refused(cast):
    with pytest.raises(CommandError, match="holds accounts already"):
        call_command("generate", **AMOUNTS)
    assert not Report.objects.exists()


@pytest.mark.parametrize("amount", ["reports", "sellers"])
def test_an_amount_of_nothing_is_refused(db, amount):
    with pytest.raises(CommandError, match=f"--{amount}: at least 1"):
        call_command("generate", **(AMOUNTS | {amount: 0}))


@given(total=st.integers(0, 5000), weights=st.lists(st.floats(0.1, 9), min_size=1, max_size=60))
def test_a_split_adds_up(total, weights):
    parts = distributions.split(total, weights)
    assert sum(parts) == total
    assert min(parts) >= 0


def test_weeks_add_up_and_grow():
    weeks = list(distributions.weeks(UNTIL, 100_000, 90_000))
    assert len(weeks) == distributions.WEEKS
    assert sum(week.reports for week in weeks) == 100_000
    assert sum(week.items for week in weeks) == 90_000
    assert sum(week.reports for week in weeks[-52:]) > sum(week.reports for week in weeks[:52])


def test_the_same_seed_gives_the_same_goods():
    first, second = ([words.goods(Random(7), ["Cubo", "Molo"]) for _ in range(3)] for _ in range(2))
    assert first == second


def test_codes_have_their_check_digit():
    random = Random(1)
    assert all(ean.is_valid(words.gtin(random)) for _ in range(200))
