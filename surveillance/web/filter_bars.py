"""The filters of a list as components/filter_bar.html shows them."""

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from surveillance.saved_views import answering

_POSITION = ("page", "cursor", "after", "before")  # where one is in a list, not what


def shown(request: HttpRequest, form: forms.BaseForm) -> dict[str, Any]:
    """A GET form, and a chip with a link that takes it away for each filter set.

    The first text field stands outside as the search box; parameters of the address that no
    field knows (sort order, view) are kept.
    """
    active = [
        {
            "label": field.label,
            "words": words,
            "url": _address_without(request.GET, field.html_name, value),
        }
        for field in (form if form.is_bound else ())
        for value, words in _value_in_words(field)
    ]
    known = {field.html_name for field in form} | {*_POSITION, "saved"}
    visible = form.visible_fields()
    search = next((field for field in visible if field.widget_type in ("text", "search")), None)
    return {
        "form": form,
        "search": search,
        "fields": [field for field in visible if field is not search],
        "active": active,
        "kept": [
            (name, value)
            for name, values in request.GET.lists()
            if name not in known
            for value in values
        ],
        "clear_url": answering.all_rows(request),
    }


def _value_in_words(field: forms.BoundField) -> list[tuple[str, str]]:
    """The values a person set in a filter field: (raw value, words)."""
    raw = field.data
    given = raw if isinstance(raw, list | tuple) else [raw]
    values = [value for value in given if value not in (None, "", False)]
    if not values:
        return []
    choices = {
        str(code): str(words)
        for code, words in getattr(field.field.widget, "choices", ())
        if not isinstance(words, list | tuple)
    }
    return [(str(value), choices.get(str(value), str(value))) for value in values]


def _address_without(query: QueryDict, name: str, value: str) -> str:
    """The query string less one value of one filter, back at the first page."""
    left = query.copy()
    left.setlist(name, [kept for kept in left.getlist(name) if kept != value])
    if not left.getlist(name):
        left.pop(name, None)
    for position in _POSITION:
        left.pop(position, None)
    return f"?{left.urlencode()}"
