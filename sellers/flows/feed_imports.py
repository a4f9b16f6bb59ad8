"""Files of foreign feeds into the database, whatever the feed: in batches, safe to run again.

A row is known by its feed and the source's own number, and unchanged when the hash of its content
is. A batch of 500 is one transaction. When the database refuses it, it is halved until the row at
fault stands alone; that row is rejected with the reason and the others are kept. A file that
breaks off fails its job; the rows before the break are kept.
"""

import hashlib
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import PurePath
from typing import BinaryIO, Generic

from django.db import DatabaseError, DataError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from sellers.feeds.base import Feed, Notice, Record, Rejection, content_hash
from sellers.feeds.reasons import FeedError, Reason
from sellers.feeds.wording import shortened
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.flow import Forbidden
from surveillance.jobs.counts import Counts
from surveillance.jobs.flows import IMPORT_FEED
from surveillance.jobs.models import Job, JobProblem
from surveillance.jobs.running import RunningJob, Stopped, running

BATCH = 500
CHUNK = 1024 * 1024
Watch = Callable[[Sequence[JobProblem], int], None]


@dataclass(frozen=True, slots=True)
class Edition(Generic[Record]):
    """A record as one row of the file gives it. Whoever keeps it adds to `notices`."""

    record: Record
    digest: str
    notices: list[Notice] = field(default_factory=list)

    def problems(self) -> list[JobProblem]:
        """Everything that was mended or is in doubt, each once."""
        return [
            JobProblem(
                kind=JobProblem.Kind.MENDED,
                row=self.record.row,
                native_id=self.record.native_id,
                field=notice.field,
                reason=notice.reason,
                remedy=notice.remedy,
            )
            for notice in dict.fromkeys([*self.record.notices, *self.notices])
        ]


class Intake(ABC, Generic[Record]):
    """How the records of one feed are kept as rows."""

    def __init__(self, feed: Feed[Record]) -> None:
        self.feed: Feed[Record] = feed

    @abstractmethod
    def day(self, record: Record) -> date:
        """The day by which `since` leaves records out."""

    @abstractmethod
    def held(self, native_ids: Iterable[str]) -> dict[str, str]:
        """The content hashes of the rows that are kept already, by number."""

    @abstractmethod
    def receive(self, editions: Sequence[Edition[Record]], at: datetime) -> None:
        """Insert rows for records that are not kept yet, in the running transaction."""

    @abstractmethod
    def revise(self, edition: Edition[Record], at: datetime) -> None:
        """Change the row of a record that is kept already, in the running transaction."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `error`: why it was not read to its end, or ""."""

    counts: Counts
    state: str = Job.State.DONE
    error: str = ""


@dataclass(slots=True)
class _Batch(Generic[Record]):
    """Rows of the file: usable ones by number, each number's in the order of the file."""

    editions: dict[str, list[Edition[Record]]] = field(default_factory=dict)
    rejected: list[JobProblem] = field(default_factory=list)
    left_out: int = 0
    size: int = 0

    @property
    def counts(self) -> Counts:
        """Of the rows that no database is asked about."""
        return Counts(read=self.size, rejected=len(self.rejected), left_out=self.left_out)


