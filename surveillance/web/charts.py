"""Charts as SVG made on the server: Vega-Lite through Altair, drawn by vl-convert.

The SVG holds no script, style element or style attribute, so that our strict policy holds; its
colours are our tokens, so that it follows light and dark; a mark is a link to its rows and says
in words what it shows.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import altair
import vl_convert
from django.utils.safestring import SafeString, mark_safe

# vl-convert puts a base of its own before an address without one; so each gets this, to be cut off.
_BASE = "https://base.invalid"
_INK, _INK_2, _LINE = "var(--ink)", "var(--ink-2)", "var(--line)"
SERIES = ("var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)")
_CONFIG = {
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": _INK_2,
        "domainColor": _LINE,
        "tickColor": _LINE,
        "gridColor": _LINE,
        "labelFontSize": 12,
        "labelLimit": 150,
    },
    "legend": {"labelColor": _INK, "labelFontSize": 12},
    "text": {"fontSize": 12},
}


@dataclass(frozen=True, slots=True)
class Bar:
    """`url` is a path of ours; `label` says the bar in words; `text` stands at its end."""

    category: str
    value: float
    url: str
    label: str
    series: str = ""
    text: str = ""


def grouped_bars(bars: Sequence[Bar], *, series: Sequence[str], label: str) -> SafeString:
    """Upright bars side by side, categories in the order given."""
    crowded = len({bar.category for bar in bars}) > 6
    chart = (
        altair.Chart(_data(bars), width=380, height=220)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=altair.X(
                "category:N",
                sort=None,
                title=None,
                axis=altair.Axis(labelAngle=-40 if crowded else 0),
            ),
            xOffset=altair.XOffset("series:N", sort=list(series)),
            y=altair.Y("value:Q", title=None, axis=altair.Axis(tickMinStep=1)),
            color=altair.Color(
                "series:N",
                sort=list(series),
                scale=altair.Scale(domain=list(series), range=list(SERIES[: len(series)])),
                legend=altair.Legend(title=None, orient="top"),
            ),
            href="url:N",
            description="label:N",
        )
    )
    return _drawn(chart, label)


def lying_percentages(bars: Sequence[Bar], *, label: str) -> SafeString:
    """Lying bars of percentages in the order given, each with its `text`."""
    base = altair.Chart(_data(bars), width=190, height={"step": 34}).encode(
        y=altair.Y("category:N", sort=None, title=None),
        x=altair.X(
            "value:Q",
            title=None,
            scale=altair.Scale(domain=[0, 100]),
            axis=altair.Axis(values=[0, 25, 50, 75, 100]),
        ),
        href="url:N",
    )
    lying = base.mark_bar(cornerRadiusEnd=2, color=SERIES[0]).encode(description="label:N")
    words = base.mark_text(align="left", dx=6, color=_INK, aria=False).encode(text="text:N")
    return _drawn(lying + words, label, right=90)  # room for words beyond 100 %


def _data(bars: Sequence[Bar]) -> altair.Data:
    return altair.Data(values=[asdict(bar) | {"url": f"{_BASE}{bar.url}"} for bar in bars])


def _drawn(chart: altair.TopLevelMixin, label: str, right: int = 5) -> SafeString:
    spec: dict[str, Any] = chart.to_dict() | {
        "background": None,
        "padding": {"left": 5, "top": 5, "bottom": 5, "right": right},
        "description": label,
        "config": _CONFIG,
    }
    return mark_safe(_svg(json.dumps(spec, sort_keys=True)))  # noqa: S308


@lru_cache(maxsize=256)
def _svg(spec: str) -> str:
    """Drawn once for the same data."""
    return vl_convert.vegalite_to_svg(spec).replace(f'href="{_BASE}/', 'href="/')
