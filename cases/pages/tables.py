"""The desk's lists as tables: which columns, and what stands in a cell."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableListData

from cases.clock_faces import Deadline, Deadlines
from cases.models import Case, Contest, Report, TakedownRequest
from surveillance.web.columns import DrawnColumn, address_of, choice_label
from surveillance.web.lists import ListPage
from surveillance.web.looks import Look, Tone
from surveillance.web.templatetags import ui

NOWRAP = {"td": {"class": "nowrap"}}
WORDS = {"td": {"class": "words"}}  # free text: a long address breaks, the column stays wide
NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}

GRAVE = Look(Tone.DANGER, "exclamation-triangle")
LIGHT = Look(Tone.WARN, "plus-circle")
SEVERITIES = {
    Report.Severity.DEATH: GRAVE,
    Report.Severity.HOSPITAL: GRAVE,
    Report.Severity.EMERGENCY: GRAVE,
    Report.Severity.FIRST_AID: LIGHT,
    Report.Severity.MINOR: LIGHT,
}


class OrderedRows(TableListData):
    """Rows of one keyset page: the database has put them in order already."""

    def order_by(self, aliases: Any) -> None:
        """Nothing to do: the header shows the order, it does not make it."""


class DeskTable(tables.Table):
    """A page of a list; a column whose name is among the page's sorts can be sorted by."""

    def __init__(self, page: ListPage, **options: Any) -> None:
        super().__init__(
            OrderedRows(page.rows), order_by=page.sort, order_by_field="sort", **options
        )


class ReportTable(DeskTable):
    """`query`: the list's own, carried into each report, so that "next" goes on in this list."""

    caption = _("Reports")
    reference = DrawnColumn(verbose_name=_("Report"), orderable=False, attrs=NOWRAP)
    product_name = DrawnColumn(verbose_name=_("Product"), orderable=False, attrs=WORDS)
    severity = DrawnColumn(verbose_name=_("Injury"))
    state = DrawnColumn(verbose_name=_("State"), orderable=False)
    source = DrawnColumn(verbose_name=_("Source"), orderable=False)
    received = DrawnColumn(verbose_name=_("Received"), accessor="received_at", attrs=NOWRAP)
    claimed_by = DrawnColumn(verbose_name=_("Claimed by"), orderable=False)

    def __init__(self, page: ListPage, *, query: str) -> None:
        self.query = f"?{query}" if query else ""
        super().__init__(page)

    def render_reference(self, record: Report) -> SafeString:
        address = address_of("report-detail", record.reference)
        return format_html('<a href="{}{}">{}</a>', address, self.query, record.reference)

    def render_product_name(self, record: Report) -> SafeString:
        name = Truncator(record.product_name).chars(90)
        return two_lines(name, " · ".join(filter(None, [record.brand, record.model])))

    def render_severity(self, record: Report) -> SafeString:
        return severity_cell(record)

    def render_state(self, record: Report) -> SafeString:
        return ui.chip(record.state, choice_label(record, "state"))

    def render_source(self, record: Report) -> str:
        return choice_label(record, "source")

    def render_received(self, record: Report) -> SafeString:
        return ui.moment(record.received_at)

    def render_claimed_by(self, record: Report) -> str:
        return record.claimed_by or "–"


class CaseTable(DeskTable):
    caption = _("Cases")
    reference = DrawnColumn(verbose_name=_("Case"), orderable=False, attrs=NOWRAP)
    title = DrawnColumn(verbose_name=_("Title"), orderable=False, attrs=WORDS)
    state = DrawnColumn(verbose_name=_("State"), orderable=False)
    risk_level = DrawnColumn(verbose_name=_("Risk"), orderable=False)
    due = DrawnColumn(verbose_name=_("Next deadline"), accessor="due_at")
    assignee = tables.Column(verbose_name=_("Inspector"), orderable=False, default="–")
    opened = DrawnColumn(verbose_name=_("Opened"), accessor="opened_at", attrs=NOWRAP)

    def __init__(self, page: ListPage, *, deadlines: Deadlines) -> None:
        self.deadlines = deadlines
        super().__init__(page)

    def render_reference(self, record: Case) -> SafeString:
        return linked(address_of("case-detail", record.reference), record.reference)

    def render_title(self, record: Case) -> SafeString:
        lock = ui.icon("lock-closed", 16) if record.is_restricted else ""
        note = _("restricted") if record.is_restricted else ""
        return two_lines(format_html("{}{}", lock, record.title), str(note))

    def render_state(self, record: Case) -> SafeString:
        return ui.chip(record.state, choice_label(record, "state"))

    def render_risk_level(self, record: Case) -> SafeString:
        return ui.risk(record.risk_level)

    def render_due(self, record: Case) -> SafeString | str:
        calendar = getattr(record, "calendar_code", "")
        return due_cell(self.deadlines.of_case(record, calendar or ""))

    def render_opened(self, record: Case) -> SafeString:
        return ui.day(localtime(record.opened_at).date())


