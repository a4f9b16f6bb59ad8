"""Sellers: a trader, one across platforms, with an account on each."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from sellers.models.platform import Platform
from surveillance.accounts.actor import Actor
from surveillance.counting import counted
from surveillance.flow import FlowModel
from surveillance.searching import SearchPairs, holds, is_pair, words_of


class SellerQuerySet(models.QuerySet["Seller"]):
    def visible_to(self, actor: Actor) -> Self:
        """The authority's own view of a trader: a platform sees its accounts, not the seller."""
        return self if actor.is_staff or actor.is_system else self.none()

    def matching(self, text: str) -> Self:
        """Sellers of whom every word of `text` is found in a name, a number or an account.

        Found by key, so that each part is answered by its own index.
        """
        rows = self
        for word in words_of(text):
            found = holds("name", word, or_in="legal_name", lookup="icontains")
            if not is_pair(word):
                found |= models.Q(business_number__icontains=word)
                found |= models.Q(reference=word.upper())
            named = Seller.objects.filter(found)
            known_as = SellerAccount.objects.filter(holds("handle", word, lookup="icontains"))
            rows = rows.filter(pk__in=named.values("pk").union(known_as.values("seller_id")))
        return rows

    def for_list(self) -> Self:
        """Counted for the rows shown only: a join would count for all before it sorts."""
        accounts = SellerAccount.objects.filter(seller=models.OuterRef("pk"))
        return self.annotate(account_count=counted(accounts))


class Seller(FlowModel):
    class Tier(models.TextChoices):
        STANDARD = "standard", _("standard")
        WATCHED = "watched", _("watched")
        HIGH_RISK = "high_risk", _("high risk")

    LABEL = "seller"

    reference = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200, blank=True)
    business_number = models.CharField(max_length=40, blank=True)
    jurisdiction = models.CharField(max_length=2, blank=True)
    website = models.URLField(blank=True)
    email = models.EmailField(blank=True)
    state = models.CharField(_("tier"), max_length=20, choices=Tier, default=Tier.STANDARD)
    tier_reason = models.TextField(blank=True)
    review_on = models.DateField(null=True, blank=True)
    reply = models.TextField(blank=True)

    objects = SellerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="standard")
                | (models.Q(review_on__isnull=False) & ~models.Q(tier_reason="")),
                name="a_tier_has_reason_and_review_date",
            )
        ]
        indexes = [
            models.Index(fields=["state", "name"], name="seller_tier_name"),
            models.Index(fields=["name", "id"], name="seller_name"),
            *(
                GinIndex(OpClass(Upper(name), name="gin_trgm_ops"), name=f"seller_search_{name}")
                for name in ("name", "legal_name", "business_number")
            ),
            GinIndex(SearchPairs("name"), name="seller_name_pairs"),
            GinIndex(SearchPairs("legal_name"), name="seller_legal_name_pairs"),
        ]

    def __str__(self) -> str:
        return self.name


class SellerAccount(models.Model):
    """A seller's shop on one platform."""

    platform = models.ForeignKey(Platform, models.PROTECT, related_name="accounts")
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="accounts")
    handle = models.CharField(max_length=150)
    url = models.URLField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "handle"], name="account_unique")
        ]
        indexes = [
            GinIndex(OpClass(Upper("handle"), name="gin_trgm_ops"), name="account_search_handle"),
            GinIndex(SearchPairs("handle"), name="account_handle_pairs"),
        ]

    def __str__(self) -> str:
        return f"{self.handle} ({self.platform})"
