"""Who has how much to do: open cases, and the listings in them, by inspector."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from cases.models import Case, Item
from cases.stats.numbers import overdue
from surveillance.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Workload:
    """`name` is "" for cases that nobody has."""

    name: str
    cases: int
    to_check: int
    overdue: int


def workload(actor: Actor, at: datetime) -> list[Workload]:
    """By inspector, the most cases first; of open cases that the actor may see."""
    awaiting = Q(takedowns__items__in=Item.objects.awaiting_authority())
    late = Q(takedowns__items__in=Item.objects.issued().filter(overdue(at)))
    rows = (
        Case.objects.visible_to(actor)
        .open()
        .values(name=F("assignee__name"), person=F("assignee_id"))
        .annotate(
            cases=Count("pk", distinct=True),
            to_check=Count("takedowns__items", filter=awaiting, distinct=True),
            overdue=Count("takedowns__items", filter=late, distinct=True),
        )
        .order_by("-cases", "name")
    )
    return [
        Workload(row["name"] or "", row["cases"], row["to_check"], row["overdue"]) for row in rows
    ]
