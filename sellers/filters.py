"""Filters of the market's lists and of the public register. Every state stands in the address."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sellers.countries import NOTIFYING
from sellers.flows import uploads
from sellers.flows.listings import address_key
from sellers.hazards import CHOICES as HAZARDS
from sellers.models import Alert, Listing, Platform, Product, Seller, SellerAccount
from surveillance import clock
from surveillance.jobs.models import Job
from surveillance.searching import words_of

ANY = _("any")
FIRST_YEAR = 1973  # of the oldest recall in the feeds


def search_box(what: str | Promise) -> dict[str, Any]:
    """The options of a filter that is the list's search box: `what` it searches."""
    return {"label": what, "widget": forms.SearchInput(attrs={"placeholder": what})}


def category_filter(column: str) -> filters.CharFilter:
    """By how a product's category begins: with its sector, where a feed holds several."""
    return filters.CharFilter(
        label=_("Category begins with"), field_name=column, lookup_expr="startswith"
    )


def years() -> list[tuple[str, str]]:
    """The newest first, as choices."""
    return [(str(year), str(year)) for year in range(clock.now().year, FIRST_YEAR - 1, -1)]


class _NamesOfPlatforms(forms.models.ModelChoiceIterator):
    """Without an object for each of them."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        yield "", str(self.field.empty_label)
        yield from self.queryset.values_list("slug", "name")


class _PlatformField(filters.fields.ModelChoiceField):
    iterator = _NamesOfPlatforms


class PlatformChoiceFilter(filters.ModelChoiceFilter):
    """One of all platforms, by its slug."""

    field_class = _PlatformField

    def __init__(self, **options: Any) -> None:
        named = {"empty_label": ANY, "to_field_name": "slug"}
        super().__init__(queryset=Platform.objects.order_by("name"), **named | options)


class SellerFilter(filters.FilterSet):
    q = filters.CharFilter(method="matching", **search_box(_("Name, account, reference")))
    state = filters.ChoiceFilter(label=_("Tier"), empty_label=ANY, choices=Seller.Tier.choices)
    platform = PlatformChoiceFilter(label=_("Sells on"), method="with_account_on")
    review = filters.ChoiceFilter(
        label=_("Review"),
        empty_label=ANY,
        choices=[("due", _("due"))],
        method="with_review",
    )

    class Meta:
        model = Seller
        fields: list[str] = []

    def matching(self, queryset: Any, name: str, value: str) -> QuerySet[Seller]:
        return queryset.matching(value)

    def with_account_on(
        self, queryset: QuerySet[Seller], name: str, value: Platform
    ) -> QuerySet[Seller]:
        accounts = SellerAccount.objects.filter(seller=OuterRef("pk"), platform=value)
        return queryset.filter(Exists(accounts))

    def with_review(self, queryset: QuerySet[Seller], name: str, value: str) -> QuerySet[Seller]:
        """The review date of the tier is today or has passed."""
        return queryset.filter(review_on__lte=clock.now().date())


class PlatformFilter(filters.FilterSet):
    q = filters.CharFilter(method="holding_words", **search_box(_("Name or website")))
    kind = filters.ChoiceFilter(
        label=_("Kind"), empty_label=ANY, field_name="sort", choices=Platform.Sort.choices
    )

    class Meta:
        model = Platform
        fields: list[str] = []

    def holding_words(
        self, queryset: QuerySet[Platform], name: str, value: str
    ) -> QuerySet[Platform]:
        for word in words_of(value):
            queryset = queryset.filter(
                Q(name__icontains=word) | Q(slug__icontains=word) | Q(website__icontains=word)
            )
        return queryset


class ProductFilter(filters.FilterSet):
    q = filters.CharFilter(method="matching", **search_box(_("Name, brand, model, GTIN")))
    hazard = filters.ChoiceFilter(
        label=_("Hazard"), empty_label=ANY, choices=HAZARDS, method="with_hazard"
    )
    category = category_filter("category")
    alert = filters.ChoiceFilter(
        label=_("Alert"),
        empty_label=ANY,
        choices=[("published", _("published")), ("none", _("none published"))],
        method="with_alert",
    )

    class Meta:
        model = Product
        fields: list[str] = []

    def matching(self, queryset: Any, name: str, value: str) -> QuerySet[Product]:
        return queryset.matching(value)

    def with_hazard(self, queryset: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        return queryset.filter(hazards__contains=[value])

    def with_alert(self, queryset: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        published = Exists(Alert.objects.published().filter(product=OuterRef("pk")))
        return queryset.filter(published if value == "published" else ~published)


class ListingFilter(filters.FilterSet):
    q = filters.CharFilter(method="matching", **search_box(_("Title, address, GTIN")))
    state = filters.ChoiceFilter(label=_("State"), empty_label=ANY, choices=Listing.State.choices)
    platform = PlatformChoiceFilter(label=_("Platform"))
    seller = filters.CharFilter(
        label=_("Seller (reference)"), field_name="account__seller__reference", lookup_expr="iexact"
    )
    product = filters.CharFilter(
        label=_("Product (reference)"), field_name="product__reference", lookup_expr="iexact"
    )

    class Meta:
        model = Listing
        fields: list[str] = []

    def matching(self, queryset: Any, name: str, value: str) -> QuerySet[Listing]:
        if "://" in value:
            return queryset.filter(address_key=address_key(value))
        return queryset.matching(value)


class AlertFilter(filters.FilterSet):
    """The public register's; the desk adds the state."""

    q = filters.CharFilter(method="matching", **search_box(_("Product, brand, model, barcode")))
    hazard = filters.ChoiceFilter(
        label=_("Hazard"), empty_label=ANY, choices=HAZARDS, method="with_hazard"
    )
    level = filters.ChoiceFilter(label=_("Level"), empty_label=ANY, choices=Alert.Level.choices)
    source = filters.ChoiceFilter(
        label=_("Published by"), empty_label=ANY, choices=Alert.Source.choices
    )
    country = filters.ChoiceFilter(
        label=_("Notified by"), empty_label=ANY, choices=list(NOTIFYING.items())
    )
    year = filters.ChoiceFilter(
        label=_("Year"), empty_label=ANY, choices=years, method="published_in"
    )

    class Meta:
        model = Alert
        fields: list[str] = []

    def matching(self, queryset: Any, name: str, value: str) -> QuerySet[Alert]:
        return queryset.matching(value)

    def with_hazard(self, queryset: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        return queryset.filter(product__hazards__contains=[value])

    def published_in(self, queryset: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        year = int(value)
        return queryset.filter(
            published_on__gte=date(year, 1, 1), published_on__lt=date(year + 1, 1, 1)
        )


class JobFilter(filters.FilterSet):
    q = filters.CharFilter(method="holding_words", **search_box(_("File, reference")))
    state = filters.ChoiceFilter(label=_("State"), empty_label=ANY, choices=Job.State.choices)
    feed = filters.ChoiceFilter(
        label=_("Feed"), empty_label=ANY, choices=uploads.feeds, field_name="facts__feed"
    )

    class Meta:
        model = Job
        fields: list[str] = []

    def holding_words(self, queryset: QuerySet[Job], name: str, value: str) -> QuerySet[Job]:
        for word in words_of(value):
            queryset = queryset.filter(Q(label__icontains=word) | Q(reference=word.upper()))
        return queryset


class DeskAlertFilter(AlertFilter):
    category = category_filter("product__category")
    state = filters.ChoiceFilter(label=_("State"), empty_label=ANY, choices=Alert.State.choices)
    field_order = ["q", "state"]
