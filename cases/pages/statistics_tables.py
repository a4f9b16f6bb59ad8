"""The two tables of the statistics, by month and by platform, each with its chart.

A count is a link to its rows, within the same scope.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cases.pages.statistics_form import MONTH
from cases.stats.figures import Breakdown, Figures, PlatformKey, Share
from cases.stats.numbers import NUMBERS
from cases.stats.working_days import MEASURES
from surveillance.web import charts

COUNTS = (
    "requested",
    "identified",
    "claimed_removed",
    "not_found",
    "verified_removed",
    "refused",
    "withdrawn",
    "still_open",
    "overdue",
    "missed",
    "relisted",
)
PLACES = ("after", "before", "number")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and the rows behind it where it counts some. `in_one`: it is not broken."""

    value: str | int
    url: str = ""
    in_one: bool = False

    @property
    def as_html(self) -> SafeString:
        if self.url:
            return format_html('<a href="{}">{}</a>', self.url, self.value)
        if self.in_one:
            return format_html('<span class="nowrap">{}</span>', self.value)
        return format_html("{}", self.value)


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


def percent(share: Share) -> str:
    return "–" if share.percent is None else f"{share.percent:.1f}"


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
        [_("Month"), *_headings()],
        [_month_row(month, figures, query) for month, figures in found.by_month.items()],
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
        [_("Platform"), *_headings()],
        [_platform_row(platform, figures, query) for platform, figures in ranked],
    )


def _headings() -> Iterator[str]:
    yield from (str(NUMBERS[name].title) for name in COUNTS)
    yield _("Within the limit, %")
    yield _("Verified removed of requested, %")
    yield _("Verified removed of identified, %")
    for measure in MEASURES.values():
        yield _("Days %(what)s, median") % {"what": measure.title}
        yield _("Days %(what)s, 90th percentile") % {"what": measure.title}


def _month_row(month: date, figures: Figures, query: QueryDict) -> list[Cell]:
    name = f"{month:{MONTH}}"
    return [Cell(name, in_one=True), *_cells(figures, query, month=name)]


def _platform_row(platform: PlatformKey, figures: Figures, query: QueryDict) -> list[Cell]:
    return [Cell(platform.name), *_cells(figures, query, platform=platform.slug)]


def _cells(figures: Figures, query: QueryDict, **narrower: str) -> Iterator[Cell]:
    def rows(number: str) -> str:
        return rows_address(query, number, **narrower)

    yield from (Cell(figures[name], rows(name)) for name in COUNTS)
    yield Cell(percent(figures.within_limit), rows("judged"))
    yield Cell(percent(figures.removed_of_requested), rows("verified_removed"))
    yield Cell(percent(figures.removed_of_identified), rows("identified_removed"))
    for name, measure in MEASURES.items():
        quantiles = figures.working_days(name)
        for value in (quantiles.median, quantiles.ninetieth):
            yield Cell("–" if value is None else value, rows(measure.number))


TABLES: dict[str, Any] = {"by-month": by_month, "by-platform": by_platform}
