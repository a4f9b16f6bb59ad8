"""A change of a calendar: a form, then what it would move, then the new version.

What was previewed travels signed in the confirmation, so that exactly that is saved; where
somebody has changed the calendar meanwhile, the confirmation is refused.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.flows import clock_sweep, recomputing
from cases.forms import calendars as forms
from cases.models import Item
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.calendars import differences
from surveillance.calendars.content import CalendarContent
from surveillance.calendars.models import Calendar
from surveillance.clock import local_due_label
from surveillance.web.guards import ActorRequest, guarded

SALT = "calendar-change"
GOOD_FOR = 3600  # seconds between preview and confirmation
configure = guarded(Right.CONFIGURE)


@dataclass(frozen=True, slots=True)
class Change:
    """One way of changing a calendar. `years`: the form asks which ones."""

    title: str | Promise
    form: type[forms.ChangeForm]
    icon: str
    text: str | Promise


CHANGES = {
    "closure": Change(
        _("Declare a closure"),
        forms.ClosureForm,
        "exclamation-triangle",
        _("A day on which offices are closed at short notice. Limits that would count it move."),
    ),
    "holiday": Change(
        _("Add a public holiday"), forms.HolidayForm, "calendar-days", _("A day that is off.")
    ),
    "working-day": Change(
        _("Add an extra working day"),
        forms.WorkingDayForm,
        "briefcase",
        _("A day of the weekend that is worked. No running limit becomes shorter by it."),
    ),
    "remove": Change(
        _("Remove a day"),
        forms.RemoveDayForm,
        "minus",
        _("The day is then as the weekend has it. No running limit becomes shorter by it."),
    ),
    "week": Change(
        _("Weekend and time zone"), forms.WeekForm, "clock", _("How the week and the day run.")
    ),
    "file": Change(
        _("Import a file"),
        forms.FileForm,
        "arrow-up-tray",
        _("An official calendar, as published. You see what it changes before it is saved."),
    ),
    "package": Change(
        _("Import computed holidays"),
        forms.PackageForm,
        "arrow-down-tray",
        _("For countries that publish no file, or for years that are not announced yet."),
    ),
}


@configure
@require_http_methods(["GET", "POST"])
def calendar_change(request: ActorRequest, code: str, change: str) -> HttpResponse:
    """The form; when it is in order, what it would do. Nothing is saved here."""
    calendar = _current(request.actor, code)
    if change not in CHANGES:
        raise Http404
    asked = CHANGES[change]
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    content = CalendarContent.of(calendar)
    initial = _years(content) | request.GET.dict()
    form = asked.form(*given, content=content, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _preview(request, calendar, content, form)
    context = {"calendar": calendar, "change": asked, "form": form, "problems": form.problems}
    status = 422 if form.errors else 200
    return render(request, "desk/rules/calendar_change.html", context, status=status)


@configure
@require_POST
def calendar_confirm(request: ActorRequest, code: str) -> HttpResponse:
    """Save what was previewed: a new version, and the clocks that run by it."""
    home = reverse("calendar-detail", args=[code])
    try:
        kept = signing.loads(request.POST.get("change", ""), salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        messages.error(request, gettext("The preview is too old. Make the change again."))
        return HttpResponseRedirect(home)
    rows = Calendar.objects.visible_to(request.actor)
    read = get_object_or_404(rows, code=code, version=kept["version"])
    if kept["code"] != code:
        raise Http404
    content = CalendarContent.from_json(kept["content"])
    try:
        version = clock_sweep.change_calendar(
            read, by=request.actor, content=content, reason=kept["reason"]
        )
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        text = gettext("Version %(version)s is current. The platforms concerned are told.")
        messages.success(request, text % {"version": version.version})
    return HttpResponseRedirect(home)


def _current(actor: Actor, code: str) -> Calendar:
    calendar: Calendar = get_object_or_404(Calendar.objects.visible_to(actor).current(), code=code)
    return calendar


def _years(content: CalendarContent) -> dict[str, int]:
    """What an import is most often for: the year after those that are covered."""
    return {"first_year": content.last_day.year + 1, "last_year": content.last_day.year + 1}


def _preview(
    request: ActorRequest, calendar: Calendar, content: CalendarContent, form: forms.ChangeForm
) -> HttpResponse:
    found = recomputing.preview(form.proposed.working(calendar.code, calendar.version + 1))
    token = {
        "code": calendar.code,
        "version": calendar.version,
        "content": form.proposed.to_json(),
        "reason": form.note,
    }
    context = {
        "calendar": calendar,
        "found": found,
        "headline": _headline(found),
        "moves": _moves(found, request.actor, form.proposed.time_zone),
        "platforms": found.by_platform.most_common(),
        "differences": differences.of_calendars(content, form.proposed),
        "left_out": getattr(form, "left_out", []),
        "note": form.note,
        "token": signing.dumps(token, salt=SALT, compress=True),
    }
    return render(request, "desk/rules/calendar_preview.html", context)


def _headline(found: recomputing.Preview) -> str:
    if not found.total:
        return gettext("No deadline moves")
    text = ngettext("%(count)d deadline moves", "%(count)d deadlines move", found.total)
    return text % {"count": found.total}


def _moves(found: recomputing.Preview, actor: Actor, time_zone: str) -> list[dict[str, Any]]:
    """Reference and platform of each; the listing only for those who see its case."""
    keys = [move.item.pk for move in found.moves]
    seen = set(Item.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))
    return [
        {
            "reference": move.item.takedown.reference,
            "number": move.item.number,
            "listing": move.item.listing.title if move.item.pk in seen else "",
            "url": reverse("item-detail", args=[move.item.takedown.reference, move.item.number])
            if move.item.pk in seen
            else "",
            "platform": move.item.takedown.platform.name,
            "before": local_due_label(move.before, time_zone),
            "after": local_due_label(move.after, time_zone),
            "undoes_miss": move.undoes_miss,
        }
        for move in found.moves
    ]


urlpatterns = [
    path(
        "desk/calendars/<str:code>/change/<slug:change>/", calendar_change, name="calendar-change"
    ),
    path("desk/calendars/<str:code>/confirm/", calendar_confirm, name="calendar-confirm"),
]
