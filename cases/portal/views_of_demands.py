"""The three places where a demand stands, as a platform sees it: each demand is in one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.states import TakedownState

# `due_at` of a request is set while the clock of one of its items runs (cases/flows/clocks.py).
_WAITS_FOR_PLATFORM = Q(state=TakedownState.ISSUED, due_at__isnull=False)
_IS_CHECKED = Q(state=TakedownState.ISSUED, due_at=None)


@dataclass(frozen=True, slots=True)
class DemandView:
    """A tab of the list. `sorts`: names with their orderings, the first is the default."""

    code: str
    label: str | Promise
    condition: Q
    sorts: Mapping[str, Sequence[str]]
    empty_title: str | Promise
    empty_text: str | Promise

    def rows(self, demands: QuerySet[Any]) -> QuerySet[Any]:
        return demands.filter(self.condition)


ANSWER = DemandView(
    "answer",
    _("To answer"),
    _WAITS_FOR_PLATFORM,
    {"due": ("due_at", "id")},
    _("Nothing waits for your answer"),
    _("A new order or notice appears here, and your contact points are told by e-mail."),
)
CHECKING = DemandView(
    "checking",
    _("Being checked by the authority"),
    _IS_CHECKED,
    {"newest": ("-issued_at", "-id")},
    _("The authority has nothing of yours to check"),
    _("When every listing of a request is answered, it stands here until it is checked."),
)
CLOSED = DemandView(
    "closed",
    _("Closed"),
    ~Q(state=TakedownState.ISSUED),
    {"newest": ("-issued_at", "-id")},
    _("Nothing is closed yet"),
    _("Requests that are settled or were withdrawn are kept here."),
)
VIEWS = {view.code: view for view in (ANSWER, CHECKING, CLOSED)}


def counts(demands: QuerySet[Any]) -> Mapping[str, int]:
    """How many demands stand in each view, in one query."""
    found: Mapping[str, int] = demands.order_by().aggregate(
        **{code: Count("pk", filter=view.condition) for code, view in VIEWS.items()}
    )
    return found
