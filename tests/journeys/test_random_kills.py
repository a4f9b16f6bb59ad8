"""Web, worker and beat are killed with SIGKILL at random, two of them a second, while requests are
issued, acknowledged and answered, limits pass, and letters go out to a real mail server and a real
web server. At the end nothing is lost, and nothing happened twice.

    ./check tests/journeys/test_random_kills.py -m long -n0 -s [--kills 1000] [--seed N]

The kills follow the seed; where they fall in the work of the others is the machine's affair.
"""

import logging
import random
import time as wall
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.db.models import QuerySet, Sum
from django.forms import model_to_dict

from cases.models import Item, TakedownRequest
from surveillance import clock
from surveillance.audit.models import AuditEntry, Unsealed
from surveillance.audit.sealing import seal, verify
from surveillance.calendars.models import Regime
from surveillance.calendars.publishing import publish
from surveillance.outbox import claims, delivery
from surveillance.outbox.models import Attempt, Lane, OutboxMessage
from tests.cast import MONDAY, Cast, raise_cast
from tests.journeys.callers import LISTINGS, Accepted, Busy, Life, Post
from tests.journeys.fleet import Fleet, Member, fleet
from tests.journeys.test_many_machines import HOURS
from tests.journeys.workers import wait_until
from tests.story import Story
from tests.surveillance.outbox.receivers import (
    HookServer,
    MailServer,
    an_endpoint,
    hook_server,
    mail_server,
)

