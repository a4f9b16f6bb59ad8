"""What the market adds to the navigation of the desk."""

from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.web.navigation import Entry


def navigation(actor: Actor) -> list[Entry]:
    imports = [Entry(_("Imports"), "import-list", "arrow-up-tray", shortcut="g m")]
    if not actor.may(Right.SEE_DESK):
        return imports if actor.may(Right.IMPORT_FEED) else []
    return [
        Entry(_("Market")),
        Entry(_("Products"), "product-list", "cube", shortcut="g p"),
        Entry(_("Alerts"), "desk-alert-list", "megaphone", shortcut="g a"),
        Entry(_("Listings"), "listing-list", "shopping-bag", shortcut="g l"),
        Entry(_("Sellers"), "seller-list", "user-group", shortcut="g s"),
        Entry(_("Platforms"), "platform-list", "building-storefront", shortcut="g f"),
        *(imports if actor.may(Right.IMPORT_FEED) else []),
    ]
