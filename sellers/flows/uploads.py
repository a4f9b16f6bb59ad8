"""Files of feeds that people upload: kept, queued, and imported by a worker.

The upload is the person's deed; the import is done in the name of the system, and the job says
whose file it was. How a floor keeps the records of its feeds is registered in `ready()`.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sellers.feeds.base import Feed, Record
from sellers.flows.feed_imports import Intake, import_into, rehearse_into
from surveillance import clock
from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.accounts.rights import Right
from surveillance.flow import NEW, Transition, perform
from surveillance.jobs import queueing
from surveillance.jobs.flows import IMPORT_FEED, REHEARSE_FEED
from surveillance.jobs.models import Job
from surveillance.jobs.running import Stopped, carrying_out
from surveillance.outbox import queue
from surveillance.references import Kind, next_reference
from surveillance.uploads import keep

LIMIT = 64 * 1024 * 1024  # bytes a file
SECONDS = 420.0  # for one import; a worker's task is ended after 480
TASK = "feeds.import_uploads"
UPLOAD = Transition(
    "feed.upload",
    Right.IMPORT_FEED,
    _("Upload files"),
    _("uploaded %(file)s"),
    from_={NEW},
    to={Job.State.QUEUED},
)

_intakes: dict[str, Callable[[], Intake[Any]]] = {}


def register(
    feeds: Mapping[str, Feed[Record]], intake: Callable[[Feed[Record]], Intake[Record]]
) -> None:
    """`intake` keeps the records of these feeds."""
    _intakes.update({name: partial(intake, feed) for name, feed in feeds.items()})


def feeds() -> list[tuple[str, str]]:
    """(name, title) of every feed that can be uploaded, by title."""
    titles = ((name, intake().feed.title) for name, intake in _intakes.items())
    return sorted(titles, key=lambda feed: feed[1].casefold())


def feed_title(name: str) -> str:
    """The feed's title; a name that we no longer know stands as it is."""
    intake = _intakes.get(name)
    return intake().feed.title if intake else name


def upload(
    *, by: Actor, feed: str, file: UploadedFile, dry_run: bool = False, at: datetime | None = None
) -> Job:
    """Keep the file and queue its import, or with `dry_run` only the counting of it.

    Raises ValidationError naming "file", Forbidden.
    """
    _check(file)
    at = at or clock.now()
    name = (file.name or gettext("a file without a name")).replace("\\", "/").rpartition("/")[2]
    name = name[-150:]
    job = Job(
        reference=next_reference(Kind.JOB, at),
        kind=(REHEARSE_FEED if dry_run else IMPORT_FEED).verb,
        label=name,
        total=file.size,
        facts={"feed": feed, "file": name, "sha256": _sha256(file), "dry_run": dry_run},
        started_by_id=by.user_id,
        started_at=at,
        progressed_at=at,
    )
    with perform(UPLOAD, job, by=by, at=at) as change:
        keep(change.row.file, name, file)
        change.note(**job.facts)
    transaction.on_commit(partial(queue.start, TASK))
    return change.row


def import_next() -> Job | None:
    """Import the file that has waited longest. None when none waits or another is at work."""
    job = queueing.claim(clock.now())
    if job is not None:
        with translation.override(job.started_by.language if job.started_by else "en"):
            _carry_out(job)
    return job


def _carry_out(job: Job) -> None:
    is_rehearsal = job.kind == REHEARSE_FEED.verb
    with carrying_out(job, REHEARSE_FEED if is_rehearsal else IMPORT_FEED, by=SYSTEM) as work:
        intake = _intakes.get(job.facts["feed"])
        if intake is None:
            raise Stopped(gettext("This feed is no longer read. Choose another one."))
        try:
            stream = job.file.open("rb")
        except OSError as error:
            raise Stopped(gettext("The uploaded file is gone. Upload it again.")) from error
        with stream:
            if is_rehearsal:
                rehearse_into(work, intake(), stream, seconds=SECONDS)
            else:
                import_into(work, intake(), stream, seconds=SECONDS)


def _check(file: UploadedFile) -> None:
    name = file.name or ""
    if not file.size:
        raise ValidationError(
            {"file": gettext("“%(name)s” is empty. Download it again.") % {"name": name}}
        )
    if file.size > LIMIT:
        raise ValidationError(
            {
                "file": gettext(
                    "“%(name)s” is larger than %(limit)d MB. Compress it with gzip, or split it."
                )
                % {"name": name, "limit": LIMIT // 2**20}
            }
        )


def _sha256(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
