"""The demo's own pages: what happened while the clock played, moving the clock, being somebody."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.demo import events
from cases.demo.context import demo_people
from cases.demo.guard import demo_only, shell_of
from cases.demo.playing import TASK
from cases.demo.recording import DEEDS
from surveillance import clock
from surveillance.outbox import queue
from surveillance.timemachine import machine
from surveillance.web.guards import ActorRequest


class HoursForm(forms.Form):
    """How far the clock is put forward."""

    hours = forms.IntegerField(min_value=1, max_value=int(machine.FURTHEST / machine.HOUR))


@demo_only
@require_GET
def demo(request: ActorRequest) -> HttpResponse:
    """The latest play: how far it is, what happened in it, by day and one by one."""
    at = clock.now()
    play = machine.state()
    context: dict[str, Any] = {"shell": shell_of(request), "at": at, "play": play}
    if play.begun_at and play.goal:
        context |= {
            "is_playing": play.is_playing(at),
            "is_broken_off": play.is_playing(at) and machine.is_free(),
            "hours": (play.goal - play.begun_at) // machine.HOUR,
            "played": (min(at, play.goal) - play.begun_at) // machine.HOUR,
            "feed": events.feed(events.events(play.begun_at, at), request.GET),
            "days": events.days(play.begun_at, at),
            "columns": [*(title for title, _verbs in DEEDS.values()), _("letters")],
        }
    return render(request, "demo/events.html", context)


@demo_only
@require_POST
def put_forward(request: ActorRequest) -> HttpResponse:
    """Ask for hours more; a worker plays them. Without hours: go on with what was asked for."""
    if "hours" in request.POST:
        form = HoursForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Put the clock forward by 1 hour to 60 days."))
            return redirect("demo")
        try:
            machine.set_goal(form.cleaned_data["hours"])
        except ValueError:
            messages.error(request, _("The clock is on its way already: wait until it is there."))
            return redirect("demo")
    transaction.on_commit(partial(queue.start, TASK))
    return redirect("demo")


@demo_only
@require_POST
def stop(request: ActorRequest) -> HttpResponse:
    """The play ends with the hour that it is in; what has happened stays."""
    machine.stop()
    return redirect("demo")


@demo_only
@require_POST
def sign_in(request: ActorRequest) -> HttpResponse:
    """Be one of the demo's people, without a password."""
    person = get_object_or_404(demo_people(), email=request.POST.get("email", ""))
    login(request, person)
    return redirect("start")
