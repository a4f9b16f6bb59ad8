"""Regimes: the rules that demands are made under, their versions, and a new version."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cases.forms.regimes import RegimeForm
from cases.limit_words import RUNGS, START_RULES, amount_in_words
from cases.pages.calendars import VersionRow
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.calendars import differences, flows
from surveillance.calendars.content import RegimeContent
from surveillance.calendars.models import Regime
from surveillance.web.guards import ActorRequest, guarded

rules = guarded(Right.SEE_RULES)
configure = guarded(Right.CONFIGURE)


@rules
@require_GET
def regime_list(request: ActorRequest) -> HttpResponse:
    rows = [
        {
            "regime": regime,
            "limit": amount_in_words(regime.limit_amount, regime.limit_unit),
        }
        for regime in Regime.objects.visible_to(request.actor).current().order_by("code")
    ]
    return render(request, "desk/rules/regime_list.html", {"rows": rows})


@rules
@require_GET
def regime_detail(request: ActorRequest, code: str) -> HttpResponse:
    """The version under which the next demand is issued."""
    return _show(request, _current(request.actor, code))


@rules
@require_GET
def regime_version(request: ActorRequest, code: str, version: int) -> HttpResponse:
    """One version: demands issued under it keep it."""
    rows = Regime.objects.visible_to(request.actor).select_related("made_by")
    return _show(request, get_object_or_404(rows, code=code, version=version))


@configure
@require_http_methods(["GET", "POST"])
def regime_change(request: ActorRequest, code: str) -> HttpResponse:
    """A new version, for the demands that are issued from now on."""
    regime = _current(request.actor, code)
    given = request.POST if request.method == "POST" else None
    form = RegimeForm(given, content=RegimeContent.of(regime), version=regime.version)
    if given is not None and form.is_valid():
        try:
            _change(request, regime, form)
        except ValidationError as problem:
            form.refuse(problem)
        else:
            return HttpResponseRedirect(reverse("regime-detail", args=[code]))
    context = {"regime": regime, "form": form}
    status = 422 if form.errors else 200
    return render(request, "desk/rules/regime_change.html", context, status=status)


def _change(request: ActorRequest, regime: Regime, form: RegimeForm) -> None:
    regime.version = form.cleaned_data["read"]  # a newer one refuses it
    made = flows.change_regime(
        regime, by=request.actor, content=form.content, reason=form.cleaned_data["reason"]
    )
    text = _("Version %(version)s is current: demands issued from now on are made under it.")
    messages.success(request, text % {"version": made.version})


def _current(actor: Actor, code: str) -> Regime:
    rows = Regime.objects.visible_to(actor).current().select_related("made_by")
    regime: Regime = get_object_or_404(rows, code=code)
    return regime


def _show(request: ActorRequest, regime: Regime) -> HttpResponse:
    change = {
        "label": flows.CHANGE_REGIME.title,
        "url": reverse("regime-change", args=[regime.code]),
        "method": "get",
        "icon": "pencil",
        "verb": flows.CHANGE_REGIME.verb,
        "tone": "primary",
    }
    may_change = regime.is_current and request.actor.may(Right.CONFIGURE)
    context = {
        "regime": regime,
        "facts": _facts(regime),
        "ladder": [(RUNGS[step["to"]], step["after"]) for step in regime.escalation],
        "actions": [change] if may_change else [],
        "versions": _versions(request.actor, regime.code),
    }
    return render(request, "desk/rules/regime_detail.html", context)


def _facts(regime: Regime) -> list[dict[str, Any]]:
    calendar = reverse("calendar-detail", args=[regime.calendar_code])
    unit = [amount_in_words(before, regime.limit_unit) for before in regime.reminders]
    return [
        {"label": _("Legal basis"), "value": regime.legal_basis},
        {"label": _("Limit"), "value": amount_in_words(regime.limit_amount, regime.limit_unit)},
        {"label": _("Counted from"), "value": START_RULES[regime.start_rule]},
        {"label": _("Cut-off hour"), "value": _hour(regime.cut_off) or _("none")},
        {
            "label": _("The last day ends at"),
            "value": _hour(regime.day_ends_at) or _("midnight"),
        },
        {"label": _("Calendar"), "value": regime.calendar_code, "url": calendar},
        {"label": _("Reminders"), "value": _before(unit)},
        {
            "label": _("Approval by a second person"),
            "value": _("yes") if regime.four_eyes else _("no"),
        },
        {"label": _("People who must agree to more time"), "value": regime.extension_approvals},
        {"label": _("Source"), "value": regime.source},
    ]


def _before(amounts: list[str]) -> str:
    if not amounts:
        return _("none")
    return _("%(amounts)s before the end") % {"amounts": ", ".join(amounts)}


def _hour(value: Any) -> str:
    return value.strftime("%H:%M") if value else ""


def _versions(actor: Actor, code: str) -> list[VersionRow]:
    rows = list(Regime.objects.visible_to(actor).versions_of(code))
    contents = [RegimeContent.of(row) for row in rows]
    told = [
        differences.of_regimes(before, after)
        for after, before in zip(contents, contents[1:], strict=False)
    ]
    return [VersionRow(row, said) for row, said in zip(rows, [*told, []], strict=True)]


urlpatterns = [
    path("desk/regimes/", regime_list, name="regime-list"),
    path("desk/regimes/<str:code>/", regime_detail, name="regime-detail"),
    path("desk/regimes/<str:code>/versions/<int:version>/", regime_version, name="regime-version"),
    path("desk/regimes/<str:code>/change/", regime_change, name="regime-change"),
]
