"""What the market adds to the navigation of the portal."""

from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.web.navigation import Entry


def navigation(actor: Actor) -> list[Entry]:
    if not actor.may(Right.SEE_PORTAL):
        return []
    people = [Entry(_("People"), "agent-list", "users", shortcut="g p")]
    return [
        *(people if actor.may(Right.MANAGE_AGENTS) else []),
        Entry(_("Set-up"), "setup", "clipboard-document-check", shortcut="g u"),
    ]
