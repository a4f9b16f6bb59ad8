"""Verbs that move work between cases: merge, undo the merge, split."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.flows import cases, clocks
from cases.models import (
    Case,
    CaseListing,
    CaseNote,
    Evidence,
    Item,
    Report,
    RiskAssessment,
    TakedownRequest,
)
from cases.states import CASE_OPEN, AssessmentState, CaseState
from sellers.models import Listing, Product
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.audit.models import AuditEntry
from surveillance.flow import Transition, perform, require_text

MERGE = Transition(
    "case.merge",
    Right.WORK_CASE,
    _("Merge into another case"),
    _("merged the case into %(into)s"),
    from_=CASE_OPEN,
    to={CaseState.MERGED},
)
UNMERGE = Transition(
    "case.unmerge",
    Right.WORK_CASE,
    _("Undo the merge"),
    _("undid the merge into %(into)s"),
    from_={CaseState.MERGED},
    to=CASE_OPEN,
)
SPLIT = Transition(
    "case.split",
    Right.WORK_CASE,
    _("Split"),
    _("split off %(new)s"),
    from_=CASE_OPEN,
)

Moved = dict[str, list[Any]]
# What belongs to one case alone; listings and products may stand in several.
_OWNED: dict[str, type[models.Model]] = {
    "reports": Report,
    "takedowns": TakedownRequest,
    "assessments": RiskAssessment,
    "evidence": Evidence,
    "notes": CaseNote,
}


def merge(case: Case, *, by: Actor, into: Case, reason: str, at: datetime | None = None) -> Case:
    """Move everything of the case into another one and keep what was moved, to undo it.

    Clocks go on as they are, so the heir's next deadline is the earliest of both.
    """
    require_text(reason=reason)
    if into.pk == case.pk:
        raise ValidationError({"into": gettext("Choose another case.")})
    with transaction.atomic():
        _lock_in_order(case, into)
        with perform(MERGE, case, by=by, at=at, reason=reason) as change:
            heir = cases.lock_open(into, by, field="into")
            moved = _belongings(change.row, heir)
            change.note(into=heir.reference, moved=moved, state=change.row.state)
            change.note(superseded=_supersede(change.row, heir))
            _move(moved, change.row, heir)
            change.row.merged_into = heir
            if heir.state != CaseState.ENFORCING and _has_open_items(heir):
                cases.enforce(heir, by=by, at=change.at)
            change.afterwards(lambda: _refresh_both(case, heir))
    return change.row


def unmerge(case: Case, *, by: Actor, reason: str, at: datetime | None = None) -> Case:
    """Take back what the merge moved, as far as it is still in the heir."""
    require_text(reason=reason)
    with transaction.atomic():
        if case.merged_into:
            _lock_in_order(case, case.merged_into)
        with perform(UNMERGE, case, by=by, at=at, reason=reason) as change:
            heir = change.row.merged_into
            assert heir is not None
            merged = _last_merge(case)
            _move(merged["moved"], heir, change.row)
            case.assessments.filter(pk__in=merged["superseded"]).update(
                state=AssessmentState.VALIDATED
            )
            change.row.merged_into = None
            change.row.state = merged["state"]
            change.note(into=heir.reference)
            change.afterwards(lambda: _refresh_both(case, heir))
            change.afterwards(lambda: cases.monitor_when_settled(heir.pk, by=by, at=change.at))
    return change.row


def split(
    case: Case,
    *,
    by: Actor,
    title: str,
    reports: Sequence[Report] = (),
    listings: Sequence[Listing] = (),
    products: Sequence[Product] = (),
    at: datetime | None = None,
) -> Case:
    """Take reports, listings and products out into a new case; requests stay where they are."""
    at = at or clock.now()
    if not (reports or listings or products):
        raise ValidationError({"reports": gettext("Choose what goes into the new case.")})
    with perform(SPLIT, case, by=by, at=at) as change:
        _require_within("reports", reports, change.row.reports)
        _require_within("listings", listings, change.row.listings)
        _require_within("products", products, change.row.products)
        cases.refuse_if_named(change.row, listings)
        new = cases.open(title, by=by, products=products, at=at)
        moved: Moved = {
            "reports": [report.pk for report in reports],
            "listings": [listing.pk for listing in listings],
            "products": [product.pk for product in products],
        }
        _move(moved, change.row, new)
        change.note(new=new.reference)
    return new


def _belongings(case: Case, into: Case) -> Moved:
    """The keys of everything that `into` does not have yet."""
    moved: Moved = {
        name: [
            str(pk) for pk in model._default_manager.filter(case=case).values_list("pk", flat=True)
        ]
        for name, model in _OWNED.items()
    }
    moved["listings"] = list(
        case.case_listings.exclude(
            listing_id__in=into.case_listings.values("listing_id")
        ).values_list("listing_id", flat=True)
    )
    moved["products"] = list(
        case.products.exclude(pk__in=into.products.values("pk")).values_list("pk", flat=True)
    )
    return moved


def _move(moved: Moved, source: Case, target: Case) -> None:
    """Move the rows named, as far as they are still in `source`."""
    for name, model in _OWNED.items():
        model._default_manager.filter(case=source, pk__in=moved.get(name, [])).update(case=target)
    CaseListing.objects.filter(case=source, listing_id__in=moved["listings"]).exclude(
        listing_id__in=target.case_listings.values("listing_id")
    ).update(case=target)
    target.products.add(*moved["products"])
    source.products.remove(*moved["products"])


def _supersede(case: Case, heir: Case) -> list[int]:
    """One validated assessment a case: the heir keeps its own. Returns the keys of the others."""
    validated = RiskAssessment.objects.filter(state=AssessmentState.VALIDATED)
    if not validated.filter(case=heir).exists():
        return []
    keys = list(validated.filter(case=case).values_list("pk", flat=True))
    validated.filter(pk__in=keys).update(state=AssessmentState.SUPERSEDED)
    return keys


def _has_open_items(case: Case) -> bool:
    return Item.objects.filter(takedown__case=case).open().exists()


def _require_within(field: str, rows: Sequence[models.Model], held: models.Manager[Any]) -> None:
    """Raises ValidationError for a row that is not of the case."""
    keys = set(held.values_list("pk", flat=True))
    for row in rows:
        if row.pk not in keys:
            raise ValidationError({field: gettext("%(row)s is not in the case.") % {"row": row}})


def _lock_in_order(case: Case, other: Case) -> None:
    """Under lock: the requests of both, as every verb of a request locks it before its case; then
    both cases, the older first, so that two merges that cross wait for each other."""
    both = [case.pk, other.pk]
    for rows in (
        TakedownRequest.objects.filter(case__in=both),
        Case.objects.filter(pk__in=both),
    ):
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _refresh_both(*cases_touched: Case) -> None:
    """Next deadline and risk level follow what now belongs to each case."""
    for case in cases_touched:
        clocks.refresh_case(case.pk)
        validated = case.assessments.filter(state=AssessmentState.VALIDATED).first()
        Case.objects.filter(pk=case.pk).update(risk_level=validated.level if validated else "")


def _last_merge(case: Case) -> dict[str, Any]:
    entry = AuditEntry.objects.about(case.reference).filter(verb=MERGE.verb).first()
    if entry is None:
        raise ValidationError(gettext("The merge of this case is not on record."))
    facts: dict[str, Any] = entry.facts
    return facts
