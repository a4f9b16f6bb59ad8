"""Charts as SVG made on the server: a Vega-Lite specification, drawn by vl-convert.

The SVG holds no script, style element or style attribute, so that our strict policy holds; its
colours are our tokens, so that it follows light and dark; a mark is a link to its rows and says
in words what it shows.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

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
    angle = -40 if crowded else 0
    spec = {
        "width": 380,
        "height": 220,
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {
            "x": _nominal("category", sort=None, title=None, axis={"labelAngle": angle}),
            "xOffset": _nominal("series", sort=list(series)),
            "y": _quantitative("value", title=None, axis={"tickMinStep": 1}),
            "color": _nominal(
                "series",
                sort=list(series),
                scale={"domain": list(series), "range": list(SERIES[: len(series)])},
                legend={"title": None, "orient": "top"},
            ),
            "href": _nominal("url"),
            "description": _nominal("label"),
        },
    }
    return _drawn(spec, bars, label)


def lying_percentages(bars: Sequence[Bar], *, label: str) -> SafeString:
    """Lying bars of percentages in the order given, each with its `text`."""
    bar = {"type": "bar", "cornerRadiusEnd": 2, "color": SERIES[0]}
    text = {"type": "text", "align": "left", "dx": 6, "color": _INK, "aria": False}
    spec = {
        "width": 190,
        "height": {"step": 34},
        "encoding": {
            "y": _nominal("category", sort=None, title=None),
            "x": _quantitative(
                "value",
                title=None,
                scale={"domain": [0, 100]},
                axis={"values": [0, 25, 50, 75, 100]},
            ),
            "href": _nominal("url"),
        },
        "layer": [
            {"mark": bar, "encoding": {"description": _nominal("label")}},
            {"mark": text, "encoding": {"text": _nominal("text")}},
        ],
    }
    return _drawn(spec, bars, label, right=90)  # room for words beyond 100 %


def _nominal(field: str, **options: object) -> dict[str, object]:
    return {"field": field, "type": "nominal", **options}


def _quantitative(field: str, **options: object) -> dict[str, object]:
    return {"field": field, "type": "quantitative", **options}


def _drawn(spec: dict[str, object], bars: Sequence[Bar], label: str, right: int = 5) -> SafeString:
    whole = spec | {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": [asdict(bar) | {"url": f"{_BASE}{bar.url}"} for bar in bars]},
        "background": None,
        "padding": {"left": 5, "top": 5, "bottom": 5, "right": right},
        "description": label,
        "config": _CONFIG,
    }
    return mark_safe(_svg(json.dumps(whole, sort_keys=True)))  # noqa: S308


@lru_cache(maxsize=256)
def _svg(spec: str) -> str:
    """Drawn once for the same data."""
    return vl_convert.vegalite_to_svg(spec).replace(f'href="{_BASE}/', 'href="/')
