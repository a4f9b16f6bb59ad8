"""Reports: partners and other authorities send them, staff read them."""

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.serializers import (
    NewReportSerializer,
    ReceiptSerializer,
    ReportDetailSerializer,
    ReportSerializer,
)
from cases.filters import ReportFilter
from cases.flows import reports
from cases.models import Report
from surveillance.accounts.rights import Right, Role
from surveillance.web.api import ActorView, Pages
from surveillance.web.api_rows import RowView

# What a finding of the sender's own counts as.
SOURCES = {
    Role.PARTNER: Report.Source.BUSINESS,
    Role.FOREIGN_AUTHORITY: Report.Source.AUTHORITY,
    Role.INSPECTOR: Report.Source.MONITORING,
    Role.SUPERVISOR: Report.Source.MONITORING,
}


class Reports(ActorView, generics.GenericAPIView[Report]):
    queryset = Report.objects.none()

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.visible_to(self.actor).select_related("case", "duplicate_of")


class ReportPages(Pages):
    ordering = ("-received_at", "-id")


class ReportList(Reports, generics.ListAPIView[Report]):
    """Reports, newest first, for staff."""

    serializer_class = ReportSerializer
    pagination_class = ReportPages
    filterset_class = ReportFilter

    @property
    def guard(self) -> Right:  # type: ignore[override]
        """Sending and reading are rights of different people."""
        return Right.SUBMIT_REPORT if self.request.method == "POST" else Right.SEE_DESK

    @extend_schema(
        operation_id="send_report",
        request=NewReportSerializer,
        responses={201: ReceiptSerializer},
    )
    def post(self, request: Request) -> Response:
        """Send one report. The answer holds the reference and the code to follow it with."""
        given = NewReportSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        receipt = reports.submit(
            given.facts(SOURCES[self.actor.role]), given.reporter_told(), by=self.actor
        )
        told = {
            "reference": receipt.report.reference,
            "received_at": receipt.report.received_at,
            "code": receipt.code,
            "follow_at": request.build_absolute_uri(reverse("track")),
        }
        return Response(ReceiptSerializer(told).data, status=status.HTTP_201_CREATED)


class ReportDetail(Reports, RowView[Report]):
    """One report, with what happened in the reporter's words."""

    guard = Right.SEE_DESK
    serializer_class = ReportDetailSerializer
    lookup_field = "reference"
