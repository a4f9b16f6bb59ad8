"""The public register of alerts."""

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework import generics

from cases.api.serializers import AlertSerializer
from sellers.models import Alert
from surveillance.web.api import ActorView, Pages


class AlertFilter(filters.FilterSet):
    q = filters.CharFilter(method="holding_words")
    published_since = filters.DateFilter("published_on", "gte")

    class Meta:
        model = Alert
        fields = ["source", "level", "country"]

    def holding_words(self, rows: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        return rows.matching(value)  # type: ignore[attr-defined]


class AlertPages(Pages):
    ordering = ("-published_on", "-id")


class AlertList(ActorView, generics.ListAPIView[Alert]):
    """Published alerts, newest first. No account is needed."""

    guard = "public"
    queryset = Alert.objects.published().select_related("product")
    serializer_class = AlertSerializer
    pagination_class = AlertPages
    filterset_class = AlertFilter


class AlertDetail(ActorView, generics.RetrieveAPIView[Alert]):
    guard = "public"
    queryset = Alert.objects.published().select_related("product")
    serializer_class = AlertSerializer
    lookup_field = "reference"
