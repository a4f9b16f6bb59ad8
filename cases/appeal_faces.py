"""Appeals as a reader of either side sees them, beside the listing that they are about."""

from dataclasses import dataclass

from django.db.models import Prefetch

from cases.clock_faces import Deadline, Deadlines
from cases.models import Appeal, Item


@dataclass(frozen=True, slots=True)
class AppealFace:
    """What components/appeal.html shows; `deadline` is the authority's own, while it is open."""

    appeal: Appeal
    deadline: Deadline | None


def with_appeals(known: bool) -> list[Prefetch]:
    """To prefetch with the items of a request; `known`: it has appeals (`find` asks), so that one
    without costs no query."""
    return [Prefetch("appeals", Appeal.objects.all())] if known else []


def appeals_of(item: Item, deadlines: Deadlines, known: bool) -> list[AppealFace]:
    """Oldest first. `item.takedown` is at hand."""
    if not known:
        return []
    calendar_code = item.takedown.regime.calendar_code
    found: list[AppealFace] = []
    for appeal in item.appeals.all():
        appeal.item = item
        found.append(AppealFace(appeal, deadlines.of_appeal(appeal, calendar_code)))
    return found