@dataclass(slots=True)
class _Verdict(Generic[Record]):
    """What is to be done with the usable rows of a batch, and how they count."""

    new: list[Edition[Record]] = field(default_factory=list)
    changed: list[Edition[Record]] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    problems: list[JobProblem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Settled:
    counts: Counts
    problems: list[JobProblem]

    def __add__(self, other: "_Settled") -> "_Settled":
        return _Settled(self.counts + other.counts, self.problems + other.problems)


def import_file(
    intake: Intake[Record],
    stream: BinaryIO,
    *,
    by: Actor,
    at: datetime | None = None,
    since: date | None = None,
    watch: Watch = lambda problems, position: None,
) -> Outcome:
    """Take the file in, as a job of its own. `stream` must be able to seek.

    `since`: older records are left out. `watch` is told, after each batch, what was found wrong
    in it and how many bytes of the file are read. Raises Forbidden.
    """
    name = _name(stream)
    size, digest = _measured(stream)
    facts = {"feed": intake.feed.name, "file": name, "sha256": digest}
    with running(IMPORT_FEED, label=name, by=by, at=at, total=size, **facts) as job:
        import_into(job, intake, stream, at=at, since=since, watch=watch)
    return Outcome(job.counts, job.state, job.error)


def import_into(
    job: RunningJob,
    intake: Intake[Record],
    stream: BinaryIO,
    *,
    at: datetime | None = None,
    since: date | None = None,
    watch: Watch = lambda problems, position: None,
    seconds: float = math.inf,
) -> None:
    """The same within a job that runs already, for at most so many `seconds`. Raises Stopped."""
    settle = partial(_settle, intake, at=at or clock.now())
    _carry_out(job, _batches(intake, stream, since), stream, settle, watch, seconds)


def rehearse_into(
    job: RunningJob, intake: Intake[Record], stream: BinaryIO, *, seconds: float = math.inf
) -> None:
    """Count within the job, and list as its problems, what `import_into` would do."""
    rehearsal = _Rehearsal(intake)
    batches = _batches(intake, stream, None)
    _carry_out(job, batches, stream, rehearsal.settle, lambda problems, position: None, seconds)


def _carry_out(
    job: RunningJob,
    batches: Iterable[_Batch[Record]],
    stream: BinaryIO,
    settle: Callable[[_Batch[Record]], _Settled],
    watch: Watch,
    seconds: float,
) -> None:
    until = time.monotonic() + seconds
    try:
        for batch in batches:
            if time.monotonic() > until:
                raise Stopped(
                    _(
                        "It took longer than a job may and was stopped. What was written stays:"
                        " upload the file again, and it goes on from there, or split the file."
                    )
                )
            with job.step(done=stream.tell()) as step:
                settled = settle(batch)
                step.counts, step.problems = settled.counts, settled.problems
            watch(settled.problems, stream.tell())
    except FeedError as error:
        raise Stopped(str(error)) from error


def rehearse_file(
    intake: Intake[Record],
    stream: BinaryIO,
    *,
    by: Actor,
    since: date | None = None,
    watch: Watch = lambda problems, position: None,
) -> Outcome:
    """Count what `import_file` would do, and write nothing. Raises Forbidden."""
    if not by.may(IMPORT_FEED.right):
        raise Forbidden(_("You may not import files of a feed."))
    counts = Counts()
    rehearsal = _Rehearsal(intake)
    try:
        for batch in _batches(intake, stream, since):
            settled = rehearsal.settle(batch)
            counts += settled.counts
            watch(settled.problems, stream.tell())
    except FeedError as error:
        return Outcome(counts, Job.State.FAILED, str(error))
    return Outcome(counts)


class _Rehearsal(Generic[Record]):
    """What an import would do; remembers what earlier batches would have written."""

    def __init__(self, intake: Intake[Record]) -> None:
        self._intake: Intake[Record] = intake
        self._taken: dict[str, str] = {}

    def settle(self, batch: _Batch[Record]) -> _Settled:
        editions, taken = batch.editions, self._taken
        held = self._intake.held(editions)
        held |= {native_id: taken[native_id] for native_id in editions if native_id in taken}
        verdict = _judge(editions, held)
        written = verdict.new + verdict.changed
        taken.update((edition.record.native_id, edition.digest) for edition in written)
        mended = [problem for edition in written for problem in edition.problems()]
        problems = batch.rejected + verdict.problems + mended
        return _Settled(
            batch.counts + verdict.counts, sorted(problems, key=lambda problem: problem.row)
        )


def fitted(model: type[models.Model], column: str, text: str, notices: list[Notice]) -> str:
    """`text` as the column can hold it; that it was cut is told without quoting it."""
    width = model._meta.get_field(column).max_length  # type: ignore[union-attr]
    if width is None or len(text) <= width:
        return text
    notices.append(Notice(column, Reason.TEXT_CUT_OFF))
    return shortened(text, width)


def _name(stream: BinaryIO) -> str:
    name = getattr(stream, "name", "")
    return PurePath(name).name if isinstance(name, str) and name else _("a file without a name")


def _measured(stream: BinaryIO) -> tuple[int, str]:
    """Size in bytes and SHA-256 of the whole stream, which stands at its beginning afterwards."""
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    size = stream.tell()
    stream.seek(0)
    return size, digest.hexdigest()


def _batches(
    intake: Intake[Record], stream: BinaryIO, since: date | None
) -> Iterator[_Batch[Record]]:
    """The rows of the file; what was read before it breaks off comes before the error."""
    batch: _Batch[Record] = _Batch()
    try:
        for row in intake.feed.read(stream):
            _put(batch, row, intake, since)
            if batch.size == BATCH:
                yield batch
                batch = _Batch()
    except FeedError:
        if batch.size:
            yield batch
        raise
    if batch.size:
        yield batch


def _put(
    batch: _Batch[Record], row: Record | Rejection, intake: Intake[Record], since: date | None
) -> None:
    batch.size += 1
    if isinstance(row, Rejection):
        batch.rejected.append(_rejected(row.row, row.native_id, row.field, row.reason, row.remedy))
    elif since and intake.day(row) < since:
        batch.left_out += 1
    else:
        edition = Edition(row, content_hash(row))
        batch.editions.setdefault(row.native_id, []).append(edition)


def _settle(intake: Intake[Record], batch: _Batch[Record], *, at: datetime) -> _Settled:
    settled = _Settled(batch.counts, batch.rejected) + _settle_rows(intake, batch.editions, at)
    settled.problems.sort(key=lambda problem: problem.row)
    return settled


def _settle_rows(
    intake: Intake[Record], editions: Mapping[str, list[Edition[Record]]], at: datetime
) -> _Settled:
    """Write these rows in one transaction; those that cannot be written are rejected."""
    try:
        with transaction.atomic():
            verdict = _judge(editions, intake.held(editions))
            if verdict.new:
                intake.receive(verdict.new, at)
            for edition in verdict.changed:
                intake.revise(edition, at)
    except (DataError, IntegrityError) as refusal:
        if len(editions) == 1:
            (rows,) = editions.values()
            return _Settled(Counts(rejected=len(rows)), [_refused(row, refusal) for row in rows])
        items = list(editions.items())
        middle = len(items) // 2
        return _settle_rows(intake, dict(items[:middle]), at) + _settle_rows(
            intake, dict(items[middle:]), at
        )
    written = verdict.new + verdict.changed
    mended = [problem for edition in written for problem in edition.problems()]
    return _Settled(verdict.counts, verdict.problems + mended)


def _judge(
    editions: Mapping[str, list[Edition[Record]]], held: Mapping[str, str]
) -> _Verdict[Record]:
    """Of several rows with one number the last is kept; the others count as its past."""
    verdict: _Verdict[Record] = _Verdict()
    for native_id, rows in editions.items():
        kept = held.get(native_id)
        if kept == rows[-1].digest:
            verdict.counts += Counts(unchanged=len(rows))
        else:
            (verdict.new if kept is None else verdict.changed).append(rows[-1])
            before = kept
            for edition in rows:
                verdict.counts += _count(before, edition.digest)
                before = edition.digest
        verdict.problems.extend(_repeated(row, rows[0]) for row in rows[1:])
    return verdict


def _count(before: str | None, after: str) -> Counts:
    if before is None:
        return Counts(new=1)
    return Counts(unchanged=1) if before == after else Counts(updated=1)


def _repeated(edition: Edition[Record], first: Edition[Record]) -> JobProblem:
    return JobProblem(
        kind=JobProblem.Kind.MENDED,
        row=edition.record.row,
        native_id=edition.record.native_id,
        reason=_("Row %(row)s has the same number; the last row counts.")
        % {"row": first.record.row},
        remedy=_("Take the older row out if the two are one record."),
    )


def _refused(edition: Edition[Record], refusal: DatabaseError) -> JobProblem:
    """Without the refusal's details, which quote the row and with it perhaps a person."""
    found = getattr(refusal.__cause__, "diag", None)
    message = getattr(found, "message_primary", None) or type(refusal).__name__
    return _rejected(
        edition.record.row,
        edition.record.native_id,
        getattr(found, "column_name", None) or "",
        _("The database refused the row: %(message)s.") % {"message": message},
        _("Compare the row with the source's own page, mend it in the file and import it again."),
    )


def _rejected(row: int, native_id: str, column: str, reason: str, remedy: str) -> JobProblem:
    return JobProblem(
        kind=JobProblem.Kind.REJECTED,
        row=row,
        native_id=native_id,
        field=column,
        reason=reason,
        remedy=remedy,
    )
