"""Sample data of the style book: every component once, filled, empty and with errors.

Nothing here touches the database. `context()` is what `templates/stylebook.html` needs.
"""

from datetime import UTC, date, datetime, time
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from surveillance.clock import Limit, StartRule, Unit, WorkingCalendar, due
from surveillance.web.forms import DateInput
from surveillance.web.looks import HAZARD_PICTURES, STATES
from surveillance.web.templatetags import ui

TAIWAN = WorkingCalendar(
    code="TW",
    version=4,
    time_zone="Asia/Taipei",
    weekend=frozenset({5, 6}),
    holidays={
        date(2026, 9, 28): "Teachers' Day",
        date(2026, 9, 29): "Closed: typhoon, declared 29 September 6:00",
    },
    extra_working_days={},
    first_day=date(2026, 1, 1),
    last_day=date(2026, 12, 31),
)
DERIVATION = due(
    datetime(2026, 9, 25, 2, 30, tzinfo=UTC),
    Limit(2, Unit.WORKING_DAYS, StartRule.RECEIPT, time(16), time(17)),
    TAIWAN,
)
DUE = DERIVATION.due_at


class SampleForm(forms.Form):
    product = forms.CharField(label="What is the product?", help_text="As it says on the box.")
    email = forms.EmailField(label="Your e-mail address", required=False)
    bought_on = forms.DateField(label="When was it bought?", required=False, widget=DateInput)
    severity = forms.ChoiceField(
        label="Was anybody hurt?",
        widget=forms.RadioSelect,
        choices=[("no", "No"), ("minor", "Yes, no doctor needed"), ("major", "Yes, seriously")],
    )
    hazards = forms.MultipleChoiceField(
        label="What went wrong?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("small_parts", "Small parts came off"), ("heat", "It got hot or burned")],
    )
    platform = forms.ChoiceField(
        label="Where was it sold?", choices=[("", "Choose"), ("a", "Big Bazaar"), ("b", "Hallo")]
    )
    photo = forms.FileField(label="A photo of it", required=False, help_text="At most 10 MB.")
    text = forms.CharField(label="In your own words", widget=forms.Textarea, required=False)
    truthful = forms.BooleanField(label="What I say here is true as far as I know.")


class SampleFilter(forms.Form):
    q = forms.CharField(label="Search", required=False)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any"), ("pending", "Pending"), ("removed", "Removed")],
    )
    platform = forms.ChoiceField(
        label="Platform", required=False, choices=[("", "Any"), ("a", "Big Bazaar")]
    )


class QuestionForm(forms.Form):
    injured = forms.ChoiceField(
        label="Was anybody hurt?",
        help_text="Also say yes if it nearly happened.",
        widget=forms.RadioSelect,
        choices=[("no", "No, nobody"), ("minor", "Yes, a little"), ("major", "Yes, badly")],
    )


class ItemTable(tables.Table):
    caption = "Items of a takedown request"
    reference = tables.Column(
        verbose_name="Request", linkify=lambda: "#table", attrs={"td": {"class": "nowrap"}}
    )
    product = tables.Column()
    platform = tables.Column()
    state = tables.Column()
    risk = tables.Column(orderable=False)
    deadline = tables.Column(verbose_name="Deadline", accessor="due")
    price = tables.Column(attrs={"td": {"class": "number"}, "th": {"class": "number"}})

    class Meta:
        template_name = "components/table.html"
        order_by = "deadline"

    def render_state(self, value: str) -> SafeString:
        return ui.chip(value)

    def render_risk(self, value: str) -> SafeString:
        return ui.risk(value)

    def render_deadline(self, value: str, record: dict[str, Any]) -> SafeString:
        return ui.deadline(DUE, value, record["left"])


ROWS: list[dict[str, Any]] = [
    {
        "reference": "TD-2026-000310",
        "product": "Plush bear “Bruno”, 30 cm",
        "state": "pending",
        "platform": "Big Bazaar",
        "risk": "serious",
        "due": "overdue",
        "left": -2,
        "price": "12.90",
    },
    {
        "reference": "TD-2026-000311",
        "product": "磁力珠 216 顆 磁性玩具",
        "state": "removed",
        "platform": "蝦米購物",
        "risk": "high",
        "due": "soon",
        "left": 0,
        "price": "390",
    },
    {
        "reference": "TD-2026-000312",
        "product": "USB-Ladegerät 65 W",
        "state": "still_online",
        "platform": "Hallo Markt",
        "risk": "medium",
        "due": "running",
        "left": 2,
        "price": "19.99",
    },
    {
        "reference": "TD-2026-000313",
        "product": "赤ちゃん用フード紐付きコート",
        "state": "confirmed",
        "platform": "みどり市場",
        "risk": "low",
        "due": "met",
        "left": 0,
        "price": "4,980",
    },
]

NAV: list[dict[str, Any]] = [
    {
        "label": "Inbox",
        "url": "#inbox",
        "icon": "inbox",
        "count": 14,
        "current": True,
        "shortcut": "g i",
    },
    {"label": "Work"},
    {"label": "Reports", "url": "#r", "icon": "chat-bubble-left-ellipsis", "count": 9},
    {"label": "Cases", "url": "#c", "icon": "briefcase", "count": 31, "shortcut": "g c"},
    {"label": "Takedowns", "url": "#t", "icon": "scale", "count": 6},
    {"label": "Market"},
    {"label": "Products", "url": "#p", "icon": "cube"},
    {"label": "Listings", "url": "#l", "icon": "shopping-bag"},
    {"label": "Sellers", "url": "#s", "icon": "user-group"},
    {"label": "Platforms", "url": "#f", "icon": "building-storefront"},
    {"label": "Insight"},
    {"label": "Statistics", "url": "#n", "icon": "chart-bar"},
]

