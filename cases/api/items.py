"""Items: what waits for whom and until when, the answer given, what the platform says of the
listing."""

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from cases.api.serializers import (
    AppealRequestSerializer,
    AppealSerializer,
    CorrectionSerializer,
    GivenAnswerSerializer,
    ItemSerializer,
)
from cases.filters import DeskFilterSet
from cases.flows import appeals
from cases.flows.corrections import correct_answer
from cases.models import Item
from cases.models.takedown import ITEM_STATES
from sellers.api.serializers import ListingDataSerializer
from sellers.flows import supplied
from sellers.models import ListingData
from surveillance.accounts.rights import Right
from surveillance.web.api import ActorView, Pages
from surveillance.web.api_rows import RowCall, RowView
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
    serializer_class: type[BaseSerializer[Item]] = ItemSerializer

    def get_queryset(self) -> QuerySet[Item]:
        rows = Item.objects.visible_to(self.actor).issued()
        return rows.select_related("takedown", "listing").prefetch_related("appeals")


class ItemPages(Pages):
    ordering = "-id"


class ItemList(Items, generics.ListAPIView[Item]):
    """Listings under demand, the newest first: a platform its own, staff what they see."""

    pagination_class = ItemPages
    filterset_class = ItemFilter


class OneItem(Items):
    """By the request's reference and the item's number there."""

    lookup_fields = ("reference", "number")

    def get_object(self) -> Item:
        return generics.get_object_or_404(
            self.get_queryset(),
            takedown__reference=self.kwargs["reference"],
            number=self.kwargs["number"],
        )


class ItemDetail(OneItem, RowView[Item]):
    """One listing of one request, with its clock."""


class ItemAnswer(OneItem, RowCall, RowView[Item]):
    """The answer that stands for one listing."""

    serializer_class = GivenAnswerSerializer
    needs_if_match = True

    @property
    def guard(self) -> Right | str:  # type: ignore[override]
        return Right.ANSWER_ITEM if self.request.method == "PUT" else "signed_in"

    def get_queryset(self) -> QuerySet[Item]:
        return super().get_queryset().filter(answered_at__isnull=False)

    @extend_schema(
        operation_id="correct_answer",
        request=CorrectionSerializer,
        responses=GivenAnswerSerializer,
    )
    def put(self, request: Request, reference: str, number: int) -> Response:
        """Correct the answer, as long as the authority has not decided about it. Send the ETag of
        the answer that you read as If-Match.

        What was answered first, and when, stays for the statistics.
        """
        item = self.get_object()
        self.check_unchanged(item)
        given = CorrectionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        correct_answer(item, given.reply(given.validated_data), by=self.actor)
        return self.shown(self.get_object())


class ItemAppeal(OneItem, RowCall):
    """Against the authority's decision about one listing."""

    guard = Right.APPEAL
    read_by = ItemDetail

    @extend_schema(
        operation_id="appeal",
        request=AppealRequestSerializer,
        responses={201: AppealSerializer},
    )
    def post(self, request: Request, reference: str, number: int) -> Response:
        """Appeal against the decision that rejected your answer, before `appeal_until`; once for
        each decision. The limit of the listing runs on until another person has decided."""
        item = self.get_object()
        self.check_unchanged(item)
        given = AppealRequestSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        appealed = appeals.appeal(item, by=self.actor, **given.validated_data)
        newest = appealed.appeals.latest("lodged_at")
        return Response(AppealSerializer(newest).data, status=status.HTTP_201_CREATED)


class ItemListingData(RowCall, RowView[ListingData]):
    """What the platform says of the listing, beside what the authority captured."""

    serializer_class = ListingDataSerializer
    queryset = ListingData.objects.none()
    needs_if_match = True

    @property
    def guard(self) -> Right | str:  # type: ignore[override]
        return Right.SUPPLY_DATA if self.request.method == "PUT" else "signed_in"

    def get_item(self) -> Item:
        view = ItemDetail(actor=self.actor, request=self.request, kwargs=self.kwargs)
        return view.get_object()

    def get_object(self) -> ListingData:
        rows = ListingData.objects.visible_to(self.actor).select_related("listing")
        return generics.get_object_or_404(rows, listing=self.get_item().listing)

    @extend_schema(
        operation_id="supply_listing",
        request=ListingDataSerializer,
        responses={
            200: ListingDataSerializer,
            201: OpenApiResponse(ListingDataSerializer, "The first word on this listing."),
        },
    )
    def put(self, request: Request, reference: str, number: int) -> Response:
        """Say what is offered at this address. What you said before is replaced: send its ETag as
        If-Match."""
        listing = self.get_item().listing
        given = ListingDataSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        known = ListingData.objects.visible_to(self.actor).filter(listing=listing).first()
        if known:
            self.check_unchanged(known)
        row = supplied.supply_listing(listing, given.words(), by=self.actor)
        return self.shown(row, status.HTTP_200_OK if known else status.HTTP_201_CREATED)