class TakedownTable(DeskTable):
    caption = _("Takedown requests")
    reference = DrawnColumn(verbose_name=_("Request"), orderable=False, attrs=NOWRAP)
    platform = DrawnColumn(verbose_name=_("Platform"), orderable=False)
    case = DrawnColumn(verbose_name=_("Case"), orderable=False, attrs=WORDS)
    state = DrawnColumn(verbose_name=_("State"), orderable=False)
    open_items = DrawnColumn(
        verbose_name=_("Open"), accessor="open_item_count", orderable=False, attrs=NUMBER
    )
    due = DrawnColumn(verbose_name=_("Next deadline"), accessor="due_at")
    drafted = DrawnColumn(verbose_name=_("Drafted"), accessor="drafted_at", attrs=NOWRAP)

    def __init__(self, page: ListPage, *, deadlines: Deadlines) -> None:
        self.deadlines = deadlines
        super().__init__(page)

    def render_reference(self, record: TakedownRequest) -> SafeString:
        address = address_of("takedown-detail", record.reference)
        return two_lines(linked(address, record.reference), choice_label(record, "kind"))

    def render_platform(self, record: TakedownRequest) -> str:
        return record.platform.name

    def render_case(self, record: TakedownRequest) -> SafeString:
        address = address_of("case-detail", record.case.reference)
        case = linked(address, record.case.reference)
        return two_lines(case, Truncator(record.case.title).chars(60))

    def render_state(self, record: TakedownRequest) -> SafeString:
        return ui.chip(record.state, choice_label(record, "state"))

    def render_open_items(self, record: TakedownRequest) -> str:
        return f"{record.open_item_count} / {record.item_count}"

    def render_due(self, record: TakedownRequest) -> SafeString | str:
        return due_cell(self.deadlines.of_takedown(record))

    def render_drafted(self, record: TakedownRequest) -> SafeString:
        return ui.day(localtime(record.drafted_at).date())


class ContestTable(DeskTable):
    caption = _("Contests of tiers")
    seller = DrawnColumn(verbose_name=_("Seller"), orderable=False, attrs=WORDS)
    platform = tables.Column(verbose_name=_("Platform"), orderable=False)
    tier = DrawnColumn(verbose_name=_("Tier"), orderable=False)
    reason = DrawnColumn(verbose_name=_("What it says"), orderable=False, attrs=WORDS)
    state = DrawnColumn(verbose_name=_("State"), orderable=False)
    filed = DrawnColumn(verbose_name=_("Filed"), accessor="filed_at", attrs=NOWRAP)

    def render_seller(self, record: Contest) -> SafeString:
        address = address_of("contest-detail", record.reference)
        return two_lines(linked(address, record.seller.name), record.handle)

    def render_tier(self, record: Contest) -> SafeString:
        return ui.chip(record.tier, choice_label(record, "tier"))

    def render_reason(self, record: Contest) -> str:
        return Truncator(record.reason).chars(160)

    def render_state(self, record: Contest) -> SafeString:
        return contest_chip(record)

    def render_filed(self, record: Contest) -> SafeString:
        return ui.day(localtime(record.filed_at).date())


def contest_chip(contest: Contest) -> SafeString:
    words = choice_label(contest, "state")
    if contest.state == Contest.State.OPEN:
        return ui.chip("", words, tone=Tone.WARN, symbol="scale")
    return ui.chip(contest.state, words)


def severity_cell(report: Report) -> SafeString:
    """The injury in words; those that somebody suffered stand out."""
    words = choice_label(report, "severity")
    look = SEVERITIES.get(Report.Severity(report.severity))
    if look is None:
        return format_html("{}", words)
    return ui.chip("", words, tone=look.tone, symbol=look.icon)


def due_cell(deadline: Deadline | None) -> SafeString | str:
    if deadline is None:
        return "–"
    return ui.deadline(
        deadline.due_at,
        deadline.state,
        deadline.working_days_left,
        deadline.derivation,
        deadline.uid,
        told=deadline.told,
        time_zone=deadline.time_zone,
    )


def linked(address: str, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, words)


def two_lines(first: str, second: str) -> SafeString:
    if not second:
        return format_html("{}", first)
    return format_html('<div>{}<br><span class="muted">{}</span></div>', first, second)
