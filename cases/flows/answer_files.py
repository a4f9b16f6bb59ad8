"""Answers by file: uploaded and checked, handed in, and given by a worker in the name of whoever
handed them in.

Nothing is answered by an upload. What a worker does is one transaction for so many rows: the
answers, what became of each row, and how far the job is. A job that was stopped or killed leaves
the rows it did not reach as they were; handing the file in again goes on with them.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.flows import answer_sheets
from cases.flows.answer_checks import check
from cases.flows.batches import Outcome, answer_each
from cases.flows.items import Answer
from cases.models import AnswerFile, AnswerRow
from surveillance import clock
from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.accounts.rights import Right
from surveillance.accounts.wall import acting
from surveillance.copying import copy_in, update_many
from surveillance.flow import NEW, Transition, perform
from surveillance.jobs import flows as jobs
from surveillance.jobs import queueing
from surveillance.jobs.counts import Counts
from surveillance.jobs.models import Job
from surveillance.jobs.running import Stopped, carrying_out
from surveillance.outbox import queue
from surveillance.references import Kind, next_reference
from surveillance.spreadsheets import files
from surveillance.spreadsheets.reading import BYTES, Sheet, Unreadable
from surveillance.uploads import keep

TASK = "cases.answer_from_files"
CHUNK = 500  # rows of one transaction: the requests' other readers wait for no more
State = AnswerRow.State


def _nothing_to_hand_in(file: AnswerFile, by: Actor) -> str:
    if file.is_at_work:
        return gettext("Its answers are being given.")
    return "" if file.ready else gettext("No row of it is left to be answered.")


UPLOAD = Transition(
    "answer_file.upload",
    Right.ANSWER_ITEM,
    _("Upload and check"),
    _("uploaded %(file)s"),
    from_={NEW},
    to={AnswerFile.State.CHECKED},
)
HAND_IN = Transition(
    "answer_file.hand_in",
    Right.ANSWER_ITEM,
    _("Hand in the answers"),
    _("handed in the answers of %(file)s"),
    from_=set(AnswerFile.State),
    to={AnswerFile.State.HANDED_IN},
    objection=_nothing_to_hand_in,
)
STOP = Transition(
    "answer_file.stop",
    Right.ANSWER_ITEM,
    _("Stop"),
    _("asked to stop answering from %(file)s"),
    from_={AnswerFile.State.HANDED_IN},
    objection=lambda file, by: (
        "" if file.is_at_work else gettext("It has ended already; there is nothing to stop.")
    ),
)
# What the job of a file ends with.
ANSWER = Transition(
    "answers.give",
    Right.RUN_SWEEP,
    _("Give the answers"),
    _("answered from %(file)s: %(new)s answered, %(unchanged)s unchanged, %(rejected)s refused"),
    from_={Job.State.RUNNING},
    to=jobs.ENDED,
)


def upload(
    *, by: Actor, file: UploadedFile, encoding: str = "", at: datetime | None = None
) -> AnswerFile:
    """Keep the file and check each of its rows. No item is changed.

    Raises ValidationError naming "file" where it cannot be read as a whole, Forbidden.
    """
    at = at or clock.now()
    content, sheet = _read(file, encoding)
    rows = check(sheet, by=by)
    numbers = Counter(row.state for row in rows)
    name = (file.name or gettext("a file without a name")).replace("\\", "/").rpartition("/")[2]
    row = AnswerFile(
        reference=next_reference(Kind.ANSWER_FILE, at),
        platform_id=by.organisation_id,
        filename=name[-150:],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        columns=sheet.columns,
        notes=sheet.notes,
        uploaded_at=at,
        **{state.value: numbers[state] for state in State},
    )
    with perform(UPLOAD, row, by=by, at=at) as change:
        change.row.uploaded_by_id = by.person_id
        keep(change.row.file, change.row.filename, ContentFile(content))
        change.note(file=row.filename, sha256=row.sha256, rows=len(rows))
        change.afterwards(partial(_keep, rows, change.row))
    return change.row


def hand_in(file: AnswerFile, *, by: Actor, at: datetime | None = None) -> AnswerFile:
    """Have a worker give the answers that are ready; after a stop, those that are left."""
    with perform(HAND_IN, file, by=by, at=at) as change:
        row = change.row
        row.job = Job.objects.create(
            reference=next_reference(Kind.JOB, change.at),
            kind=ANSWER.verb,
            label=row.filename,
            state=Job.State.QUEUED,
            total=row.ready,
            facts={"file": row.filename, "answer_file": row.reference},
            started_by_id=by.user_id,
            started_at=change.at,
            progressed_at=change.at,
            changed_at=change.at,
        )
        change.note(file=row.filename, job=row.job.reference, answers=row.ready)
        transaction.on_commit(partial(queue.start, TASK))
    return change.row


def stop(file: AnswerFile, *, by: Actor, at: datetime | None = None) -> AnswerFile:
    """Ask the worker to stop. It does so before its next rows; answers that were given stay."""
    with perform(STOP, file, by=by, at=at) as change:
        change.note(file=change.row.filename)
        if job := change.row.job:
            jobs.cancel(job, by=SYSTEM, at=change.at)
    return change.row


def answer_next() -> Job | None:
    """Answer from the file that has waited longest. None when none waits or one is at work."""
    job = queueing.claim(clock.now(), Job.objects.of_kinds(ANSWER.verb))
    if job is not None:
        with translation.override(job.started_by.language if job.started_by else "en"):
            _answer(job)
    return job


def _read(file: UploadedFile, encoding: str) -> tuple[bytes, Sheet]:
    try:
        if file.size and file.size > BYTES:
            raise files.too_large()
        content = file.read()
        sheet = files.read(
            content,
            known=answer_sheets.KNOWN,
            required=answer_sheets.REQUIRED,
            title=answer_sheets.TITLE,
            encoding=encoding,
        )
    except Unreadable as problem:
        raise ValidationError({"file": str(problem)}) from problem
    if not sheet.lines:
        raise ValidationError(
            {"file": gettext("There is no row below the names of the columns. Fill in some.")}
        )
    return content, sheet


def _keep(rows: Sequence[AnswerRow], file: AnswerFile) -> None:
    for row in rows:
        row.file = file
    copy_in(rows)


def _answer(job: Job) -> None:
    with carrying_out(job, ANSWER, by=SYSTEM) as work:
        file = AnswerFile.objects.visible_to(SYSTEM).get(job=job)
        agent = _agent(file, job)
        while file.rows.ready().exists():
            done = min(work.counts.read + CHUNK, job.total or 0)
            with work.step(done=done) as step:
                step.counts = _answer_chunk(file, agent)


def _agent(file: AnswerFile, job: Job) -> Actor:
    """Who handed it in, as long as they still may."""
    agent = Actor.of(job.started_by) if job.started_by else None
    if not agent or agent.organisation_id != file.platform_id or not agent.may(Right.ANSWER_ITEM):
        raise Stopped(
            gettext("Whoever handed it in may no longer answer. Let a colleague hand it in again.")
        )
    return agent


def _answer_chunk(file: AnswerFile, agent: Actor) -> Counts:
    waiting = file.rows.ready().select_for_update(of=("self",)).select_related("item__takedown")
    rows = list(waiting.order_by("row")[:CHUNK])
    replies = [(row.item, _reply(file, row)) for row in rows if row.item]
    with acting(agent):
        outcomes = answer_each(replies, by=agent)
    for row, outcome in zip(rows, outcomes, strict=True):
        row.state, row.reason = _told(outcome)
    update_many(rows, ["state", "reason"])
    numbers = Counter(row.state for row in rows)
    AnswerFile.objects.filter(pk=file.pk).update(
        ready=F("ready") - len(rows),
        **{state: F(state) + number for state, number in numbers.items()},
    )
    return Counts(
        read=len(rows),
        new=numbers[State.ANSWERED],
        unchanged=numbers[State.UNCHANGED],
        rejected=numbers[State.REFUSED],
    )


def _reply(file: AnswerFile, row: AnswerRow) -> Answer:
    place = f"{file.reference}/{row.row}"
    return Answer(row.outcome, row.answer_id, row.ground, row.text, by_file=place)


def _told(outcome: Outcome) -> tuple[str, str]:
    """What became of the row, and why where it was not answered."""
    problem = outcome.problem
    if isinstance(problem, ValidationError):
        return State.REFUSED, " ".join(problem.messages)
    if problem is not None:
        return State.REFUSED, str(problem)
    if outcome.is_repeat:
        return State.UNCHANGED, gettext("This very answer was given before. It changes nothing.")
    return State.ANSWERED, ""
