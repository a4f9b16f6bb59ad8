"""Webhooks through the API: for a platform's own system, with a key of the scope `manage`."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from surveillance.accounts.models import Organisation
from surveillance.accounts.rights import Right
from surveillance.outbox.models import OutboxMessage, OutboxMessageQuerySet
from surveillance.web.api import ActorView, Pages
from surveillance.web.filters import InstantFilter
from surveillance.webhooks import events
from surveillance.webhooks.flows import endpoints, replays
from surveillance.webhooks.models import Endpoint
from surveillance.webhooks.serializers import (
    DeliveryDetailSerializer,
    DeliverySerializer,
    EndpointChangeSerializer,
    EndpointSerializer,
    EndpointWithSecretSerializer,
    EventSerializer,
    NewEndpointSerializer,
    ReplayedSerializer,
    ReplaySerializer,
)


class WebhookView(ActorView):
    guard = Right.MANAGE_WEBHOOKS

    def endpoint(self, reference: str) -> Endpoint:
        return get_object_or_404(
            Endpoint.objects.visible_to(self.actor).kept(), reference=reference
        )

    def sent_to(self, reference: str) -> OutboxMessageQuerySet:
        seen = OutboxMessage.objects.visible_to(self.actor)
        return seen.filter(endpoint=self.endpoint(reference))


class WebhookList(WebhookView, generics.ListAPIView[Endpoint]):
    """Your webhooks, newest first."""

    serializer_class = EndpointSerializer
    queryset = Endpoint.objects.none()
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Endpoint]:
        return Endpoint.objects.visible_to(self.actor).kept()

    @extend_schema(
        request=NewEndpointSerializer, responses={201: EndpointWithSecretSerializer}, filters=False
    )
    def post(self, request: Request) -> Response:
        """Add a webhook. The answer holds its secret, which is shown this once."""
        given = _read(NewEndpointSerializer, request)
        own = get_object_or_404(Organisation, pk=self.actor.organisation_id or 0)
        chosen = given.pop("events", ())
        made = endpoints.add(own, by=self.actor, chosen=chosen, **given)
        return Response(_with_secret(made), status=status.HTTP_201_CREATED)


class WebhookEvents(WebhookView):
    @extend_schema(responses={200: EventSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """The events to choose among."""
        known: Any = events.registered()
        return Response(EventSerializer(known, many=True).data)


class WebhookDetail(WebhookView):
    @extend_schema(responses={200: EndpointSerializer})
    def get(self, request: Request, reference: str) -> Response:
        """One webhook."""
        return Response(EndpointSerializer(self.endpoint(reference)).data)

    @extend_schema(request=EndpointChangeSerializer, responses={200: EndpointSerializer})
    def patch(self, request: Request, reference: str) -> Response:
        """Change address, name or events, or switch it off and on."""
        endpoint = self.endpoint(reference)
        given = _read(EndpointChangeSerializer, request)
        state = given.pop("state", endpoint.state)
        if given:
            facts = {"url": endpoint.url, "name": endpoint.name, "events": endpoint.events} | given
            chosen = facts.pop("events")
            endpoint = endpoints.change(endpoint, by=self.actor, chosen=chosen, **facts)
        if state != endpoint.state:
            turn = endpoints.switch_on if state == Endpoint.State.ON else endpoints.switch_off
            endpoint = turn(endpoint, by=self.actor)
        return Response(EndpointSerializer(endpoint).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, reference: str) -> Response:
        """Delete it: its secrets stop signing at once."""
        endpoints.remove(self.endpoint(reference), by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class WebhookSecret(WebhookView):
    @extend_schema(request=None, responses={201: EndpointWithSecretSerializer})
    def post(self, request: Request, reference: str) -> Response:
        """Rotate the secret. The one before signs too until `old_secret_until`."""
        made = endpoints.rotate_secret(self.endpoint(reference), by=self.actor)
        return Response(_with_secret(made), status=status.HTTP_201_CREATED)


class WebhookPing(WebhookView):
    @extend_schema(request=None, responses={202: EndpointSerializer})
    def post(self, request: Request, reference: str) -> Response:
        """Have a webhook of type `ping` sent, whatever events are chosen."""
        pinged = endpoints.ping(self.endpoint(reference), by=self.actor)
        return Response(EndpointSerializer(pinged).data, status=status.HTTP_202_ACCEPTED)


class ApiDeliveryFilter(filters.FilterSet):
    event = filters.CharFilter(field_name="letter")
    state = filters.ChoiceFilter(choices=OutboxMessage.State.choices)
    since = InstantFilter(field_name="created_at", lookup_expr="gte")
    until = InstantFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = OutboxMessage
        fields: list[str] = []


class DeliveryPages(Pages):
    ordering = ("-created_at", "-id")


class WebhookDeliveries(WebhookView, generics.ListAPIView[OutboxMessage]):
    """What was sent to this webhook, newest first."""

    serializer_class = DeliverySerializer
    queryset = OutboxMessage.objects.none()
    pagination_class = DeliveryPages
    filterset_class = ApiDeliveryFilter

    def get_queryset(self) -> QuerySet[OutboxMessage]:
        return self.sent_to(self.kwargs["reference"]).defer("document", "payload")


class WebhookDelivery(WebhookView):
    @extend_schema(responses={200: DeliveryDetailSerializer})
    def get(self, request: Request, reference: str, pk: Any) -> Response:
        """One webhook as it was sent, with each try of the last 30 days."""
        rows = self.sent_to(reference).prefetch_related("tries")
        return Response(DeliveryDetailSerializer(get_object_or_404(rows, pk=pk)).data)


class WebhookReplay(WebhookView):
    guard = Right.REPLAY_MESSAGES

    @extend_schema(request=ReplaySerializer, responses={202: ReplayedSerializer})
    def post(self, request: Request, reference: str) -> Response:
        """Have one webhook, or those of a time, sent again: each keeps its id. What still waits
        stays as it is."""
        rows = self.sent_to(reference)
        given = _read(ReplaySerializer, request)
        names = {"id": "pk", "since": "created_at__gte", "until": "created_at__lt"}
        wanted = {names.get(name, name): value for name, value in given.items()}
        criteria = {name: str(value) for name, value in given.items()}
        done = replays.ask(
            rows.filter(**wanted), by=self.actor, criteria={"webhook": reference, **criteria}
        )
        return Response({"messages": done.messages}, status=status.HTTP_202_ACCEPTED)


def _read(serializer: type[Any], request: Request) -> dict[str, Any]:
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _with_secret(made: endpoints.WithSecret) -> dict[str, Any]:
    return {**EndpointSerializer(made.row).data, "secret": made.secret}
