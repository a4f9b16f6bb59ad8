"""Calendars: the list, one calendar with its days, and each of its versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cases.models import Item, TakedownRequest
from cases.pages.calendar_changes import CHANGES
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.calendars import differences
from surveillance.calendars.content import CalendarContent
from surveillance.calendars.models import Calendar, Regime
from surveillance.web import keyset
from surveillance.web.guards import ActorRequest, guarded

ENDS_SOON = timedelta(days=365)  # a limit, its pauses and its ladder must fit in
rules = guarded(Right.SEE_RULES)


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that is not as the week has it."""

    day: date
    name: str
    off: bool
    weekday: str

    @property
    def kind(self) -> Promise:
        return gettext_lazy("day off") if self.off else gettext_lazy("worked")


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version, and what it says that the one before it did not."""

    row: Calendar | Regime
    differences: list[str]


@rules
@require_GET
def calendar_list(request: ActorRequest) -> HttpResponse:
    """Every calendar: how far it reaches, which version is current, who goes by it."""
    today = clock.now().date()
    calendars = Calendar.objects.visible_to(request.actor).current().order_by("code")
    used: dict[str, list[Regime]] = {}
    for regime in Regime.objects.visible_to(request.actor).current().order_by("code"):
        used.setdefault(regime.calendar_code, []).append(regime)
    rows = [
        {
            "calendar": calendar,
            "ends_soon": calendar.last_day - today < ENDS_SOON,
            "regimes": used.get(calendar.code, []),
        }
        for calendar in calendars
    ]
    return render(request, "desk/rules/calendar_list.html", {"rows": rows})


@rules
@require_GET
def calendar_detail(request: ActorRequest, code: str) -> HttpResponse:
    """The version that is current."""
    calendar = find(request.actor, code)
    return render(request, "desk/rules/calendar_detail.html", _context(request, calendar))


@rules
@require_GET
def calendar_version(request: ActorRequest, code: str, version: int) -> HttpResponse:
    """One version, current or not: what a deadline was derived from can always be read."""
    rows = Calendar.objects.visible_to(request.actor)
    calendar = get_object_or_404(rows.select_related("made_by"), code=code, version=version)
    return render(request, "desk/rules/calendar_detail.html", _context(request, calendar))


def find(actor: Actor, code: str) -> Calendar:
    rows = Calendar.objects.visible_to(actor).current().select_related("made_by")
    calendar: Calendar = get_object_or_404(rows, code=code)
    return calendar


def _context(request: ActorRequest, calendar: Calendar) -> dict[str, Any]:
    content = CalendarContent.of(calendar)
    year = _year(request, content)
    at = clock.now()
    changes = calendar.is_current and request.actor.may(Right.CONFIGURE)
    working = Item.objects.real().running()
    working = working.filter(takedown__regime__calendar_code=calendar.code)
    return {
        "calendar": calendar,
        "facts": _facts(calendar, content),
        "days": _days(content, year),
        "year": year,
        "years": _years(request, content, year),
        "can_change": changes,
        "actions": _actions(calendar) if changes else [],
        "ends_soon": calendar.is_current and calendar.last_day - at.date() < ENDS_SOON,
        "waiting": keyset.count_up_to_limit(
            TakedownRequest.objects.real().stale(calendar.working())
        ),
        "running": keyset.count_in_words(keyset.count_up_to_limit(working)),
        "regimes": Regime.objects.current().filter(calendar_code=calendar.code).order_by("code"),
        "versions": versions(Calendar.objects.visible_to(request.actor).versions_of(calendar.code)),
    }


def _year(request: ActorRequest, content: CalendarContent) -> int:
    asked = request.GET.get("year", "")
    first, last = content.first_day.year, content.last_day.year
    if not asked:
        return min(max(clock.now().year, first), last)
    if not asked.isdecimal() or not first <= int(asked) <= last:
        raise Http404
    return int(asked)


def _years(request: ActorRequest, content: CalendarContent, current: int) -> list[dict[str, Any]]:
    return [
        {"label": str(year), "url": f"{request.path}?year={year}#days", "current": year == current}
        for year in range(content.first_day.year, content.last_day.year + 1)
    ]


def _days(content: CalendarContent, year: int) -> list[DayRow]:
    pairs = [
        *((day, name, True) for day, name in content.holidays.items()),
        *((day, name, False) for day, name in content.extra_working_days.items()),
    ]
    names = differences.weekday_names(frozenset(range(7)))
    return [
        DayRow(day, name, off, names[day.weekday()])
        for day, name, off in sorted(pairs)
        if day.year == year
    ]


def _facts(calendar: Calendar, content: CalendarContent) -> list[dict[str, Any]]:
    weekend = ", ".join(differences.weekday_names(content.weekend)) or _("no day")
    return [
        {"label": _("Weekend"), "value": weekend},
        {"label": _("Time zone"), "value": calendar.time_zone},
        {
            "label": _("It covers"),
            "value": _("%(first)s to %(last)s")
            % {"first": calendar.first_day, "last": calendar.last_day},
        },
        {"label": _("Jurisdiction"), "value": calendar.jurisdiction},
        {"label": _("Source"), "value": calendar.source},
    ]


def _actions(calendar: Calendar) -> list[dict[str, Any]]:
    return [
        {
            "label": change.title,
            "url": reverse("calendar-change", args=[calendar.code, name]),
            "method": "get",
            "icon": change.icon,
            "verb": f"calendar-{name}",
            "tone": "primary" if name == "closure" else "",
        }
        for name, change in CHANGES.items()
    ]


def versions(rows: Iterable[Calendar]) -> list[VersionRow]:
    """The newest first."""
    ordered = list(rows)
    contents = [CalendarContent.of(row) for row in ordered]
    told = [
        differences.of_calendars(before, after)
        for after, before in zip(contents, contents[1:], strict=False)
    ]
    return [VersionRow(row, said) for row, said in zip(ordered, [*told, []], strict=True)]


urlpatterns = [
    path("desk/calendars/", calendar_list, name="calendar-list"),
    path("desk/calendars/<str:code>/", calendar_detail, name="calendar-detail"),
    path(
        "desk/calendars/<str:code>/versions/<int:version>/",
        calendar_version,
        name="calendar-version",
    ),
]
