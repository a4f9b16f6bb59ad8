"""What serializers of the API have in common: some only show, some refuse what they do not know."""

from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext
from rest_framework import serializers

RowT = TypeVar("RowT", bound=Model)


class ShownSerializer(serializers.ModelSerializer[RowT]):
    """Shows a row. Every field is always there, if only as null, and the schema says so."""

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        for field in fields.values():
            field.read_only, field.required = True, False
        return fields


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that it does not know: a misspelt one would be lost without a word."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError(
                {name: [gettext("There is no such field.")] for name in unknown}
            )
        return super().to_internal_value(data)
