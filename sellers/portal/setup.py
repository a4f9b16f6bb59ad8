"""The portal's page on which a platform gets ready: a checklist, contact points, hours, rules."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from sellers.flows import platform_setup
from sellers.models import ContactPoint, Platform
from sellers.portal import checklist
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.calendars.models import Calendar, Regime
from surveillance.flow import Transition
from surveillance.web.guards import ActorRequest, guarded, portal
from surveillance.web.verbs import FactsForm

Act = Callable[..., Platform]


class ContactForm(FactsForm):
    purpose = forms.ChoiceField(
        label=gettext_lazy("For"),
        choices=[
            (ContactPoint.Purpose.DEMANDS, gettext_lazy("requests, and all about them")),
            (ContactPoint.Purpose.ESCALATION, gettext_lazy("what is late")),
        ],
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    language = forms.ChoiceField(label=gettext_lazy("Written to in"), choices=settings.LANGUAGES)


class HoursForm(FactsForm):
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=lambda: [(zone, zone) for zone in sorted(zoneinfo.available_timezones())],
    )
    calendar = forms.ChoiceField(
        label=gettext_lazy("Working calendar"),
        required=False,
        help_text=gettext_lazy(
            "Reminders come from 08:00 to 18:00 of a working day of this calendar. It changes no"
            " limit: these are counted by the calendar of their rule."
        ),
    )

    def __init__(self, *args: Any, row: Platform, **kwargs: Any) -> None:
        now = {
            "language": row.organisation.language,
            "time_zone": row.organisation.time_zone,
            "calendar": row.working_calendar,
        }
        super().__init__(*args, row=row, initial=now, **kwargs)
        calendar = self.fields["calendar"]
        assert isinstance(calendar, forms.ChoiceField)
        calendar.choices = [
            ("", _("That of your jurisdiction: %(code)s") % {"code": row.jurisdiction}),
            *(
                (one.code, f"{one.code} · {one.name}")
                for one in Calendar.objects.current().order_by("code")
            ),
        ]


def own_platform(actor: Actor) -> Platform:
    rows = Platform.objects.visible_to(actor).select_related("organisation")
    platform: Platform = get_object_or_404(rows, pk=actor.organisation_id or 0)
    return platform


@portal
@require_GET
def setup(request: ActorRequest) -> HttpResponse:
    """What is done and what is to do; managers do it here."""
    return _page(request, own_platform(request.actor))


@guarded(Right.KEEP_PLATFORM)
@require_POST
def add_contact(request: ActorRequest) -> HttpResponse:
    platform = own_platform(request.actor)
    form = ContactForm(request.POST, row=platform, actor=request.actor)
    if form.is_valid():
        try:
            platform_setup.add_contact(platform, by=request.actor, **form.facts())
        except ValidationError as problem:
            form.refuse(problem)
        else:
            return _done(request, platform_setup.ADD_CONTACT, "contacts")
    return _page(request, platform, contact_form=form)


@guarded(Right.KEEP_PLATFORM)
@require_POST
def remove_contact(request: ActorRequest) -> HttpResponse:
    platform = own_platform(request.actor)
    given = {name: request.POST.get(name, "") for name in ("purpose", "email")}
    contact = get_object_or_404(platform.contact_points, **given)
    platform_setup.remove_contact(platform, contact, by=request.actor)
    return _done(request, platform_setup.REMOVE_CONTACT, "contacts")


@guarded(Right.KEEP_PLATFORM)
@require_POST
def set_hours(request: ActorRequest) -> HttpResponse:
    platform = own_platform(request.actor)
    form = HoursForm(request.POST, row=platform, actor=request.actor)
    if form.is_valid():
        platform_setup.set_hours(platform, by=request.actor, **form.facts())
        return _done(request, platform_setup.SET_HOURS, "hours")
    return _page(request, platform, hours_form=form)


@guarded(Right.ACCEPT_REGIME)
@require_POST
def accept_regime(request: ActorRequest) -> HttpResponse:
    """Of the version that the reader had before them; a newer one is read first (409)."""
    platform = own_platform(request.actor)
    version = request.POST.get("regime_version", "")
    regime = get_object_or_404(
        Regime,
        code=request.POST.get("code", ""),
        version=int(version) if version.isdecimal() and len(version) < 6 else 0,
    )
    platform_setup.accept_regime(platform, regime, by=request.actor)
    return _done(request, platform_setup.ACCEPT_REGIME, "rules")


def _done(request: ActorRequest, transition: Transition, place: str) -> HttpResponse:
    messages.success(request, _("Done: %(verb)s.") % {"verb": transition.title})
    response = redirect("setup")
    response["Location"] += f"#{place}"
    return response


def _page(
    request: ActorRequest,
    platform: Platform,
    *,
    contact_form: ContactForm | None = None,
    hours_form: HoursForm | None = None,
) -> HttpResponse:
    actor = request.actor
    wrong = contact_form or hours_form
    found = checklist.steps(platform, actor)
    required = [step for step in found if not step.optional]
    accepted = {one.regime_id: one for one in platform.acceptances.select_related("accepted_by")}
    context = {
        "platform": platform,
        "steps": found,
        "done": sum(step.done for step in required),
        "required": len(required),
        "contacts": platform.contact_points.order_by("purpose", "name"),
        "contact_form": contact_form or ContactForm(row=platform, actor=actor),
        "hours_form": hours_form or HoursForm(row=platform, actor=actor),
        "calendar": platform.calendar(),
        "regimes": [(regime, accepted.get(regime.pk)) for regime in platform.regimes()],
        "may_keep": actor.may(Right.KEEP_PLATFORM),
        "may_accept": actor.may(Right.ACCEPT_REGIME),
        "may_ask_sandbox": actor.may(Right.ASK_SANDBOX),
    }
    return render(request, "portal/setup.html", context, status=422 if wrong else 200)
