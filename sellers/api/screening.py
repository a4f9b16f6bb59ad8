"""The pre-listing check: is this product known to be unsafe?"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from sellers.api.fields import GtinField
from sellers.models import Alert
from sellers.published_register import REGISTER
from sellers.screening import Basis, Match, Offer
from surveillance.accounts.actor import PUBLIC
from surveillance.accounts.rights import Right
from surveillance.web.api import ActorView
from surveillance.web.api_fields import StrictSerializer

MOST = 1_000


class ScreenedItemSerializer(StrictSerializer):
    """One product that somebody is about to offer. The more is told, the more is found."""

    id = serializers.CharField(max_length=200, help_text="Your own; comes back with the result.")
    gtin = GtinField(
        required=False,
        allow_blank=True,
        max_length=20,
        help_text="8, 12, 13 or 14 digits with a right check digit.",
    )
    brand = serializers.CharField(required=False, allow_blank=True, max_length=200)
    model = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="Number of the maker."
    )
    title = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    url = serializers.URLField(
        required=False,
        allow_blank=True,
        max_length=1000,
        help_text="Taken and not compared: the register holds products, not addresses.",
    )


class ScreeningSerializer(StrictSerializer):
    items = ScreenedItemSerializer(many=True, min_length=1, max_length=MOST)  # type: ignore[call-arg]

    def validate_items(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        seen: set[str] = set()
        problems: list[dict[str, list[str]]] = []
        for item in items:
            told = gettext("Another item has this id: give each an id of its own.")
            problems.append({"id": [told]} if item["id"] in seen else {})
            seen.add(item["id"])
        if any(problems):
            raise serializers.ValidationError(problems)
        return items


class MatchSerializer(serializers.Serializer[Any]):
    """`alert` and `product` are references. `confidence` 0.9 and more: identifiers agree, the
    product is the one of the alert. Below: a suggestion, to be looked at by a person."""

    alert = serializers.CharField()
    product = serializers.CharField()
    basis = serializers.ChoiceField(choices=[basis.value for basis in Basis])
    confidence = serializers.FloatField(min_value=0, max_value=1)
    reasons = serializers.ListField(child=serializers.CharField())


class ScreenedSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    matches = MatchSerializer(many=True)


class ScreeningResultsSerializer(serializers.Serializer[Any]):
    results = ScreenedSerializer(many=True)


ASKED = OpenApiExample(
    "Two products",
    value={
        "items": [
            {"id": "sku-1", "gtin": "4006592453091"},
            {"id": "sku-2", "title": "Magnetic cubes, 216 pieces", "brand": "Cubo"},
        ]
    },
    request_only=True,
)
TOLD = OpenApiExample(
    "One is known",
    value={
        "results": [
            {
                "id": "sku-1",
                "matches": [
                    {
                        "alert": "A-2026-000012",
                        "product": "P-2026-000045",
                        "basis": "gtin",
                        "confidence": 1.0,
                        "reasons": ["The GTIN 04006592453091 is the same."],
                    }
                ],
            },
            {"id": "sku-2", "matches": []},
        ]
    },
    response_only=True,
)


class Check(ActorView):
    """Compares with the published register only, whoever asks."""

    guard = Right.SCREEN

    @extend_schema(
        operation_id="screening_check",
        request=ScreeningSerializer,
        responses={200: ScreeningResultsSerializer},
        examples=[ASKED, TOLD],
    )
    def post(self, request: Request) -> Response:
        """Ask of 1 to 1,000 products whether they are known to be unsafe.

        Every field but `id` may be left out. Compared are, in this order: the GTIN; the model
        number, as a whole and together with its brand; the words. From a confidence of 0.9 on,
        identifiers agree. Everything below is a suggestion that a person has to look at, and the
        reasons say why; `basis` "text" is never more than that. No match means that nothing is
        known, not that the product is safe. Nothing that is sent is kept, and one item that has to
        be mended refuses the whole call, naming it.
        """
        given = ScreeningSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        items = given.validated_data["items"]
        found = list(REGISTER.current().check(map(_offer, items)))
        alerts = _alerts_of(found)
        results = [
            {"id": item["id"], "matches": _told(matches, alerts)}
            for item, matches in zip(items, found, strict=True)
        ]
        return Response({"results": results})


def _offer(item: dict[str, Any]) -> Offer:
    return Offer(
        title=item.get("title", ""),
        brand=item.get("brand", ""),
        model=item.get("model", ""),
        code=item.get("gtin", ""),
    )


def _alerts_of(found: Iterable[Sequence[Match]]) -> dict[int, tuple[str, str]]:
    """(reference of the alert, of its product) by key, of those that the public may see now."""
    keys = {match.key for matches in found for match in matches}
    if not keys:
        return {}
    rows = Alert.objects.visible_to(PUBLIC).filter(pk__in=keys)
    facts = rows.values_list("pk", "reference", "product__reference")
    return {pk: (alert, product) for pk, alert, product in facts}


def _told(matches: Sequence[Match], alerts: dict[int, tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {
            "alert": alerts[match.key][0],
            "product": alerts[match.key][1],
            "basis": match.basis.value,
            "confidence": match.confidence,
            "reasons": list(match.reasons),
        }
        for match in matches
        if match.key in alerts
    ]
