"""What waits at this instant, in all of the authority's work: for whoever watches the
installation (surveillance/operations), not for the statistics page."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from cases.models import Item, Report
from surveillance.operations.figures import Figure, Values, single

SOON = timedelta(hours=24)


def _items_due_soon(at: datetime) -> Values:
    running = Item.objects.real().running().not_yet_noted()
    return single(running.filter(due_at__gt=at, due_at__lte=at + SOON).count())


def _items_overdue(at: datetime) -> Values:
    return single(Item.objects.real().overdue(at).count())


def _missed_deadlines_not_noted(at: datetime) -> Values:
    return single(Item.objects.real().overdue(at).not_yet_noted().count())


def _reports_to_triage(at: datetime) -> Values:
    return single(Report.objects.awaiting_triage().count())


FIGURES = (
    Figure(
        "items_due_in_24_hours",
        "Listings whose limit ends within 24 hours.",
        _items_due_soon,
        title=_("Listings due in 24 hours"),
        rows=("takedown-list", "?due=1"),
    ),
    Figure("items_overdue", "Listings whose limit has passed without an answer.", _items_overdue),
    Figure(
        "missed_deadlines_not_noted",
        "Of the overdue, those that no sweep has noted yet: more than a minute's worth is a fault.",
        _missed_deadlines_not_noted,
        title=_("Missed, not yet noted"),
        most=0,
    ),
    Figure("reports_to_triage", "Reports that nobody has taken in yet.", _reports_to_triage),
)
