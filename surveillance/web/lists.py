"""A list page: filter, sort, keyset pages and counts, the same on every floor.

    page = list_page(request, filterset, sorts={"newest": ("-received_at", "-id")})
    return render(request, "desk/report_list.html", {"page": page})

Every state of the list stands in its address: ?q=…&state=…&sort=…&after=…. An address under a name
is a saved view (surveillance/saved_views/); a reader's default is where the bare address leads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django_filters import FilterSet

from surveillance.saved_views import answering
from surveillance.web import keyset

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class ListPage:
    """What components/pager.html and components/filter_bar.html show."""

    rows: list[Any]
    filterset: FilterSet
    sort: str
    total: int
    total_text: str
    first_url: str
    previous_url: str
    next_url: str

    @property
    def shown(self) -> int:
        return len(self.rows)


def list_page(
    request: HttpRequest,
    filterset: FilterSet,
    *,
    sorts: Mapping[str, Sequence[str]],
    size: int = PAGE_SIZE,
) -> ListPage:
    """One page of a filtered list. `sorts`: names with their orderings, the first is the default.

    A wrong filter value shows its error and no rows, never the unfiltered list.
    """
    answering.go_to_default(request)
    name = request.GET.get("sort", "")
    sort = name if name in sorts else next(iter(sorts))
    rows = filterset.qs if filterset.is_valid() else filterset.queryset.none()
    total = keyset.count_up_to_limit(rows)
    answering.answer_count(request, keyset.count_in_words(total))
    try:
        page = keyset.page(
            rows,
            sorts[sort],
            size=size,
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )
    except keyset.BadCursor as problem:
        raise Http404(_("This page of the list does not exist.")) from problem
    address = keyset.address
    return ListPage(
        rows=page.rows,
        filterset=filterset,
        sort=sort,
        total=total,
        total_text=keyset.count_in_words(total),
        first_url=address(request.GET),
        previous_url=address(request.GET, before=page.before) if page.before else "",
        next_url=address(request.GET, after=page.after) if page.after else "",
    )
