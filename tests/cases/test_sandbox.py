"""The authority's part in a sandbox demand, as docs/partners/README.md tells it."""

from datetime import timedelta

import pytest

from cases.flows import appeals, corrections, extensions, items, sandbox, sandbox_sweep, sweeps
from cases.flows.items import Answer
from cases.models import Case, FormalLetter, Item, TakedownRequest
from cases.states import ItemState, TakedownState
from cases.stats import waiting
from sellers.models import Listing, Seller
from sellers.stats import letters_by_platform
from surveillance.accounts.actor import SANDBOX, SYSTEM, Actor
from surveillance.accounts.rights import STAFF
from surveillance.accounts.wall import acting
from surveillance.audit.models import AuditEntry
from surveillance.flow import NotVisible
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with

REMOVED, STILL_ONLINE, REFUSE, ASK, WAIT = range(1, 6)


@pytest.fixture
def asked(cast, story) -> TakedownRequest:
    return sandbox.ask(cast.harbour, by=story.dot)


@pytest.fixture
def plays(time):
    """Half a minute later the authority has seen what there is."""

    def play() -> int:
        time.pass_(sandbox_sweep.THINKS)
        return sandbox_sweep.play(time.now)

    return play


@pytest.fixture
def answers(asked, story):
    def answer(number: int, outcome: str) -> Item:
        return items.answer(listing(asked, number), answer_with(outcome), by=story.dot)

    return answer


def listing(asked: TakedownRequest, number: int) -> Item:
    return asked.items.get(number=number)


def state(asked: TakedownRequest, number: int) -> str:
    return listing(asked, number).state


@pytest.mark.parametrize("outcome", [ItemState.REMOVED, ItemState.NOT_FOUND])
def test_a_removal_is_verified(asked, answers, plays, outcome):
    answers(REMOVED, outcome)
    assert plays() == 1
    item = listing(asked, REMOVED)
    assert (item.state, item.decision[:5]) == (ItemState.CONFIRMED, "TEST:")
    assert item.listing.state == Listing.State.GONE
    assert plays() == 0


def test_one_address_is_still_online_at_first(asked, answers, plays):
    answers(STILL_ONLINE, ItemState.REMOVED)
    plays()
    assert state(asked, STILL_ONLINE) == ItemState.STILL_ONLINE
    answers(STILL_ONLINE, ItemState.REMOVED)
    plays()
    assert state(asked, STILL_ONLINE) == ItemState.CONFIRMED


@pytest.mark.parametrize("number", [REMOVED, STILL_ONLINE, REFUSE])
def test_a_refusal_is_accepted(asked, answers, plays, number):
    answers(number, ItemState.REFUSED)
    plays()
    assert state(asked, number) == ItemState.REFUSAL_ACCEPTED


def test_information_is_given_and_the_clock_goes_on(asked, answers, plays):
    answers(ASK, ItemState.NEEDS_INFORMATION)
    assert listing(asked, ASK).paused_at
    plays()
    item = listing(asked, ASK)
    assert (item.state, item.paused_at) == (ItemState.PENDING, None)
    assert item.information.startswith("TEST:")


def test_more_time_is_granted_by_nobody_in_person(asked, story, plays):
    before = listing(asked, WAIT).due_at
    extensions.request_extension(asked, by=story.dot, working_days=2, reason="An outage.")
    plays()
    extension = asked.extensions.get()
    assert (extension.state, extension.approvals.count()) == ("granted", 0)
    assert listing(asked, WAIT).due_at > before


@pytest.mark.parametrize(
    ("reason", "decided", "then"),
    [
        ("It is gone.", "upheld", ItemState.CONFIRMED),
        ("Please dismiss this.", "dismissed", ItemState.STILL_ONLINE),
    ],
)
def test_an_appeal_is_upheld_unless_its_reason_says(
    asked, answers, story, plays, reason, decided, then
):
    answers(STILL_ONLINE, ItemState.REMOVED)
    plays()
    appeals.appeal(listing(asked, STILL_ONLINE), by=story.dot, reason=reason)
    plays()
    assert listing(asked, STILL_ONLINE).appeals.get().state == decided
    plays()
    assert state(asked, STILL_ONLINE) == then


def test_there_is_time_to_correct_an_answer(asked, answers, story, time, plays):
    item = answers(REMOVED, ItemState.REMOVED)
    time.pass_(sandbox_sweep.THINKS - timedelta(seconds=1))
    assert sandbox_sweep.play(time.now) == 0
    reply = Answer(ItemState.REFUSED, ground=Item.Ground.COMPLIANT, text="It complies.")
    corrections.correct_answer(item, reply, by=story.dot)
    plays()
    assert state(asked, REMOVED) == ItemState.REFUSAL_ACCEPTED


def test_it_is_closed_when_all_is_settled(asked, answers, plays):
    for number in (REMOVED, REFUSE, ASK, WAIT):
        answers(number, ItemState.REMOVED)
    plays()
    asked.refresh_from_db()
    assert asked.state == TakedownState.ISSUED
    answers(STILL_ONLINE, ItemState.REFUSED)
    assert plays() == 2  # the refusal, and the request
    asked.refresh_from_db()
    assert asked.state == TakedownState.CLOSED


def test_it_is_reminded_of_and_missed_like_a_real_one(asked, story, time):
    real = story.issued()
    time.now = asked.items.get(number=WAIT).due_at
    sweeps.note_missed_deadlines(time.now)
    letters = OutboxMessage.objects.filter(letter="deadline_missed", channel="email")
    assert letters.filter(about=asked.reference).count() == 1
    assert letters.filter(about=real.reference).count() == 1
    assert all(item.missed_at for item in asked.items.all())


