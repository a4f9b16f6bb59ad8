"""Tables of the market. Rows come sorted from the database; a heading's link asks for another
order by its column's name (see the `sorts` of each list)."""

from typing import Any
from urllib.parse import urlsplit

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableListData

from sellers.countries import country_name
from sellers.flows.uploads import feed_title
from sellers.hazards import hazard_names
from sellers.models import Alert, Listing, Platform, Seller, SellerAccount
from surveillance.jobs.models import Job
from surveillance.web.columns import DrawnColumn, choice_label
from surveillance.web.templatetags import ui

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}
NOWRAP = {"td": {"class": "nowrap"}}
WORDS = {"td": {"class": "words"}}  # free text: a long address breaks, the column stays wide


class SortedRows(TableListData):
    """Rows that the database has sorted already: the order is shown, not made."""

    def order_by(self, aliases: Any) -> None:
        pass


class MomentColumn(tables.Column):
    def render(self, value: Any) -> SafeString:
        return ui.moment(value)


class DayColumn(tables.Column):
    def render(self, value: Any) -> SafeString:
        return ui.day(value)


class CountColumn(tables.Column):
    def render(self, value: int) -> str:
        return f"{value:,}"


class SellerTable(tables.Table):
    caption = _("Sellers")
    reference = tables.Column(
        verbose_name=_("Reference"),
        linkify=("seller-detail", {"reference": tables.A("reference")}),
        orderable=False,
        attrs=NOWRAP,
    )
    name = tables.Column(verbose_name=_("Name"), attrs=WORDS)
    state = DrawnColumn(verbose_name=_("Tier"), orderable=False)
    jurisdiction = tables.Column(verbose_name=_("Country"), orderable=False)
    account_count = tables.Column(verbose_name=_("Accounts"), orderable=False, attrs=NUMBER)
    review_on = DayColumn(verbose_name=_("Review on"), attrs=NOWRAP)

    def render_state(self, record: Seller) -> SafeString:
        return ui.chip(record.state, choice_label(record, "state"))

    def render_jurisdiction(self, value: str) -> str:
        return country_name(value)


class AccountTable(tables.Table):
    caption = _("Accounts on platforms")
    platform = tables.Column(
        verbose_name=_("Platform"),
        linkify=("platform-detail", {"slug": tables.A("platform__slug")}),
    )
    handle = tables.Column(verbose_name=_("Account"))
    url = tables.Column(verbose_name=_("Address"))
    listing_count = tables.Column(verbose_name=_("Listings"), attrs=NUMBER)

    class Meta:
        orderable = False

    def render_url(self, record: SellerAccount) -> SafeString:
        return outside_link(record.url)


class PlatformTable(tables.Table):
    caption = _("Platforms")
    name = tables.Column(
        verbose_name=_("Name"), linkify=("platform-detail", {"slug": tables.A("slug")})
    )
    sort = DrawnColumn(verbose_name=_("Kind"), orderable=False)
    jurisdiction = tables.Column(verbose_name=_("Jurisdiction"), orderable=False)
    order_regime = tables.Column(verbose_name=_("Regime for orders"), orderable=False)
    notice_regime = tables.Column(verbose_name=_("Regime for notices"), orderable=False)
    is_active = tables.Column(verbose_name=_("Active"), orderable=False)

    def render_sort(self, record: Platform) -> str:
        return choice_label(record, "sort")

    def render_jurisdiction(self, value: str) -> str:
        return country_name(value)

    def render_is_active(self, value: bool) -> Any:
        return _("yes") if value else _("no")


class ProductTable(tables.Table):
    caption = _("Products")
    reference = tables.Column(
        verbose_name=_("Reference"),
        linkify=("product-detail", {"reference": tables.A("reference")}),
        orderable=False,
        attrs=NOWRAP,
    )
    name = tables.Column(verbose_name=_("Product"), orderable=False, attrs=WORDS)
    brand = tables.Column(verbose_name=_("Brand"), orderable=False)
    hazards = tables.Column(verbose_name=_("Hazards"), orderable=False)
    category = tables.Column(verbose_name=_("Category"), orderable=False)
    created_at = MomentColumn(verbose_name=_("Recorded"), attrs=NOWRAP)

    def render_hazards(self, value: list[str]) -> str:
        return ", ".join(hazard_names(value))


