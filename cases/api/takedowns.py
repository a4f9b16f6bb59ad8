"""Takedown requests: a platform reads its own and answers; staff read what they see."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.serializers import (
    AnswerBatchSerializer,
    AnswerResultsSerializer,
    AnswerRowsSerializer,
    AnswerSerializer,
    ExtensionRequestSerializer,
    ExtensionSerializer,
    TakedownDetailSerializer,
    TakedownSerializer,
)
from cases.filters import TakedownFilter
from cases.flows import extensions, takedowns
from cases.flows.batches import Outcome, answer_each
from cases.flows.items import Answer
from cases.models import Item, TakedownRequest
from sellers.flows.listings import address_key
from surveillance.accounts.rights import Right
from surveillance.flow import FlowError
from surveillance.web.api import ActorView, Pages, pointers
from surveillance.web.api_rows import RowCall, RowView
from surveillance.web.filters import InstantFilter

MULTI_STATUS = status.HTTP_207_MULTI_STATUS
UNPROCESSABLE = status.HTTP_422_UNPROCESSABLE_ENTITY


class ApiTakedownFilter(TakedownFilter):
    due_before = InstantFilter(field_name="due_at", lookup_expr="lt")
    issued_since = InstantFilter(field_name="issued_at", lookup_expr="gte")


class TakedownPages(Pages):
    ordering = ("-drafted_at", "-id")


class Seen(ActorView, generics.GenericAPIView[TakedownRequest]):
    """The requests that the actor sees."""

    def get_queryset(self) -> QuerySet[TakedownRequest]:
        rows = TakedownRequest.objects.visible_to(self.actor)
        return rows.select_related("platform", "regime")


class TakedownList(Seen, generics.ListAPIView[TakedownRequest]):
    """Takedown requests, newest first: a platform its own that are issued, staff what they see."""

    serializer_class = TakedownSerializer
    queryset = TakedownRequest.objects.none()
    pagination_class = TakedownPages
    filterset_class = ApiTakedownFilter


class TakedownDetail(Seen, RowView[TakedownRequest]):
    """One takedown request with its items, and the time that was asked for."""

    serializer_class = TakedownDetailSerializer
    queryset = TakedownRequest.objects.none()
    lookup_field = "reference"

    def get_queryset(self) -> QuerySet[TakedownRequest]:
        items = Item.objects.visible_to(self.actor).select_related("listing", "takedown")
        items = items.prefetch_related("appeals")
        return super().get_queryset().prefetch_related(Prefetch("items", items), "extensions")


class TakedownCall(RowCall):
    """A call on one takedown request."""

    read_by = TakedownDetail

    def found(self, reference: str) -> TakedownRequest:
        """As the actor sees it, and as it was read where If-Match says so."""
        rows = TakedownRequest.objects.visible_to(self.actor)
        takedown = get_object_or_404(rows, reference=reference)
        self.check_unchanged(takedown)
        return takedown


class Acknowledge(TakedownCall):
    guard = Right.ACKNOWLEDGE_TAKEDOWN

    @extend_schema(
        operation_id="acknowledge_takedown", request=None, responses={200: TakedownSerializer}
    )
    def post(self, request: Request, reference: str) -> Response:
        """Say that the request has been received and is being worked on."""
        acknowledged = takedowns.acknowledge(self.found(reference), by=self.actor)
        return Response(TakedownSerializer(acknowledged).data)


class Extensions(TakedownCall):
    guard = Right.REQUEST_EXTENSION

    @extend_schema(
        operation_id="request_extension",
        request=ExtensionRequestSerializer,
        responses={201: ExtensionSerializer},
    )
    def post(self, request: Request, reference: str) -> Response:
        """Ask for more working days. Until the authority has granted them the limit runs on."""
        takedown = self.found(reference)
        given = ExtensionRequestSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = extensions.request_extension(takedown, by=self.actor, **given.validated_data)
        newest = asked.extensions.first()
        return Response(ExtensionSerializer(newest).data, status=status.HTTP_201_CREATED)


class Answers(TakedownCall):
    guard = Right.ANSWER_ITEM

    @extend_schema(
        operation_id="answer_takedown",
        request=AnswerRowsSerializer,
        responses={207: AnswerResultsSerializer},
    )
    def post(self, request: Request, reference: str) -> Response:
        """Answer up to 1,000 listings of one request; each row has a result of its own.

        A row with an `answer_id` that was used before with the same content changes nothing.
        """
        takedown = self.found(reference)
        batch = AnswerBatchSerializer(data=request.data)
        batch.is_valid(raise_exception=True)
        results = _answered(takedown, batch.validated_data["answers"], self)
        return Response({"results": results}, status=MULTI_STATUS)


def _answered(
    takedown: TakedownRequest, rows: list[dict[str, Any]], view: ActorView
) -> list[dict[str, Any]]:
    """A result for each row, in the order given. Rows that cannot be read are not tried."""
    items, serializer = _Items(takedown), AnswerSerializer()
    results: dict[int, dict[str, Any]] = {}
    replies: list[tuple[Item, Answer]] = []
    places: list[int] = []
    for place, row in enumerate(rows):
        try:
            replies.append(_read(row, items, serializer))
            places.append(place)
        except ValidationError as problem:
            results[place] = _refused(place, UNPROCESSABLE, pointers(problem, f"/answers/{place}"))
    for place, outcome in zip(places, answer_each(replies, by=view.actor), strict=True):
        results[place] = _result(place, outcome)
    return [results[place] for place in sorted(results)]


class _Items:
    """The items of a request by number and by address, read once."""

    def __init__(self, takedown: TakedownRequest) -> None:
        rows = takedown.items.issued().select_related("listing").order_by("number")
        rows = rows.only("number", "takedown_id", "listing__address_key")
        self.by_number: dict[int, Item] = {}
        self.by_address: dict[str, Item] = {}
        for item in rows:
            item.takedown = takedown
            self.by_number[item.number] = item
            # The latest item of an address: a listing that came back is asked for again.
            self.by_address[item.listing.address_key] = item


def _read(row: dict[str, Any], items: _Items, serializer: AnswerSerializer) -> tuple[Item, Answer]:
    """`serializer` is one for all rows: to make it costs more than to read a row."""
    try:
        given = serializer.run_validation(row)
    except exceptions.ValidationError as problem:
        told: Any = problem.detail
        raise ValidationError(dict(_by_field(told))) from problem
    if "number" in given:
        item, named = items.by_number.get(given["number"]), "number"
    else:
        item, named = items.by_address.get(address_key(given["url"])), "url"
    if item is None:
        raise ValidationError({named: gettext("This request has no such listing.")})
    return item, serializer.reply(given)


def _by_field(told: dict[str, Any], base: str = "") -> Iterator[tuple[str, list[str]]]:
    """Sentences by field; one within another is named by its path: "statement/category"."""
    for name, inner in told.items():
        if isinstance(inner, dict):
            yield from _by_field(inner, f"{base}{name}/")
        else:
            yield f"{base}{name}", [str(text) for text in inner]


def _result(place: int, outcome: Outcome) -> dict[str, Any]:
    problem = outcome.problem
    if problem is None:
        item = outcome.item
        return {"row": place, "status": 200, "number": item.number, "state": item.state}
    if isinstance(problem, FlowError):
        errors = [{"pointer": f"/answers/{place}", "detail": str(problem)}]
        return _refused(place, problem.status, errors)
    return _refused(place, UNPROCESSABLE, pointers(problem, f"/answers/{place}"))


def _refused(place: int, code: int, errors: list[dict[str, str]]) -> dict[str, Any]:
    return {"row": place, "status": code, "errors": errors}
