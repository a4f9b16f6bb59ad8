"""Fields of the market that several APIs take."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers

from sellers.forms import GtinsField


class GtinField(serializers.CharField):
    """8, 12, 13 or 14 digits with a right check digit; kept as 14 digits."""

    def to_internal_value(self, data: Any) -> str:
        try:
            found = GtinsField().clean(super().to_internal_value(data))
        except ValidationError as problem:
            raise serializers.ValidationError(problem.messages) from problem
        return str(found[0])