class ListingTable(tables.Table):
    caption = _("Listings")
    reference = tables.Column(
        verbose_name=_("Reference"),
        linkify=("listing-detail", {"reference": tables.A("reference")}),
        orderable=False,
        attrs=NOWRAP,
    )
    title = tables.Column(verbose_name=_("Title"), orderable=False, attrs=WORDS)
    platform = tables.Column(verbose_name=_("Platform"), orderable=False)
    seller = tables.Column(
        verbose_name=_("Seller"), accessor="account__seller__name", orderable=False
    )
    state = DrawnColumn(verbose_name=_("State"), orderable=False)
    last_seen = MomentColumn(verbose_name=_("Last seen"), accessor="last_seen_at", attrs=NOWRAP)

    def render_state(self, record: Listing) -> SafeString:
        return ui.chip(record.state, choice_label(record, "state"))


class AlertTable(tables.Table):
    caption = _("Alerts")
    reference = tables.Column(
        verbose_name=_("Reference"),
        linkify=("desk-alert-detail", {"reference": tables.A("reference")}),
        orderable=False,
        attrs=NOWRAP,
    )
    title = tables.Column(verbose_name=_("Title"), orderable=False, attrs=WORDS)
    source = DrawnColumn(verbose_name=_("Published by"), orderable=False)
    level = DrawnColumn(verbose_name=_("Level"), orderable=False)
    state = DrawnColumn(verbose_name=_("State"), orderable=False)
    published_on = DayColumn(verbose_name=_("Published"), attrs=NOWRAP)

    def render_source(self, record: Alert) -> str:
        return choice_label(record, "source")

    def render_level(self, record: Alert) -> str:
        return choice_label(record, "level") or "–"

    def render_state(self, record: Alert) -> SafeString:
        return ui.chip(record.state, choice_label(record, "state"))


class JobTable(tables.Table):
    caption = _("Imports")
    label = tables.Column(
        verbose_name=_("File"),
        linkify=("import-detail", {"reference": tables.A("reference")}),
        orderable=False,
        attrs={"td": {"class": "break"}},
    )
    feed = tables.Column(verbose_name=_("Feed"), accessor="facts__feed", orderable=False)
    state = DrawnColumn(verbose_name=_("State"), orderable=False)
    read = CountColumn(verbose_name=_("Rows read"), orderable=False, attrs=NUMBER)
    new = CountColumn(verbose_name=_("New"), orderable=False, attrs=NUMBER)
    updated = CountColumn(verbose_name=_("Updated"), orderable=False, attrs=NUMBER)
    unchanged = CountColumn(verbose_name=_("Unchanged"), orderable=False, attrs=NUMBER)
    rejected = CountColumn(verbose_name=_("Rejected"), orderable=False, attrs=NUMBER)
    started_at = MomentColumn(verbose_name=_("Started"), attrs=NOWRAP)

    def render_feed(self, value: str) -> str:
        return feed_title(value)

    def render_state(self, record: Job) -> SafeString:
        return ui.chip(record.state, choice_label(record, "state"))


class ProblemTable(tables.Table):
    caption = _("Rejected rows")
    row = CountColumn(verbose_name=_("Row"), attrs=NUMBER)
    native_id = tables.Column(verbose_name=_("Number"))
    field = tables.Column(verbose_name=_("Field"))
    reason = tables.Column(verbose_name=_("Reason"))
    remedy = tables.Column(verbose_name=_("How to mend it"))

    class Meta:
        orderable = False


def outside_link(url: str) -> SafeString:
    """A link to a shop, named by its host; it learns nothing of where it was clicked."""
    if not url:
        return SafeString("")
    return format_html(
        '<a href="{}" rel="noreferrer noopener">{}</a>', url, urlsplit(url).hostname or url
    )
