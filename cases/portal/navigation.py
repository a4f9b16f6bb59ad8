"""What the portal adds to the navigation."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import TakedownRequest
from cases.portal.views_of_demands import ANSWER
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.web.navigation import Entry


def navigation(actor: Actor) -> list[Entry]:
    if not actor.may(Right.SEE_PORTAL):
        return []
    return [
        Entry(
            _("Requests"),
            "portal",
            "inbox",
            rows=_waiting,
            hides_zero=True,
            shortcut="g r",
        ),
        Entry(_("Answers by file"), "portal-files", "table-cells", shortcut="g f"),
        Entry(_("Scorecard"), "scorecard", "chart-bar", shortcut="g s"),
        Entry(_("Sellers"), "own-sellers", "user-group", shortcut="g t"),
        Entry(_("Notices"), "notices", "bell", shortcut="g n"),
    ]


def _waiting(actor: Actor) -> QuerySet[TakedownRequest]:
    return ANSWER.rows(TakedownRequest.objects.visible_to(actor))
