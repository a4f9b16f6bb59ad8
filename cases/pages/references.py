"""From a public reference to the page that shows it."""

import re

from django.urls import reverse

from surveillance.references import Kind

_PAGES = {
    Kind.REPORT: "report-detail",
    Kind.CASE: "case-detail",
    Kind.TAKEDOWN: "takedown-detail",
    Kind.PRODUCT: "product-detail",
    Kind.ALERT: "desk-alert-detail",
    Kind.SELLER: "seller-detail",
    Kind.LISTING: "listing-detail",
}
_REFERENCE = re.compile(r"(TD|[RCPASL])-(\d{4})-(\d{1,9})(?:/(\d{1,6}))?", re.IGNORECASE)


def parse(text: str) -> tuple[Kind, str, int | None] | None:
    """The kind, the reference in full and the item's number ("td-2026-310/2"), or None."""
    found = _REFERENCE.fullmatch(text.strip())
    if found is None:
        return None
    letters, year, number, item = found.groups()
    kind = Kind(letters.upper())
    if item and kind is not Kind.TAKEDOWN:
        return None
    return kind, f"{kind}-{year}-{int(number):06d}", int(item) if item else None


def address(text: str) -> str:
    """Where the row with this reference is shown; "" for what has no page of its own."""
    found = parse(text)
    if found is None:
        return ""
    kind, reference, item = found
    anchor = f"#item-{item}" if item else ""
    return f"{reverse(_PAGES[kind], args=[reference])}{anchor}"
