"""The public report form: one question a page, check, send, receipt.

It works without JavaScript and without Redis: sessions and jobs stand in the database.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases.flows import evidence, reports
from cases.flows.reports import Receipt
from cases.public import draft as drafts
from cases.public.draft import Draft
from cases.public.forms import STEPS, SendForm, StepForm
from cases.public.throttle import Throttle, address_of
from surveillance.accounts.actor import PUBLIC, SYSTEM
from surveillance.web.guards import ActorRequest, public

# A school or a hospital may report from one address; a flood may not.
SENDING = Throttle("report", limit=30)
SLOW_DOWN = _(
    "Many reports have come from your connection. Your answers are kept here: send them in an hour."
)
RECEIPT = "report_receipt"  # a signed cookie: the code stays with the reporter, not with us
RECEIPT_AGE = 3600  # seconds
TOTAL = len(STEPS) + 1


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: ActorRequest) -> HttpResponse:
    """What to expect. POST throws an unfinished report away and begins anew."""
    if request.method == "POST":
        drafts.forget(request)
        return redirect("report-step", next(iter(STEPS)))
    draft = Draft.of(request)
    context = {
        "draft": draft,
        "go_on": _address(draft.first_open_step()),
    }
    return render(request, "public/report/start.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: ActorRequest, step: str) -> HttpResponse:
    """One question. A right answer leads to the next open one; a wrong one says what to mend."""
    if step not in STEPS:
        raise Http404
    draft = Draft.of(request)
    if not draft.is_reachable(step):
        return HttpResponseRedirect(_address(draft.first_open_step()))
    if request.method == "POST":
        form = STEPS[step](request.POST)
        if form.is_valid():
            drafts.keep(request, step, form)
            return HttpResponseRedirect(_address(Draft.of(request).first_open_step()))
        return _ask(request, step, form)
    answered = draft.forms.get(step)
    return _ask(request, step, answered or STEPS[step]())


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: ActorRequest) -> HttpResponse:
    """All answers, the photos, and the sending."""
    draft = Draft.of(request)
    if missing := draft.first_open_step():
        return HttpResponseRedirect(_address(missing))
    if request.method != "POST":
        return _show_answers(request, draft, SendForm())
    form = SendForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_answers(request, draft, form)
    if not SENDING.allows(address_of(request)):
        form.add_error(None, SLOW_DOWN)
        return _show_answers(request, draft, form, status=429)
    try:
        receipt = submit(draft, form.cleaned_data["photos"], request.LANGUAGE_CODE)
    except ValidationError as problem:
        form.add_error("photos", problem.messages)
        return _show_answers(request, draft, form)
    drafts.forget(request)
    return _with_receipt(redirect("report-sent"), receipt)


@public
@never_cache
@require_http_methods(["GET", "HEAD"])
def sent(request: ActorRequest) -> HttpResponse:
    """The receipt: reference, code, what happens next. Without its cookie there is none."""
    receipt = request.get_signed_cookie(RECEIPT, default="", max_age=RECEIPT_AGE)
    reference, _colon, code = (receipt or "").partition(":")
    if not code:
        return redirect("report-start")
    return render(request, "public/report/sent.html", {"reference": reference, "code": code})


def submit(draft: Draft, photos: list[UploadedFile], language: str) -> Receipt:
    """Report and photos together, or neither. Raises ValidationError for a photo.

    Whoever uses this form does so as the public. The public does not see reports, not even its
    own once it is sent, so the photos are put to it in the system's name.
    """
    with transaction.atomic():
        receipt = reports.submit(draft.facts(language), draft.reporter(), by=PUBLIC)
        evidence.add_to_report(receipt.report, by=SYSTEM, files=photos)
    return receipt


def _ask(request: ActorRequest, step: str, form: StepForm) -> HttpResponse:
    number = list(STEPS).index(step) + 1
    context: dict[str, Any] = {
        "form": form,
        "step": step,
        "number": number,
        "total": TOTAL,
        "back": _address(list(STEPS)[number - 2]) if number > 1 else reverse("report-start"),
        "single": form.visible_fields()[0] if len(form.fields) == 1 else None,
    }
    wrong = form.is_bound and bool(form.errors)
    return render(request, "public/report/step.html", context, status=422 if wrong else 200)


def _show_answers(
    request: ActorRequest, draft: Draft, form: SendForm, status: int = 422
) -> HttpResponse:
    context = {
        "form": form,
        "answers": [
            (form.short, _address(name), form.summary())
            for name, form in ((name, draft.forms[name]) for name in STEPS)
        ],
        "number": TOTAL,
        "total": TOTAL,
        "back": _address(list(STEPS)[-1]),
    }
    return render(
        request, "public/report/check.html", context, status=status if form.errors else 200
    )


def _with_receipt(response: HttpResponse, receipt: Receipt) -> HttpResponse:
    response.set_signed_cookie(
        RECEIPT,
        f"{receipt.report.reference}:{receipt.code}",
        max_age=RECEIPT_AGE,
        path=reverse("report-sent"),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _address(step: str) -> str:
    """The page of a step; "" is the check of all answers."""
    return reverse("report-step", args=[step]) if step else reverse("report-check")
