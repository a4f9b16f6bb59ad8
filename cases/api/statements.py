"""The fields of a statement of reasons, as the API takes them and gives them back."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from rest_framework import serializers

from cases import dsa
from surveillance.web.api_fields import StrictSerializer

# Where the database of statements knows a territory: the countries of the European Economic Area.
EEA = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"


def _one_of(words: type[StrEnum]) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=_choices(words), required=False)


def _some_of(words: Iterable[Any]) -> serializers.ListField:
    choice = serializers.ChoiceField(choices=_choices(words))
    return serializers.ListField(child=choice, required=False, max_length=40)


def _choices(words: Iterable[Any]) -> list[str]:
    return [str(word) for word in words]


class StatementSerializer(StrictSerializer):
    """Your own statement of reasons, in the words of the DSA Transparency Database (Regulation (EU)
    2022/2065, Art. 17 and 24(5)). Optional; kept with the answer and given back as it came."""

    decision_visibility = _some_of(dsa.DecisionVisibility)
    decision_ground = _one_of(dsa.DecisionGround)
    content_type = _some_of(dsa.ContentType)
    category = _one_of(dsa.Category)
    automated_detection = _one_of(dsa.AutomatedDetection)
    automated_decision = _one_of(dsa.AutomatedDecision)
    application_date = serializers.DateField(
        required=False, help_text="from when the decision applies"
    )
    territorial_scope = _some_of(EEA.split())
    source_type = _one_of(dsa.SourceType)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """As it is kept: JSON, in which a date is a text."""
        given: dict[str, Any] = super().to_internal_value(data)
        if day := given.get("application_date"):
            given["application_date"] = day.isoformat()
        return given
