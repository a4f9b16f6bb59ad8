"""The two tables of the statistics, by month and by platform, each with its chart.

A count is a link to its rows, within the same scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cases.stat_faces import (
    MONTH,
    Cell,
    RowsAddress,
    cells,
    headings,
    month_columns,
    month_row,
)
from cases.stats.figures import Breakdown, Figures, PlatformKey
from cases.stats.numbers import NUMBERS
from surveillance.web import charts

PLACES = ("after", "before", "number")


@dataclass(frozen=True, slots=True)
class ChartTable:
    """A chart and the same numbers as a table; `svg` is empty while there is nothing to draw."""

    title: str
    definition: str
    svg: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def linked_rows(self) -> list[list[SafeString]]:
        return [[cell.as_html for cell in row] for row in self.rows]


def rows_address(query: QueryDict, number: str, **narrower: str) -> str:
    """The rows behind a number, within the scope of the page's own query."""
    parameters = query.copy()
    for name in PLACES:
        parameters.pop(name, None)
    for name, value in {"number": number, **narrower}.items():
        parameters[name] = value
    return f"{reverse('statistics-rows')}?{parameters.urlencode()}"


def rows_within(query: QueryDict) -> RowsAddress:
    """The same for whatever number is asked."""
    return partial(rows_address, query)


def by_month(found: Breakdown, query: QueryDict) -> ChartTable:
    """Requested against verified removed."""
    series = {name: str(NUMBERS[name].title) for name in ("requested", "verified_removed")}
    bars = [
        charts.Bar(
            category=f"{month:{MONTH}}",
            series=words,
            value=figures[name],
            url=rows_address(query, name, month=f"{month:{MONTH}}"),
            label=_("%(month)s, %(what)s: %(count)d")
            % {"month": f"{month:{MONTH}}", "what": words, "count": figures[name]},
        )
        for month, figures in found.by_month.items()
        for name, words in series.items()
    ]
    title = _("Requested and verified removed, by month of issue")
    return ChartTable(
        title,
        _("Listings by the month in which their request was issued."),
        charts.grouped_bars(bars, series=list(series.values()), label=title) if bars else "",
        month_columns(),
        [
            month_row(month, figures, rows_within(query))
            for month, figures in found.by_month.items()
        ],
    )


def by_platform(found: Breakdown, query: QueryDict) -> ChartTable:
    """Share answered within the limit, the best first; platforms of which nothing is known yet
    stand only in the table."""
    ranked = sorted(
        found.by_platform.items(),
        key=lambda pair: (-(pair[1].within_limit.percent or 0), pair[0].name.casefold()),
    )
    bars = [
        charts.Bar(
            category=platform.name,
            value=share.percent,
            text=f"{share.percent:.0f} % ({share.part}/{share.whole})",
            url=rows_address(query, "judged", platform=platform.slug),
            label=_("%(platform)s: %(part)d of %(whole)d within the limit")
            % {"platform": platform.name, "part": share.part, "whole": share.whole},
        )
        for platform, figures in ranked
        if (share := figures.within_limit).percent is not None
    ]
    title = _("Answered within the limit, by platform")
    return ChartTable(
        title,
        _("Of the listings answered, or past their limit without an answer."),
        charts.lying_percentages(bars, label=title) if bars else "",
        [_("Platform"), *headings()],
        [_platform_row(platform, figures, query) for platform, figures in ranked],
    )


def _platform_row(platform: PlatformKey, figures: Figures, query: QueryDict) -> list[Cell]:
    rows = rows_within(query)
    return [Cell(platform.name), *cells(figures, rows, platform=platform.slug)]


TABLES: dict[str, Any] = {"by-month": by_month, "by-platform": by_platform}
