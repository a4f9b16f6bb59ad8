"""Components as cells of a django-tables2 table: what a `render_…` method returns."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from surveillance.clock import Due
from surveillance.web.templatetags import ui


def chip_cell(state: str, label: str = "", tone: str = "", symbol: str = "") -> SafeString:
    """States are few and cells are many: each chip is drawn once."""
    return _drawn("components/chip.html", **ui.chip(state, str(label), tone, symbol))


def risk_cell(level: str | None, provisional: bool = False) -> SafeString:
    return _drawn("components/risk.html", **ui.risk(level, provisional=provisional))


@lru_cache(maxsize=2048)
def _drawn(template: str, **context: Any) -> SafeString:
    """The words in the context are in one language already."""
    return render_to_string(template, context)


def deadline_cell(
    due_at: datetime | None,
    state: str,
    working_days_left: int | None = None,
    derivation: Due | None = None,
    uid: str = "",
) -> SafeString:
    return render_to_string(
        "components/deadline.html",
        ui.deadline(due_at, state, working_days_left, derivation, uid),
    )
