"""What a platform says of sellers and listings on it: kept beside what the authority established,
never in its place.

Fields after Regulation (EU) 2022/2065 (Digital Services Act), Art. 30(1), traceability of traders,
and Regulation (EU) 2023/988 (General Product Safety), Art. 19 and 22(9), what an offer must show.
"""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sellers.models.listing import Listing
from sellers.models.platform import Platform
from sellers.models.seller import SellerAccount
from surveillance.accounts.actor import Actor
from surveillance.flow import FlowModel


class SellerDataQuerySet(models.QuerySet["SellerData"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff all, a platform its own."""
        if actor.is_staff or actor.is_system:
            return self
        return self.filter(platform=actor.organisation_id) if actor.is_platform else self.none()


class SellerData(FlowModel):
    """Who trades under `handle`, as the platform has it. `self_certified`: the trader has committed
    to offer only what complies (Art. 30(1)(e))."""

    LABEL = "seller_data"
    PERSONAL = frozenset({"name", "address", "email", "phone", "register_number"})

    platform = models.ForeignKey(Platform, models.PROTECT, related_name="seller_data")
    handle = models.CharField(_("account"), max_length=150)
    name = models.CharField(_("name"), max_length=200)
    address = models.TextField(_("address"), blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    trade_register = models.CharField(_("trade register"), max_length=200, blank=True)
    register_number = models.CharField(_("number in it"), max_length=100, blank=True)
    self_certified = models.BooleanField(_("certified its compliance"), null=True)
    responsible_person = models.TextField(_("responsible person"), blank=True)

    objects = SellerDataQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "handle"], name="one_word_on_a_seller")
        ]

    def __str__(self) -> str:
        return f"{self.handle} ({self.platform})"

    def audit_context(self) -> list[str]:
        known = SellerAccount.objects.filter(platform=self.platform_id, handle=self.handle)
        return list(known.values_list("seller__reference", flat=True))


class ListingDataQuerySet(models.QuerySet["ListingData"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff all but what is of made-up listings, a platform its own."""
        if actor.is_system:
            return self
        if actor.is_staff:
            return self.filter(listing__is_sandbox=False)
        own = self.filter(listing__platform=actor.organisation_id)
        return own if actor.is_platform else self.none()


class ListingData(FlowModel):
    """What is offered at a listing's address, as the platform has it."""

    LABEL = "listing_data"

    listing = models.OneToOneField(Listing, models.PROTECT, related_name="data")
    seller_handle = models.CharField(_("account"), max_length=150, blank=True)
    title = models.CharField(_("title"), max_length=500, blank=True)
    brand = models.CharField(_("brand"), max_length=200, blank=True)
    model = models.CharField(_("model"), max_length=200, blank=True)
    gtins = ArrayField(
        models.CharField(max_length=14), verbose_name="GTIN", default=list, blank=True
    )
    manufacturer = models.TextField(_("manufacturer"), blank=True)
    responsible_person = models.TextField(_("responsible person"), blank=True)
    warnings = models.TextField(_("warnings shown"), blank=True)
    offered_since = models.DateField(_("offered since"), null=True)
    units_sold = models.PositiveIntegerField(_("units sold"), null=True)

    objects = ListingDataQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.listing)

    @property
    def audit_reference(self) -> str:
        return f"{self.listing.reference}/data"

    def audit_context(self) -> list[str]:
        return [self.listing.reference]
