"""What the API shows and takes."""

from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers

from cases.flows.items import Answer
from cases.models import Item, TakedownRequest
from cases.states import ANSWERS
from sellers.models import Alert


class ItemSerializer(serializers.ModelSerializer[Item]):
    """One listing of a request, with its clock. `derivation`: each day counted or skipped, why."""

    url = serializers.URLField(source="listing.url")
    title = serializers.CharField(source="listing.title")
    listing = serializers.CharField(source="listing.reference")

    class Meta:
        model = Item
        fields = [
            "number",
            "listing",
            "url",
            "title",
            "state",
            "started_at",
            "due_at",
            "derivation",
            "answered_at",
            "answer_id",
            "ground",
            "answer_text",
            "information",
        ]


class TakedownSerializer(serializers.ModelSerializer[TakedownRequest]):
    platform = serializers.CharField(source="platform.slug")
    regime = serializers.CharField(source="regime.code")
    legal_basis = serializers.CharField(source="regime.legal_basis")

    class Meta:
        model = TakedownRequest
        fields = [
            "reference",
            "kind",
            "state",
            "platform",
            "regime",
            "legal_basis",
            "facts",
            "hazard",
            "territory",
            "action",
            "redress",
            "issued_at",
            "delivered_at",
            "acknowledged_at",
            "due_at",
            "closed_at",
        ]


class TakedownDetailSerializer(TakedownSerializer):
    items = ItemSerializer(many=True)

    class Meta(TakedownSerializer.Meta):
        fields = [*TakedownSerializer.Meta.fields, "items"]


class AnswerSerializer(serializers.Serializer[Any]):
    """An answer for one listing, named by its number in the request or by its address."""

    number = serializers.IntegerField(required=False, min_value=1)
    url = serializers.CharField(required=False, max_length=1000)
    outcome = serializers.ChoiceField(choices=sorted(ANSWERS))
    answer_id = serializers.CharField(max_length=120)
    ground = serializers.ChoiceField(
        choices=Item.Ground.choices, required=False, default="", allow_blank=True
    )
    text = serializers.CharField(required=False, default="", allow_blank=True)

    def to_internal_value(self, data: dict[str, Any]) -> dict[str, Any]:
        given: dict[str, Any] = super().to_internal_value(data)
        if unknown := set(data) - set(self.fields):
            raise serializers.ValidationError(
                {name: gettext("There is no such field.") for name in sorted(unknown)}
            )
        return given

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("number" in attrs) == ("url" in attrs):
            raise serializers.ValidationError(
                {"number": gettext("Name the listing by number or by url, one of the two.")}
            )
        return attrs

    def reply(self, given: dict[str, Any]) -> Answer:
        """Of a valid row. Raises ValidationError for what the outcome asks for."""
        answer = Answer(given["outcome"], given["answer_id"], given["ground"], given["text"])
        answer.check()
        return answer


class AnswerBatchSerializer(serializers.Serializer[Any]):
    answers = serializers.ListField(
        child=serializers.DictField(), min_length=1, max_length=1000, help_text="1 to 1,000 rows"
    )


class AnswerResultSerializer(serializers.Serializer[Any]):
    """What became of one row; `errors` only where it was refused."""

    row = serializers.IntegerField()
    status = serializers.IntegerField()
    number = serializers.IntegerField(required=False)
    state = serializers.CharField(required=False)
    errors = serializers.ListField(  # type: ignore[assignment]
        child=serializers.DictField(), required=False
    )


class AnswerResultsSerializer(serializers.Serializer[Any]):
    results = AnswerResultSerializer(many=True)


class AlertSerializer(serializers.ModelSerializer[Alert]):
    product = serializers.CharField(source="product.name")
    brand = serializers.CharField(source="product.brand")
    hazards = serializers.ListField(child=serializers.CharField(), source="product.hazards")

    class Meta:
        model = Alert
        fields = [
            "reference",
            "source",
            "number",
            "title",
            "product",
            "brand",
            "hazards",
            "hazard",
            "what_to_do",
            "measures",
            "level",
            "country",
            "url",
            "published_on",
        ]
