"""Fields and widgets that several forms share."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext

from cases.stat_faces import MONTH


class RowField(forms.CharField):
    """A row by its public reference; the form sets `rows` to what may be named."""

    rows: Any

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        row = self.rows.filter(reference__iexact=text).first()
        if row is None:
            raise ValidationError(
                gettext("“%(text)s” is not here. Write a reference as it stands in the list.")
                % {"text": text}
            )
        return row


def is_address(text: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        return False
    return True


def text_area(rows: int = 4, **attributes: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


def focused(**attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autofocus": True, **attributes})


class MonthField(forms.CharField):
    """A month as 2026-09; cleaned to its first day."""

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return datetime.strptime(text, MONTH).date()  # noqa: DTZ007 - a month has no zone
        except ValueError as problem:
            raise ValidationError(gettext("Write a month as 2026-09.")) from problem
