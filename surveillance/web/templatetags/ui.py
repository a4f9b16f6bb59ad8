"""Template tags of the visual language; each renders one file of `templates/components/`.

Parameters and examples of all components stand in `templates/components/README.md`.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, tzinfo
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import forms, template
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html, strip_tags
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from heroicons.templatetags import heroicons

from surveillance.clock import Due, last_day
from surveillance.saved_views import answering
from surveillance.web import filter_bars
from surveillance.web.columns import DrawnColumn
from surveillance.web.keyset import count_in_words
from surveillance.web.looks import DEADLINES, RISK_BARS, UNKNOWN, hazard_picture, state_look

register = template.Library()

BREAKS = re.compile(r"(?<=\w)[/?=_.-]+(?=\w)|\w{10}(?=\w{4})")


@cache
def drawn_icon(name: str, size: int) -> SafeString:
    """An icon as inline SVG, hidden from screen readers; the set is chosen by the size."""
    draw = (
        heroicons.heroicon_micro
        if size <= 16
        else heroicons.heroicon_mini
        if size <= 20
        else heroicons.heroicon_outline
    )
    drawn = draw(name, size=size, **{"class": "icon", "aria-hidden": "true"})
    return mark_safe("".join(line.strip() for line in drawn.splitlines()))


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """`{% icon "bell" %}`: 16 (micro) and 20 (mini) are filled, larger ones are outlines."""
    return drawn_icon(str(name), int(size))


@register.filter
def breakable(text: str) -> SafeString:
    """The text with places to break long addresses and names at: letters carry no styles."""
    return mark_safe(BREAKS.sub(r"\g<0><wbr>", escape(text)))


@register.simple_tag
def moment(at: datetime | None) -> SafeString:
    """An instant in the reader's time zone, minutes and 24 hours: 1 Oct 2026 17:00."""
    if at is None:
        return SafeString("")
    # Translators: how an instant is written, in Django's date format letters.
    letters = pgettext("date format", "j M Y H:i")
    local = timezone.localtime(at)
    return _drawn_time(local, local.isoformat(), letters, get_language())


@register.simple_tag
def day(on: date | None) -> SafeString:
    """A date: 1 Oct 2026."""
    if on is None:
        return SafeString("")
    # Translators: how a date is written, in Django's date format letters.
    letters = pgettext("date format", "j M Y")
    return _drawn_time(on, on.isoformat(), letters, get_language())


@lru_cache(maxsize=4096)
def _drawn_time(at: date, iso: str, letters: str, language: str | None) -> SafeString:
    """A list shows the same days and instants again, to one reader after another. Instants are
    equal in every time zone; how they are written is not."""
    return format_html('<time datetime="{}">{}</time>', iso, date_format(at, letters))


@register.simple_tag
def chip(state: str, label: str = "", tone: str = "", symbol: str = "") -> SafeString:
    """A state as text, icon and colour. `tone` and `symbol` override the look of the state."""
    look = state_look(str(state))
    words = str(label) or str(state).replace("_", " ")
    return _drawn(
        "components/chip.html", label=words, tone=tone or look.tone, icon=symbol or look.icon
    )


@lru_cache(maxsize=2048)
def _drawn(template: str, **context: Any) -> SafeString:
    """States are few and places to show them many: each is drawn once. The words in the context
    are in one language already."""
    return render_to_string(template, context)


@register.filter
def navigation_line(entry: dict[str, Any]) -> SafeString:
    """components/navigation_line.html; `entry`: a line of surveillance/web/navigation.py."""
    return _drawn("components/navigation_line.html", **entry | {"label": str(entry["label"])})


@register.simple_tag
def row_actions(actions: Iterable[dict[str, Any]], csrf_token: str) -> SafeString:
    """components/action_bar.html for a row of a table: what looks the same in every row is drawn
    once, and what differs put in."""
    drawn = "".join(_row_action(action, str(csrf_token)) for action in actions)
    bar = '<div class="action-bar" role="group" aria-label="{}">{}</div>'
    return format_html(bar, _("Actions"), mark_safe(drawn)) if drawn else SafeString("")


def _row_action(action: dict[str, Any], token: str) -> str:
    looks = (str(action["label"]), action["tone"], action["icon"], str(action["confirm"]))
    fields = dict(action["fields"])
    filled = _action_with_holes(*looks, action["method"], tuple(fields), get_language())
    for name, value in {
        "url": action["url"],
        "verb": action["verb"],
        "token": token,
        **fields,
    }.items():
        filled = filled.replace(_hole(name), escape(value))
    return filled


