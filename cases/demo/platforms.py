"""The three platforms while the clock plays: they read what is asked of them and answer, through
the API and with a key each, as their habits have it."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from wsgiref.types import WSGIApplication

from cases.demo.api_client import PlatformClient
from cases.demo.dice import Dice
from cases.demo.habits import HABITS, Demand, Habit
from sellers.models import Platform
from surveillance import clock
from surveillance.accounts.actor import SYSTEM
from surveillance.accounts.models import Organisation
from surveillance.accounts.rights import Scope
from surveillance.keys import flows as keys
from surveillance.keys.models import ApiKey

logger = logging.getLogger(__name__)
KEY_NAME = "Demo: the platform's own system"
OK = 200


class SimulatedPlatform:
    def __init__(self, client: PlatformClient, habit: Habit) -> None:
        self.client = client
        self.habit = habit

    def work(self, at: datetime) -> int:
        """Look, if this is an hour at which it looks. Returns how many listings it answered."""
        if not self.habit.looks(at):
            return 0
        if self.habit.acknowledges:
            self._acknowledge()
        replies: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for item in self.client.pages("/items/", waiting="platform"):
            demand = Demand.from_json(item)
            if self._is_disputed(item, demand):
                continue
            if reply := self.habit.reply(demand, at):
                replies[demand.takedown].append(
                    {
                        "number": demand.number,
                        "outcome": str(reply.outcome),
                        "ground": reply.ground,
                        "text": reply.text,
                        "answer_id": f"{demand.round}/{reply.outcome}",
                    }
                )
        return sum(self._answer(takedown, rows) for takedown, rows in sorted(replies.items()))

    def _acknowledge(self) -> None:
        for takedown in self.client.pages("/takedowns/", state="issued"):
            if takedown["acknowledged_at"] is None:
                self.client.post(f"/takedowns/{takedown['reference']}/acknowledge/")

    def _is_disputed(self, item: dict[str, Any], demand: Demand) -> bool:
        """It appeals, or has appealed and waits for what the authority decides."""
        if reason := self.habit.appeals(demand):
            address = f"/takedowns/{demand.takedown}/items/{demand.number}/appeal/"
            self.client.post(address, {"reason": reason})
        return bool(reason) or any(appeal["state"] == "open" for appeal in item["appeals"])

    def _answer(self, takedown: str, rows: list[dict[str, Any]]) -> int:
        results = self.client.post(f"/takedowns/{takedown}/answers/", {"answers": rows})["results"]
        for result in results:
            if result["status"] != OK:
                logger.warning("%s: %s", takedown, result)
        return sum(result["status"] == OK for result in results)


@contextmanager
def simulated_platforms(
    application: WSGIApplication, dice: Dice
) -> Iterator[list[SimulatedPlatform]]:
    """The platforms of the demo, each with a key that lives as long as the block."""
    organisations = Platform.objects.filter(slug__in=HABITS).select_related("organisation")
    revoke_keys()  # those of a play that was broken off
    try:
        yield [
            SimulatedPlatform(
                PlatformClient(_issue_key(platform.organisation), application),
                HABITS[platform.slug](dice),
            )
            for platform in organisations.order_by("slug")
        ]
    finally:
        revoke_keys()


def revoke_keys() -> None:
    for key in ApiKey.objects.live(clock.now()).filter(name=KEY_NAME):
        keys.revoke(key, by=SYSTEM)


def _issue_key(organisation: Organisation) -> str:
    scopes = (Scope.READ, Scope.ANSWER)
    return keys.issue(organisation, by=SYSTEM, name=KEY_NAME, scopes=scopes).secret
