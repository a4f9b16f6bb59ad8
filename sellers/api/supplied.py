"""What a platform says of the sellers on it: read by staff, supplied by the platform."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from sellers.api.serializers import SellerDataSerializer
from sellers.flows import supplied
from sellers.models import Platform, SellerData
from surveillance.accounts.rights import Right
from surveillance.web.api import ActorView, Pages
from surveillance.web.api_rows import RowCall, RowView


class SellersData(ActorView, generics.GenericAPIView[SellerData]):
    queryset = SellerData.objects.none()
    serializer_class = SellerDataSerializer

    def get_queryset(self) -> QuerySet[SellerData]:
        platforms = Platform.objects.visible_to(self.actor)
        platform = generics.get_object_or_404(platforms, slug=self.kwargs["slug"])
        return SellerData.objects.visible_to(self.actor).filter(platform=platform)


class SellerDataPages(Pages):
    ordering = ("handle", "id")


class SellerDataList(SellersData, generics.ListAPIView[SellerData]):
    """What a platform has said of its sellers, by account."""

    pagination_class = SellerDataPages


class SellerDataDetail(SellersData, RowCall, RowView[SellerData]):
    """What a platform has said of one seller."""

    needs_if_match = True

    lookup_field = "handle"

    @property
    def guard(self) -> Right | str:  # type: ignore[override]
        """Reading and supplying are for different people."""
        return Right.SUPPLY_DATA if self.request.method == "PUT" else "signed_in"

    @extend_schema(
        operation_id="supply_seller",
        request=SellerDataSerializer,
        responses={
            200: SellerDataSerializer,
            201: OpenApiResponse(SellerDataSerializer, "The first word on this account."),
        },
    )
    def put(self, request: Request, slug: str, handle: str) -> Response:
        """Say who trades under this account. What you said before is replaced: send its ETag as
        If-Match."""
        platform = generics.get_object_or_404(Platform.objects.visible_to(self.actor), slug=slug)
        known = self.get_queryset().filter(handle=handle).first()
        if known:
            self.check_unchanged(known)
        given = SellerDataSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        row = supplied.supply_seller(platform, handle, given.words(), by=self.actor)
        return self.shown(row, status.HTTP_200_OK if known else status.HTTP_201_CREATED)
