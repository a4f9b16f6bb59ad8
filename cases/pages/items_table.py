"""The items of a request on the desk as a table: where each stands, what can be done with it."""

from collections.abc import Iterable, Iterator

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.pages.items import ItemPage, ItemRow
from cases.pages.tables import WORDS, OrderedRows, due_cell
from surveillance.web.columns import DrawnColumn, address_of, choice_label
from surveillance.web.templatetags import ui

FORM = "decide"  # the form of takedown_detail.html that the boxes belong to


class ItemTable(tables.Table):
    """`csrf_token`: for the buttons. `is_prepared`: nothing has been demanded yet."""

    caption = gettext_lazy("Listings")
    choose = DrawnColumn(verbose_name="", orderable=False)
    number = DrawnColumn(verbose_name=gettext_lazy("No."), orderable=False)
    listing = DrawnColumn(verbose_name=gettext_lazy("Listing"), orderable=False, attrs=WORDS)
    state = DrawnColumn(verbose_name=gettext_lazy("State"), orderable=False)
    answer = DrawnColumn(verbose_name=gettext_lazy("Answer"), orderable=False)
    clock = DrawnColumn(verbose_name=gettext_lazy("Clock"), orderable=False)
    decide = DrawnColumn(verbose_name=gettext_lazy("Decide"), orderable=False)

    class Meta:
        row_attrs = {"id": lambda record: f"item-{record.item.number}"}

    def __init__(self, page: ItemPage, *, csrf_token: str, is_prepared: bool) -> None:
        self.csrf_token = csrf_token
        self.is_prepared = is_prepared
        super().__init__(
            OrderedRows(page.rows), exclude=() if page.has_answers else ("choose",), orderable=False
        )
        if page.has_answers:
            self.columns["choose"].column.verbose_name = format_html(
                '<input type="checkbox" form="{}" data-select-all="items" aria-label="{}">',
                FORM,
                _("Choose all answers to check"),
            )

    def render_choose(self, record: ItemRow) -> SafeString:
        if not record.can_be_bulk_decided:
            return SafeString("")
        number = record.item.number
        return format_html(
            '<input type="checkbox" form="{}" name="items" value="{}" aria-label="{}">',
            FORM,
            number,
            _("Choose no. %(number)s") % {"number": number},
        )

    def render_number(self, record: ItemRow) -> int:
        return record.item.number

    def render_listing(self, record: ItemRow) -> SafeString:
        listing = record.item.listing
        return format_html(
            '<div><a href="{}">{}</a><br><a class="muted break" href="{}" rel="noopener noreferrer"'
            ' target="_blank">{}<span class="visually-hidden"> {}</span></a></div>',
            address_of("listing-detail", listing.reference),
            Truncator(listing.title).chars(60),
            listing.url,
            Truncator(listing.url).chars(70),
            _("(opens in a new tab)"),
        )

    def render_state(self, record: ItemRow) -> SafeString:
        item = record.item
        state = (
            _("not demanded yet")
            if self.is_prepared
            else ui.chip(item.state, choice_label(item, "state"))
        )
        came_back = _("came back: was no. %(number)s") % {"number": item.was} if item.was else ""
        return lines([state, muted(came_back)])

    def render_answer(self, record: ItemRow) -> SafeString:
        return lines(self._answer(record), "words" if record.item.answer_text else "")

    def _answer(self, record: ItemRow) -> Iterator[str]:
        item = record.item
        if item.answered_at:
            yield ui.moment(item.answered_at)
            yield choice_label(item, "ground") if item.ground else ""
            yield muted(Truncator(item.answer_text).chars(160))
        else:
            yield "–"
        for face in record.appeals:
            yield render_to_string("components/appeal.html", {"face": face, "side": "desk"})
        for photo in record.photos:
            yield format_html('<a href="{url}">{caption}</a>', **photo)

    def render_clock(self, record: ItemRow) -> SafeString:
        item = record.item
        missed = ""
        if item.missed_count:
            missed = ngettext("missed once", "missed %(count)s times", item.missed_count)
            missed %= {"count": item.missed_count}
        due = due_cell(record.deadline) if record.deadline else ""
        return lines([due, muted(item.pause_reason), muted(missed)])

    def render_decide(self, record: ItemRow) -> SafeString:
        return ui.row_actions(record.actions, self.csrf_token)


def muted(words: str) -> SafeString:
    return format_html('<span class="muted">{}</span>', words) if words else SafeString("")


def lines(parts: Iterable[str], css: str = "") -> SafeString:
    """Those that are not empty, one below the other."""
    shown = format_html_join(SafeString("<br>"), "{}", ((part,) for part in parts if part))
    return format_html('<div class="{}">{}</div>', css, shown) if shown else SafeString("")