@lru_cache(maxsize=512)
def _action_with_holes(
    label: str,
    tone: str,
    symbol: str,
    confirm: str,
    method: str,
    fields: tuple[str, ...],
    language: str | None,  # of the words in the template
) -> str:
    action = {
        "label": label,
        "tone": tone,
        "icon": symbol,
        "confirm": confirm,
        "method": method,
        "url": _hole("url"),
        "verb": _hole("verb"),
        "fields": [(name, _hole(name)) for name in fields],
    }
    shown = {"action": action, "small": True, "csrf_token": _hole("token")}
    return render_to_string("components/action_button.html", shown)


def _hole(name: str) -> str:
    return f"[[{name}]]"


@register.simple_tag
def risk(level: str | None, label: str = "", provisional: bool = False) -> SafeString:
    """A risk level: `low`, `medium`, `high`, `serious`; anything empty is "not assessed".

    `provisional`: a second person has not validated it yet.
    """
    names = {
        "low": pgettext("risk level", "low"),
        "medium": pgettext("risk level", "medium"),
        "high": pgettext("risk level", "high"),
        "serious": pgettext("risk level", "serious"),
    }
    code = str(level or "")
    known = code in names
    words = str(label) or (names[code] if known else _("not assessed"))
    if known:
        words = _("%(level)s risk") % {"level": words}
    return _drawn(
        "components/risk.html",
        level=code if known else "unassessed",
        label=words,
        filled=RISK_BARS.get(code, 0),
        bars=(1, 2, 3, 4),
        note=_("not validated") if provisional else "",
    )


def deadline_words(state: str, working_days_left: int | None) -> str:
    """What the chip says of the clock, without the date."""
    fixed = {
        "paused": _("paused"),
        "met": _("answered in time"),
        "missed": _("answered late"),
    }
    if state in fixed:
        return fixed[state]
    days = working_days_left
    if state == "overdue":
        if days is None or days == 0:
            return _("overdue")
        late = abs(days)
        return ngettext("%(days)d working day overdue", "%(days)d working days overdue", late) % {
            "days": late
        }
    if days is None:
        return _("running")
    if days == 0:
        return _("last working day")
    return ngettext("%(days)d working day left", "%(days)d working days left", days) % {
        "days": days
    }


def due_label(due_at: datetime, zone: ZoneInfo) -> str:
    """Day and time without the year; midnight is 24:00 of the day that it closes. Where clocks
    show another time than the reader's, it says whose time that is."""
    closing = last_day(due_at, zone)
    local = due_at.astimezone(zone)
    # Translators: the day of a deadline in a chip, in Django's date format letters.
    words = date_format(closing, pgettext("date format", "D j M"))
    label = f"{words} {'24:00' if local.date() != closing else f'{local:%H:%M}'}"
    if local.utcoffset() == timezone.localtime(due_at).utcoffset():
        return label
    return f"{label} {zone.key.rpartition('/')[2].replace('_', ' ')}"


@register.simple_tag
def deadline(
    due_at: datetime | None,
    state: str = "running",
    working_days_left: int | None = None,
    derivation: Due | None = None,
    uid: str = "",
    words: str = "",
    told: bool = False,
    time_zone: str = "",
) -> SafeString:
    """A deadline as text, icon and colour; with `derivation` and `uid` it tells why on demand.

    `state`: running, soon, overdue, paused, met, missed. `uid`: unique in the page, unless it is
    `told` there already: then the chip opens what another of the same derivation has. The date
    stands in `time_zone`, that of the calendar; else in the derivation's; else in the reader's.
    """
    zone = time_zone or (derivation.time_zone if derivation else "")
    shown = (due_at, state, working_days_left, words, zone, uid if derivation else "")
    if derivation and uid and not told:
        context = _deadline(*shown) | {"why": _why(derivation)}
        return render_to_string("components/deadline.html", context)
    return _drawn_deadline(*shown, language=get_language(), reader=timezone.get_current_timezone())


@lru_cache(maxsize=2048)
def _drawn_deadline(*shown: Any, language: str | None, reader: tzinfo) -> SafeString:
    """Many listings of a page are due at the same instant."""
    return render_to_string("components/deadline.html", _deadline(*shown))


