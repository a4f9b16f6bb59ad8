"""Following a report without an account: by its reference and the code shown when it was sent."""

import secrets

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases.flows import reports
from cases.models import Report
from cases.public.forms import AnswerForm, TrackForm
from cases.public.throttle import Throttle, address_of
from cases.states import ReportState
from surveillance.accounts.actor import SYSTEM
from surveillance.accounts.wall import beyond_the_wall
from surveillance.audit.models import AuditEntry
from surveillance.web.guards import ActorRequest, public

# A code has 32 bits: ten tries an hour at one report find nothing.
TRIES_AT_REPORT = Throttle("track-report", limit=10)
TRIES_FROM_ADDRESS = Throttle("track-address", limit=60)
TOO_MANY_TRIES = _("Too many tries. Wait an hour, then try again.")
NOT_FOUND = _("No report has this reference and this code. Compare both with what you noted.")
FOLLOWED = "followed_report"
_NO_DIGEST = "-" * 64

# Title and what it means, in words that name no case and nobody.
STATES: dict[str, tuple[Promise, Promise]] = {
    ReportState.RECEIVED: (
        _("We have your report"),
        _("An inspector reads it within two working days and decides what follows."),
    ),
    ReportState.NEEDS_INFORMATION: (
        _("We have a question"),
        _("Your answer brings the report back to the inspector."),
    ),
    ReportState.ACCEPTED: (
        _("We are looking into this product"),
        _(
            "If it is unsafe, the platforms are told to remove it and an alert is published. We do"
            " not report each step, so that those concerned cannot prepare."
        ),
    ),
    ReportState.DUPLICATE: (
        _("We were told of this product before"),
        _("It is being looked into already; what you wrote helps there."),
    ),
    ReportState.DISMISSED: (
        _("We take no further step for now"),
        _("An inspector has looked at it. If you learn more, send another report."),
    ),
}


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: ActorRequest) -> HttpResponse:
    """Ask for reference and code. A wrong one of either gets the same words."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            reference = form.cleaned_data["reference"].strip().upper()
            if not _may_try(request, reference):
                form.add_error(None, TOO_MANY_TRIES)
                status = 429
            elif _opens(reference, form.cleaned_data["code"]):
                request.session[FOLLOWED] = reference
                return redirect("track-report")
            else:
                form.add_error(None, NOT_FOUND)
    return render(request, "public/report/track.html", {"form": form}, status=status)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def followed(request: ActorRequest) -> HttpResponse:
    """How the report stands; POST answers the inspector's question."""
    reference = request.session.get(FOLLOWED, "")
    with beyond_the_wall():  # whoever has shown the code may see this one
        report = Report.objects.visible_to(SYSTEM).filter(reference=reference).first()
        question = _question(report) if report else ""
    if report is None:
        return redirect("track")
    form = AnswerForm(request.POST if request.method == "POST" else None)
    asked = report.state == ReportState.NEEDS_INFORMATION
    if request.method == "POST" and asked and form.is_valid():
        try:
            answer(report, form.cleaned_data["answer"])
        except ValidationError as problem:
            form.add_error("answer", problem)
        else:
            return redirect("track-report")
    title, meaning = STATES[report.state]
    context = {
        "report": report,
        "title": title,
        "meaning": meaning,
        "question": question,
        "form": form if asked else None,
    }
    status = 422 if asked and form.errors else 200
    return render(request, "public/report/followed.html", context, status=status)


def answer(report: Report, text: str) -> Report:
    """The reporter answers. Only who has shown the code comes here; a reporter is no user whom
    the verb could know, so the system does it in the reporter's name."""
    return reports.supply_information(report, by=SYSTEM, answer=text)


def _may_try(request: ActorRequest, reference: str) -> bool:
    from_address = TRIES_FROM_ADDRESS.allows(address_of(request))
    return TRIES_AT_REPORT.allows(reference) and from_address


def _opens(reference: str, code: str) -> bool:
    """Whether the code is the report's; takes as long when there is no such report."""
    with beyond_the_wall():
        rows = Report.objects.visible_to(SYSTEM).filter(reference=reference)
        digest = rows.values_list("reporter__code_digest", flat=True).first()
    return secrets.compare_digest(digest or _NO_DIGEST, reports.digest_of_code(code))


def _question(report: Report) -> str:
    """The last question asked, as it stands in the letter to the reporter; "" when none waits."""
    if report.state != ReportState.NEEDS_INFORMATION:
        return ""
    entries = AuditEntry.objects.about(report.reference).filter(verb=reports.ASK_REPORTER.verb)
    last = entries.first()
    return str(last.facts.get("question", "")) if last else ""
