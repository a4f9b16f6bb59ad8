"""Counts of listings demanded. A number is one function: the condition that an item meets.

Its count and the rows behind it are made from that one condition, so they cannot disagree. All
are counted among *issued* items, those of requests that have gone out (`Scope.items`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Item
from cases.states import ITEM_AWAITS_PLATFORM, ITEM_OPEN, ItemState

Condition = Callable[[datetime], Q]


@dataclass(frozen=True, slots=True)
class Number:
    """`definition` says in words what `holds` says in a query, asked at an instant."""

    name: str
    title: Promise
    definition: Promise
    holds: Condition

    def rows(self, items: QuerySet[Item], at: datetime) -> QuerySet[Item]:
        return items.filter(self.holds(at))

    def counting(self, at: datetime) -> Count:
        """To be aggregated over the same items."""
        return Count("pk", filter=self.holds(at))


NUMBERS: dict[str, Number] = {}


def number(title: Promise, definition: Promise) -> Callable[[Condition], Condition]:
    """Registers the function under its own name."""

    def register(holds: Condition) -> Condition:
        NUMBERS[holds.__name__] = Number(holds.__name__, title, definition, holds)
        return holds

    return register


@number(
    _("Requested"),
    _("Listings demanded in requests that have gone out, also those demanded again."),
)
def requested(at: datetime) -> Q:
    """The denominator of most shares."""
    return Q(started_at__isnull=False)


@number(
    _("Identified"),
    _("Listings that the platform says it found, whatever it then did with them."),
)
def identified(at: datetime) -> Q:
    """By the latest answer. The EU and Japanese pledges divide by these."""
    return Q(identified=True)


@number(
    _("Claimed removed"),
    _("Listings whose latest answer says “removed”, found to be true or not."),
)
def claimed_removed(at: datetime) -> Q:
    """Also an answer that was rejected: the claim was made. `ground` is empty unless refused."""
    return Q(identified=True, ground="")


@number(_("Not found"), _("Listings that the platform says are not at the address."))
def not_found(at: datetime) -> Q:
    """By the latest answer; no claim of a removal."""
    return Q(identified=False, ground="")


@number(
    _("Verified removed"),
    _("Listings that somebody here has looked for and found gone."),
)
def verified_removed(at: datetime) -> Q:
    """Whether the platform had said “removed” or “not found”."""
    return Q(state=ItemState.CONFIRMED)


@number(
    _("Identified and verified removed"),
    _("Listings that the platform says it found, and that were found gone here."),
)
def identified_removed(at: datetime) -> Q:
    return identified(at) & verified_removed(at)


@number(
    _("Refused"),
    _("Listings whose latest answer is a refusal, accepted by the authority or not."),
)
def refused(at: datetime) -> Q:
    return Q(identified__isnull=False) & ~Q(ground="")


@number(_("Withdrawn"), _("Listings that the authority no longer demands."))
def withdrawn(at: datetime) -> Q:
    return Q(state=ItemState.WITHDRAWN)


@number(_("Open"), _("Listings that wait for the platform or for the authority."))
def still_open(at: datetime) -> Q:
    return Q(state__in=sorted(ITEM_OPEN))


@number(
    _("Overdue now"),
    _("Listings that wait for the platform and whose limit has passed."),
)
def overdue(at: datetime) -> Q:
    """The limit as it stands, with pauses and extensions. A clock that stands is not overdue."""
    return Q(state__in=sorted(ITEM_AWAITS_PLATFORM), paused_at=None, due_at__lte=at)


@number(
    _("Missed the limit"),
    _("Listings for which a limit has passed without an answer, at least once."),
)
def missed(at: datetime) -> Q:
    """Noted by the sweep (`missed_count`), or about to be."""
    return Q(missed_count__gt=0) | overdue(at)


@number(
    _("Came back"),
    _("Listings demanded again because they were online again after a verified removal."),
)
def relisted(at: datetime) -> Q:
    return Q(predecessor__isnull=False)


@number(_("Answered in time"), _("Listings whose first answer came before their limit."))
def in_time(at: datetime) -> Q:
    """A question is no answer. The limit is the one that ran when the answer came."""
    return Q(answered_in_time=True)


@number(
    _("Answered or past the limit"),
    _("Listings of which it is known whether they were answered in time."),
)
def judged(at: datetime) -> Q:
    """Those answered, and those whose current limit passed without an answer, whatever became of
    them since. The denominator of the share answered within the limit."""
    return Q(first_answered_at__isnull=False) | Q(missed_at__isnull=False) | overdue(at)


# What is timed. A listing that came back is left out: its clock has no fixed beginning, since a
# rejected answer starts it anew.


@number(_("Acknowledged"), _("Listings of requests that the platform has acknowledged."))
def acknowledged(at: datetime) -> Q:
    return Q(takedown__acknowledged_at__isnull=False, predecessor=None)


@number(_("Answered"), _("Listings with a first answer; a question is no answer."))
def answered(at: datetime) -> Q:
    return Q(first_answered_at__isnull=False, predecessor=None)


@number(
    _("Removed and verified"),
    _("Listings found gone here, without those demanded again."),
)
def removed(at: datetime) -> Q:
    return Q(verified_at__isnull=False, predecessor=None)
