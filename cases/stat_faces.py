"""The figures of the statistics as a reader sees them, on the desk and in the portal: the same
numbers in the same words, each with the address of the rows behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cases.models import Item
from cases.stats.figures import Figures, Share
from cases.stats.numbers import NUMBERS, Number
from cases.stats.working_days import MEASURES, Calendars, taken
from surveillance.web import keyset

MONTH = "%Y-%m"
PAGE = 50
ORDER = ("due_at", "id")
TILES = (
    "requested",
    "identified",
    "claimed_removed",
    "verified_removed",
    "refused",
    "withdrawn",
    "still_open",
    "overdue",
    "missed",
    "relisted",
)
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


class RowsAddress(Protocol):
    """Where the rows behind a number are listed, narrowed down to a month, say."""

    def __call__(self, number: str, **narrower: str) -> str: ...


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


def percent(share: Share) -> str:
    return "–" if share.percent is None else f"{share.percent:.1f}"


def headings() -> Iterator[str]:
    """Of the columns that `cells` fill."""
    yield from (str(NUMBERS[name].title) for name in COUNTS)
    yield _("Within the limit, %")
    yield _("Verified removed of requested, %")
    yield _("Verified removed of identified, %")
    for measure in MEASURES.values():
        yield _("Days %(what)s, median") % {"what": measure.title}
        yield _("Days %(what)s, 90th percentile") % {"what": measure.title}


def cells(figures: Figures, rows: RowsAddress, **narrower: str) -> Iterator[Cell]:
    yield from (Cell(figures[name], rows(name, **narrower)) for name in COUNTS)
    yield Cell(percent(figures.within_limit), rows("judged", **narrower))
    yield Cell(percent(figures.removed_of_requested), rows("verified_removed", **narrower))
    yield Cell(percent(figures.removed_of_identified), rows("identified_removed", **narrower))
    for name, measure in MEASURES.items():
        quantiles = figures.working_days(name)
        for value in (quantiles.median, quantiles.ninetieth):
            yield Cell("–" if value is None else value, rows(measure.number, **narrower))


def month_row(month: date, figures: Figures, rows: RowsAddress) -> list[Cell]:
    name = f"{month:{MONTH}}"
    return [Cell(name, in_one=True), *cells(figures, rows, month=name)]


def month_columns() -> Sequence[str]:
    return [_("Month"), *headings()]


def tiles(found: Figures, rows: RowsAddress) -> Iterator[dict[str, Any]]:
    """Counts, for components/stat.html."""
    for name in TILES:
        number = NUMBERS[name]
        yield {
            "value": f"{found[name]:,}",
            "label": number.title,
            "definition": number.definition,
            "url": rows(name),
        }


def shares(found: Figures, rows: RowsAddress) -> Iterator[dict[str, Any]]:
    """Shares with their denominators, for components/stat.html."""
    yield _share(
        _("Answered within the limit"),
        found.within_limit,
        _("%(part)s of %(whole)s listings answered or past their limit"),
        rows("in_time"),
    )
    yield _share(
        _("Verified removed, of requested"),
        found.removed_of_requested,
        _("%(part)s of %(whole)s listings requested"),
        rows("verified_removed"),
    )
    yield _share(
        _("Verified removed, of identified"),
        found.removed_of_identified,
        _("%(part)s of %(whole)s listings the platforms say they identified"),
        rows("identified_removed"),
    )


def times(found: Figures, rows: RowsAddress) -> list[tuple[Any, Any, str]]:
    """What is timed, its median and 90th percentile, the address of its rows."""
    return [
        (measure.title, found.working_days(name), rows(measure.number))
        for name, measure in MEASURES.items()
    ]


def _share(label: str, share: Share, of: str, url: str) -> dict[str, Any]:
    return {
        "value": percent(share),
        "unit": "" if share.percent is None else "%",
        "label": label,
        "of": of % {"part": f"{share.part:,}", "whole": f"{share.whole:,}"},
        "url": url,
    }


def number_of(query: QueryDict) -> Number:
    """The number that an address names. Raises Http404."""
    number = NUMBERS.get(query.get("number", ""))
    if number is None:
        raise Http404(_("There is no such number."))
    return number


def rows_of(number: Number, found: QuerySet[Item], query: QueryDict) -> dict[str, Any]:
    """One page of the items behind a number, for components/number_rows.html. `found`: all of
    them. Raises Http404."""
    places = {name: query.get(name, "") for name in ("after", "before")}
    related = found.select_related(
        "takedown__platform", "takedown__case", "takedown__regime", "listing__account"
    )
    try:
        page = keyset.page(related, ORDER, size=PAGE, **places)
    except keyset.BadCursor as problem:
        raise Http404(_("This page of the list does not exist.")) from problem
    measure = next((one for one in MEASURES.values() if one.number == number.name), None)
    calendars = Calendars()
    return {
        "number": number,
        "measure": measure,
        "items": [
            (item, taken(item, measure, calendars) if measure else None) for item in page.rows
        ],
        "total": found.count(),
        "first_url": keyset.address(query),
        "previous_url": keyset.address(query, before=page.before) if page.before else "",
        "next_url": keyset.address(query, after=page.after) if page.after else "",
    }
