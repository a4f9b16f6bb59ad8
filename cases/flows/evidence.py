"""Evidence comes in: to a case, a report or an item."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Evidence, Item, Report
from cases.states import CASE_OPEN, ITEM_OPEN
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import Change, Transition, perform
from surveillance.uploads import Intake, keep, take_in

ADD_TO_CASE = Transition(
    "case.add_evidence",
    Right.WORK_CASE,
    _("Add evidence"),
    _("added %(filename)s"),
    from_=CASE_OPEN,
)
ADD_TO_REPORT = Transition(
    "report.add_evidence",
    Right.SUBMIT_REPORT,
    _("Add a photo"),
    _("added a photo"),
)
ADD_TO_ITEM = Transition(
    "item.add_proof",
    Right.ANSWER_ITEM,
    _("Attach proof"),
    _("attached %(filename)s"),
    from_=ITEM_OPEN,
)


def add_to_case(
    case: Case,
    *,
    by: Actor,
    file: UploadedFile,
    kind: str = Evidence.Kind.DOCUMENT,
    note: str = "",
    at: datetime | None = None,
) -> Evidence:
    """Keep a file with the case."""
    intake = take_in(file)
    with perform(ADD_TO_CASE, case, by=by, at=at) as change:
        change.note(filename=intake.filename)
        return _keep(change, intake, kind=kind, note=note, case=change.row)


def add_to_report(
    report: Report, *, by: Actor, files: Sequence[UploadedFile], at: datetime | None = None
) -> list[Evidence]:
    """Photos that came with a report. All are checked before the first is kept; what the reporter
    called them may be personal and stays out of the trail."""
    intakes = [take_in(file, field="photos") for file in files]
    kept = []
    for intake in intakes:
        with perform(ADD_TO_REPORT, report, by=by, at=at) as change:
            kept.append(_keep(change, intake, kind=Evidence.Kind.PHOTO, report=change.row))
    return kept


def add_proof(
    item: Item, *, by: Actor, file: UploadedFile, note: str = "", at: datetime | None = None
) -> Evidence:
    """The platform shows that the listing is gone, or why it refuses."""
    intake = take_in(file)
    with perform(ADD_TO_ITEM, item, by=by, at=at) as change:
        change.note(filename=intake.filename)
        return _keep(
            change,
            intake,
            kind=Evidence.Kind.PROOF_OF_REMOVAL,
            note=note,
            case=change.row.takedown.case,
            item=change.row,
        )


def _keep(
    change: Change[Any],
    intake: Intake,
    *,
    kind: str,
    note: str = "",
    case: Case | None = None,
    report: Report | None = None,
    item: Item | None = None,
) -> Evidence:
    change.note(sha256=intake.sha256, size=intake.size)
    evidence = Evidence(
        case=case,
        report=report,
        item=item,
        kind=kind,
        filename=intake.filename,
        content_type=intake.content_type,
        size=intake.size,
        sha256=intake.sha256,
        note=note,
        added_at=change.at,
        added_by_id=change.by.user_id,
    )
    keep(evidence.file, intake.filename, intake.content, field=intake.field)
    evidence.save()
    return evidence
