"""A story that nobody wrote: weeks of work through the real verbs, by a seeded die."""

from datetime import timedelta
from random import Random

from cases.flows import extensions, items, sweeps, takedowns
from cases.models import Extension, Item, TakedownRequest
from cases.states import ANSWERS, ITEM_ANSWERED, ITEM_AWAITS_PLATFORM, ItemState
from surveillance.accounts.actor import Actor
from tests.cast import answer_with
from tests.story import Story


class Walk:
    """Every turn of the die, time passes and the sweep notes what was missed. At the end a fresh
    demand has become late, and no sweep has come by yet."""

    def __init__(self, story: Story, time, seed: int) -> None:
        self.story = story
        self.time = time
        self.die = Random(seed)
        self.agents = {
            story.cast.harbour.pk: Actor.of(story.cast.dot),
            story.cast.bazaar.pk: Actor.of(story.cast.dev),
        }

    def go(self, steps: int) -> None:
        self.issue()
        deeds = (
            [self.answer] * 8
            + [self.decide] * 6
            + [self.issue, self.acknowledge, self.acknowledge, self.supply]
            + [self.withdraw, self.relist, self.extend, self.let_pass, self.let_pass]
        )
        for _step in range(steps):
            self.die.choice(deeds)()
            self.time.pass_(timedelta(minutes=self.die.randint(1, 240)))
            sweeps.note_missed_deadlines(self.time.now)
        self.issue()
        self.time.pass_(timedelta(days=7))

    def issue(self) -> None:
        listings = self.die.randint(1, 3)
        if self.die.random() < 0.5:
            self.story.issued(listings=listings)
        else:
            self.story.issued_notice(listings=listings, platform=self.story.cast.bazaar)

    def acknowledge(self) -> None:
        waiting = TakedownRequest.objects.open().filter(acknowledged_at=None)
        if takedown := self.one(waiting):
            takedowns.acknowledge(takedown, by=self.agents[takedown.platform_id])

    def answer(self) -> None:
        if item := self.one(Item.objects.filter(state__in=ITEM_AWAITS_PLATFORM)):
            outcome = self.die.choice(sorted(ANSWERS) + [ItemState.REMOVED] * 3)
            items.answer(item, answer_with(outcome), by=self.agents[item.takedown.platform_id])

    def decide(self) -> None:
        item = self.one(Item.objects.filter(state__in=ITEM_ANSWERED))
        if item is None:
            return
        if self.die.random() < 0.25:
            items.reject_answer(item, by=self.story.ana, reason="It is still there.")
        elif item.state == ItemState.REFUSED:
            items.accept_refusal(item, by=self.story.ana, reason="You are right.")
        else:
            items.confirm_removal(item, by=self.story.ana)

    def supply(self) -> None:
        if item := self.one(Item.objects.filter(state=ItemState.NEEDS_INFORMATION)):
            items.supply_information(item, by=self.story.ana, information="Model MC-216.")

    def withdraw(self) -> None:
        if item := self.one(Item.objects.open()):
            items.withdraw(item, by=self.story.ana, reason="Our mistake.")

    def relist(self) -> None:
        gone = Item.objects.filter(state=ItemState.CONFIRMED, successors=None)
        if item := self.one(gone):
            items.note_relisted(item, by=self.story.ana)

    def extend(self) -> None:
        asked = Extension.objects.filter(state=Extension.State.REQUESTED).values("takedown")
        if takedown := self.one(TakedownRequest.objects.open().exclude(pk__in=asked)):
            agent = self.agents[takedown.platform_id]
            extensions.request_extension(takedown, by=agent, working_days=1, reason="Please.")
            extensions.grant_extension(takedown, by=self.story.bo)

    def let_pass(self) -> None:
        self.time.pass_(timedelta(hours=self.die.randint(10, 80)))

    def one(self, rows):
        """One of the rows, or None."""
        found = list(rows.order_by("pk"))
        return self.die.choice(found) if found else None
