"""What can be done with a report, as pages and buttons. Keys: c, a, d, u, q; n for the next one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from cases.flows import reports
from cases.forms.reports import AcceptForm, AskReporterForm, DismissForm, DuplicateForm
from cases.models import Report
from surveillance.accounts.actor import Actor
from surveillance.web.guards import desk
from surveillance.web.verbs import ReasonForm, VerbForm, VerbPages


class ReportPages(VerbPages):
    """The list that a report was opened from stays in the address through every verb."""

    def actions_in_list(self, report: Report, actor: Actor, query: str) -> list[dict[str, Any]]:
        return [
            {**action, "url": f"{action['url']}?{query}"} for action in self.actions(report, actor)
        ]

    def _done(self, request: HttpRequest, verb: VerbForm, row: Any, result: Any) -> HttpResponse:
        response = super()._done(request, verb, row, result)
        if query := request.GET.urlencode():
            response["Location"] += f"?{query}"
        return response


def find(actor: Actor, reference: str) -> Report:
    reports_seen = Report.objects.visible_to(actor).select_related("case")
    report: Report = get_object_or_404(reports_seen, reference=reference)
    return report


REPORT = ReportPages(
    prefix="report",
    route="desk/reports/<str:reference>",
    guard=desk,
    find=find,
    template="desk/verb.html",
    verbs=[
        VerbForm(reports.CLAIM, reports.claim, icon="hand-raised", shortcut="c"),
        VerbForm(
            reports.ACCEPT,
            reports.accept,
            AcceptForm,
            tone="primary",
            icon="check",
            shortcut="a",
            consequence=_(
                "The report leaves the inbox; its reporter is told, if an address was left."
            ),
        ),
        VerbForm(
            reports.MARK_DUPLICATE,
            reports.mark_duplicate,
            DuplicateForm,
            icon="square-2-stack",
            shortcut="u",
            consequence=_("The report leaves the inbox and counts with its original."),
        ),
        VerbForm(
            reports.ASK_REPORTER,
            reports.ask_reporter,
            AskReporterForm,
            icon="question-mark-circle",
            shortcut="q",
        ),
        VerbForm(
            reports.DISMISS,
            reports.dismiss,
            DismissForm,
            icon="no-symbol",
            shortcut="d",
            consequence=_("No case follows. It can be reopened."),
        ),
        VerbForm(
            reports.REOPEN,
            reports.reopen,
            ReasonForm,
            icon="arrow-uturn-left",
            consequence=_("It goes back to the inbox, out of its case."),
        ),
        VerbForm(
            reports.REDACT,
            reports.redact,
            ReasonForm,
            tone="danger",
            icon="eye-slash",
            consequence=_(
                "Name, address, serial number and the record as received are deleted for good."
                " Nobody can be asked afterwards."
            ),
        ),
    ],
)