def test_the_ladder_writes_to_the_platform_alone(asked, cast, story, time, answers):
    """Of a real one its inspector and supervisors are told; see the last line."""
    extensions.request_extension(asked, by=story.dot, working_days=2, reason="An outage.")
    answers(REMOVED, ItemState.REMOVED)
    real = story.issued()
    for _day in range(40):
        time.pass_(timedelta(days=1))
        sweeps.remind(time.now)
        sweeps.note_missed_deadlines(time.now)
    asked.refresh_from_db()
    climbed = asked.items.exclude(number=REMOVED).values_list("escalation_step", flat=True)
    assert min(climbed) == 4
    to_staff = OutboxMessage.objects.filter(user__role__in=STAFF)
    assert not to_staff.filter(about=asked.reference).exists()
    assert to_staff.filter(about=real.reference, user=cast.bo).exists()


def test_after_thirty_days_it_is_withdrawn(asked, time):
    time.pass_(sandbox_sweep.KEPT - timedelta(seconds=1))
    assert sandbox_sweep.play(time.now) == 0
    time.pass_(timedelta(seconds=1))
    assert sandbox_sweep.play(time.now) == 1
    asked.refresh_from_db()
    assert asked.state == TakedownState.WITHDRAWN
    assert OutboxMessage.objects.filter(letter="takedown_withdrawn", about=asked.reference).exists()


def test_a_real_demand_is_played_by_nobody(story, time):
    item = story.answered()
    time.pass_(timedelta(days=60))
    assert sandbox_sweep.play(time.now) == 0
    with pytest.raises(NotVisible):
        items.confirm_removal(item, by=SANDBOX)


def test_staff_have_no_hand_in_it(asked, answers, cast):
    item = answers(REMOVED, ItemState.REMOVED)
    for person in (cast.ana, cast.bo):
        with pytest.raises(NotVisible):
            items.confirm_removal(item, by=Actor.of(person))


def test_the_sandbox_sees_its_own_and_nothing_else(asked, story):
    story.issued()
    for model in (Case, TakedownRequest, Item, Listing):
        rows = model.objects.visible_to(SANDBOX)
        assert 0 < rows.count() < model.objects.visible_to(SYSTEM).count()


def test_every_letter_says_that_it_is_a_test(asked, answers, plays, story, time):
    story.issued()
    answers(STILL_ONLINE, ItemState.REMOVED)
    plays()
    time.now = asked.items.get(number=WAIT).due_at
    sweeps.note_missed_deadlines(time.now)
    letters = OutboxMessage.objects.filter(about=asked.reference)
    assert {"takedown_issued", "item_decided", "deadline_missed"} <= {row.letter for row in letters}
    for row in letters:
        assert row.document["title"].startswith("TEST: ")
        assert row.document["blocks"][0]["text"].startswith("This is a TEST.")
        assert row.payload["is_sandbox"] is True
    others = OutboxMessage.objects.exclude(about=asked.reference)
    assert others.exists()
    for row in others:
        assert "TEST" not in str(row.document)
        assert row.payload.get("is_sandbox") in {False, None}


def test_its_listings_are_of_no_seller_and_no_product(asked):
    rows = Listing.objects.filter(items__takedown=asked)
    assert rows.count() == 5
    assert not rows.exclude(account=None, product=None, is_sandbox=True).exists()
    assert all(row.url.startswith(asked.platform.website) for row in rows)
    assert not Seller.objects.exists()


def test_the_trail_says_who_played(asked, answers, plays):
    answers(REMOVED, ItemState.REMOVED)
    plays()
    entry = AuditEntry.objects.get(verb="item.confirm_removal")
    assert (entry.actor, entry.actor_user_id) == ("supervisor:sandbox", None)
    assert AuditEntry.objects.get(verb="takedown.ask_sandbox").actor.startswith("agent:")


def test_no_formal_letter_is_left_when_it_ends(asked, time):
    for _day in range(29):
        time.pass_(timedelta(days=1))
        sweeps.note_missed_deadlines(time.now)
    assert FormalLetter.objects.drafts().exists()
    time.pass_(timedelta(days=2))
    sandbox_sweep.play(time.now)
    assert not FormalLetter.objects.drafts().exists()


def test_nothing_of_it_is_due_or_late_for_those_who_watch(asked, story, time):
    def figures() -> dict[str, object]:
        return {one.name: one.read(time.now).get(()) for one in waiting.FIGURES}

    due_at = listing(asked, WAIT).due_at
    for instant, name in (
        (due_at - timedelta(hours=1), "items_due_in_24_hours"),
        (due_at, "missed_deadlines_not_noted"),
    ):
        time.now = instant
        assert set(figures().values()) == {0}
        TakedownRequest.objects.filter(pk=asked.pk).update(
            is_sandbox=False, drafted_by=story.ana.user_id
        )
        assert figures()[name] == 5
        TakedownRequest.objects.filter(pk=asked.pk).update(is_sandbox=True)


def test_its_letters_are_not_among_those_that_arrive(asked, story, time):
    assert OutboxMessage.objects.filter(about=asked.reference, channel="email").exists()
    assert not letters_by_platform(time.now)
    story.issued()
    assert letters_by_platform(time.now) == {("Harbour Market", "waiting"): 1}


def test_another_platform_is_kept_from_it_by_the_database_itself(asked, cast):
    for model in (Case, TakedownRequest, Item, Listing):
        with acting(Actor.of(cast.dot)):
            assert model._base_manager.exists()
        with acting(Actor.of(cast.dev)):
            assert not model._base_manager.exists()
