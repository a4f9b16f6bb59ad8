"""Filters of the portal's lists; every state of a list stands in its address."""

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import TextInput
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.filters import ANY, DUE, DeskFilterSet
from cases.models import Item, TakedownRequest
from cases.states import ITEM_AWAITS_AUTHORITY, ITEM_AWAITS_PLATFORM, ITEM_SETTLED
from surveillance.calendars.models import Kind

STATES = {
    "waiting": ITEM_AWAITS_PLATFORM,
    "checking": ITEM_AWAITS_AUTHORITY,
    "settled": ITEM_SETTLED,
}


def _search_box(words: Promise) -> TextInput:
    return TextInput(attrs={"placeholder": words})


class DemandFilter(DeskFilterSet):
    q = filters.CharFilter(
        label=_("Reference, listing, address"),
        method="holding_text",
        widget=_search_box(_("Reference, listing, address")),
    )
    kind = filters.ChoiceFilter(label=_("Kind"), empty_label=ANY, choices=Kind.choices)
    due = filters.ChoiceFilter(label=_("Due"), empty_label=ANY, choices=DUE, method="due")

    class Meta:
        model = TakedownRequest
        fields: list[str] = []

    def holding_text(
        self, queryset: QuerySet[Any], name: str, value: str
    ) -> QuerySet[TakedownRequest]:
        """Requests whose reference holds every word, or with one listing that does."""
        return queryset.filter(
            _every_word(value, "reference", "hazard")
            | Exists(
                Item.objects.filter(
                    _every_word(value, "listing__title", "listing__url"), takedown=OuterRef("pk")
                )
            )
        )


class ItemFilter(DeskFilterSet):
    q = filters.CharFilter(
        label=_("Listing, address, seller"),
        method="holding_text",
        widget=_search_box(_("Listing, address, seller")),
    )
    state = filters.ChoiceFilter(
        label=_("State"),
        empty_label=ANY,
        choices=[
            ("waiting", _("to answer")),
            ("checking", _("being checked")),
            ("settled", _("settled")),
        ],
        method="standing",
    )

    class Meta:
        model = Item
        fields: list[str] = []

    def holding_text(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Item]:
        return queryset.filter(
            _every_word(value, "listing__title", "listing__url", "listing__account__handle")
        )

    def standing(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Item]:
        return queryset.filter(state__in=STATES[value])


def _every_word(text: str, *fields: str) -> Q:
    """Each word stands in one of the fields."""
    found = Q()
    for word in text.split()[:8]:
        holds = Q()
        for name in fields:
            holds |= Q(**{f"{name}__icontains": word})
        found &= holds
    return found
