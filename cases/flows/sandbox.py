"""A sandbox demand: asked for by a platform that tries its system out, about listings made up.

It goes through the verbs of every demand, with the same clock and letters. The authority's part
is played by SANDBOX (accounts/actor.py), who sees such demands and nothing else; staff see none.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.flows import cases, contents, takedowns
from cases.letters import recipients
from cases.models import Case, TakedownRequest
from cases.states import TakedownState
from sellers.flows import listings
from sellers.flows.listings import ListingFacts
from sellers.models import Listing, Platform
from surveillance import clock
from surveillance.accounts.actor import SANDBOX, Actor
from surveillance.accounts.models import Office
from surveillance.accounts.rights import Right
from surveillance.calendars.models import Kind
from surveillance.flow import NEW, NotVisible, Transition, WrongState, perform
from surveillance.references import Kind as Reference
from surveillance.references import next_reference

MOST_OPEN = 5  # sandbox demands of one platform
STILL_ONLINE = "still-online"  # in an address: the first answer “removed” is not believed

# What each made-up listing is there to try. The word stands in its address.
_OFFERS = {
    "removed": _("Answer that you removed it, and the removal is verified."),
    STILL_ONLINE: _("Answer that you removed it: this is rejected, and verified the second time."),
    "refuse": _("Refuse it with a ground, and the refusal is accepted."),
    "ask": _("Ask for information, and it is given."),
    "wait": _("Leave it unanswered and be reminded, or answer it last."),
}

ASK = Transition(
    "takedown.ask_sandbox",
    Right.ASK_SANDBOX,
    _("Ask for a sandbox demand"),
    _("asked for a sandbox demand to %(platform)s"),
    from_={NEW},
    to={TakedownState.DRAFT},
)


def ask(
    platform: Platform, *, by: Actor, kind: str = "", at: datetime | None = None
) -> TakedownRequest:
    """Make one up and issue it. Without a kind it is an order, where the platform gets any.

    Raises WrongState while the platform has too many open.
    """
    at = at or clock.now()
    takedown = TakedownRequest(platform=platform, drafted_at=at, is_sandbox=True)
    with perform(ASK, takedown, by=by, at=at) as change:
        _lock_with_room(platform, by)
        takedown.kind = kind or (Kind.ORDER if platform.order_regime else Kind.NOTICE)
        _set_regime(takedown)
        takedown.reference = next_reference(Reference.SANDBOX_TAKEDOWN, at)
        with translation.override(recipients.language_of(platform)):
            _say(takedown)
            takedown.case = _open_case(takedown, by, at)
            found = _make_up(takedown, at)
        change.note(platform=platform.name)
        change.afterwards(lambda: _issue(takedown, found, at))
    takedown.refresh_from_db()
    return takedown


def _lock_with_room(platform: Platform, by: Actor) -> None:
    """Those who ask for the same platform at once wait for one another."""
    seen = Platform.objects.visible_to(by).filter(pk=platform.pk)
    if not seen.select_for_update(no_key=True):
        raise NotVisible(gettext("%(row)s is not here.") % {"row": platform.slug})
    if TakedownRequest.objects.sandbox().open().addressed_to(platform).count() >= MOST_OPEN:
        raise WrongState(
            gettext(
                "%(count)d sandbox demands are open, which is as many as can be. Answer all"
                " listings of one of them, and it is closed within a minute or two."
            )
            % {"count": MOST_OPEN}
        )


def _set_regime(takedown: TakedownRequest) -> None:
    regime = takedown.platform.regime(takedown.kind) if takedown.kind in Kind.values else None
    if regime is None:
        raise ValidationError(
            {
                "kind": gettext("%(platform)s has no regime for this kind of demand.")
                % {"platform": takedown.platform.name}
            }
        )
    takedown.regime = regime


def _say(takedown: TakedownRequest) -> None:
    takedown.facts = gettext("TEST. The listings of this demand are made up.")
    takedown.hazard = gettext("TEST: none, there is no such product.")
    takedown.territory = gettext("TEST: nowhere")
    tries = (f"{number}. {what}" for number, what in enumerate(_OFFERS.values(), start=1))
    told = gettext("Remove nothing. Every listing can be answered in any way; try this:")
    takedown.action = "\n".join([told, *tries])


def _open_case(takedown: TakedownRequest, by: Actor, at: datetime) -> Case:
    """The one that every demand stands in. Where staff ask, the letters are from their office."""
    offices = Office.objects.order_by("pk")
    office = offices.filter(pk=by.office_id).first() if by.office_id else None
    title = gettext("TEST: sandbox demand %(reference)s") % {"reference": takedown.reference}
    return cases.open(title, by=SANDBOX, office=office or offices.first(), at=at)


def _make_up(takedown: TakedownRequest, at: datetime) -> list[Listing]:
    """Listings of nobody, about no product, at addresses of the platform where nothing is."""
    shop = f"{takedown.platform.website.rstrip('/')}/sandbox/{takedown.reference}"
    found = []
    for number, word in enumerate(_OFFERS, start=1):
        title = gettext("TEST listing %(number)d") % {"number": number}
        facts = ListingFacts(url=f"{shop}/{number}-{word}", title=title)
        listing = listings.record(takedown.platform, facts, by=SANDBOX, at=at)
        cases.link_listing(takedown.case, by=SANDBOX, listing=listing, at=at)
        found.append(listing)
    return found


def _issue(takedown: TakedownRequest, found: list[Listing], at: datetime) -> None:
    contents.add(takedown, found, at)
    takedowns.issue(takedown, by=SANDBOX, at=at)
