"""What can be done with a case, as pages and buttons."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.flows import assessments, cases, evidence, merging
from cases.forms.cases import (
    AssignForm,
    CaseEvidenceForm,
    CloseCaseForm,
    LinkProductForm,
    MergeForm,
    NoteForm,
    SplitForm,
    UnlinkListingForm,
    UnlinkProductForm,
)
from cases.models import Case, RiskAssessment
from surveillance.accounts.actor import Actor
from surveillance.web.guards import desk
from surveillance.web.verbs import ReasonForm, VerbForm, VerbPages


def find(actor: Actor, reference: str) -> Case:
    case: Case = get_object_or_404(Case.objects.visible_to(actor), reference=reference)
    return case


def find_assessment(actor: Actor, reference: str) -> RiskAssessment:
    """The latest assessment of a case: the one that there is something to say about."""
    case = find(actor, reference)
    assessment = case.assessments.select_related("case").first()
    found: RiskAssessment = get_object_or_404(
        RiskAssessment.objects.visible_to(actor).select_related("case"),
        pk=assessment and assessment.pk,
    )
    return found


def _address_of(case: Case) -> str:
    return reverse("case-detail", args=[case.reference])


CASE = VerbPages(
    prefix="case",
    route="desk/cases/<str:reference>",
    guard=desk,
    find=find,
    template="desk/verb.html",
    verbs=[
        VerbForm(cases.CLAIM, cases.claim, icon="hand-raised", shortcut="c"),
        VerbForm(cases.ASSIGN, cases.assign, AssignForm, icon="user-plus"),
        VerbForm(cases.LINK_PRODUCT, cases.link_product, LinkProductForm, icon="plus", adds=True),
        VerbForm(
            cases.UNLINK_PRODUCT,
            cases.unlink_product,
            UnlinkProductForm,
            icon="x-mark",
            consequence=_("The product stays in the register."),
        ),
        VerbForm(
            cases.UNLINK_LISTING,
            cases.unlink_listing,
            UnlinkListingForm,
            icon="x-mark",
            consequence=_("The listing stays on record. Refused once a request names it."),
        ),
        VerbForm(cases.ADD_NOTE, cases.add_note, NoteForm, icon="chat-bubble-left", adds=True),
        VerbForm(
            evidence.ADD_TO_CASE,
            evidence.add_to_case,
            CaseEvidenceForm,
            icon="paper-clip",
            adds=True,
        ),
        VerbForm(
            merging.SPLIT,
            merging.split,
            SplitForm,
            icon="arrows-pointing-out",
            consequence=_("Requests stay in this case, with the listings that they name."),
            then=lambda case, new: _address_of(new),
        ),
        VerbForm(
            merging.MERGE,
            merging.merge,
            MergeForm,
            icon="arrows-pointing-in",
            consequence=_(
                "Reports, products, listings, requests, evidence and notes move to the other case."
                " Clocks go on as they are. The merge can be undone."
            ),
            then=lambda case, merged: _address_of(merged.merged_into),
        ),
        VerbForm(
            merging.UNMERGE,
            merging.unmerge,
            ReasonForm,
            icon="arrow-uturn-left",
            consequence=_("What the merge moved comes back, as far as it is still there."),
        ),
        VerbForm(
            cases.RESTRICT,
            cases.restrict,
            ReasonForm,
            icon="lock-closed",
            consequence=_("Only its inspector and the supervisors of its office see it then."),
        ),
        VerbForm(
            cases.LIFT_RESTRICTION,
            cases.lift_restriction,
            ReasonForm,
            icon="lock-open",
            consequence=_("Everybody on the desk sees the case again."),
        ),
        VerbForm(
            cases.CLOSE,
            cases.close,
            CloseCaseForm,
            icon="archive-box",
            consequence=_("Refused while a listing is open. A closed case can be reopened."),
        ),
        VerbForm(cases.REOPEN, cases.reopen, ReasonForm, icon="arrow-uturn-left"),
    ],
)

ASSESSMENT = VerbPages(
    prefix="assessment",
    route="desk/cases/<str:reference>/assessment",
    guard=desk,
    find=find_assessment,
    template="desk/verb.html",
    detail="case-detail",
    kwargs_of=lambda assessment: {"reference": assessment.case.reference},
    verbs=[
        VerbForm(
            assessments.VALIDATE_RISK,
            assessments.validate_risk,
            tone="primary",
            icon="check-badge",
            consequence=_("The level becomes that of the case; an earlier one is superseded."),
        ),
    ],
)
