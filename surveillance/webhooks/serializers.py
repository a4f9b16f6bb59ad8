"""What the API shows of webhooks, and what it takes."""

from typing import Any

from rest_framework import serializers

from surveillance.outbox.models import Attempt, OutboxMessage
from surveillance.web.api_fields import StrictSerializer
from surveillance.webhooks import events
from surveillance.webhooks.models import Endpoint

STATES = [(state.value, state.label) for state in (Endpoint.State.ON, Endpoint.State.OFF)]


class EventSerializer(serializers.Serializer[events.Event]):
    name = serializers.CharField(help_text="the `type` of the webhook")
    title = serializers.CharField()


class EndpointSerializer(serializers.ModelSerializer[Endpoint]):
    """`events` empty: all of them. `old_secret_until`: until then two signatures are sent."""

    state = serializers.ChoiceField(STATES)

    class Meta:
        model = Endpoint
        fields = [
            "reference",
            "name",
            "url",
            "events",
            "state",
            "off_because",
            "old_secret_until",
            "created_at",
            "changed_at",
        ]


class EndpointWithSecretSerializer(EndpointSerializer):
    """`secret` is in this answer only."""

    secret = serializers.CharField()

    class Meta(EndpointSerializer.Meta):
        fields = [*EndpointSerializer.Meta.fields, "secret"]


class NewEndpointSerializer(StrictSerializer):
    url = serializers.CharField(max_length=500)
    name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    events = serializers.ListField(child=serializers.CharField(max_length=60), required=False)


class EndpointChangeSerializer(StrictSerializer):
    """What is left out stays as it is."""

    url = serializers.CharField(max_length=500, required=False)
    name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    events = serializers.ListField(child=serializers.CharField(max_length=60), required=False)
    state = serializers.ChoiceField(STATES, required=False)


class DeliverySerializer(serializers.ModelSerializer[OutboxMessage]):
    """`id` is the webhook-id, the same on every try and every replay."""

    event = serializers.CharField(source="letter")

    class Meta:
        model = OutboxMessage
        fields = [
            "id",
            "event",
            "about",
            "state",
            "attempts",
            "created_at",
            "delivered_at",
            "failed_at",
            "last_error",
        ]


class TrySerializer(serializers.ModelSerializer[Attempt]):
    """`request` and `response`: `headers` and `body`, cut, without secrets."""

    class Meta:
        model = Attempt
        fields = [
            "number",
            "started_at",
            "milliseconds",
            "outcome",
            "status",
            "reply",
            "request",
            "response",
        ]


class DeliveryDetailSerializer(DeliverySerializer):
    tries = TrySerializer(many=True)

    class Meta(DeliverySerializer.Meta):
        fields = [*DeliverySerializer.Meta.fields, "tries"]


class ReplaySerializer(StrictSerializer):
    """Either `id`, or a time from `since` (with it) to `until` (without it); `state` of those."""

    id = serializers.UUIDField(required=False)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)
    state = serializers.ChoiceField(["delivered", "failed"], required=False)

    def validate(self, attrs: Any) -> Any:
        if ("id" in attrs) == ("since" in attrs):
            raise serializers.ValidationError({"id": "Name either one id, or a time by since."})
        return attrs


class ReplayedSerializer(serializers.Serializer[Any]):
    messages = serializers.IntegerField(help_text="how many go out again")
