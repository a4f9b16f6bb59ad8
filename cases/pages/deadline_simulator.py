"""The deadline simulator: what a clock would do, by the functions that real clocks use."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cases import deadlines
from cases.forms.deadlines import DeadlineForm, Simulation
from cases.limit_words import RUNGS
from surveillance import clock
from surveillance.accounts.rights import Right
from surveillance.clock import CalendarHorizon, Due
from surveillance.web.guards import ActorRequest, guarded

rules = guarded(Right.SEE_RULES)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the clockwork would do, in the calendar's time zone."""

    at: datetime
    words: str | Promise
    icon: str


@rules
@require_GET
def deadline_simulator(request: ActorRequest) -> HttpResponse:
    """A form by GET; with an answer below it as soon as it is filled in."""
    form = DeadlineForm(request.GET or None, actor=request.actor)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        context |= _outcome(form, form.simulation)
    status = 422 if form.errors else 200
    return render(request, "desk/rules/deadlines.html", context, status=status)


def _outcome(form: DeadlineForm, given: Simulation) -> dict[str, Any]:
    """Nothing where the calendar does not reach as far: the form then says so."""
    try:
        due = clock.due(
            given.start,
            given.limit,
            given.calendar,
            pauses=given.pauses,
            extension=given.extension,
        )
        events = _events(due, given)
    except CalendarHorizon as problem:
        form.add_error("start", str(problem))
        return {}
    steps = zip(due.steps, due.sentences(), strict=True)
    return {
        "due": due,
        "label": clock.local_due_label(due.due_at, due.time_zone),
        "summary": due.summary(),
        "steps": [(step.counted, sentence) for step, sentence in steps],
        "events": events,
    }


def _events(due: Due, given: Simulation) -> list[dict[str, str]]:
    """Reminders, the end of the limit, the ladder. A reminder before receipt is left out."""
    zone = given.calendar.zone
    instants = deadlines.reminder_instants(
        due.due_at, given.reminders, given.limit.unit, given.calendar
    )
    found = [
        Event(instant, _("The platform is reminded"), "bell")
        for instant in instants
        if instant > given.start
    ]
    found.append(Event(due.due_at, _("The limit ends: what is unanswered is late"), "clock"))
    for rung in given.ladder:
        at = deadlines.rung_instant(due.due_at, rung, given.calendar)
        words = _("Still unanswered: told %(to)s") % {"to": RUNGS[rung.to]}
        found.append(Event(at, words, "arrow-trending-up"))
    return [
        {
            "when": clock.local_due_label(event.at, zone),
            "words": str(event.words),
            "icon": event.icon,
        }
        for event in found
    ]


urlpatterns = [path("desk/deadlines/", deadline_simulator, name="deadline-simulator")]
