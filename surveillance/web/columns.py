"""Columns of lists, made for pages of many cells."""

from functools import lru_cache
from typing import Any

import django_tables2 as tables
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language

_HOLE = "REFERENCE"


class DrawnColumn(tables.Column):
    """A column that its table draws from the whole row, whatever stands in it, by a method
    `render_<name>(record)`. Nothing else is asked of the row, which halves the time of a list:
    django-tables2 looks up value, label of the choice and signature for every cell.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, empty_values=(), **options)


def choice_label(row: models.Model, field: str) -> str:
    """What `row.get_<field>_display()` says; that one hashes all choices at every call."""
    value = getattr(row, field)
    return _labels(type(row), field, get_language()).get(value, str(value))


@lru_cache(maxsize=256)
def _labels(model: type[models.Model], field: str, language: str | None) -> dict[Any, str]:
    choices = model._meta.get_field(field).flatchoices  # type: ignore[union-attr]
    return {value: str(label) for value, label in choices}


def address_of(route: str, reference: str) -> str:
    """What `reverse(route, args=[reference])` says; that one reads the URLconf for every row.
    References have only letters, digits and hyphens (surveillance/references.py)."""
    return _address(route).replace(_HOLE, reference)


@lru_cache(maxsize=64)
def _address(route: str) -> str:
    return reverse(route, args=[_HOLE])