ACTIONS: list[dict[str, Any]] = [
    {
        "label": "Issue the order",
        "url": "#",
        "tone": "primary",
        "icon": "paper-airplane",
        "verb": "issue",
        "shortcut": "i",
    },
    {"label": "Preview the letter", "url": "#", "method": "get", "icon": "document-text"},
    {
        "label": "Withdraw",
        "url": "#",
        "tone": "danger",
        "icon": "arrow-uturn-left",
        "verb": "withdraw",
        "confirm": "The platform is told that it need not act. The three open "
        "items are closed as withdrawn. This cannot be undone.",
    },
    {"label": "Close", "url": "#", "why_not": "item 2 is still open"},
]

TIMELINE: list[dict[str, Any]] = [
    {
        "sentence": "issued the order to Big Bazaar.",
        "actor": "Ana Lim",
        "at": DUE,
        "uid": "e-3",
        "icon": "paper-airplane",
        "tone": "info",
        "url": "#",
        "url_label": "Letter",
    },
    {
        "sentence": "Deadline passed without an answer.",
        "actor": "",
        "at": DUE,
        "uid": "e-2",
        "icon": "exclamation-triangle",
        "tone": "danger",
    },
    {
        "sentence": "wrote a note.",
        "actor": "Bo Chen",
        "at": DUE,
        "uid": "e-1",
        "icon": "chat-bubble-left",
        "detail": "Seller answers in English only.\nCalled at 10:00.",
    },
]

FACTS: list[dict[str, Any]] = [
    {"label": "Product", "value": "Plush bear “Bruno”", "url": "#"},
    {"label": "GTIN", "value": "4006381333931", "hint": "check digit correct"},
    {"label": "Origin", "value": ""},
    {"label": "Legal basis", "value": "Regulation (EU) 2023/988, Article 22(4)"},
]

ALERTS: list[dict[str, Any]] = [
    {
        "title": title,
        "product": product,
        "hazard": hazard,
        "url": "#",
        "picture": "",
        "published_on": date(2026, 9, 30),
    }
    for title, product, hazard in (
        ("Plush bear: the eyes come off", "“Bruno”, 30 cm, batch 2231", "Choking"),
        ("Phone charger gives electric shocks", "65 W, unbranded, white", "Electric shock"),
        ("Children's coat with a cord at the hood", "Sizes 98 to 134", "Strangulation"),
        ("Slime with too much boron", "“Galaxy Slime”, six colours", "Chemical"),
        ("Folding chair gives way", "Model FC-20, steel", "Injuries"),
        ("Scooter battery catches fire", "“Zip 2”, sold since March", "Fire, Burns"),
    )
]

FIGURES: list[dict[str, Any]] = [
    {
        "value": "87 %",
        "label": "of banned or recalled products were still on sale",
        "source": "OECD sweep, 2021",
    },
    {
        "value": "87.36 %",
        "label": "removed within two working days under the EU pledge",
        "source": "European Commission, 2018–19",
    },
    {"value": "23.7 %", "label": "of blocked products came back", "source": "Korea, 2019"},
]

CHART = mark_safe(
    '<svg width="420" height="180" viewBox="0 0 420 180" role="img" aria-label="Items by month">'
    + "".join(
        f'<rect x="{30 + 65 * number}" y="{160 - height}" width="42" height="{height}" rx="3" '
        f'fill="var(--series-1)"/>'
        for number, height in enumerate((60, 96, 80, 120, 140, 110))
    )
    + '<path d="M20 160h390" stroke="var(--line-strong)"/></svg>'
)

LETTER = format_html(
    "<p>{}</p><p>{}</p><p>{}</p>",
    "To Big Bazaar Ltd., trust and safety.",
    "Under Article 22(4) of Regulation (EU) 2023/988 we order you to remove the listings below.",
    "Die Augen des Bären lösen sich. Kinder können daran ersticken.",
)


def context() -> dict[str, Any]:
    """All sample data; lists, tables and forms are new at each call."""
    chosen = QueryDict("q=bear&state=pending&platform=a")
    return {
        "nav": NAV,
        "unread": 3,
        "notifications_url": "#",
        "search_url": "#",
        "states": list(STATES),
        "hazards": [name for name, _words in HAZARD_PICTURES] + ["other"],
        "due": DUE,
        "derivation": DERIVATION,
        "form": SampleForm(),
        "form_with_errors": SampleForm({"email": "ana@"}, prefix="wrong"),
        "question": QuestionForm(prefix="one"),
        "filter_form": SampleFilter(chosen),
        "table": ItemTable(ROWS),
        "actions": ACTIONS,
        "new_action": {"label": "Add a report", "url": "#", "method": "get", "icon": "plus"},
        "timeline": TIMELINE,
        "facts": FACTS,
        "alerts": ALERTS,
        "figures": FIGURES,
        "counts": {"alerts": 12408},
        "crumbs": [{"label": "Cases", "url": "#"}, {"label": "C-2026-000045", "url": ""}],
        "tabs": [
            {"label": "Everything", "url": "#", "count": 24, "current": True},
            {"label": "Letters", "url": "#", "count": 3},
            {"label": "Files", "url": "#"},
        ],
        "photos": [
            {
                "url": "/static/web/hazards/choking.svg",
                "alt": "Three toy bricks",
                "caption": "As delivered",
            },
            {"url": "/static/web/hazards/electric.svg", "alt": "A plug"},
        ],
        "chart": {
            "svg": CHART,
            "columns": ["Month", "Items"],
            "rows": [["Apr", 60], ["May", 96]],
            "downloads": [{"label": "CSV", "url": "#"}, {"label": "XLSX", "url": "#"}],
        },
        "letter": LETTER,
    }
