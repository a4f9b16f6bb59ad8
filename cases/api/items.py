"""Items across requests: what waits for whom, and until when."""

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import generics

from cases.api.serializers import ItemSerializer
from cases.filters import DeskFilterSet
from cases.models import Item
from cases.models.takedown import ITEM_STATES
from surveillance.web.api import ActorView, Pages
from surveillance.web.filters import InstantFilter


class ItemFilter(DeskFilterSet):
    takedown = filters.CharFilter(field_name="takedown__reference", label=_("Reference"))
    platform = filters.CharFilter(field_name="takedown__platform__slug", label=_("Platform"))
    state = filters.ChoiceFilter(choices=ITEM_STATES, label=_("State"))
    waiting = filters.ChoiceFilter(
        choices=[("platform", _("an answer")), ("authority", _("a check"))],
        method="waiting_for",
        label=_("Waits for"),
    )
    overdue = filters.BooleanFilter(method="only_overdue", label=_("Overdue"))
    due_before = InstantFilter(field_name="due_at", lookup_expr="lt")

    class Meta:
        model = Item
        fields: list[str] = []

    def waiting_for(self, queryset: QuerySet[Item], name: str, value: str) -> QuerySet[Item]:
        waits = Item.objects.awaiting_platform() if value == "platform" else None
        return queryset & (waits if waits is not None else Item.objects.awaiting_authority())

    def only_overdue(self, queryset: QuerySet[Item], name: str, value: bool) -> QuerySet[Item]:
        overdue = Item.objects.overdue(self.at)
        return queryset & overdue if value else queryset.exclude(pk__in=overdue.values("pk"))


class Items(ActorView, generics.GenericAPIView[Item]):
    queryset = Item.objects.none()
    serializer_class = ItemSerializer

    def get_queryset(self) -> QuerySet[Item]:
        rows = Item.objects.visible_to(self.actor).issued()
        return rows.select_related("takedown", "listing")


class ItemPages(Pages):
    ordering = "-id"


class ItemList(Items, generics.ListAPIView[Item]):
    """Listings under demand, the newest first: a platform its own, staff what they see."""

    pagination_class = ItemPages
    filterset_class = ItemFilter


class ItemDetail(Items, generics.RetrieveAPIView[Item]):
    """One listing of one request, by the request's reference and its number there."""

    lookup_fields = ("reference", "number")

    def get_object(self) -> Item:
        return generics.get_object_or_404(
            self.get_queryset(),
            takedown__reference=self.kwargs["reference"],
            number=self.kwargs["number"],
        )
