"""The items of a request as a CSV file: every deadline with its derivation, as Excel opens it."""

import csv
from collections.abc import Iterator
from datetime import datetime

import defusedcsv.csv as defused
from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.models import Item, TakedownRequest
from surveillance.clock import Due, local_due_label

FULL_WIDTH = ("＝", "＋", "－", "＠")


def response(takedown: TakedownRequest) -> HttpResponse:
    """For whoever sees the request. UTF-8 with a byte order mark; no cell is a formula."""
    found = HttpResponse("".join(lines(takedown)), content_type="text/csv; charset=utf-8")
    found["Content-Disposition"] = f'attachment; filename="{takedown.reference}-listings.csv"'
    return found


def lines(takedown: TakedownRequest) -> Iterator[str]:
    """The header, then a line for each item in the order of its number. Never cut."""
    writer = defused.writer(_Line(), quoting=csv.QUOTE_MINIMAL)
    yield "\ufeff" + writer.writerow(_header())
    items = takedown.items.select_related("listing__account").order_by("number")
    for item in items.iterator(chunk_size=2000):
        yield writer.writerow([_plain(cell) for cell in _cells(takedown, item)])


def _header() -> list[str]:
    return [
        _("Request"),
        _("No."),
        _("Listing"),
        _("Title"),
        _("Address"),
        _("Seller"),
        _("State"),
        _("Clock started (UTC)"),
        _("Due (UTC)"),
        _("Due, local"),
        _("Time zone"),
        _("Calendar"),
        _("How the limit was counted"),
        _("Clock stands because"),
        _("Missed (UTC)"),
        _("Answered (UTC)"),
        _("Ground"),
        _("Answer"),
        _("Decision"),
    ]


def _cells(takedown: TakedownRequest, item: Item) -> list[str]:
    due = Due.from_json(item.derivation) if item.derivation else None
    listing = item.listing
    return [
        takedown.reference,
        str(item.number),
        listing.reference,
        listing.title,
        listing.url,
        listing.account.handle if listing.account else "",
        str(item.get_state_display()),
        _instant(item.started_at),
        _instant(item.due_at),
        local_due_label(item.due_at, due.time_zone) if due and item.due_at else "",
        due.time_zone if due else "",
        f"{due.calendar_code} v{due.calendar_version}" if due else "",
        "; ".join(due.sentences()) if due else "",
        item.pause_reason,
        _instant(item.missed_at),
        _instant(item.answered_at),
        str(item.get_ground_display()),
        item.answer_text,
        item.decision,
    ]


def _plain(text: str) -> str:
    """What the writer does not know as the beginning of a formula: signs of full width, and signs
    behind a tab or a line's end."""
    stripped = text.strip()
    return f"'{stripped}" if stripped.startswith(FULL_WIDTH) else stripped


def _instant(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M") if at else ""


class _Line:
    """What a csv writer writes to: hands the line back."""

    def write(self, text: str) -> str:
        return text
