"""Cases, for staff: restricted ones only for those who work on them."""

from django.db.models import QuerySet
from rest_framework import generics

from cases.api.serializers import CaseDetailSerializer, CaseSerializer
from cases.filters import CaseFilter
from cases.models import Case
from surveillance.accounts.rights import Right
from surveillance.web.api import ActorView, Pages
from surveillance.web.api_rows import RowView


class Cases(ActorView, generics.GenericAPIView[Case]):
    guard = Right.SEE_DESK
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case]:
        return Case.objects.visible_to(self.actor).for_list()


class CasePages(Pages):
    ordering = ("-opened_at", "-id")


class CaseList(Cases, generics.ListAPIView[Case]):
    """Cases, newest first."""

    serializer_class = CaseSerializer
    pagination_class = CasePages
    filterset_class = CaseFilter


class CaseDetail(Cases, RowView[Case]):
    """One case, with the references of what it joins."""

    serializer_class = CaseDetailSerializer
    lookup_field = "reference"

    def get_queryset(self) -> QuerySet[Case]:
        joined = ("reports", "products", "listings", "takedowns")
        return super().get_queryset().select_related("merged_into").prefetch_related(*joined)
