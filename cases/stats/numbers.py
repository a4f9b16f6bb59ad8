"""Counts of items. A number is a condition on items; its count and its rows are the same query.

All are counted among *issued* items: listings demanded in a request that has gone out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.states import ITEM_AWAITS_PLATFORM, ITEM_OPEN, ItemState

CLAIMED = (ItemState.REMOVED, ItemState.NOT_FOUND, ItemState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Number:
    """`holds` is the condition, at an instant; `definition` says it in words."""

    title: Promise
    definition: Promise
    holds: "Condition"


class Condition:
    """A condition that may depend on the time it is asked at."""

    def __init__(self, always: Q, due_passed: bool = False) -> None:
        self._always = always
        self._due_passed = due_passed

    def at(self, instant: datetime) -> Q:
        return self._always & Q(due_at__lte=instant) if self._due_passed else self._always


NUMBERS: Mapping[str, Number] = {
    "requested": Number(
        _("Requested"),
        _("Listings demanded in requests that have gone out. The denominator of most shares."),
        Condition(Q(started_at__isnull=False)),
    ),
    "identified": Number(
        _("Identified"),
        _("Listings that the platform says it found, whatever it then did with them."),
        Condition(Q(identified=True)),
    ),
    "claimed_removed": Number(
        _("Claimed removed"),
        _("Listings whose standing answer is “removed” or “not found”, verified or not."),
        Condition(Q(state__in=CLAIMED)),
    ),
    "verified_removed": Number(
        _("Verified removed"),
        _("Listings that somebody here has looked for and found gone."),
        Condition(Q(state=ItemState.CONFIRMED)),
    ),
    "refused": Number(
        _("Refused"),
        _("Listings that the platform refuses to remove, accepted by the authority or not yet."),
        Condition(Q(state__in=[ItemState.REFUSED, ItemState.REFUSAL_ACCEPTED])),
    ),
    "withdrawn": Number(
        _("Withdrawn"),
        _("Listings that the authority no longer demands."),
        Condition(Q(state=ItemState.WITHDRAWN)),
    ),
    "open": Number(
        _("Open"),
        _("Listings that wait for the platform or for the authority."),
        Condition(Q(state__in=sorted(ITEM_OPEN))),
    ),
    "overdue": Number(
        _("Overdue now"),
        _("Listings that wait for the platform and whose limit has passed."),
        Condition(Q(state__in=sorted(ITEM_AWAITS_PLATFORM)), due_passed=True),
    ),
    "missed": Number(
        _("Missed the limit"),
        _("Listings for which a limit has passed without an answer, at least once."),
        Condition(Q(missed_count__gt=0)),
    ),
    "relisted": Number(
        _("Came back"),
        _("Listings demanded again because they were online again after a verified removal."),
        Condition(Q(predecessor__isnull=False)),
    ),
    "in_time": Number(
        _("Answered in time"),
        _("Listings whose first answer came before their limit."),
        Condition(Q(answered_in_time=True)),
    ),
}


def judged(at: datetime) -> Q:
    """Listings of which it is known whether they were answered in time: those answered, and those
    that still wait although their limit has passed."""
    waits = Q(state__in=sorted(ITEM_AWAITS_PLATFORM), due_at__lte=at)
    return Q(first_answered_at__isnull=False) | (Q(first_answered_at=None) & waits)
