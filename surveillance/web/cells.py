"""Components as cells of a django-tables2 table: what a `render_…` method returns."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from surveillance.clock import Due
from surveillance.web.templatetags import ui


def chip_cell(state: str, label: str = "") -> SafeString:
    return render_to_string("components/chip.html", ui.chip(state, label))


def risk_cell(level: str | None, provisional: bool = False) -> SafeString:
    return render_to_string("components/risk.html", ui.risk(level, provisional=provisional))


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
