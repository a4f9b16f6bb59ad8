"""The part of the drafting page that is about one platform: its listings and the kind of demand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import Item
from sellers.models import Listing, Platform
from surveillance.calendars.models import Kind, Regime


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing that could be demanded; `busy` is the item that already demands it."""

    listing: Listing
    busy: Item | None

    @property
    def is_proposed(self) -> bool:
        """Online, and nobody has been asked to remove it yet."""
        return self.busy is None and self.listing.state == Listing.State.ONLINE


class PlatformForm(forms.Form):
    """Prefix: the platform's slug. `offers` are the boxes; `chosen` are those that come ticked."""

    kind = forms.ChoiceField(label=_("Kind of demand"))
    listings = forms.MultipleChoiceField(label=_("Listings"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        platform: Platform,
        offers: Sequence[Offer],
        regimes: Mapping[str, Regime],
        chosen: Iterable[str] | None,
    ) -> None:
        super().__init__(data, prefix=platform.slug)
        self.platform = platform
        self.offers = offers
        self.regimes = {
            kind: regimes[code]
            for kind in Kind.values
            if (code := platform.regime_code(kind)) in regimes
        }
        self.fields["kind"].choices = [
            (kind, _demand(kind, regime)) for kind, regime in self.regimes.items()
        ]
        self.fields["listings"].choices = [
            (offer.listing.reference, offer.listing.title) for offer in offers
        ]
        wanted = set(chosen) if chosen is not None else None
        self.initial["listings"] = [
            offer.listing.reference
            for offer in offers
            if (offer.is_proposed if wanted is None else offer.listing.reference in wanted)
        ]

    @property
    def ticked(self) -> list[str]:
        """References of the boxes that are ticked, as sent or as proposed."""
        ticked: list[str] = self["listings"].value() or []
        return ticked

    @property
    def chosen_listings(self) -> list[Listing]:
        """Only for a valid form."""
        chosen = set(self.cleaned_data["listings"])
        return [offer.listing for offer in self.offers if offer.listing.reference in chosen]


def _demand(kind: str, regime: Regime) -> str:
    return gettext("%(kind)s, %(amount)d %(unit)s – %(regime)s") % {
        "kind": Kind(kind).label,
        "regime": regime.name,
        "amount": regime.limit_amount,
        "unit": gettext("hours") if regime.limit_unit == "hours" else gettext("working days"),
    }