def _deadline(
    due_at: datetime | None, state: str, left: int | None, words: str, zone: str, uid: str
) -> dict[str, Any]:
    look = DEADLINES.get(state, UNKNOWN)
    shown_in = ZoneInfo(zone or timezone.get_current_timezone_name())
    return {
        "tone": look.tone,
        "icon": look.icon,
        "words": words or deadline_words(state, left),
        "due_at": due_at,
        "due": due_label(due_at, shown_in) if due_at else "",
        "uid": uid,
    }


def _why(derivation: Due) -> dict[str, Any]:
    sentences = zip(derivation.steps, derivation.sentences(), strict=True)
    return {
        "summary": derivation.summary(),
        "days": [(step.counted, sentence) for step, sentence in sentences],
    }


@register.filter
def drawn_options(groups: Iterable[tuple[Any, list[dict[str, Any]], int]]) -> SafeString:
    """The options of a list to choose from, as django.forms.Select gives them. There may be a
    hundred, so only what can differ is escaped."""
    drawn = []
    for name, options, _place in groups:
        lines = mark_safe("".join(map(_option, options)))
        drawn.append(
            format_html('<optgroup label="{}">{}</optgroup>', name, lines) if name else lines
        )
    return mark_safe("".join(drawn))


def _option(option: dict[str, Any]) -> str:
    marks = " selected" if option["selected"] else ""
    marks += " disabled" if option["attrs"].get("disabled") else ""
    value, label = escape(str(option["value"])), conditional_escape(option["label"])
    return f'<option value="{value}"{marks}>{label}</option>'


@register.filter
def drawn_rows(table: Any) -> list[SafeString]:
    """The rows of a django-tables2 table as they stand in its body.

    Hundreds of cells are most of a list's time: what is the same in all cells of a column is
    written once, and no template is asked for each.
    """
    cell = '<td role="cell" data-label="{}" {}>'
    columns = [
        (
            format_html(cell, strip_tags(str(column.header)), column.attrs["td"].as_html()),
            _drawing(table, column),
        )
        for column in table.columns
    ]
    return [
        format_html(
            '<tr role="row" {}>{}</tr>',
            row.attrs.as_html(),
            mark_safe("".join(f"{td}{conditional_escape(draw(row))}</td>" for td, draw in columns)),
        )
        for row in table.paginated_rows
    ]


def _drawing(table: Any, column: Any) -> Callable[[Any], Any]:
    if isinstance(column.column, DrawnColumn):
        draw = getattr(table, f"render_{column.name}")
        return lambda row: draw(record=row.record)
    return lambda row: row.get_cell(column.name)


@register.simple_block_tag(takes_context=True)
def panel(
    context: Context,
    content: str,
    title: str,
    count: int | None = None,
    uid: str = "",
    empty: str = "",
    actions: Iterable[dict[str, Any]] = (),
    level: int = 2,
    flush: bool = False,
) -> SafeString:
    """`{% panel "Reports" count=3 uid="reports" %} … {% endpanel %}`.

    `empty` is said when nothing stands between the tags. `actions`: see action_button.
    `flush`: no padding around the body (tables, lists).
    """
    return render_to_string(
        "components/panel.html",
        {
            "title": title,
            "count": count,
            "uid": uid,
            "empty": empty,
            "actions": actions,
            "level": level,
            "flush": flush,
            "body": content if content.strip() else "",
        },
        request=context.get("request"),
    )


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(
    context: Context, form: forms.BaseForm, total: int | None = None, uid: str = "filters"
) -> dict[str, Any]:
    """The filters of a list. `total`: how many rows match."""
    shown = filter_bars.shown(context["request"], form)
    words = "" if total is None else count_in_words(total)
    return shown | {"total": total, "total_words": words, "uid": uid}


@register.simple_tag(takes_context=True)
def all_rows(context: Context) -> str:
    """The address of this list without any filter."""
    return answering.all_rows(context["request"])


@register.simple_tag(takes_context=True)
def saved_views(context: Context) -> SafeString:
    """The reader's views of this list: a link to follow, which htmx replaces by them."""
    request = context["request"]
    asked = {"list": request.resolver_match.url_name, "query": request.GET.urlencode()}
    return format_html(
        '<div class="saved-views" hx-get="{0}" hx-trigger="load"><a href="{0}">{1}</a></div>',
        f"{reverse('saved-views')}?{urlencode(asked)}",
        _("Saved views"),
    )


@register.simple_tag
def hazard_illustration(words: str) -> str:
    """The address of our own drawing for a hazard in words: no picture of a foreign host."""
    return static(f"web/hazards/{hazard_picture(str(words or ''))}.svg")
