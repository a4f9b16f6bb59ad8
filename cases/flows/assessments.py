"""Verbs of risk assessments: one person assesses, another validates."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import risk
from cases.flows import cases
from cases.letters import recipients, to_staff
from cases.models import Case, RiskAssessment
from cases.states import AssessmentState
from sellers.models import Product
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import NEW, Transition, perform

ASSESS_RISK = Transition(
    "assessment.assess_risk",
    Right.WORK_CASE,
    _("Assess the risk"),
    _("assessed the risk as %(level)s"),
    from_={NEW},
    to={AssessmentState.PROPOSED},
)
VALIDATE_RISK = Transition(
    "assessment.validate_risk",
    Right.VALIDATE_RISK,
    _("Validate"),
    _("validated the risk as %(level)s"),
    from_={AssessmentState.PROPOSED},
    to={AssessmentState.VALIDATED},
    objection=lambda assessment, by: (
        gettext("You made this assessment; a second person validates it.")
        if assessment.assessed_by_id == by.user_id
        else ""
    ),
)


def assess_risk(
    case: Case,
    *,
    by: Actor,
    scenarios: Sequence[risk.Scenario],
    product: Product | None = None,
    at: datetime | None = None,
) -> RiskAssessment:
    """Propose the risk after Decision (EU) 2019/417; an earlier proposal is superseded."""
    at = at or clock.now()
    result = risk.assess(scenarios)
    assessment = RiskAssessment(
        case=case,
        product=product,
        result=result.to_json(),
        level=result.level.value,
        assessed_at=at,
    )
    with perform(ASSESS_RISK, assessment, by=by, at=at) as change:
        cases.lock_open(case, by)
        assessment.assessed_by_id = by.person_id
        case.assessments.filter(state=AssessmentState.PROPOSED).update(
            state=AssessmentState.SUPERSEDED
        )
        change.note(level=result.level.value)
        change.send(
            to_staff.RiskToValidate(
                about=case.reference,
                recipients=recipients.of_staff(
                    recipients.others_who_may(Right.VALIDATE_RISK, case.office_id, by),
                    by_email=False,
                ),
                link=to_staff.desk_link(case),
                case=case,
                level=str(result.level.label),
            )
        )
    return assessment


def validate_risk(
    assessment: RiskAssessment, *, by: Actor, at: datetime | None = None
) -> RiskAssessment:
    """A second person stands behind the level: it becomes the case's."""
    with perform(VALIDATE_RISK, assessment, by=by, at=at) as change:
        row = change.row
        row.case.assessments.filter(state=AssessmentState.VALIDATED).update(
            state=AssessmentState.SUPERSEDED
        )
        row.validated_by_id = by.person_id
        row.validated_at = change.at
        Case.objects.filter(pk=row.case_id).update(risk_level=row.level)
        change.note(level=row.level)
    return change.row