pytestmark = [
    pytest.mark.crash,
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MEMBERS = {"web": 2, "worker": 4, "beat": 2}
CHANCES = {"web": 4, "worker": 4, "beat": 2}
PART = 0.3  # of the kills of webs and workers take the children and leave the leader
GROWN = 1.0  # seconds, before which nobody is killed where somebody older is there
PAUSE = 0.7  # seconds between two kills at most
# Marks are written a quarter of a second apart, and this is the price of it:
# docs/decisions/0020-lanes.md.
MOST_FOR_ONE_DEATH = 200  # letters that arrive twice
PATIENCE = 180.0  # seconds until everything is quiet once the kills are over
LIMIT = timedelta(hours=HOURS["limit_amount"])
A_LATE_REQUEST_EVERY = 3.0  # seconds
ONCE = {
    "takedown.issue",
    "takedown.acknowledge",
    "takedown.note_delivery",
    "takedown.remind",
    "item.answer",
    "item.note_missed_deadline",
    "item.escalate",
}
UNIQUE = ("takedown_issued", "takedown_reminder", "deadline_missed", "deadline_missed_notice")


@dataclass(frozen=True)
class Kill:
    role: str
    whole: bool
    at: float  # by time.monotonic(): certainly dead


@dataclass
class World:
    cast: Cast
    mails: MailServer
    hooks: HookServer
    secret: str  # of Harbour Market's API key
    endpoints: dict[int, str]
    env: dict[str, str]
    accepted: Accepted = field(default_factory=Accepted)
    kills: list[Kill] = field(default_factory=list)
    took: float = 0.0  # seconds with kills
    quiet: float = 0.0  # seconds from the last kill until nothing was due

    def arrivals(self) -> dict[str, list[float]]:
        """When each id was accepted by a receiver."""
        found: dict[str, list[float]] = defaultdict(list)
        for mail, at in zip(self.mails.mails, self.mails.arrived_at, strict=True):
            found[mail["Message-ID"][1:37]].append(at)
        for hook in self.hooks.hooks:
            found[hook.headers["webhook-id"]].append(hook.arrived_at)
        return found


@pytest.fixture
def world(transactional_db, settings, caplog) -> Iterator[World]:
    clock.set_source(None)
    caplog.set_level(logging.WARNING, "mail.log")  # the receiver's, of every command
    pledge = Regime.objects.current().get(code="AU-PLEDGE")
    kept = ("id", "code", "version", "made_by", "is_current")
    publish(Regime, "AU-PLEDGE", model_to_dict(pledge, exclude=kept) | HOURS, MONDAY)
    cast = raise_cast(MONDAY)
    with ExitStack() as stack:
        mails, hooks = stack.enter_context(mail_server()), stack.enter_context(hook_server())
        mails.says_after = hooks.says_after = 0.02  # as somebody who is not on this machine
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mails.port
        settings.WEBHOOKS_MAY_CALL_PRIVATE = True
        settings.LETTERS_AN_HOUR = 0
        organisations = (cast.harbour.organisation, cast.bazaar.organisation)
        ends = [an_endpoint(one, hooks.url, SECRET) for one in organisations]
        env = {
            "EMAIL_URL": f"smtp://127.0.0.1:{mails.port}",
            "WEBHOOKS_MAY_CALL_PRIVATE": "1",
            "LETTERS_AN_HOUR": "0",
            "API_READS_A_MINUTE": "1000000",
            "API_WRITES_A_MINUTE": "1000000",
            "WEB_CONCURRENCY": "1",
            "LOG_LEVEL": "WARNING",
        }
        key = Story(cast).issued_key().secret
        yield World(cast, mails, hooks, key, {end.pk: end.url for end in ends}, env)


def issue_what_falls_due(cast: Cast, seconds: float) -> int:
    """Requests that nobody answers, whose limits pass one after another in so many seconds from
    now. Returns how many."""
    begin, number = clock.now(), int(seconds / A_LATE_REQUEST_EVERY)
    story = Story(cast)
    try:
        for place in range(number):
            due = begin + timedelta(seconds=place * A_LATE_REQUEST_EVERY)
            clock.set_source(lambda then=due - LIMIT: then)
            story.issued_notice(platform=cast.bazaar, listings=LISTINGS)
    finally:
        clock.set_source(None)
    return number


def kill_at_random(ours: Fleet, world: World, number: int, dice: random.Random) -> None:
    for _ in range(number):
        wall.sleep(dice.uniform(0, PAUSE))
        (role,) = dice.choices(list(CHANCES), list(CHANCES.values()))
        victim = chosen([one for one in ours.members if one.role == role], dice)
        whole = role == "beat" or dice.random() > PART
        world.kills.append(Kill(role, whole, ours.kill(victim, whole=whole)))
        ours.mend()


def chosen(members: list[Member], dice: random.Random) -> Member:
    now = wall.monotonic()
    grown = [one for one in members if now - one.born > GROWN]
    return dice.choice(grown or [min(members, key=lambda one: one.born)])


def left() -> dict[str, int]:
    """What is due or under way, counted. What waits for the digest of the next hour is neither."""
    now = clock.now()
    rows = {
        "letters": OutboxMessage.objects.undelivered().filter(held=""),
        "claims": Lane.objects.exclude(claim=None),
        "reminders": TakedownRequest.objects.open().to_remind(now),
        "missed deadlines": Item.objects.overdue(now).not_yet_noted(),
        "rungs": Item.objects.filter(escalate_at__lte=now),
        "entries of the trail": Unsealed.objects.all(),
    }
    return {name: found.count() for name, found in rows.items() if found.exists()}


def wait_until_all_is_quiet(ours: Fleet) -> None:
    until = wall.monotonic() + PATIENCE
    while remaining := left():
        assert wall.monotonic() < until, remaining
        ours.mend()
        wall.sleep(0.5)


def let_an_hour_pass() -> None:
    """For the digests."""
    later = clock.now() + timedelta(minutes=61)
    clock.set_source(lambda: later)
    try:
        while delivery.deliver():
            pass
    finally:
        clock.set_source(None)


def live(world: World, folder: Path, app: str, number: int, seed: int) -> None:
    dice = random.Random(seed)
    issue_what_falls_due(world.cast, number * (PAUSE / 2 + 0.1))
    with fleet(folder, app, **world.env) as ours:
        for role, count in MEMBERS.items():
            ours.add(role, count)
        post = Post(world.accepted, world.endpoints, world.cast.dot.pk)
        lives = [Life(ours, world.accepted, world.cast, world.secret, n) for n in (1, 2)]
        busy = [Busy(post.one, 0.5), *(Busy(life.one, 0.5) for life in lives)]
        wait_until(lambda: world.accepted.answered, "the first request is answered")
        begun = wall.monotonic()
        try:
            kill_at_random(ours, world, number, dice)
        finally:
            for one in busy:
                one.stop()
        stopped = wall.monotonic()
        wait_until_all_is_quiet(ours)
        world.took, world.quiet = stopped - begun, wall.monotonic() - stopped
        # A worker may give up when its child is killed before it has begun; nobody else may.
        assert len(ours.ended) <= sum(not kill.whole for kill in world.kills), ours.ended
    let_an_hour_pass()


def lost(world: World) -> list[str]:
    """Letters that should have left the house and no receiver has, by what they are."""
    arrived = world.arrivals()
    letters = OutboxMessage.objects.leaving().exclude(state="gathered").exclude(pk__in=given_up())
    return [str(one) for one in letters if str(one.pk) not in arrived]


def test_nothing_is_lost_and_nothing_happens_twice(world, tmp_path, request):
    number = request.config.getoption("--kills")
    seed = request.config.getoption("--seed") or random.SystemRandom().randrange(1_000_000)
    print(f"\n{number} kills, seed {seed}")
    live(world, tmp_path, "tests.journeys.mortal", number, seed)
    tell(world)
    every_letter_has_arrived(world)
    repeats_are_those_of_the_dead(world)
    every_request_has_its_letters()
    each_verb_was_done_once()
    what_was_accepted_is_there(world.accepted)


def test_it_would_show_if_the_outbox_were_taken_out(world, tmp_path):
    """Letters are off the list as soon as they are claimed, as in an ordinary queue."""
    live(world, tmp_path, "tests.journeys.mortal_and_forgetful", 40, seed=7)
    assert lost(world)


def given_up() -> QuerySet[OutboxMessage]:
    """Ten workers died with it in their hands, one after another, so that it counts as what kills
    them: staff are told, and send it again with a click."""
    return OutboxMessage.objects.filter(state="failed", last_error=claims.DEADLY, attempts__gte=10)


def every_letter_has_arrived(world: World) -> None:
    states = set(OutboxMessage.objects.exclude(pk__in=given_up()).values_list("state", flat=True))
    assert states <= {"delivered", "gathered"}
    assert lost(world) == []
    known = {str(pk) for pk in OutboxMessage.objects.values_list("pk", flat=True)}
    assert set(world.arrivals()) <= known, "nothing was sent that was never committed"
    assert OutboxMessage.objects.filter(letter="trial").count() == world.accepted.letters
    assert not OutboxMessage.objects.filter(state="gathered", digest=None).exists()


def repeats(world: World) -> Counter[float]:
    """How many letters arrived twice, by the first death of a worker after the arrival before."""
    deaths = [kill.at for kill in world.kills if kill.role == "worker"]
    return Counter(
        min((at for at in deaths if at >= before), default=0.0)
        for times in world.arrivals().values()
        for before, _again in pairwise(sorted(times))
    )


def repeats_are_those_of_the_dead(world: World) -> None:
    """Each letter was marked as arrived once: whoever sent it before was dead before the mark."""
    marks = Counter(
        Attempt.objects.filter(outcome="arrived").values_list("message", flat=True).iterator()
    )
    assert set(marks.values()) == {1}
    costs = repeats(world)
    assert 0.0 not in costs, "a letter arrived twice, and nobody had died"
    assert max(costs.values(), default=0) <= MOST_FOR_ONE_DEATH


def every_request_has_its_letters() -> None:
    """To the platform by mail, by webhook and in the application; each of them once."""
    issued = TakedownRequest.objects.exclude(issued_at=None)
    letters = OutboxMessage.objects.filter(letter="takedown_issued")
    assert Counter(letters.values_list("about", "channel")) == {
        (reference, channel): 1
        for reference in issued.values_list("reference", flat=True)
        for channel in ("email", "webhook", "in_app")
    }
    unique = OutboxMessage.objects.filter(letter__in=UNIQUE).exclude(unique_key=None)
    told = Counter(unique.values_list("letter", "about", "address", "channel"))
    assert set(told.values()) == {1}


def each_verb_was_done_once() -> None:
    done = Counter(AuditEntry.objects.filter(verb__in=ONCE).values_list("verb", "subject"))
    assert set(done.values()) == {1}
    issued = TakedownRequest.objects.exclude(issued_at=None)
    counted = Counter(verb for verb, _subject in done)
    assert counted["takedown.issue"] == counted["takedown.note_delivery"] == issued.count()
    acknowledged = issued.exclude(acknowledged_at=None)
    assert counted["takedown.acknowledge"] == acknowledged.count()
    assert counted["item.answer"] == Item.objects.exclude(answered_at=None).count()
    late = Item.objects.exclude(missed_at=None)
    assert counted["item.note_missed_deadline"] == counted["item.escalate"] == late.count()
    assert set(late.values_list("missed_count", flat=True)) == {1}
    seal(clock.now())
    assert verify().fault == ""


def what_was_accepted_is_there(accepted: Accepted) -> None:
    rows = TakedownRequest.objects
    issued = set(rows.exclude(issued_at=None).values_list("reference", flat=True))
    assert set(accepted.issued) <= issued
    acknowledged = rows.exclude(acknowledged_at=None).values_list("reference", flat=True)
    assert set(accepted.acknowledged) <= set(acknowledged)
    answered = Item.objects.filter(state="removed").exclude(answer_id="")
    assert set(accepted.answered) <= set(answered.values_list("takedown__reference", "number"))


def tell(world: World) -> None:
    kills, accepted, costs = world.kills, world.accepted, repeats(world)
    parts = Counter(f"{one.role}{'' if one.whole else ' (its child)'}" for one in kills)
    print(
        f"{len(kills)} kills in {world.took:.0f} s, {len(kills) / world.took:.1f}/s: {dict(parts)}"
    )
    print(
        f"{len(accepted.issued)} requests issued, {len(accepted.acknowledged)} acknowledged,"
        f" {len(accepted.answered)} listings answered; {accepted.again} calls made again;"
        f" {Item.objects.exclude(missed_at=None).count()} missed deadlines noted"
    )
    delivered = OutboxMessage.objects.filter(state="delivered")
    tries = delivered.aggregate(all=Sum("attempts"))["all"]
    print(
        f"{delivered.count()} letters delivered, {tries - delivered.count()} claims of the dead"
        f" taken back; quiet {world.quiet:.0f} s after the last kill"
    )
    unsure = {str(pk) for pk in given_up().values_list("pk", flat=True)}
    print(f"{len(unsure)} given up, of which {len(unsure & world.arrivals().keys())} had arrived")
    print(
        f"{costs.total()} letters arrived twice, under the same id, after {len(costs)} of"
        f" {sum(kill.role == 'worker' for kill in kills)} deaths of workers;"
        f" {max(costs.values(), default=0)} after one at most"
    )
