"""What the work adds to the navigation of the desk."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import Report
from cases.states import ReportState
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.web.navigation import Entry

TRIAGE = "state=received&assignee=me_or_nobody&sort=-severity"


def navigation(actor: Actor) -> list[Entry]:
    if not actor.may(Right.SEE_DESK):
        return []
    return [
        Entry(_("Inbox"), "desk", "inbox", shortcut="g i"),
        Entry(
            _("Reports"),
            "report-list",
            "chat-bubble-bottom-center-text",
            rows=_to_triage,
            shortcut="g r",
            query=f"?{TRIAGE}",
        ),
        Entry(_("Cases"), "case-list", "briefcase", shortcut="g c"),
        Entry(_("Takedown requests"), "takedown-list", "paper-airplane", shortcut="g t"),
        Entry(_("Statistics"), "statistics", "chart-bar", shortcut="g n"),
    ]


def rules(actor: Actor) -> list[Entry]:
    """What deadlines follow; below the market."""
    if not actor.may(Right.SEE_RULES):
        return []
    return [
        Entry(_("Rules")),
        Entry(_("Calendars"), "calendar-list", "calendar-days", shortcut="g d"),
        Entry(_("Regimes"), "regime-list", "scale", shortcut="g e"),
        Entry(_("Deadline simulator"), "deadline-simulator", "calculator", shortcut="g x"),
    ]


def _to_triage(actor: Actor) -> QuerySet[Report]:
    """Those of the list that the entry leads to; without the filter's form, on every page."""
    received = Report.objects.visible_to(actor).filter(state=ReportState.RECEIVED)
    return received.claimed_by_nobody_but(actor.user_id)
