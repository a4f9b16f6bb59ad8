"""Proposing a risk assessment: scenarios in, level and sensitivity out, then the proposal."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import risk
from cases.flows import assessments
from cases.pages import case_verbs
from cases.pages.assessment_form import scenarios, with_one_more
from surveillance.web.guards import ActorRequest, desk


@desk
def assess(request: ActorRequest, reference: str) -> HttpResponse:
    """`more`: one more row; `work_out`: show the level; `propose`: keep it for a second person."""
    case = case_verbs.find(request.actor, reference)
    context = {"case": case, "severities": risk.SEVERITIES.items(), "bands": _matrix()}
    if request.method != "POST":
        return render(request, "desk/assess.html", context | {"scenarios": scenarios(None)})
    if "more" in request.POST:
        form = scenarios(with_one_more(request.POST))
        return render(request, "desk/assess.html", context | {"scenarios": form, "growing": True})
    form = scenarios(request.POST)
    context["scenarios"] = form
    if not form.is_valid():
        return render(request, "desk/assess.html", context, status=422)
    result = form.assessment()
    if "propose" in request.POST:
        chosen = [worked_out.scenario for worked_out in result.results]
        assessments.assess_risk(case, by=request.actor, scenarios=chosen)
        messages.success(
            request,
            _("Proposed: %(level)s. A second person validates it.") % {"level": result.level.label},
        )
        return redirect("case-detail", case.reference)
    return render(request, "desk/assess.html", context | {"result": result})


def _matrix() -> list[tuple[str, list[str]]]:
    """The rows of Table 4 of the guidelines: a band of probability, and a level by severity."""
    names = {
        risk.Level.LOW: pgettext("risk level", "low"),
        risk.Level.MEDIUM: pgettext("risk level", "medium"),
        risk.Level.HIGH: pgettext("risk level", "high"),
        risk.Level.SERIOUS: pgettext("risk level", "serious"),
    }
    return [(band.label, [names[level] for level in band.levels]) for band in risk.BANDS]


urlpatterns = [path("desk/cases/<str:reference>/assess/", assess, name="case-assess")]
