"""Imports of feeds: the jobs, the upload of files, and one job as it goes on."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from sellers.filters import JobFilter
from sellers.flows import uploads
from sellers.forms import UploadForm
from sellers.pages.history import history
from sellers.pages.lists import MarketList
from sellers.pages.tables import JobTable, ProblemTable
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.jobs import flows
from surveillance.jobs.models import Job, JobProblem, JobQuerySet
from surveillance.jobs.progress import time_left
from surveillance.web.guards import ActorRequest, guarded
from surveillance.web.spreadsheets import csv_download
from surveillance.web.verbs import VerbForm, VerbPages

COLUMNS_OF_PROBLEMS = (
    _("Kind"),
    _("Row"),
    _("Number"),
    _("Field"),
    _("Reason"),
    _("How to mend it"),
)
SHOWN = 50  # problems on the page; the file holds all of them
importer = guarded(Right.IMPORT_FEED)

IMPORTS = MarketList(
    heading=_("Imports"),
    filterset=JobFilter,
    table=JobTable,
    sorts={
        "-started_at": ["-started_at", "-id"],
        "started_at": ["started_at", "id"],
    },
    icon="arrow-up-tray",
    empty_title=_("No file has been imported yet"),
    empty_text=_("Upload the alerts of another authority, or reports of incidents."),
)


def _jobs(actor: Actor) -> JobQuerySet:
    kinds = (flows.IMPORT_FEED.verb, flows.REHEARSE_FEED.verb)
    return Job.objects.visible_to(actor).of_kinds(*kinds).for_list()


def find(actor: Actor, reference: str) -> Job:
    return get_object_or_404(_jobs(actor), reference=reference)


PAGES = VerbPages(
    prefix="import",
    route="desk/imports/<str:reference>",
    guard=importer,
    find=find,
    template="desk/verb.html",
    verbs=[
        VerbForm(
            flows.CANCEL,
            flows.cancel,
            tone="danger",
            icon="x-mark",
            adds=True,  # its progress does not matter
            consequence=_("It stops before its next rows. What it has written stays."),
        )
    ],
)


@importer
@require_GET
def import_list(request: ActorRequest) -> HttpResponse:
    button = {
        "label": uploads.UPLOAD.title,
        "url": reverse("import-upload"),
        "method": "get",
        "icon": "arrow-up-tray",
        "tone": "primary",
    }
    return IMPORTS.show(request, _jobs(request.actor), actions=[button])


@importer
def upload(request: ActorRequest) -> HttpResponse:
    """Files of one feed, each a job of its own. All are refused when one is."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*given)
    if request.method == "POST" and form.is_valid():
        try:
            jobs = _upload(request.actor, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error("file", problem.message_dict["file"])
        else:
            _say_queued(request, jobs)
            one = reverse("import-detail", args=[jobs[0].reference])
            return HttpResponseRedirect(one if len(jobs) == 1 else reverse("import-list"))
    status = 422 if form.errors else 200
    return render(request, "desk/import_upload.html", {"form": form}, status=status)


def _upload(actor: Actor, *, feed: str, file: list[Any], dry_run: bool) -> list[Job]:
    with transaction.atomic():
        return [uploads.upload(by=actor, feed=feed, file=one, dry_run=dry_run) for one in file]


def _say_queued(request: ActorRequest, jobs: list[Job]) -> None:
    text = ngettext(
        "%(count)d file is waiting for a worker.",
        "%(count)d files are waiting for a worker.",
        len(jobs),
    )
    messages.success(request, text % {"count": len(jobs)})


@importer
@require_GET
def import_detail(request: ActorRequest, reference: str) -> HttpResponse:
    job = find(request.actor, reference)
    rejected = job.problems.filter(kind=JobProblem.Kind.REJECTED)
    lines = list(job.lines.all())
    context = _progress(job, request.actor) | {
        "facts": _facts(job),
        "earlier": _earlier(job, request.actor),
        "is_rehearsal": job.kind == flows.REHEARSE_FEED.verb,
        "nothing_new": job.state == Job.State.DONE
        and job.unchanged > 0
        and job.counts.new == job.counts.updated == 0,
        "rejected": ProblemTable(rejected.order_by("row", "id")[:SHOWN]) if job.rejected else None,
        "mended": job.problems.filter(kind=JobProblem.Kind.MENDED).count(),
        "shown": SHOWN,
        "failure": lines[-1].text if lines else "",
        "lines": lines,
        "history": history(job.reference),
    }
    return render(request, "desk/import_detail.html", context)


@importer
@require_GET
def progress(request: ActorRequest, reference: str) -> HttpResponse:
    """What htmx asks for while the job goes on; when it has ended, the whole page is new."""
    job = find(request.actor, reference)
    if not job.goes_on:
        return HttpResponseClientRefresh()
    context = _progress(job, request.actor)
    return render(request, "desk/import_detail.html#progress", context)


def _progress(job: Job, actor: Actor) -> dict[str, Any]:
    now = clock.now()
    return {
        "job": job,
        "percent": None if job.share is None else round(100 * job.share),
        "time_left": time_left(job, now),
        "is_stalled": job.is_stalled(now),
        "counts": _counts(job),
        "actions": PAGES.actions(job, actor),
    }


def _counts(job: Job) -> list[dict[str, Any]]:
    counts = job.counts
    numbers = [
        (_("Rows read"), counts.read),
        (_("New"), counts.new),
        (_("Updated"), counts.updated),
        (_("Unchanged"), counts.unchanged),
        (_("Rejected"), counts.rejected),
    ]
    return [{"label": label, "value": f"{value:,}"} for label, value in numbers]


def _facts(job: Job) -> list[dict[str, Any]]:
    return [
        {"label": _("Feed"), "value": uploads.feed_title(job.facts.get("feed", ""))},
        {"label": _("Uploaded by"), "value": job.started_by},
        {"label": _("SHA-256"), "value": job.facts.get("sha256", "")},
    ]


def _earlier(job: Job, actor: Actor) -> Job | None:
    """The last import of the very same file before this one."""
    if not job.facts.get("sha256"):
        return None
    same = Job.objects.visible_to(actor).filter(
        kind=flows.IMPORT_FEED.verb,
        state=Job.State.DONE,
        facts__sha256=job.facts["sha256"],
        facts__feed=job.facts.get("feed"),
        pk__lt=job.pk,
    )
    return same.order_by("-pk").first()


@importer
@require_GET
def problems(request: ActorRequest, reference: str) -> StreamingHttpResponse:
    """Every rejected row, then what was mended or is in doubt, as Excel opens it."""
    job = find(request.actor, reference)
    return csv_download(f"{job.reference}-problems", COLUMNS_OF_PROBLEMS, _lines(job))


def _lines(job: Job) -> Iterator[Sequence[object]]:
    for problem in job.problems.order_by("-kind", "row", "id").iterator(chunk_size=2000):
        yield (
            problem.get_kind_display(),
            problem.row,
            problem.native_id,
            problem.field,
            problem.reason,
            problem.remedy,
        )
