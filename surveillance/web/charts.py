"""Charts as SVG made on the server: Vega-Lite through Altair, drawn by vl-convert.

The SVG holds no script, style element or style attribute, so that our strict policy holds; its
colours are our tokens, so that it follows light and dark; a mark is a link to its rows.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import altair
import vl_convert
from django.utils.safestring import SafeString, mark_safe

# What stands before a relative address in what vl-convert draws.
_FOREIGN_BASE = re.compile(r'(?<=href=")https?://[^/"]+(?=/)')
_INK, _INK_2, _LINE = "var(--ink)", "var(--ink-2)", "var(--line)"
SERIES = ("var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)")


def grouped_bars(
    rows: Sequence[Mapping[str, Any]],
    *,
    category: str,
    value: str,
    series: Sequence[str],
    label: str,
) -> SafeString:
    """Upright bars side by side. Rows: {`category`, "series", `value`, "url"}."""
    chart = (
        altair.Chart(altair.Data(values=list(rows)), width=560, height=240)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=altair.X(f"{category}:N", sort=None, title=None, axis=altair.Axis(labelAngle=0)),
            xOffset=altair.XOffset("series:N", sort=list(series)),
            y=altair.Y(f"{value}:Q", title=None, axis=altair.Axis(tickMinStep=1)),
            color=altair.Color(
                "series:N",
                sort=list(series),
                scale=altair.Scale(domain=list(series), range=list(SERIES[: len(series)])),
                legend=altair.Legend(title=None, orient="top"),
            ),
            href="url:N",
        )
    )
    return _drawn(chart, label)


def level_bars(
    rows: Sequence[Mapping[str, Any]], *, category: str, value: str, label: str
) -> SafeString:
    """Lying bars of percentages in the order given. Rows: {`category`, `value`, "text", "url"}."""
    base = altair.Chart(altair.Data(values=list(rows)), width=420, height={"step": 34}).encode(
        y=altair.Y(f"{category}:N", sort=None, title=None),
        x=altair.X(
            f"{value}:Q",
            title=None,
            scale=altair.Scale(domain=[0, 100]),
            axis=altair.Axis(format="d"),
        ),
        href="url:N",
    )
    bars = base.mark_bar(cornerRadiusEnd=2, color=SERIES[0])
    words = base.mark_text(align="left", dx=6, color=_INK).encode(text="text:N")
    return _drawn(bars + words, label)


def _drawn(chart: altair.TopLevelMixin, label: str) -> SafeString:
    axis = {
        "labelColor": _INK_2,
        "titleColor": _INK_2,
        "domainColor": _LINE,
        "tickColor": _LINE,
        "gridColor": _LINE,
        "labelFontSize": 12,
    }
    spec = chart.to_dict() | {
        "background": None,
        "padding": {"left": 5, "top": 5, "bottom": 5, "right": 90},  # room for words past 100 %
        "description": label,
        "config": {
            "font": "system-ui, sans-serif",
            "view": {"stroke": None},
            "axis": axis,
            "legend": {"labelColor": _INK, "labelFontSize": 12},
        },
    }
    return mark_safe(_svg(json.dumps(spec, sort_keys=True, default=str)))  # noqa: S308


@lru_cache(maxsize=256)
def _svg(spec: str) -> str:
    """Drawn once for the same data."""
    svg = vl_convert.vegalite_to_svg(spec)
    return _FOREIGN_BASE.sub("", svg)
