"""Who has how much to do: open cases, and the listings in them, by inspector."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

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
    cases = Case.objects.visible_to(actor).open()
    to_check = _by_person(cases, Item.objects.awaiting_authority())
    late = _by_person(cases, Item.objects.issued().filter(overdue(at)))
    people = cases.order_by().values_list("assignee", "assignee__name").annotate(n=Count("pk"))
    return [
        Workload(name or "", number, to_check[person], late[person])
        for person, name, number in people.order_by("-n", "assignee__name")
    ]


def _by_person(cases: QuerySet[Case], items: QuerySet[Item]) -> Counter[int | None]:
    """How many of these listings stand in these cases, by the key of their inspector."""
    found = items.filter(takedown__case__in=cases).order_by()
    return Counter(dict(found.values_list("takedown__case__assignee").annotate(n=Count("pk"))))
