"""Filters that django-filter has not."""

from datetime import UTC, datetime
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_filters.fields import IsoDateTimeField


class InstantField(IsoDateTimeField):
    """An instant in ISO 8601, in UTC: the database knows fewer offsets than Python."""

    def clean(self, value: Any) -> datetime | None:
        instant: datetime | None = super().clean(value)
        try:
            return instant.astimezone(UTC) if instant else None
        except (OverflowError, ValueError) as problem:
            raise ValidationError(_("Write an instant such as 2026-10-01T17:00:00Z.")) from problem


class InstantFilter(filters.IsoDateTimeFilter):
    field_class = InstantField
