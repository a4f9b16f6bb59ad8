"""The five lists of the market are one page with another filter and table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django_filters import FilterSet
from django_tables2 import Table

from sellers.pages.tables import SortedRows
from surveillance.web.guards import ActorRequest
from surveillance.web.lists import list_page


@dataclass(frozen=True, slots=True)
class MarketList:
    """`sorts`: names of the table's columns, "-" for descending, with their orderings; the first
    is the default. `empty_title` and `empty_text` stand where nothing has been recorded yet."""

    heading: str | Promise
    filterset: type[FilterSet]
    table: type[Table]
    sorts: Mapping[str, Sequence[str]]
    icon: str
    empty_title: str | Promise
    empty_text: str | Promise

    def show(
        self,
        request: ActorRequest,
        queryset: QuerySet[Any],
        *,
        actions: Sequence[dict[str, Any]] = (),
    ) -> HttpResponse:
        filterset = self.filterset(request.GET, queryset, request=request)
        page = list_page(request, filterset, sorts=self.sorts)
        table = self.table(SortedRows(page.rows), order_by=page.sort)
        context = {"list": self, "page": page, "table": table, "actions": actions}
        return render(request, "desk/market/list.html", context)


def both_ways(**orderings: Sequence[str]) -> dict[str, Sequence[str]]:
    """Each ordering by its column's name, and turned round under "-name"."""
    return {
        f"{sign}{name}": fields if not sign else [_turned(column) for column in fields]
        for name, fields in orderings.items()
        for sign in ("", "-")
    }


def _turned(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"
