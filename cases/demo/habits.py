"""What each simulated platform is like: when it looks, what it answers, and when it lies. Pure."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from cases.demo.dice import Dice
from cases.states import ItemState

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Demand:
    """One listing that is to go, as the API shows it."""

    takedown: str
    number: int
    started_at: datetime
    due_at: datetime
    information: str
    decision: str
    may_appeal: bool = False

    @classmethod
    def from_json(cls, item: dict[str, Any]) -> "Demand":
        return cls(
            takedown=item["takedown"],
            number=item["number"],
            started_at=datetime.fromisoformat(item["started_at"]),
            due_at=datetime.fromisoformat(item["due_at"]),
            information=item["information"],
            decision=item["decision"],
            may_appeal=item["appeal_until"] is not None and not item["appeals"],
        )

    @property
    def round(self) -> str:
        """Names this demand until its clock is started again."""
        return round_of(self.takedown, self.number, self.started_at)


def round_of(takedown: str, number: int, started_at: datetime) -> str:
    return f"{takedown}/{number}/{started_at:%Y%m%dT%H%M}"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as the API takes it, without its id."""

    outcome: str
    text: str = ""
    ground: str = ""


class Habit(ABC):
    """`lies`: the share of its claims to have removed a listing that are not true."""

    name: ClassVar[str]
    zone: ClassVar[ZoneInfo]
    lies: ClassVar[float]
    looks_at: ClassVar[frozenset[int]]  # hours of its working days, local
    acknowledges: ClassVar[bool] = True

    def __init__(self, dice: Dice) -> None:
        self.dice = dice

    def looks(self, at: datetime) -> bool:
        """Does it look at what is asked of it at this hour?"""
        local = at.astimezone(self.zone)
        return local.weekday() < SATURDAY and local.hour in self.looks_at

    def reply(self, demand: Demand, at: datetime) -> Reply | None:
        """What it says now; None while it says nothing."""
        dice = self.dice.about(self.name, demand.round)
        return self.says(demand, dice) if at >= self.answers_at(demand, dice) else None

    def appeals(self, demand: Demand) -> str:
        """Why it appeals against the decision about its answer; empty where it does not."""
        return ""

    def is_lying(self, round_: str) -> bool:
        """Is a listing that it says it removed in this round still there?"""
        return self.dice.happens(self.lies, self.name, round_, "lies")

    @abstractmethod
    def answers_at(self, demand: Demand, dice: Random) -> datetime:
        """From when on it would answer, if it looks then."""

    @abstractmethod
    def says(self, demand: Demand, dice: Random) -> Reply: ...


class Prompt(Habit):
    """Acknowledges within the hour, day and night, and removes within a working day."""

    name = "prompt"
    zone = ZoneInfo("Europe/Brussels")
    lies = 0.04
    looks_at = frozenset(range(9, 18))

    def looks(self, at: datetime) -> bool:
        return True

    def answers_at(self, demand: Demand, dice: Random) -> datetime:
        return demand.started_at + timedelta(hours=dice.uniform(1, 5))

    def reply(self, demand: Demand, at: datetime) -> Reply | None:
        return super().reply(demand, at) if super().looks(at) else None

    def says(self, demand: Demand, dice: Random) -> Reply:
        if dice.random() < 0.1:
            return Reply(ItemState.NOT_FOUND, "The address leads nowhere any more.")
        return Reply(ItemState.REMOVED, "Taken down, the seller has been told.")


class Slow(Habit):
    """Answers after the reminder, or after the deadline, or when a formal letter comes."""

    name = "slow"
    zone = ZoneInfo("Australia/Sydney")
    lies = 0.08
    looks_at = frozenset({10, 15})
    acknowledges = False

    def answers_at(self, demand: Demand, dice: Random) -> datetime:
        mood = dice.random()
        if mood < 0.45:
            return demand.due_at - timedelta(hours=dice.uniform(9, 16))
        if mood < 0.85:
            return demand.due_at + timedelta(hours=dice.uniform(6, 72))
        return demand.due_at + timedelta(days=11)  # seven working days

    def says(self, demand: Demand, dice: Random) -> Reply:
        return Reply(ItemState.REMOVED, "Removed. Sorry for the wait.")


class Refusing(Habit):
    """Refuses a share with grounds, asks back, sometimes says removed while it is not, and
    appeals against some decisions."""

    name = "refusing"
    zone = ZoneInfo("Asia/Taipei")
    lies = 0.3
    looks_at = frozenset({10, 13, 16})
    REFUSALS: ClassVar = (
        ("not_this_product", "賣家提供的型號不同，請再確認。"),
        ("compliant", "賣家已提供檢驗合格證明。"),
        ("outside_territory", "此商品僅在台灣銷售。"),
    )

    def appeals(self, demand: Demand) -> str:
        wronged = self.dice.happens(0.4, self.name, demand.takedown, demand.number, "appeals")
        return "檢附型號對照表：標示的型號不同，請再審查。" if wronged and demand.may_appeal else ""

    def answers_at(self, demand: Demand, dice: Random) -> datetime:
        soon = demand.started_at + timedelta(hours=dice.uniform(6, 46))
        return min(soon, demand.due_at - timedelta(hours=8))

    def says(self, demand: Demand, dice: Random) -> Reply:
        mood = dice.random()
        if demand.decision:  # told once already that it will not do
            return Reply(ItemState.REMOVED, "已下架。")
        if mood < 0.3:
            ground, text = dice.choice(self.REFUSALS)
            return Reply(ItemState.REFUSED, text, ground)
        if mood < 0.5 and not demand.information:
            return Reply(ItemState.NEEDS_INFORMATION, "請提供產品型號與批號。")
        return Reply(ItemState.REMOVED, "已下架。")


HABITS: dict[str, type[Habit]] = {
    "harbour-market": Prompt,
    "bazaar-nine": Slow,
    "formosa-mall": Refusing,
}
