"""Lists and details of the market. Products under an alert and alerts are for everybody."""

import django_filters as filters
from django.db.models import QuerySet
from rest_framework import generics

from sellers.api.serializers import (
    AlertSerializer,
    ListingSerializer,
    PlatformSerializer,
    ProductSerializer,
    SellerSerializer,
)
from sellers.filters import AlertFilter, ListingFilter, PlatformFilter, ProductFilter, SellerFilter
from sellers.models import Alert, Listing, Platform, Product, Seller
from surveillance.accounts.rights import Right
from surveillance.web.api import ActorView, Pages
from surveillance.web.api_rows import RowView


class Sellers(ActorView, generics.GenericAPIView[Seller]):
    guard = Right.SEE_DESK
    queryset = Seller.objects.none()
    serializer_class = SellerSerializer

    def get_queryset(self) -> QuerySet[Seller]:
        return Seller.objects.visible_to(self.actor).prefetch_related("accounts__platform")


class SellerPages(Pages):
    ordering = ("name", "id")


class SellerList(Sellers, generics.ListAPIView[Seller]):
    """Sellers by name, with their accounts on platforms and their tier."""

    pagination_class = SellerPages
    filterset_class = SellerFilter


class SellerDetail(Sellers, RowView[Seller]):
    """One seller."""

    lookup_field = "reference"


class Platforms(ActorView, generics.GenericAPIView[Platform]):
    """Staff see all of them, a platform sees itself."""

    queryset = Platform.objects.none()
    serializer_class = PlatformSerializer

    def get_queryset(self) -> QuerySet[Platform]:
        return Platform.objects.visible_to(self.actor).prefetch_related("contact_points")


class PlatformPages(Pages):
    ordering = ("name", "organisation_id")


class PlatformList(Platforms, generics.ListAPIView[Platform]):
    """Platforms by name: staff see all, a platform sees itself."""

    pagination_class = PlatformPages
    filterset_class = PlatformFilter


class PlatformDetail(Platforms, RowView[Platform]):
    """One platform."""

    lookup_field = "slug"


class Listings(ActorView, generics.GenericAPIView[Listing]):
    guard = Right.SEE_DESK
    queryset = Listing.objects.none()
    serializer_class = ListingSerializer

    def get_queryset(self) -> QuerySet[Listing]:
        return Listing.objects.visible_to(self.actor).for_list()


class ListingPages(Pages):
    ordering = ("-last_seen_at", "-id")


class ListingList(Listings, generics.ListAPIView[Listing]):
    """Listings, those seen last first."""

    pagination_class = ListingPages
    filterset_class = ListingFilter


class ListingDetail(Listings, RowView[Listing]):
    """One listing."""

    lookup_field = "reference"


class Products(ActorView, generics.GenericAPIView[Product]):
    guard = "public"
    queryset = Product.objects.none()
    serializer_class = ProductSerializer

    def get_queryset(self) -> QuerySet[Product]:
        return Product.objects.visible_to(self.actor).prefetch_related("identifiers")


class ProductPages(Pages):
    ordering = ("-created_at", "-id")


class ProductList(Products, generics.ListAPIView[Product]):
    """Products known to be unsafe, newest first: those under a published alert for everybody,
    all of them for staff."""

    pagination_class = ProductPages
    filterset_class = ProductFilter


class ProductDetail(Products, RowView[Product]):
    """One product."""

    lookup_field = "reference"


class ApiAlertFilter(AlertFilter):
    published_since = filters.DateFilter("published_on", "gte")


class Alerts(ActorView, generics.GenericAPIView[Alert]):
    guard = "public"
    queryset = Alert.objects.published().select_related("product")
    serializer_class = AlertSerializer


class AlertPages(Pages):
    ordering = ("-published_on", "-id")


class AlertList(Alerts, generics.ListAPIView[Alert]):
    """Published alerts, newest first. No account is needed."""

    pagination_class = AlertPages
    filterset_class = ApiAlertFilter


class AlertDetail(Alerts, RowView[Alert]):
    """One published alert. No account is needed."""

    lookup_field = "reference"
