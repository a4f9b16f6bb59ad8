"""Answers by file: the template, the upload, what would be done, and what was done."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from cases.flows import answer_files, answer_sheets
from cases.models import AnswerFile, AnswerRow
from cases.portal import verbs
from cases.portal.answers_file_downloads import waiting_items
from cases.portal.answers_file_verbs import FILE, find
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.jobs.models import Job
from surveillance.jobs.progress import time_left
from surveillance.spreadsheets.csv_reading import ENCODINGS
from surveillance.spreadsheets.reading import BYTES, LINES
from surveillance.web import keyset
from surveillance.web.guards import ActorRequest, portal

FILES_A_PAGE = 20
ROWS_A_PAGE = 50
FILE_ORDER = ("-uploaded_at", "-id")
ROW_ORDER = ("row",)
# Errors first: this is the order of the tabs, and the first that has rows is shown.
TABS = (
    AnswerRow.State.REFUSED,
    AnswerRow.State.READY,
    AnswerRow.State.ANSWERED,
    AnswerRow.State.UNCHANGED,
    AnswerRow.State.LEFT_OPEN,
)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("CSV or XLSX, at most %(rows)s rows and %(limit)d MB.")
        % {"rows": f"{LINES:,}", "limit": BYTES // 2**20},
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of a CSV file"),
        required=False,
        choices=[("", _("UTF-8 or UTF-16")), *ENCODINGS.items()],
        help_text=_("Only where an older program has saved it."),
    )


@portal
@require_http_methods(["GET", "POST"])
def files(request: ActorRequest) -> HttpResponse:
    """GET: templates, the form and what was uploaded so far; ?request=TD-… for one request.
    POST: the file is kept and checked, and its page shows what would be done."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*given)
    if request.method == "POST" and form.is_valid():
        try:
            file = answer_files.upload(by=request.actor, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return redirect("portal-file", file.reference)
    reference = request.GET.get("request", "")
    takedown = verbs.find(request.actor, reference) if reference else None
    uploaded = AnswerFile.objects.visible_to(request.actor).for_list()
    context = {
        "form": form,
        "takedown": takedown,
        "waiting": waiting_items(request.actor, reference).count(),
        "limit": LINES,
        "columns": answer_sheets.COLUMNS,
        "outcomes": answer_sheets.OUTCOMES.items(),
        "grounds": answer_sheets.GROUNDS.items(),
        "page": _page(request, uploaded, FILE_ORDER, FILES_A_PAGE),
        "first_url": keyset.address(request.GET),
    }
    return render(request, "portal/files.html", context, status=422 if form.errors else 200)


@portal
@require_GET
def file(request: ActorRequest, reference: str) -> HttpResponse:
    """One file: what would be done with each row, how far it is, or what was done."""
    file = find(request.actor, reference)
    shown = _shown(file, request.GET.get("rows", ""))
    rows = file.rows.filter(state=shown).for_list()
    context = _progress(file, request.actor) | {
        "tabs": _tabs(file, shown),
        "shown": shown,
        "page": _page(request, rows, ROW_ORDER, ROWS_A_PAGE),
        "first_url": keyset.address(request.GET),
        "total": getattr(file, shown),
        "summary": _summary(file),
        "earlier": _earlier(file),
        "facts": _facts(file),
    }
    return render(request, "portal/file.html", context)


@portal
@require_GET
def progress(request: ActorRequest, reference: str) -> HttpResponse:
    """What htmx asks for while the answers are given; when they are, the whole page is new."""
    file = find(request.actor, reference)
    if not file.is_at_work:
        return HttpResponseClientRefresh()
    return render(request, "portal/file.html#progress", _progress(file, request.actor))


def _page(request: ActorRequest, rows: Any, ordering: tuple[str, ...], size: int) -> dict[str, Any]:
    """One page, with the addresses of those before and after. Raises Http404."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    try:
        page = keyset.page(rows, ordering, size=size, after=after, before=before)
    except keyset.BadCursor as problem:
        raise Http404(gettext("This page of the list does not exist.")) from problem
    address = keyset.address
    return {
        "rows": page.rows,
        "previous_url": address(request.GET, before=page.before) if page.before else "",
        "next_url": address(request.GET, after=page.after) if page.after else "",
    }


def _shown(file: AnswerFile, asked: str) -> str:
    if asked in AnswerRow.State.values:
        return asked
    return next(
        (state.value for state in TABS if getattr(file, state)), AnswerRow.State.READY.value
    )


def _tabs(file: AnswerFile, shown: str) -> list[dict[str, Any]]:
    return [
        {
            "label": state.label.capitalize(),
            "url": f"?rows={state.value}#rows",
            "count": getattr(file, state),
            "current": state == shown,
        }
        for state in TABS
        if getattr(file, state) or state == shown
    ]


def _progress(file: AnswerFile, actor: Actor) -> dict[str, Any]:
    job, now = file.job, clock.now()
    return {
        "file": file,
        "job": job,
        "percent": None if job is None or job.share is None else round(100 * job.share),
        "time_left": time_left(job, now) if job else "",
        "is_stalled": job is not None and job.is_stalled(now),
        "counts": _counts(file),
        "actions": [_as_said(action, file) for action in FILE.actions(file, actor)],
    }


def _as_said(action: dict[str, Any], file: AnswerFile) -> dict[str, Any]:
    """The button to hand in says how many answers that are."""
    if action["label"] != answer_files.HAND_IN.title:
        return action
    if file.job:
        text = ngettext("Go on with %(count)s row", "Go on with %(count)s rows", file.ready)
    else:
        text = ngettext("Hand in %(count)s answer", "Hand in %(count)s answers", file.ready)
    return action | {"label": text % {"count": f"{file.ready:,}"}}


def _counts(file: AnswerFile) -> list[dict[str, Any]]:
    """What would be done, or was; the numbers of the rows in the tabs."""
    ready = _("Will be answered") if file.job is None else _("Not reached yet")
    numbers = [
        (ready, file.ready, file.ready or file.job is None),
        (_("Answered"), file.answered, file.job is not None),
        (_("Unchanged"), file.unchanged, True),
        (_("Refused"), file.refused, True),
        (_("Left open"), file.left_open, file.left_open),
    ]
    return [{"label": label, "value": f"{value:,}"} for label, value, is_told in numbers if is_told]


def _summary(file: AnswerFile) -> dict[str, Any]:
    """The banner over the page, for components/banner.html."""
    if file.is_at_work:
        return {}
    if file.job is None:
        return _what_it_would_do(file)
    if file.ready:
        text = ngettext(
            "%(count)s row was not reached. Nothing was done with it; you can go on.",
            "%(count)s rows were not reached. Nothing was done with them; you can go on.",
            file.ready,
        )
        was_cancelled = file.job.state == Job.State.CANCELLED
        title = gettext("It was stopped") if was_cancelled else gettext("It broke off")
        last_line = file.job.lines.last()
        words = [last_line.text] if last_line else []
        words.append(text % {"count": f"{file.ready:,}"})
        return {"tone": "warn", "title": title, "text": " ".join(words)}
    if file.refused:
        text = gettext("Take the file of results, correct the refused rows, and upload it again.")
        return {"tone": "warn", "title": gettext("Some rows were refused"), "text": text}
    return {"tone": "ok", "title": gettext("Done"), "text": gettext("Every answer was taken.")}


def _what_it_would_do(file: AnswerFile) -> dict[str, Any]:
    if not file.ready:
        text = gettext("No row of this file would answer anything. See why below.")
        return {"tone": "warn", "title": gettext("Nothing to hand in"), "text": text}
    if file.refused:
        text = gettext(
            "Hand in the good rows now and correct the others afterwards, or correct all first:"
            " either way no answer is given twice."
        )
        return {"tone": "warn", "title": gettext("Some rows are wrong"), "text": text}
    text = gettext("Look at the rows, then hand them in. Nothing has been answered yet.")
    return {"tone": "info", "title": gettext("Every row can be read"), "text": text}


def _earlier(file: AnswerFile) -> AnswerFile | None:
    """The last time that the very same file was handed in before this one."""
    same = AnswerFile.objects.filter(
        platform=file.platform_id,
        sha256=file.sha256,
        state=AnswerFile.State.HANDED_IN,
        pk__lt=file.pk,
    )
    return same.order_by("-pk").first()


def _facts(file: AnswerFile) -> list[dict[str, Any]]:
    return [
        {"label": _("Uploaded by"), "value": file.uploaded_by},
        {"label": _("Handed in by"), "value": file.job.started_by if file.job else _("nobody yet")},
        {"label": _("Rows"), "value": f"{file.total:,}"},
        {"label": _("SHA-256"), "value": file.sha256},
    ]
