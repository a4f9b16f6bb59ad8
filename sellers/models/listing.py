"""Listings: one offer at one address on one platform."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from sellers.models.platform import Platform
from sellers.models.product import Product
from sellers.models.seller import SellerAccount
from surveillance.accounts.actor import Actor
from surveillance.flow import FlowModel
from surveillance.searching import SearchPairs, holds, words_of


class ListingQuerySet(models.QuerySet["Listing"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff all but the made-up ones; the sandbox those alone."""
        if actor.is_system:
            return self
        return self.filter(is_sandbox=actor.is_sandbox) if actor.is_staff else self.none()

    def online(self) -> Self:
        return self.filter(state=Listing.State.ONLINE)

    def matching(self, text: str) -> Self:
        """Listings whose title, brand or address holds every word of `text`, or whose GTIN or
        reference it is."""
        rows = self
        for word in words_of(text):
            found = holds("title", word, or_in="brand", lookup="icontains")
            if word.isascii():  # as addresses, codes and references are
                code = word.zfill(14) if word.isdigit() else word
                found |= models.Q(address_key__icontains=word) | models.Q(gtins__contains=[code])
                found |= models.Q(reference=word.upper())
            rows = rows.filter(found)
        return rows

    def for_list(self) -> Self:
        return self.select_related("platform", "account__seller", "product")


class Listing(FlowModel):
    """`address_key` is the address in one writing (scheme, host and tracking parameters folded),
    unique within a platform. Facts are as captured at `captured_at`."""

    class State(models.TextChoices):
        ONLINE = "online", _("online")
        GONE = "gone", _("gone")

    LABEL = "listing"

    reference = models.CharField(max_length=20, unique=True)
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="listings")
    account = models.ForeignKey(
        SellerAccount, models.PROTECT, null=True, blank=True, related_name="listings"
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="listings"
    )
    url = models.URLField(_("address"), max_length=1000)
    address_key = models.CharField(max_length=1000)
    title = models.CharField(max_length=500)
    brand = models.CharField(max_length=200, blank=True)
    model = models.CharField(max_length=200, blank=True)
    gtins = ArrayField(models.CharField(max_length=14), default=list, blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ONLINE)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)
    # Made up for a sandbox demand: no such offer exists (docs/decisions/0027).
    is_sandbox = models.BooleanField(default=False, db_default=False)

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "address_key"], name="listing_address_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(state="online") | models.Q(gone_at__isnull=False),
                name="a_listing_that_is_gone_says_since_when",
            ),
        ]
        indexes = [
            models.Index(fields=["-last_seen_at", "-id"], name="listing_newest"),
            models.Index(fields=["platform", "-last_seen_at", "-id"], name="listing_platform"),
            models.Index(fields=["state", "-last_seen_at", "-id"], name="listing_state"),
            # A search asks for any of these; one without an index would read the whole table.
            *(
                GinIndex(OpClass(Upper(name), name="gin_trgm_ops"), name=f"listing_search_{name}")
                for name in ("title", "brand", "address_key")
            ),
            GinIndex(SearchPairs("title"), name="listing_title_pairs"),
            GinIndex(SearchPairs("brand"), name="listing_brand_pairs"),
            GinIndex(fields=["gtins"], name="listing_gtins"),
        ]

    def __str__(self) -> str:
        return self.title
